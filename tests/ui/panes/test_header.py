"""The facts above the tabs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hubtui.core.fit import Device, fit_of_facts
from hubtui.core.models import Gated, ModelFacts, Safety
from hubtui.ui.messages import SafetyWanted
from hubtui.ui.panes.header import FactsHeader, dtypes, fit_words
from hubtui.ui.panes.opened import OpenedModel
from hubtui.ui.text import width_of
from tests.fake_rows import NOW, ROWS, facts_of
from tests.fakes import FakeHub, fake_services
from tests.ui.model_app import ModelApp, model_services, settled

GPU = Device("GPU0", "gpu", 24_000_000_000, 22_100_000_000)
FACTS = facts_of(ROWS[0])


async def _shown(facts: ModelFacts, width: int = 78) -> str:
    app = ModelApp(fake_services(hub=FakeHub()), "nobody/nothing")
    async with app.run_test(size=(100, 30)) as pilot:
        header = app.query_one(FactsHeader)
        header.show(OpenedModel(facts, fit_of_facts(facts, [GPU])), NOW)
        await pilot.pause()
        lines = header.lines(width)
        assert all(width_of(line) <= width for line in lines)
        return "\n".join("".join(words for words, _ in line) for line in lines)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gated": Gated.MANUAL}, "⊘ gated (manual)"),
        ({"private": True}, "private"),
        ({"license": ""}, "no licence stated"),
        ({"pipeline_tag": ""}, "no task stated"),
        ({"formats": ()}, "no weights"),
        ({"safety": Safety(pickle_only=True)}, "pickle only ✗"),
        ({"safety": Safety(status="unsafe")}, "✗ unsafe files"),
        ({"safety": Safety(custom_code=True)}, "custom code"),
        ({"license": "cc-by-nc-4.0"}, "! with care: cc-by-nc-4.0 is research: not for commercial use"),
        ({"safety": Safety(pickle_only=True), "formats": ("pickle",)}, "✗ do not load: the only weights are pickles"),
        ({"from_cache": True}, "from the cache"),
        ({"from_cache": True, "fetched": NOW - timedelta(days=3)}, "from the cache, fetched 3d ago"),
        ({"folder": "/tmp/checkpoint"}, "local folder"),
        ({"revision": "v1.0"}, "v1.0@ccccccc"),
        ({"revision": "c" * 40}, "· ccccccc"),
        ({"parameters_by_dtype": {"F32": 10, "BF16": 20}, "parameters": 30}, "30 bf16+f32"),
    ],
)
async def test_what_makes_a_model_unusable_or_doubtful_stands_in_its_header(
    changes: dict[str, object], said: str
) -> None:
    assert said in await _shown(replace(FACTS, **changes))  # type: ignore[arg-type] # one field each


@pytest.mark.parametrize("width", [58, 65, 78, 118, 200])
async def test_the_header_keeps_to_its_width(width: int) -> None:
    shown = await _shown(replace(FACTS, id="organisation/" + "a-very-long-name-" * 8), width)
    assert "fits GPU0" in shown


def test_a_fit_is_said_with_what_is_needed_and_what_is_free() -> None:
    assert fit_words(fit_of_facts(FACTS, [GPU])) == "fits GPU0 (needs 1.1 of 22.1 GB free)"
    large = replace(FACTS, parameters=70_000_000_000, parameters_by_dtype={"BF16": 70_000_000_000})
    assert fit_words(fit_of_facts(large, [GPU])) == "too big for GPU0 (needs 148 of 22.1 GB free)"
    unknown = replace(FACTS, parameters=None, parameters_by_dtype={}, files=())
    assert fit_words(fit_of_facts(unknown, [GPU])).startswith("fit unknown")
    assert fit_words(fit_of_facts(FACTS, [])) == "no device known"


def test_dtypes_are_named_with_the_commonest_first() -> None:
    assert dtypes(replace(FACTS, parameters_by_dtype={"F32": 1, "I8": 3})) == "i8+f32"


async def test_on_a_low_terminal_what_speaks_against_a_model_stays_in_sight() -> None:
    pickled = replace(FACTS, safety=Safety(pickle_only=True), formats=("pickle",))
    app = ModelApp(fake_services(hub=FakeHub()), "nobody/nothing")
    async with app.run_test(size=(60, 20)) as pilot:
        header = app.query_one(FactsHeader)
        header.show(OpenedModel(pickled, fit_of_facts(pickled, [GPU])), NOW)
        await pilot.pause()
        shown = ["".join(words for words, _ in line) for line in header.lines(58)]
        assert any("do not load" in line for line in shown)
        assert len(shown) == 4


async def test_a_click_on_the_verdict_asks_why_and_nothing_else_of_the_header_does() -> None:
    class Unlicensed(FakeHub):
        def facts(self, model: str, revision: str | None = None) -> ModelFacts:
            return replace(super().facts(model, revision), license="")

    wanted: list[SafetyWanted] = []

    class App(ModelApp):
        def on_safety_wanted(self, event: SafetyWanted) -> None:
            wanted.append(event)

    app = App(model_services(hub=Unlicensed()), FACTS.id)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        header = app.query_one(FactsHeader)
        assert "V why" in app.text()
        line = next(at for at, row in enumerate(header.lines(98)) if row and row[0][0].startswith("!"))
        await pilot.click(FactsHeader, offset=(4, 0))
        assert wanted == []
        await pilot.click(FactsHeader, offset=(4, line))
        await pilot.pause()
        assert len(wanted) == 1
        assert app.pane.active_tab == 1
