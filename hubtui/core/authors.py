"""Who stands behind a namespace of the Hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Author:
    """The owner of a namespace, as the Hub describes it.

    Attributes:
        name: the namespace.
        kind: an organisation with members, or one user.
        full_name: as they call themselves, empty when they do not.
        models, followers: how many, None when the Hub does not say.
    """

    name: str
    kind: Literal["organisation", "user"]
    full_name: str = ""
    models: int | None = None
    followers: int | None = None
