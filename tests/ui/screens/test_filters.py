from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from hubtui.core.query import Query, parse, to_text
from hubtui.core.query_complete import Counts
from hubtui.ui.screens.filters import FilterScreen
from hubtui.ui.widgets.filter_list import FilterList
from hubtui.ui.widgets.search_line import SearchLine
from tests.ui.shell import NARROW, WIDE, find, screen_text, settle, shell

COUNTS: Counts = {
    "task": {"text-generation": 354_120, "fill-mask": 14_203, "text-to-image": 101_000},
    "language": {"en": 402_123, "fr": 20_134, "hsb": 12, "de": 18_231},
}


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("", [*"fill-mask", "enter"], "task:fill-mask"),
        ("", [*"french", "tab", "enter"], "language:fr"),
        ("task:fill-mask", [*"apache", "tab", "enter"], "task:fill-mask license:apache-2.0"),
        ("task:fill-mask", [*"fill", "tab", "enter"], ""),
        ("language:fr", ["backspace", "enter"], ""),
        ("camembert language:fr", ["backspace", "enter"], "camembert"),
        ("", [*"apache", "shift+tab", "enter"], "-license:apache-2.0"),
        ("-license:apache-2.0", [*"apache", "tab", "enter"], "license:apache-2.0"),
        ("language:fr", [*"apache", "escape"], "language:fr"),
        ("language:fr language:en", [*"german", "tab", "enter"], "language:fr language:en language:de"),
        ("language:fr language:en", [*"french", "tab", "enter"], "language:en"),
    ],
)
async def test_the_panel_edits_the_text_of_the_search_and_nothing_else(
    before: str, keys: list[str], after: str
) -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        if before:
            await find(pilot, before)
        await pilot.press("f")
        await settle(pilot)
        await pilot.press(*("minus" if key == "-" else key for key in keys))
        await settle(pilot)
        assert app.screen is app.main
        assert app.search.query_one(SearchLine).text == after


async def test_a_second_value_of_a_key_is_added_and_a_second_order_replaces_the_first() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "language:fr sort:likes")
        await pilot.press("f")
        await settle(pilot)
        await pilot.press(*"german", "tab", *["backspace"] * 6, *"downloads", "tab", "enter")
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "language:fr,de sort:downloads"


async def test_a_chip_of_the_panel_goes_away_with_a_click() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "language:fr")
        await pilot.press("f")
        await settle(pilot)
        row = next(line for line in screen_text(pilot).split("\n") if "✕" in line)
        await pilot.click(offset=(row.index("✕"), screen_text(pilot).split("\n").index(row)))
        await pilot.press("enter")
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == ""


async def test_tab_switches_what_was_just_typed_although_the_list_has_not_caught_up() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        panel = app.screen
        assert isinstance(panel, FilterScreen)
        panel.query_one(Input).value = "french"
        panel.action_switch(negated=False)
        panel.action_apply()
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "language:fr"


async def _panel(pilot: Pilot[int], query: str, counts: Counts | None = None) -> tuple[FilterScreen, list[Query]]:
    """Open the panel by itself; also return what it asks to have counted."""
    asked: list[Query] = []
    panel = FilterScreen(parse(query), counts, asked.append)
    pilot.app.push_screen(panel)
    await settle(pilot)
    return panel, asked


def _line(pilot: Pilot[int], text: str) -> str:
    return next(line for line in screen_text(pilot).split("\n") if text in line)


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("", [*"size", "left", "left"], "size:<700B"),
        ("", [*"size", "tab", "right"], "size:>1.5M"),
        ("size:1B..8B", [*"size", "right", "tab", "left"], "size:800M..10B"),
        ("bert size:<3B", [*"size", "shift+tab"], "bert"),
        ("size:<1B", [*"size", "down", "down", "tab"], "size:<1B,<3B"),
    ],
)
async def test_the_size_slider_writes_the_range_into_the_search(before: str, keys: list[str], after: str) -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        _, asked = await _panel(pilot, before)
        await pilot.press(*keys)
        await pilot.pause()
        assert to_text(asked[-1]) == after


async def test_a_click_on_the_slider_puts_its_nearer_end_there() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        panel, asked = await _panel(pilot, "size:1B..8B")
        await pilot.press(*"size")
        lines = screen_text(pilot).split("\n")
        y = next(index for index, line in enumerate(lines) if "◆" in line)
        await pilot.click(offset=(lines[y + 1].index("100B"), y))
        assert to_text(asked[-1]) == "size:1B..100B"
        await pilot.click(offset=(lines[y + 1].index("10M"), y))
        assert to_text(asked[-1]) == "size:10M..100B"
        assert panel.query_one(FilterList).end_in_hand == "low"


async def test_arrows_move_in_the_typed_words_while_the_cursor_is_not_on_the_slider() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        panel, _ = await _panel(pilot, "")
        await pilot.press(*"fr", "left", "x")
        assert panel.query_one(Input).value == "fxr"


async def test_counts_that_come_late_are_shown_in_order_and_the_cursor_stays_on_its_value() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        panel, asked = await _panel(pilot, "")
        assert asked == [Query()]
        await pilot.press(*"language:", "down", "down")
        await pilot.pause()
        options = panel.query_one(FilterList)
        assert options.option is not None
        assert options.option.value == "de"
        height = options.cursor - options.first_line
        panel.know(COUNTS)
        await pilot.pause()
        assert options.option.value == "de"
        assert options.cursor - options.first_line == height
        assert [option.value for option in options.options[1:4]] == ["en", "fr", "de"]
        assert "20 134" in _line(pilot, "French")
        assert _line(pilot, "Spanish").endswith("0 │") or " 0 " in _line(pilot, "Spanish")


async def test_until_the_cursor_is_moved_the_panel_shows_the_most_frequent_value_first() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        panel, _ = await _panel(pilot, "")
        panel.know({"task": {"any-to-any": 7}})
        await pilot.pause()
        options = panel.query_one(FilterList)
        assert options.option is not None
        assert options.option.value == "any-to-any"
        assert options.first_line == 0


async def test_every_edit_has_its_counts_asked_for_once() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        panel, asked = await _panel(pilot, "bert", COUNTS)
        panel.know(COUNTS)
        await pilot.press(*"french", "tab", "down", "up")
        await pilot.pause()
        assert [to_text(query) for query in asked] == ["bert", "bert language:fr"]


async def test_sections_are_a_key_or_a_click_away() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        panel, _ = await _panel(pilot, "")
        options = panel.query_one(FilterList)
        seen = []
        for _ in range(8):
            await pilot.press("ctrl+n")
            seen.append(options.section)
        assert seen == ["task"] * 6 + ["size", "library"]
        await pilot.press("ctrl+p")
        assert options.section == "size"
        lines = screen_text(pilot).split("\n")
        y = next(index for index, line in enumerate(lines) if "Licence" in line)
        await pilot.click(offset=(lines[y].index("Licence"), y))
        assert options.section == "license"


async def test_on_the_smallest_terminal_the_slider_and_the_counts_are_whole() -> None:
    app = shell()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await _panel(pilot, "task:fill-mask", COUNTS)
        assert "14 203" in _line(pilot, "Fill-Mask")
        assert "enter apply  esc cancel" in screen_text(pilot)
        await pilot.press(*"size")
        await pilot.pause()
        lines = screen_text(pilot).split("\n")
        at = next(index for index, line in enumerate(lines) if "◆" in line)
        assert lines[at].index("◆") == lines[at + 1].index("1T")


async def test_the_section_of_the_cursor_is_marked_by_more_than_a_colour() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        assert "[Task]" in screen_text(pilot)
        await pilot.press(*["ctrl+n"] * 8)
        await settle(pilot)
        assert "[Library]" in screen_text(pilot)
        assert "[Task]" not in screen_text(pilot)
        await pilot.press(*"french")
        await settle(pilot)
        assert "[Language]" in screen_text(pilot)
        assert "Licence" not in screen_text(pilot), "a section without anything to offer is not there to go to"


async def test_a_notice_covers_no_line_of_a_dialog() -> None:
    app = shell()
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)
        for key in ("f", "C", "question_mark"):
            await pilot.press(key)
            await settle(pilot)
            before = screen_text(pilot).split("\n")
            app.notify(f"Something long was done, and it is told in {'very ' * 20}many words.", markup=False)
            app.notify("And another thing.", markup=False)
            await settle(pilot)
            after = screen_text(pilot).split("\n")
            assert "And another thing." in after[0]
            assert after[1:] == before[1:]
            app.clear_notifications()
            await pilot.press("escape")
            await settle(pilot)
