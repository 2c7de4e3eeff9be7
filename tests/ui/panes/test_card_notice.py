"""The lines above a card: as many before it is known what it says as after."""

from __future__ import annotations

import pytest

from hubtui.cards.frontmatter import split_card
from hubtui.cards.sections import find_sections
from hubtui.ui.panes.card_notice import notice_lines
from hubtui.ui.panes.opened import OpenedCard
from tests.ui.inks import inks_of

SILENT = "not stated: training data · limitations · bias · evaluation"


@pytest.mark.parametrize(
    ("text", "license_id", "shown"),
    [
        ("# A\n", "mit", [SILENT]),
        ("# A\n", "", [SILENT, "licence: none stated"]),
        ("## 7. License\n\nThe agreement.\n", "", [SILENT, "licence: not in the front matter, but see “7. License”"]),
        ("---\nlicense: mit\n---\n## 7. License\n\nThe agreement.\n", "", [SILENT]),
        (
            "## Limits\n\nMany of them.\n\n## Bias\n\nMuch.\n\n## Training data\n\nOSCAR.\n\n## Results\n\nGood.\n",
            "",
            ["stated: training data · limitations · bias · evaluation", "licence: none stated"],
        ),
    ],
)
def test_a_licence_is_told_where_it_stands(text: str, license_id: str, shown: list[str]) -> None:
    matter, body = split_card(text)
    card, inks = OpenedCard(body, matter), inks_of("dark")
    lines = notice_lines(card, find_sections(body), license_id, inks)
    assert ["".join(words for words, _ in line) for line in lines] == shown
    assert len(notice_lines(card, None, license_id, inks)) == len(lines), "the card below does not move"
