"""What a card does not say, as the lines above it."""

from __future__ import annotations

from hubtui.cards.model import CardSections
from hubtui.cards.unsaid import license_stated, said, unsaid
from hubtui.ui.panes.opened import OpenedCard
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks


def notice_lines(card: OpenedCard, sections: CardSections | None, license_id: str, inks: Inks) -> list[Line]:
    """Return the lines; there are as many before the sections are known (None), so that the card does not move."""
    matter = card.front_matter
    stated = license_stated(sections or CardSections(), matter, license_id)
    if sections is None:
        lines: list[Line] = [[("reading what it says …", inks.muted)]]
    elif missing := unsaid(sections, matter, license_id):
        lines = [[("not stated: ", inks.warn), (" · ".join(missing), inks.muted)]]
    else:
        lines = [[("stated: ", inks.good), (" · ".join(said(sections, matter, license_id)), inks.muted)]]
    if not stated.is_named:
        lines.append([("licence: ", inks.warn), (stated.words or "none in the front matter", inks.muted)])
    if problems := matter.problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        lines.append([("front matter: ", inks.warn), (problems[0] + more, inks.muted)])
    return lines
