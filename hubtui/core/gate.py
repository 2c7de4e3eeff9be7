"""The form before the files of a gated model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubtui.core.untrusted import clean

_LONGEST = 8_000
_MOST_FIELDS = 50


@dataclass(frozen=True, slots=True)
class GatedPrompt:
    """What an author asks of those who want access to a gated repository."""

    heading: str = ""
    prompt: str = ""
    description: str = ""
    fields: tuple[str, ...] = ()


def gate_of(card: Mapping[Any, Any]) -> GatedPrompt | None:
    """Read the ``extra_gated_*`` values of a card's front matter; None where the card has none of them."""
    asked = card.get("extra_gated_fields")
    names = (_text(name) for name in list(asked)[:_MOST_FIELDS]) if isinstance(asked, dict | list) else ()
    gate = GatedPrompt(
        heading=_text(card.get("extra_gated_heading")),
        prompt=_text(card.get("extra_gated_prompt")),
        description=_text(card.get("extra_gated_description")),
        fields=tuple(name for name in names if name),
    )
    return None if gate == GatedPrompt() else gate


def _text(value: object) -> str:
    """A scalar as safe text; a yes or no is none."""
    if isinstance(value, str):
        return clean(value[:_LONGEST], multiline=True).strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
