"""How a model is built, on the screen."""

from dataclasses import replace

import pytest

from hubtui.core.errors import CheckpointError
from hubtui.ui.screens.architecture import ArchitectureScreen
from tests.fake_rows import ROWS, facts_of
from tests.fakes import FakeHub, fake_services
from tests.fakes_build import STRUCTURE, FakeStructures
from tests.ui.shell import NARROW, WIDE, find, screen_text, settle, shell

FACTS = replace(facts_of(ROWS[0]), config={"model_type": "llama"})


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_sizes_modules_and_heads_are_shown_without_weights(size: tuple[int, int]) -> None:
    app = shell()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(ArchitectureScreen(fake_services(structures=FakeStructures), FACTS))
        await settle(pilot)
        text = screen_text(pilot)
        assert "LlamaForCausalLM (AutoModelForCausalLM)" in text
        assert "GQA, 4 heads, 2 of keys and values, of 16" in text
        await pilot.press("G")
        await settle(pilot)
        assert "+ score 128" in screen_text(pilot)


async def test_what_the_files_lack_is_said() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        facts = replace(FACTS, parameters_by_dtype={"BF16": STRUCTURE.parameters - 64})
        app.push_screen(ArchitectureScreen(fake_services(structures=FakeStructures), facts))
        await settle(pilot)
        assert "64 fewer in the files: model.norm would be newly initialised" in screen_text(pilot)


async def test_enter_on_a_head_builds_the_model_with_it() -> None:
    structures = FakeStructures()
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.push_screen(ArchitectureScreen(fake_services(structures=lambda: structures), FACTS))
        await settle(pilot)
        await pilot.press("G", "enter")
        await settle(pilot)
        assert structures.asked[-1] == (FACTS.id, "LlamaForSequenceClassification")
        assert "LlamaForSequenceClassification (" in screen_text(pilot)


async def test_a_config_that_cannot_be_built_says_why() -> None:
    structures = FakeStructures(CheckpointError("transformers has no model type “odd”.", hint="Read its card."))
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        app.push_screen(ArchitectureScreen(fake_services(structures=lambda: structures), FACTS))
        await settle(pilot)
        assert "no model type “odd”" in screen_text(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, ArchitectureScreen)


async def test_a_model_without_a_config_is_told_instead_of_an_empty_screen() -> None:
    app = shell(fake_services(hub=FakeHub()))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("A")
        await settle(pilot)
        assert "no config.json" in app.toasts[-1]


async def test_nothing_is_built_of_what_the_hub_tells_of_a_config_behind_a_gate() -> None:
    why = "config.json could not be read: the files are behind a form."
    structures = FakeStructures()
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        facts = replace(FACTS, config_problem=why)
        app.push_screen(ArchitectureScreen(fake_services(structures=lambda: structures), facts))
        await settle(pilot)
        assert why in screen_text(pilot)
        assert structures.asked == []
