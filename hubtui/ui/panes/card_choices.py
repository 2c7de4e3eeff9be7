"""What a card offers to choose from, as lines: its headings, its links with their true addresses, its images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hubtui.cards.find import find
from hubtui.cards.image_place import image_place
from hubtui.cards.model import Heading, Image, Link, SectionName
from hubtui.cards.unsaid import SECTIONS
from hubtui.core.models import ModelFacts
from hubtui.ui import text
from hubtui.ui.panes.card_links import address_of, model_of
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks

_NAME_CELLS = 26


def place_line(place: str, headings: Sequence[Heading], texts: Sequence[str]) -> int | None:
    """Return the line of a section, by the heading or the words that it was found by; None where it is not there yet.

    A card with no heading above what it says begins with it.
    """
    if not place:
        return 0
    for head in headings:
        if _folded(head.text) == _folded(place):
            return head.line
    hits = find(texts, place)
    return hits.found[0][0][0] if hits.found else None


def section_marks(places: Sequence[tuple[SectionName, str]], headings: Sequence[Heading]) -> dict[int, str]:
    """Return heading index → what a reader finds under it."""
    marks: dict[int, str] = {}
    for name, place in places:
        index = next((at for at, head in enumerate(headings) if _folded(head.text) == _folded(place)), None)
        if index is not None and _folded(SECTIONS[name]) != _folded(headings[index].text):
            marks[index] = ", ".join(word for word in (marks.get(index, ""), SECTIONS[name]) if word)
    return marks


def _folded(heading: str) -> str:
    return "".join(char for char in heading.casefold() if char.isalnum())


def heading_lines(headings: Sequence[Heading], answers: Mapping[int, str], inks: Inks) -> list[Line]:
    """Return one line for each heading; `answers` says which of them tell what a reader looks for."""
    lines: list[Line] = []
    for index, head in enumerate(headings):
        line = [("  " * (head.level - 1), inks.text), (head.text, inks.strong if head.level < 3 else inks.text)]
        if index in answers:
            line.append((f"  {answers[index]}", inks.good))
        lines.append(line)
    return lines


def link_lines(links: Sequence[Link], facts: ModelFacts, endpoint: str, inks: Inks) -> list[Line]:
    """Return one line for each link: its number, its text, whether it is a model or unsafe, where it really leads."""
    lines: list[Line] = []
    # what is left is the address's: where a link really leads is what the list is for
    cells = min(_NAME_CELLS, max((text.cells(link.text) for link in links), default=0))
    for link in links:
        mark, ink = ("model", inks.good) if model_of(link, endpoint) else ("", inks.text)
        if link.kind == "unsafe":
            mark, ink = "unsafe", inks.bad
        lines.append(
            [
                (f"{link.number:>3} ", inks.muted),
                (text.fit(link.text, cells), inks.text),
                (f" {mark:<6} ", ink),
                (address_of(link, facts, endpoint), inks.link if link.kind != "unsafe" else inks.bad),
            ]
        )
    return lines


def image_lines(images: Sequence[Image], facts: ModelFacts, endpoint: str, inks: Inks) -> list[Line]:
    """Return one line for each image: its name, whose it is, its address."""
    lines: list[Line] = []
    for image in images:
        place = image_place(image.src, facts.id, endpoint)
        whose, ink = {
            "repo": ("this repo", inks.good),
            "other": (place.host, inks.warn),
            "none": ("not shown", inks.muted),
        }[place.kind]
        lines.append(
            [
                (text.fit(image.alt, _NAME_CELLS), inks.text),
                (f"  {text.fit(whose, 24)} ", ink),
                (f"{place.why}: {image.src}" if place.why else image.src, inks.muted),
            ]
        )
    return lines
