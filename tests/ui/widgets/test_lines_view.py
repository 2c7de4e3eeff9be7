from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from hubtui.ui.text import Line, hit
from hubtui.ui.theme import THEMES
from hubtui.ui.widgets.lines_view import LinesView


class Numbers(LinesView):
    """Counts which lines it was asked for."""

    headings: ClassVar[frozenset[int]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.made: list[int] = []

    def can_stop_at(self, index: int) -> bool:
        return index not in self.headings

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - the same at every width
        self.made.append(index)
        return [(f"line {index} [/foo] ", hit(self.inks.text, f"hit {index}") if index == 3 else self.inks.text)]


class Lines(App[None]):
    CSS = "* { scrollbar-size-vertical: 1; } LinesView { overflow-y: scroll; overflow-x: hidden; height: 1fr; }"

    def __init__(self, count: int, width: int = 0) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "dark"
        self.view = Numbers()
        self.count, self.line_width = count, width
        self.seen: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.set_count(self.count, width=self.line_width)
        self.view.focus()

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        self.seen.append(f"chosen {event.index}")

    def on_lines_view_near_end(self) -> None:
        self.seen.append("near end")

    def on_lines_view_hit(self, event: LinesView.Hit) -> None:
        self.seen.append(event.name)


def shown(pilot: Pilot[None]) -> list[str]:
    strips = pilot.app.screen._compositor.render_strips(pilot.app.size)
    return [strip.text.rstrip() for strip in strips]


async def test_a_list_of_a_million_lines_opens_at_once() -> None:
    app = Lines(1_000_000)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("G")
        assert "line 999999" in shown(pilot)[-1]
    assert len(set(app.view.made)) <= 30


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["j", "j", "k"], 1),
        (["down", "up"], 0),
        (["G"], 99),
        (["G", "g"], 0),
        (["pagedown"], 9),
        (["pagedown", "pageup"], 0),
        (["end", "home"], 0),
    ],
)
async def test_the_cursor_goes_where_the_keys_say(keys: list[str], cursor: int) -> None:
    app = Lines(100)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press(*keys)
        assert app.view.cursor == cursor


async def test_the_line_under_the_cursor_is_always_in_sight() -> None:
    app = Lines(100)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press(*["j"] * 15)
        assert app.view.first_line == 6
        assert any("line 15 " in line for line in shown(pilot))


async def test_the_cursor_passes_over_headings() -> None:
    app = Lines(10)
    app.view.headings = frozenset({0, 3})  # type: ignore[misc] # of this one view
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.set_count(10, cursor=0)
        assert app.view.cursor == 1
        await pilot.press("j", "j")
        assert app.view.cursor == 4
        await pilot.press("g")
        assert app.view.cursor == 1


async def test_more_lines_are_asked_for_before_the_end_is_reached() -> None:
    app = Lines(100)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("j")
        assert "near end" not in app.seen
        await pilot.press(*["pagedown"] * 8)
        assert "near end" in app.seen


async def test_new_lines_leave_the_cursor_and_the_position_where_they_were() -> None:
    app = Lines(100)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press(*["pagedown"] * 4)
        before = app.view.cursor, app.view.first_line
        app.view.set_count(200)
        await pilot.pause()
        assert (app.view.cursor, app.view.first_line) == before


async def test_enter_chooses_the_line_and_a_click_does_both() -> None:
    app = Lines(5)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("j", "enter")
        await pilot.click(Numbers, offset=(2, 4))
        assert app.view.cursor == 4
        await pilot.click(Numbers, offset=(2, 4))
        await pilot.pause()
    assert [seen for seen in app.seen if "chosen" in seen] == ["chosen 1", "chosen 4"]


async def test_a_click_on_a_named_piece_says_its_name() -> None:
    app = Lines(5)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.click(Numbers, offset=(2, 3))
        await pilot.pause()
    assert "hit 3" in app.seen


async def test_long_lines_move_sideways_and_come_back() -> None:
    app = Lines(5, width=60)
    async with app.run_test(size=(10, 10)) as pilot:
        await pilot.press("l")
        assert shown(pilot)[0].startswith("[/foo]"[1:])
        await pilot.press("h")
        assert shown(pilot)[0].startswith("line 0")


async def test_an_empty_list_takes_every_key_in_its_stride() -> None:
    app = Lines(0)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("j", "k", "G", "g", "pagedown", "enter", "l")
        assert app.view.cursor == -1
    assert app.seen == []


async def test_brackets_in_a_line_are_shown_as_they_are() -> None:
    app = Lines(1)
    async with app.run_test(size=(40, 10)) as pilot:
        assert "[/foo]" in shown(pilot)[0]
