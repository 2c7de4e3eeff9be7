"""What `hubtui show` tells of a card: what it states, or why that is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hubtui.cli.output import note
from hubtui.core.errors import HubError
from hubtui.core.numbers import plural

if TYPE_CHECKING:
    from hubtui.cards.model import CardSections, FrontMatter
    from hubtui.core.models import ModelFacts
    from hubtui.core.ports import Hub

CardState = Literal["read", "missing", "empty", "unread"]
"""`empty`: there is a README.md without a word; `unread`: there is one that may not or could not be fetched."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The card of a model, read; of an unread one nothing is known."""

    state: CardState
    matter: FrontMatter
    sections: CardSections
    not_stated: tuple[str, ...]
    license_words: str

    @property
    def line(self) -> str:
        """The card in one line."""
        if self.state == "unread":
            return "not read, so what it states is not known"
        if self.state in {"missing", "empty"}:
            return "none: there is no README.md" if self.state == "missing" else "empty"
        headings = len(self.sections.headings)
        words = [plural(headings, "section") if headings else "no headings"]
        if self.not_stated:
            words.append(f"does not state {', '.join(self.not_stated)}")
        return "; ".join(words)


def read_card(hub: Hub, facts: ModelFacts) -> CardFacts:
    """Return what the card says; a gated card cannot be read, which is told and costs only this part."""
    from hubtui.cards.frontmatter import split_card  # noqa: PLC0415  only two commands read cards
    from hubtui.cards.sections import find_sections  # noqa: PLC0415  likewise
    from hubtui.cards.unsaid import license_stated, unsaid  # noqa: PLC0415  likewise

    state: CardState = "read"
    try:
        text = hub.card(facts)
    except HubError as error:
        note(f"The card could not be read: {error}")
        state, text = "unread", None
    if state == "read":
        state = "missing" if text is None else "read" if text.strip() else "empty"
    matter, body = split_card(text or "")
    sections = find_sections(body)
    return CardFacts(
        state,
        matter,
        sections,
        unsaid(sections, matter, facts.license),
        license_stated(sections, matter, facts.license).words,
    )


def card_facts_document(card: CardFacts, facts: ModelFacts) -> dict[str, Any]:
    """Return the key `card` of `show --json`; what an unread card may say is null, but for what the Hub's tags tell."""
    is_known = card.state != "unread"
    sections, matter = card.sections, card.matter
    return {
        "state": card.state,
        "sections": list(sections.headings) if is_known else None,
        "datasets": list(datasets_of(card, facts)),
        "languages": list(matter.languages if is_known else facts.languages),
        "metrics": list(matter.metrics) if is_known else None,
        "base_models": list(matter.base_models if is_known else facts.base_models),
        "has_limitations": sections.has_limitations if is_known else None,
        "has_bias": sections.has_bias if is_known else None,
        "has_training_data": sections.has_training_data if is_known else None,
        "has_evaluation": sections.has_evaluation if is_known else None,
        "not_stated": list(card.not_stated) if is_known else None,
        "license_section": sections.license_section or None,
    }


def datasets_of(card: CardFacts, facts: ModelFacts) -> tuple[str, ...]:
    """Return the datasets that the card names, of an unread one those among the Hub's tags."""
    if card.state != "unread":
        return card.matter.datasets
    return tuple(tag.removeprefix("dataset:") for tag in facts.tags if tag.startswith("dataset:"))
