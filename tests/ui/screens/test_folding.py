"""Near-duplicates in the list of results."""

from dataclasses import replace

from tests.fake_rows import ROWS, many_rows
from tests.fakes import FakeHub, fake_services
from tests.ui.shell import NARROW, WIDE, find, screen_text, settle, shell

BASE = "almanach/camembert-base"
QUANTIZED = replace(
    many_rows(1)[0], id="somebody/camembert-base-GGUF", tags=(f"base_model:quantized:{BASE}",), pipeline_tag="fill-mask"
)


async def test_x_folds_near_duplicates_and_space_shows_them() -> None:
    app = shell(fake_services(hub=FakeHub(rows=(QUANTIZED, *ROWS))))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        assert QUANTIZED.id in screen_text(pilot)
        await pilot.press("x")
        await settle(pilot)
        text = screen_text(pilot)
        assert QUANTIZED.id not in text
        assert "1 folded" in text
        assert app.search.row is not None
        assert app.search.row.id == BASE, "the cursor goes to the head of its family"
        await pilot.press("space")
        await settle(pilot)
        assert "└ somebody/camembert-base-GGUF" in screen_text(pilot)
        await pilot.press("j")
        assert app.search.row.id == QUANTIZED.id
        await pilot.press("x")
        await settle(pilot)
        assert app.search.row.id == QUANTIZED.id
        assert "folded" not in screen_text(pilot).split("\n")[3]


async def test_a_model_alone_says_that_nothing_is_folded_under_it() -> None:
    app = shell()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "flaubert")
        await pilot.press("space")
        await settle(pilot)
        assert app.toasts[-1] == "Nothing is folded under this model."


async def test_folding_where_nothing_was_found_changes_nothing() -> None:
    app = shell()
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "nothing-has-this-name")
        await pilot.press("x", "space", "x")
        await settle(pilot)
        assert "No model matches" in screen_text(pilot)
