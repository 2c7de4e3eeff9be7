"""What a reader looks for in a card: where it is said, and what is not said at all."""

from __future__ import annotations

from collections.abc import Mapping

from hubtui.cards.model import RESULTS_HEADING, CardSections, FrontMatter, SectionName
from hubtui.core.license_stated import LicenseStated

SECTIONS: Mapping[SectionName, str] = {
    "training_data": "training data",
    "limitations": "limitations",
    "bias": "bias",
    "evaluation": "evaluation",
}
"""What a reader looks for, in words."""

LICENSE = "licence"


def unsaid(sections: CardSections, matter: FrontMatter, license_id: str) -> tuple[str, ...]:
    """Return what neither the text of a card nor its front matter says, in words.

    A licence may be known otherwise, and one that only the text speaks of is not unsaid: `license_stated` tells of it.
    """
    said = dict(places(sections, matter))
    missing = [words for name, words in SECTIONS.items() if name not in said]
    found = license_stated(sections, matter, license_id)
    return tuple(missing if found.is_named or found.is_spoken_of else [*missing, LICENSE])


def said(sections: CardSections, matter: FrontMatter, license_id: str) -> tuple[str, ...]:
    """Return what a card says of what a reader looks for, in words; a licence only where it is named."""
    found = [SECTIONS[name] for name, _ in places(sections, matter)]
    return tuple([*found, LICENSE] if license_stated(sections, matter, license_id).is_named else found)


def license_stated(sections: CardSections, matter: FrontMatter, license_id: str) -> LicenseStated:
    """Return where the licence is stated; `license_id` is what the Hub knows."""
    return LicenseStated(license_id or next(iter(matter.license), ""), sections.license_section)


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
