import pytest
from textual.widgets import Input

from hubtui.core import tasks
from hubtui.ui.screens.filters import FilterScreen, all_options, narrowed
from hubtui.ui.widgets.search_line import SearchLine
from tests.ui.shell import WIDE, find, screen_text, settle, shell


def test_every_task_of_the_hub_can_be_chosen_under_its_modality() -> None:
    options = all_options()
    assert {option.value for option in options if option.key == "task" and option.value} == set(tasks.all_ids())
    assert [option.label for option in options if option.key == "task" and not option.value] == [
        f"Task · {group}" for group in tasks.LABELS
    ]


def test_narrowing_keeps_the_heading_of_what_it_found() -> None:
    found = narrowed(all_options(), ["mask", "fill"])
    assert [option.label for option in found] == ["Task · Natural language", "Fill-Mask"]
    assert [option.value for option in narrowed(all_options(), ["french"])][1:] == ["fr"]


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
