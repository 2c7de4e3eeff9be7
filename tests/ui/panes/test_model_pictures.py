"""What the model's side looks like in each of its states, kept as pictures at two sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import HubUnreachableError
from tests.fake_rows import ROWS, facts_of
from tests.fakes import FakeCatalogue, FakeHub
from tests.fakes_files import FakeQueue
from tests.ui.model_app import ModelApp, model_services, settled, until

CAMEMBERT = "almanach/camembert-base"
SMALL, WIDE = (80, 24), (120, 40)

Compare = Callable[..., bool]


@dataclass(frozen=True)
class Case:
    """A tab of a model on fakes in some states, after some keys."""

    tab: int
    keys: tuple[str, ...]
    model: str
    states: str
    theme: str


def _case(name: str, tab: int, *keys: str, model: str = CAMEMBERT, states: str = "", theme: str = "dark") -> Any:
    return pytest.param(Case(tab, keys, model, states, theme), id=name)


CASES = [
    _case("card", 1),
    _case("card-headings", 1, "t"),
    _case("card-links", 1, "L"),
    _case("card-find", 1, "slash", *"model"),
    _case("card-found", 1, "slash", *"model", "enter", "n", "n"),
    _case("card-found-none", 1, "slash", *"gorgonzola"),
    _case("card-images", 1, "i"),
    _case("card-picture", 1, "i", "enter"),
    _case("card-picture-of-another-host", 1, "i", "j", "enter"),
    _case("card-found-16-colours", 1, "slash", *"model", "enter", theme="ansi"),
    _case("card-none", 1, states="nocard"),
    _case("files", 2),
    _case("files-preview", 2, "j", "enter"),
    _case("files-json", 2, "j", "enter", "j", "enter", states="json"),
    _case("files-weights", 2, "j", "j", "enter"),
    _case("files-chosen", 2, "space", "j", "space", states="partly"),
    _case("files-narrowed", 2, "n", "t", "o", "k"),
    _case("files-disk-full", 2, "d", states="full"),
    _case("files-paused", 2, "d", "p"),
    _case("files-downloaded", 2, "d", states="ends"),
    _case("files-gated", 2, "d", states="gated"),
    _case("tokens", 3),
    _case("tokens-no-pad", 3, states="nopad"),
    _case("tokens-truncated", 3, "escape", "t", "m", "4"),
    _case("tokens-max-length", 3, "escape", "p", "m", "2", "4"),
    _case("tokens-no-tokenizer", 3, states="notokenizer"),
    _case("tokens-gated", 3, states="gated"),
    _case("tokens-light", 3, theme="light"),
    _case("tokens-16-colours", 3, theme="ansi"),
    _case("run-form", 4),
    _case("run-fill-mask", 4, "ctrl+r"),
    _case("run-text-generation", 4, "ctrl+r", model="Qwen/Qwen2.5-0.5B-Instruct", states="streams"),
    _case("run-missing-input", 4, "ctrl+r", model="sentence-transformers/all-MiniLM-L6-v2"),
    _case("run-failed", 4, "ctrl+r", states="runfails"),
    _case("run-nothing-to-run", 4, model="someone/an-awkward-model"),
    _case("compare-empty", 5),
    _case("compare-one", 5, "c"),
    _case("model-missing", 1, model="nobody/nothing"),
]


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("case", CASES)
def test_each_state_of_the_model_side_has_its_face(snap_compare: Compare, size: tuple[int, int], case: Case) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in case.keys:
            await pilot.press(key)
            await settled(pilot)

    app = ModelApp(model_services(*case.states.split(",")), case.model, case.tab, case.theme)
    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
def test_two_pinned_models_stand_side_by_side_with_their_answers(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        app = pilot.app
        assert isinstance(app, ModelApp)
        for model in (CAMEMBERT, "cmarkea/distilcamembert-base"):
            app.pane.open(model)
            app.pane.toggle_pin(model)
            await settled(pilot)
            if model == CAMEMBERT:
                app.pane.show_tab(3)
                await settled(pilot)
                app.pane.run_model()
                await until(pilot, lambda: app.pane.learned[CAMEMBERT].outcome is not None)
        app.pane.show_tab(5)
        await settled(pilot)

    assert snap_compare(ModelApp(model_services(), CAMEMBERT), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
def test_a_download_under_way_says_how_far_it_is_and_how_to_stop_it(
    snap_compare: Compare, size: tuple[int, int]
) -> None:
    queue = FakeQueue()

    async def before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        queue.add(facts_of(next(row for row in ROWS if row.id.startswith("Qwen"))), ())
        queue.move(1, 200_000_000, 12_000_000, 20.0)
        await settled(pilot)

    assert snap_compare(ModelApp(model_services(queue=queue), CAMEMBERT, 2), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
def test_a_run_under_way_says_what_it_does_and_how_to_stop_it(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = ModelApp(model_services("holdrun"), CAMEMBERT, 4)

    async def before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, app.is_busy)
        await until(pilot, lambda: "running" in app.text())

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
def test_a_hub_that_does_not_answer_is_said_with_the_next_step(snap_compare: Compare, size: tuple[int, int]) -> None:
    hub = FakeHub(error=HubUnreachableError("The Hub does not answer.", hint="Check the network, then press r."))
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    assert snap_compare(app, terminal_size=size, run_before=settled)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
def test_without_the_hub_a_model_shows_what_the_catalogue_knows(snap_compare: Compare, size: tuple[int, int]) -> None:
    hub = FakeHub(error=HubUnreachableError("The Hub does not answer.", hint="Check the network, then press r."))
    services = replace(model_services(hub=hub), catalogue=FakeCatalogue)
    assert snap_compare(ModelApp(services, CAMEMBERT), terminal_size=size, run_before=settled)


def test_a_gated_model_of_a_narrow_terminal_still_shows_what_matters(snap_compare: Compare) -> None:
    app = ModelApp(model_services("gated"), "meta-llama/Llama-3.1-8B-Instruct", 3)
    assert snap_compare(app, terminal_size=(60, 20), run_before=settled)
