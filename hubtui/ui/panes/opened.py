"""The model that the pane shows, as values handed from the pane to its header and tabs."""

from __future__ import annotations

from dataclasses import dataclass

from hubtui.cards.model import FrontMatter
from hubtui.core.errors import HubtuiError
from hubtui.core.fit import Fit
from hubtui.core.models import ModelFacts
from hubtui.core.results import RunOutcome
from hubtui.core.tokens import TokenizerInfo


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """Facts of the open model, and whether it fits this box."""

    facts: ModelFacts
    fit: Fit


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """The card of the open model.

    Attributes:
        body: README.md without its front matter (untrusted), None when there is none or it could not be read.
        error: why it could not be read.
        license_section: heading under which it speaks of a licence, where its front matter names none.
    """

    body: str | None
    front_matter: FrontMatter
    error: HubtuiError | None = None
    license_section: str = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """What this session found out about a model beyond its facts."""

    tokenizer: TokenizerInfo | None = None
    outcome: RunOutcome | None = None
