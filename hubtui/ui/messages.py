"""Messages that cross a pane: what happened, for whoever stands above to act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.message import Message

if TYPE_CHECKING:
    # Names for annotations only: at run time they would cost a tenth of the way to the first frame.
    from hubtui.core.models import ModelFacts
    from hubtui.core.results import RunOutcome
    from hubtui.core.tokens import TokenizerInfo

Severity = Literal["information", "warning", "error"]


class OpenModel(Message):
    """A model was chosen: in a list, on the start page, or as a link in a card."""

    def __init__(self, model: str, revision: str | None = None) -> None:
        super().__init__()
        self.model = model
        self.revision = revision


class FactsLoaded(Message):
    """The facts of the open model arrived."""

    def __init__(self, facts: ModelFacts) -> None:
        super().__init__()
        self.facts = facts


class PinToggled(Message):
    """A model was pinned for comparison, or its pin was taken out."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self.model = model


class QueueChanged(Message, bubble=False):
    """A download began, ended or was paused; sent from any thread, to whoever listens to the queue."""

    def can_replace(self, message: Message) -> bool:
        """Let one stand for several that nobody has seen yet."""
        return isinstance(message, QueueChanged)


class RunStateChanged(Message):
    """A run began or ended; quitting asks while one is going on."""

    def __init__(self, *, is_busy: bool) -> None:
        super().__init__()
        self.is_busy = is_busy


class KeysChanged(Message):
    """Other keys matter where the focus is, though it has not moved."""


class Notice(Message):
    """Something is worth one line at the edge of the screen; the text is never markup."""

    def __init__(self, text: str, severity: Severity = "information") -> None:
        super().__init__()
        self.text = text
        self.severity = severity


class CopyRequested(Message):
    """A text is to go to the clipboard of the terminal; `what` names it in the confirmation."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what


class SearchRequested(Message):
    """A query text is to become the search."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FiltersWanted(Message):
    """The filter panel was asked for with the mouse."""


class SafetyWanted(Message):
    """The verdict in the header was clicked."""


class SortWanted(Message):
    """The sort menu was asked for with the mouse."""


class TokenizerKnown(Message):
    """The tokenizer of a model was opened or confirmed."""

    def __init__(self, model: str, info: TokenizerInfo) -> None:
        super().__init__()
        self.model = model
        self.info = info


class RunFinished(Message):
    """A run of a model gave an answer."""

    def __init__(self, outcome: RunOutcome) -> None:
        super().__init__()
        self.outcome = outcome
