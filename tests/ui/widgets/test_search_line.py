from __future__ import annotations

from textual.widgets import Input

from hubtui.core.query import Query
from hubtui.core.query_complete import Suggestion
from hubtui.ui.widgets.search_line import HintBar, SearchLine
from tests.ui.shell import NARROW, WIDE, ShellApp, screen_text, settle, shell


def _line(app: ShellApp) -> SearchLine:
    return app.search.query_one(SearchLine)


async def test_tab_takes_the_suggestion_that_the_arrows_lit() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:text-to")
        first, second = (entry.text for entry in _line(app).suggestions()[:2])
        await pilot.press("right", "tab")
        assert _line(app).text == f"task:{second} "
        _line(app).text = "task:text-to"
        await pilot.pause()
        await pilot.press("right", "right", "left", "left", "tab")
        assert _line(app).text == f"task:{first} "


async def test_arrows_still_move_inside_the_text() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"brt", "left", "left", "e", "right", "right")
        assert _line(app).text == "bert"
        assert _line(app).query_one(Input).cursor_position == 4


async def test_typing_on_begins_with_the_first_suggestion_again() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:te", "right", "right")
        assert _line(app).lit == 2
        await pilot.press("x")
        assert _line(app).lit == 0


async def test_suggestions_say_how_many_models_there_are_and_the_most_frequent_comes_first() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:te")
        _line(app).counts = {"task": {"text-generation": 354_120, "text-ranking": 1_204}}
        await pilot.pause()
        hints = screen_text(pilot).split("\n")[2]
        assert "text-generation 354k" in hints
        assert "text-ranking 1.2k" in hints
        await pilot.press("tab")
        assert _line(app).text == "task:text-generation "


async def test_a_suggestion_is_taken_with_a_click() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:te")
        await pilot.pause()
        second = _line(app).suggestions()[1].text
        await pilot.click(offset=(screen_text(pilot).split("\n")[2].index(second), 2))
        assert _line(app).text == f"task:{second} "


async def test_the_suggestion_that_tab_takes_is_always_in_sight() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        bar = app.search.query_one(HintBar)
        entries = [Suggestion(f"value-{at}", f"Label {at}", 0, 1, "task", at * 999) for at in range(40)]
        for lit in range(40):
            for width in (30, 52, 80, 200):
                bar.show(Query(), entries, lit=lit)
                text = "".join(piece for piece, _ in bar.pieces(width))
                assert f"value-{lit} " in text
                assert len(text) <= width


async def test_what_is_wrong_before_the_cursor_is_not_hidden_by_suggestions() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:fil-mask", "space")
        assert "no task “fil-mask”" in screen_text(pilot)
        await pilot.press("tab")
        assert _line(app).text.split() == ["task:fill-mask"]


async def test_in_a_narrow_pane_the_correction_is_in_sight_whatever_is_cut() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:fil-mask")
        assert "Did you mean fill-mask? tab" in screen_text(pilot)


async def test_a_task_typed_by_its_name_with_blanks_is_put_right_whole() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:Fill", "space", "M", "tab")
        assert _line(app).text.split() == ["task:fill-mask"]
        await pilot.press(*"fr", "ctrl+u", *"task:Fill", "space", *"Mask", "space", *"camembert")
        await pilot.press("tab")
        assert _line(app).text.split() == ["task:fill-mask", "camembert"], "and nothing is left of the name"
