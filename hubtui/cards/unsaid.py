"""What a reader looks for in a card: where it is said, and what is not said at all."""

from __future__ import annotations

from collections.abc import Mapping

from hubtui.cards.model import RESULTS_HEADING, CardSections, FrontMatter, SectionName

SECTIONS: Mapping[SectionName, str] = {
    "training_data": "training data",
    "limitations": "limitations",
    "bias": "bias",
    "evaluation": "evaluation",
}
"""What a reader looks for, in words."""


def unsaid(sections: CardSections, matter: FrontMatter, license_id: str) -> tuple[str, ...]:
    """Return what neither the text of a card nor its front matter says, in words; a licence may be known otherwise."""
    said = dict(places(sections, matter))
    missing = [words for name, words in SECTIONS.items() if name not in said]
    return tuple(missing if license_id or matter.license else [*missing, "licence"])


def places(sections: CardSections, matter: FrontMatter) -> tuple[tuple[SectionName, str], ...]:
    """Return where a card says what: the heading or the words to look for; empty for its beginning.

    Datasets and results of the front matter count: they stand in the table of facts and at the end of the card.
    """
    found = dict(sections.places)
    if matter.datasets:
        found.setdefault("training_data", "")
    if matter.results:
        found.setdefault("evaluation", RESULTS_HEADING)
    return tuple((name, found[name]) for name in SECTIONS if name in found)
