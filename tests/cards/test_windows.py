"""Long cards are read through windows: what is shown must not tell."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from hubtui.cards import windows
from hubtui.cards.frontmatter import split_card
from hubtui.cards.render import render, render_blocks
from tests.cards.helpers import shown, text_of

_FIRST_STEPS = 40  # of the reader, until the first screen of anything must be there


def _everything_at_once(monkeypatch: pytest.MonkeyPatch, markdown: str) -> list[str]:
    with monkeypatch.context() as patch:
        patch.setattr(windows, "_WINDOW", 10**9)
        return shown(markdown, 80)


def test_real_cards_read_in_windows_look_as_read_at_once(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sorted((shared_data / "cards").glob("*.md")):
        body = split_card(path.read_bytes().decode("utf-8"))[1]
        assert shown(body, 80) == _everything_at_once(monkeypatch, body), path.name


@pytest.mark.parametrize(
    "markdown",
    [
        "x\n\n" * 1_200 + "$$\na\n\nb\n$$\n\n" + "y\n\n" * 1_300,
        "a\n\n<!-- " + "x\n\n" * 2_000 + "-->\n\nend",
        "<pre>\n" + "x  y\n\n" * 2_000 + "</pre>\n\nend",
        "> quote line\n" * 1_000 + "\nend",
        "- item\n\n  more\n\n" * 100 + "end",
        "para\n" * 2_000 + "\nend",
        "    code\n" * 1_000 + "\nend",
    ],
    ids=["formula", "comment", "pre", "quote", "loose-list", "paragraph", "indented-code"],
)
def test_a_block_longer_than_a_window_stays_one_block(markdown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(markdown, 80) == _everything_at_once(monkeypatch, markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "- a\n" * 20_000,
        "|a|b|\n|-|-|\n" + "|1|2|\n" * 5_000,
        "```\n" + "x = 1\n" * 20_000 + "```\n",
        "word " * 50_000,
        "x" * 300_000,
    ],
    ids=["list", "table", "code", "paragraph", "word"],
)
def test_the_first_screen_of_a_giant_block_does_not_wait_for_its_end(markdown: str) -> None:
    steps = itertools.count()

    def step() -> None:
        assert next(steps) < _FIRST_STEPS, "read too much before the first screen"

    chunks = render_blocks(markdown, 80, chunk_lines=lambda: 40, between=step)
    assert len(next(chunks).lines) >= 40


def test_a_list_in_pieces_has_no_gaps_and_keeps_its_numbers() -> None:
    lines = shown("".join(f"{number}. item {number}\n" for number in range(1, 1_001)), 80)
    assert lines == [f"{number}. item {number}" for number in range(1, 1_001)]


def test_a_table_in_pieces_keeps_its_columns_to_the_last_row() -> None:
    rows = "".join(f"| name {number} | {number} | **bold** `x` 4\\* |\n" for number in range(1_000))
    lines = shown(f"| a | count | c |\n|---|---|---|\n{rows}| longest of all the names | 7 | x |\n\nend", 80)
    assert len({(line.find("│"), line.rfind("│")) for line in lines[:1_003] if "┼" not in line}) == 1
    assert sum("┼" in line for line in lines) == 1
    assert lines[1_002].startswith("longest of all the names │")
    assert lines[-1] == "end"
    assert lines[2].split("│")[1] == "     0 "


def test_code_in_pieces_loses_no_blank_line_and_nothing_behind_it() -> None:
    code = "".join(f"line {number}\n\n\n" for number in range(5_000))
    lines = shown(f"```text\n{code}```\n\nend", 80)
    assert [line.strip() for line in lines[:-2]] == code.rstrip("\n").split("\n")
    assert lines[-1] == "end"


def test_a_fence_that_is_never_closed_is_code_to_the_end() -> None:
    assert shown("~~~~\n" + "a\n" * 5_000 + "~~~\nend", 80)[-1].strip() == "end"


def test_what_is_nested_too_deep_for_the_parser_is_shown_as_written() -> None:
    assert shown(">" * 200 + " deep\n\nend", 300)[0].strip() == ">" * 200 + " deep"


def test_link_definitions_at_the_end_of_a_long_card_serve_its_beginning() -> None:
    card = render("[there][x]\n\n" + "para\n\n" * 5_000 + "[x]: https://x.example\n", 80)
    assert card.links[0].url == "https://x.example"


def test_no_word_of_a_long_card_is_lost() -> None:
    parts = (
        "| a | b{0} |\n|---|---|\n| c{0} | d |\n",
        "- item{0}\n  - nested{0}\n",
        "> quote{0}\n> > deeper{0}\n",
        "```\ncode{0}\n```\n",
        "<div>\n<p>html{0}</p>\n</div>\n",
        "text{0} goes\non{0}\n",
    )
    card = "\n".join(parts[number % len(parts)].format(number) for number in range(1_200))
    text = "\n".join(text_of(line) for line in render(card, 60).lines)
    for number in range(1_200):
        assert f"{('c', 'item', 'quote', 'code', 'html', 'text')[number % len(parts)]}{number}" in text
