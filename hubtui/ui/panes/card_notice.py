"""What a card does not say, as the lines above it."""

from __future__ import annotations

from hubtui.cards.model import CardSections
from hubtui.cards.unsaid import LICENSE, license_stated, said, unsaid
from hubtui.ui.panes.opened import OpenedCard
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks


def notice_lines(card: OpenedCard, sections: CardSections | None, license_id: str, inks: Inks) -> list[Line]:
    """Return the lines; there are as many before the sections are known (None), so that the card does not move."""
    matter = card.front_matter
    stated = license_stated(sections or CardSections(), matter, license_id)
    missing = [] if sections is None else [word for word in unsaid(sections, matter, license_id) if word != LICENSE]
    if sections is None:
        lines: list[Line] = [[("reading what it says …", inks.muted)]]
    elif missing:
        lines = [[("not stated: ", inks.warn), (" · ".join(missing), inks.muted)]]
    else:
        lines = [[("stated: ", inks.good), (" · ".join(said(sections, matter, license_id)), inks.muted)]]
    if not stated.is_named:
        nowhere = "none in the front matter" if sections is None else "none stated"
        lines.append([("licence: ", inks.warn), (stated.brief or nowhere, inks.muted)])
    if problems := matter.problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        lines.append([("front matter: ", inks.warn), (problems[0] + more, inks.muted)])
    return lines
