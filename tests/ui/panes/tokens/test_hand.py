"""Table, pieces and text are one: what is taken in hand in one of them is marked in the others."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.widgets.token_table import TokenTable
from tests.fakes import FakeHub
from tests.fakes_model import INFO, FakeTokenizers
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"


def _app(tokenizers: FakeTokenizers | None = None) -> ModelApp:
    fake = tokenizers or FakeTokenizers()
    return ModelApp(replace(model_services(hub=FakeHub()), tokenizers=lambda: fake), CAMEMBERT, 3)


async def _put(pilot: Pilot[None], text: str) -> None:
    await settled(pilot)
    pilot.app.query_one(TokenEditor).put(text)
    await settled(pilot)


async def test_moving_in_the_table_marks_the_piece_and_tells_of_it() -> None:
    app = _app()
    async with app.run_test(size=(100, 40)) as pilot:
        await _put(pilot, "Le fromage")
        await pilot.press("g", "j", "j")
        await settled(pilot)
        assert "<s>│Le[␣froma]ge│</s>" in app.text()
        assert "▸ ▁froma  id" in app.text()
        assert "characters 2–8 · U+0020 U+0066" in app.text()


async def test_moving_in_the_text_marks_the_token_under_the_cursor() -> None:
    app = _app()
    async with app.run_test(size=(100, 40)) as pilot:
        await _put(pilot, "Le fromage")
        await pilot.press("e", "home")
        await settled(pilot)
        assert "[Le]" in app.text()
        assert app.query_one(TokenTable).cursor == 1
        await pilot.press("right", "right", "right")
        await settled(pilot)
        assert "│Le[␣froma]ge" in app.text()


async def test_a_click_on_a_piece_takes_it_in_hand() -> None:
    app = _app()
    async with app.run_test(size=(100, 40)) as pilot:
        await _put(pilot, "Le fromage")
        lines = app.text().splitlines()
        y = next(at for at, line in enumerate(lines) if "</s>" in line)
        await pilot.click(offset=(lines[y].index("ge"), y))
        await settled(pilot)
        assert "[ge]" in app.text()
        assert app.query_one(TokenTable).cursor == 3


async def test_what_the_limit_will_drop_is_marked_before_it_is_dropped() -> None:
    app = _app(FakeTokenizers(replace(INFO, model_max_length=6)))
    async with app.run_test(size=(100, 40)) as pilot:
        await _put(pilot, "a b c d e f g h")
        assert "┊ 6 ┊ truncation drops from here 4 tokens" in app.text()
        await pilot.press("t")
        await settled(pilot)
        assert "┊ 6 ┊ the model sees nothing from here: 4 tokens cut" in app.text()


async def test_a_model_that_would_fail_is_told_apart_from_one_that_would_cut() -> None:
    app = _app(FakeTokenizers(replace(INFO, model_max_length=6, positions=6)))
    async with app.run_test(size=(100, 40)) as pilot:
        await _put(pilot, "a b c d e f g h")
        assert "┊ 6 ┊ too long: the model fails; truncation drops from here 4 tokens" in app.text()


async def test_a_boundary_inside_a_character_is_drawn_and_said() -> None:
    app = _app()
    async with app.run_test(size=(100, 40)) as pilot:
        await _put(pilot, "👨\u200d👩")
        await pilot.press("g", "j")
        await settled(pilot)
        assert "inside the one character" in app.text()
        assert "<U+200D>╎👩" in app.text()
