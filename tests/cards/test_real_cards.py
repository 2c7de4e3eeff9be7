"""Real cards, whole, at the widths of a small, a usual and a wide terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubtui.cards.frontmatter import split_card
from hubtui.cards.model import Style
from hubtui.cards.render import render
from hubtui.cards.wrap import line_width
from tests.cards.helpers import shown, steering_in, strings_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

_MAY_BE_WIDE = {Style.CODE_BLOCK, Style.TABLE_BORDER}


@pytest.mark.parametrize("width", [40, 78, 120])
def test_every_real_card_is_laid_out_within_its_width(shared_data: Path, width: int) -> None:
    paths = sorted((shared_data / "cards").rglob("*.md"))
    assert len(paths) >= 15
    for path in paths:
        card = render(split_card(path.read_bytes().decode("utf-8"))[1], width)
        assert steering_in(strings_of(card)) == [], path.name
        assert card.headings, path.name
        assert card.max_width == max(map(line_width, card.lines))
        for line in card.lines:
            assert line_width(line) <= width or any(span.style in _MAY_BE_WIDE for span in line), (
                path.name,
                text_of(line),
            )


def test_header_of_a_card_in_html_is_readable(shared_data: Path) -> None:
    card = render((shared_data / "cards" / "deepseek-v3.md").read_text("utf-8"), 100)
    lines = [text_of(line).strip() for line in card.lines[:6]]
    assert lines[0] == "▣ DeepSeek-V3"
    assert lines[4].startswith("Homepage[1] · Chat[2] · Hugging Face[3] · Discord[4]")
    assert card.links[0].url == "https://www.deepseek.com/"
    assert [heading.text for heading in card.headings[:3]] == [
        "Table of Contents",
        "1. Introduction",
        "2. Model Summary",
    ]


def test_jumps_of_a_table_of_contents_find_their_headings(shared_data: Path) -> None:
    card = render((shared_data / "cards" / "deepseek-v3.md").read_text("utf-8"), 100)
    anchors = {heading.anchor for heading in card.headings}
    jumps = [link.url.removeprefix("#") for link in card.links if link.kind == "anchor"]
    assert len(jumps) == 10
    assert set(jumps) <= anchors


def test_alert_and_wide_table_of_a_real_card(shared_data: Path) -> None:
    lines = shown((shared_data / "cards" / "deepseek-v3.md").read_text("utf-8"), 100)
    assert "│ Note" in lines
    assert "     Model       │ #Total Params │ #Activated Params │ Context Length │      Download" in lines
