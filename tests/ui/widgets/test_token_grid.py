"""The matrix: every cell where its number says, pads told apart without colour, all of it reachable."""

from __future__ import annotations

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.pilot import Pilot

from hubtui.core.tokens import MatrixRow, MatrixWindow, TokenMatrix, TokenRow
from hubtui.ui.theme import THEMES
from hubtui.ui.widgets.token_grid import Geometry, GridHead, TokenGrid, cell_words


def _cell(column: int, kind: str = "text", token: str = "word") -> TokenRow:
    return TokenRow(0, column, 100 + column, token, "", 0, 0, kind, int(kind != "pad"), 1)  # type: ignore[arg-type] # a literal


def _matrix(window: MatrixWindow, n_rows: int, length: int) -> TokenMatrix:
    columns = range(window.first_column, min(window.first_column + window.columns, length))
    rows = [
        MatrixRow(number, 0, length, length, [_cell(column) for column in columns])
        for number in range(window.first_row, min(window.first_row + window.rows, n_rows))
    ]
    return TokenMatrix(window, rows, n_rows, length, length, [])


class HeadApp(App[None]):
    CSS = "GridHead { height: 1; }"

    def __init__(self, geometry: Geometry, last: int) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "dark"
        self.given = geometry, last

    def compose(self) -> ComposeResult:
        yield GridHead()

    def on_mount(self) -> None:
        self.query_one(GridHead).show(*self.given)


class Owner(Vertical):
    """Gives the parts of a matrix that the grid asks for."""

    def __init__(self, n_rows: int, length: int) -> None:
        super().__init__()
        self.shape = (n_rows, length)
        self.asked: list[MatrixWindow] = []

    def compose(self) -> ComposeResult:
        yield TokenGrid()

    def on_mount(self) -> None:
        self.query_one(TokenGrid).focus()
        self.call_after_refresh(self.give, MatrixWindow())

    def give(self, window: MatrixWindow) -> None:
        self.query_one(TokenGrid).show(_matrix(window, *self.shape), 200_000)

    @on(TokenGrid.WindowWanted)
    def _wanted(self, event: TokenGrid.WindowWanted) -> None:
        self.asked.append(event.window)
        self.give(event.window)


class GridApp(App[None]):
    def __init__(self, n_rows: int = 10_000, length: int = 100_000) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "dark"
        self.owner = Owner(n_rows, length)

    def compose(self) -> ComposeResult:
        yield self.owner

    @property
    def grid(self) -> TokenGrid:
        return self.query_one(TokenGrid)

    def text(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips()]


@pytest.mark.parametrize(
    ("kind", "shown", "words"),
    [
        ("text", "ids", "   101"),
        ("special", "ids", "  ·101"),
        ("unknown", "ids", "  ?101"),
        ("pad", "ids", "░░░101"),
        ("pad", "tokens", "░word░"),
        ("text", "tokens", " word "),
        ("pad", "mask", "░░░░░0"),
        ("text", "mask", "     1"),
        ("text", "types", "     1"),
    ],
)
def test_kinds_of_cells_are_told_apart_without_colour(kind: str, shown: str, words: str) -> None:
    assert cell_words(_cell(1, kind), shown, 6) == words


def test_control_characters_in_a_token_stay_off_the_screen() -> None:
    assert "\x1b" not in cell_words(_cell(1, token="\x1b[31m"), "tokens", 9)


@pytest.mark.parametrize(
    ("geometry", "last", "words"),
    [
        (Geometry(4, 6, 0), 3, "         0     1     2"),
        (Geometry(4, 10, 0, is_text=True), 2, "      0         1"),
        (Geometry(4, 3, 8), 12, "      8  9 10 11"),
        (Geometry(4, 3, 100_000), 100_006, " 100000         100005"),
    ],
)
async def test_numbers_stand_over_their_columns(geometry: Geometry, last: int, words: str) -> None:
    app = HeadApp(geometry, last)
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        assert app.screen._compositor.render_strips()[0].text.rstrip() == words


async def _press(pilot: Pilot[None], app: GridApp, *keys: str) -> None:
    """Press keys, and fetch what painting finds missing."""
    for key in keys:
        await pilot.press(key)
        app.text()
        await pilot.pause()


async def test_every_cell_can_be_reached_and_only_what_is_in_sight_is_fetched() -> None:
    app = GridApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await _press(pilot, app, "G", "dollar_sign")
        assert (app.grid.cursor, app.grid.column) == (9_999, 99_999)
        assert "[ 100099]" in app.text()[19]
        assert sum(window.rows * window.columns for window in app.owner.asked) < 5_000
        await _press(pilot, app, "g", "0", "l", "j")
        assert (app.grid.cursor, app.grid.column) == (1, 1)
        assert app.text()[0].startswith("     1      100     101 ")
        assert app.text()[1].startswith("     2      100[    101]")


async def test_a_step_sideways_keeps_the_cell_in_sight() -> None:
    app = GridApp(2, 30)
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        await pilot.press(*["l"] * 12)
        await pilot.pause()
        assert app.grid.column == 12
        assert "[    112]" in app.text()[0]
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert 0 <= app.grid.column < 12
        await pilot.press(*["h"] * 20)
        await pilot.pause()
        assert app.grid.column == 0


async def test_a_click_puts_the_cursor_on_its_cell() -> None:
    app = GridApp()
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        column = app.text()[1].index("102")
        await pilot.click(offset=(column, 1))
        await pilot.pause()
        assert (app.grid.cursor, app.grid.column) == (1, 2)
