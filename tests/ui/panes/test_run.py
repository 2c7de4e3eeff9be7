"""Running a model from its form."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from hubtui.core.errors import CheckpointError, LocalStateError
from hubtui.core.models import ModelFacts, Safety
from hubtui.hub.queue import Queue
from hubtui.ui.messages import Notice
from hubtui.ui.panes.run import RunTab
from hubtui.ui.widgets.fields import AreaField, LineField
from tests.fakes import FakeHub, FakeMemory
from tests.fakes_files import FakeQueue, FakeUnfinished
from tests.fakes_model import FakeDownloads, FakeInference
from tests.ui.model_app import CARD, ModelApp, model_services, settled, until

CAMEMBERT = "almanach/camembert-base"
QWEN = "Qwen/Qwen2.5-0.5B-Instruct"


def _app(
    inference: FakeInference, downloads: FakeDownloads | None = None, model: str = CAMEMBERT, card: str | None = CARD
) -> ModelApp:
    services = model_services(hub=FakeHub(card_text=card))
    services = replace(services, inference=lambda: inference)
    if downloads is not None:
        queue = FakeQueue(fetcher=lambda: downloads)
        services = replace(services, downloads=lambda: downloads, queue=lambda: queue)
    return ModelApp(services, model, 4)


async def test_a_run_sends_what_is_in_the_form_and_where_the_files_are() -> None:
    inference = FakeInference()
    app = _app(inference)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert inference.is_warm
        app.query_one("#run-parameters", LineField).value = "top_k=3 targets='bon, mauvais'"
        await pilot.press("escape", "v", "w", "ctrl+r")
        await settled(pilot)
    (request,) = inference.requests
    assert request.task == "fill-mask"
    assert request.inputs == {"text": "Le camembert est <mask> :)"}
    assert request.parameters == {"top_k": 3, "targets": ["bon", "mauvais"]}
    assert (request.device, request.dtype) == ("cuda:0", "float32")
    assert request.folder.startswith("/cache/models--almanach--camembert-base/")
    assert request.revision == "c" * 40


async def test_an_answer_is_drawn_with_times_memory_and_the_same_in_python() -> None:
    app = _app(FakeInference(warnings=("The text was cut.",)))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await settled(pilot)
        shown = app.text()
        for words in ("délicieux", "0.512", "run 42 ms", "load 310 ms", "peak 612 MB", "! The text was cut."):
            assert words in shown
        assert "AutoModelForMaskedLM" in shown
        kinds = dict(app.pane.copyable())
        assert '"token_str": "délicieux"' in kinds["the answer"]
        assert kinds["the Python snippet"].startswith("import torch")


async def test_ctrl_r_pressed_before_the_form_is_filled_runs_the_cards_example() -> None:
    inference = FakeInference()
    app = _app(inference)
    async with app.run_test(size=(100, 40)) as pilot:
        await until(pilot, lambda: app.pane.facts is not None)
        app.pane.run_model()
        await settled(pilot)
    assert [request.inputs for request in inference.requests] == [{"text": "Le camembert est <mask> :)"}]


async def test_the_download_of_a_run_is_paused_and_goes_on_in_the_files_tab_like_any_other() -> None:
    downloads, inference = FakeDownloads(gate=threading.Event()), FakeInference()
    queue = Queue(lambda: downloads, FakeUnfinished())
    services = model_services(hub=FakeHub(card_text=CARD))
    services = replace(services, downloads=lambda: downloads, queue=lambda: queue, inference=lambda: inference)
    app = ModelApp(services, CAMEMBERT, 4)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "downloading tokenizer.json" in app.text() and "50 % of" in app.text())
        await pilot.press("2")
        await until(pilot, lambda: "p pause" in app.text() and "downloading tokenizer.json" in app.text())
        await pilot.press("p")
        await until(pilot, lambda: "paused at 50 % of" in app.text())
        await pilot.press("4")
        await until(pilot, lambda: "download paused: 2 shows it, p goes on" in app.text())
        await pilot.press("2", "p", "4")
        assert downloads.gate is not None
        downloads.gate.set()
        await until(pilot, lambda: "délicieux" in app.text())
    assert len(inference.requests) == 1
    queue.close()


async def test_a_run_that_is_stopped_leaves_its_download_where_it_can_go_on() -> None:
    downloads = FakeDownloads(gate=threading.Event())
    unfinished = FakeUnfinished()
    queue = Queue(lambda: downloads, unfinished)
    services = model_services(hub=FakeHub(card_text=CARD))
    app = ModelApp(replace(services, downloads=lambda: downloads, queue=lambda: queue), CAMEMBERT, 4)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "50 % of" in app.text())
        await pilot.press("ctrl+x")
        await until(pilot, lambda: "What has arrived is kept: ctrl+r goes on." in app.text())
        await pilot.press("2")
        await until(pilot, lambda: "paused at 50 % of" in app.text())
    assert [left.model for left in unfinished.left] == [CAMEMBERT]
    queue.close()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("top_k", "“top_k” is no parameter."),
        ("top_k=many", "top_k must be a whole number"),
        ("heat=3", "fill-mask takes no parameter heat."),
        ('targets="bon', "open quotation mark"),
    ],
)
async def test_a_wrong_parameter_is_named_before_anything_runs(parameters: str, said: str) -> None:
    inference = FakeInference()
    app = _app(inference)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        app.query_one("#run-parameters", LineField).value = parameters
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert said in app.text()
    assert not inference.requests


async def test_generated_text_is_shown_as_it_comes() -> None:
    inference = FakeInference(deltas=("Once upon ", "a time"), hold="softly")
    app = _app(inference, model=QWEN)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Once upon a time" in app.text())
        assert app.is_busy()
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert "stopped" in app.text()
        assert not app.is_busy()
    assert inference.requests[0].stream


async def test_a_run_that_does_not_stop_is_ended_by_the_second_ctrl_x_even_inside_a_text_field() -> None:
    app = _app(FakeInference(hold="hard"))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.focused, AreaField)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "running" in app.text())
        await pilot.press("ctrl+x")
        await until(pilot, lambda: "again ends the process" in app.text())
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert "The inference process was ended." in app.text()
        assert not app.is_busy()


async def test_a_download_before_a_run_can_be_stopped() -> None:
    downloads = FakeDownloads(gate=threading.Event())
    inference = FakeInference()
    app = _app(inference, downloads)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "50 % of" in app.text())
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert "stopped" in app.text()
        assert not app.is_busy()
    assert not inference.requests


async def test_files_that_must_not_be_loaded_are_refused_with_the_reason() -> None:
    downloads = FakeDownloads(needed_error=CheckpointError("The weights are pickles.", hint="Look for safetensors."))
    inference = FakeInference()
    app = _app(inference, downloads)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "The weights are pickles." in app.text()
        assert "Look for safetensors." in app.text()
    assert not inference.requests


async def test_opening_another_model_leaves_the_run_of_the_first_behind() -> None:
    app = _app(FakeInference(hold="softly"))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "running" in app.text())
        app.pane.open(QWEN)
        await settled(pilot)
        assert not app.is_busy()
        assert "text-generation" in app.text()
        assert "délicieux" not in app.text()


async def test_examples_and_tasks_can_be_gone_through() -> None:
    app = _app(FakeInference())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("escape", "n")
        await settled(pilot)
        assert "Paris est la <mask> de la France." in app.text()
        await pilot.press("t")
        await settled(pilot)
        assert "task feature-extraction" in app.text()
        form = app.query_one(RunTab).form
        assert form is not None
        assert form.runnable.id == "feature-extraction"


async def test_what_a_run_gave_stands_in_the_comparison() -> None:
    app = _app(FakeInference())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await settled(pilot)
        await pilot.press("escape", "c", "5")
        await settled(pilot)
        assert "Last run" in app.text()
        assert "0.512 délicieux" in app.text()


def _remembering(memory: FakeMemory) -> ModelApp:
    services = replace(model_services(hub=FakeHub(card_text=CARD)), inference=FakeInference, memory=memory)
    return ModelApp(services, CAMEMBERT, 4)


async def test_the_memory_of_a_run_is_kept_for_the_next_estimate() -> None:
    memory = FakeMemory()
    app = _remembering(memory)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await settled(pilot)
        (peak,) = memory.runs
        assert (peak.model, peak.task, peak.dtype, peak.peak_bytes) == (CAMEMBERT, "fill-mask", "float32", 612_000_000)


async def test_memory_that_cannot_be_kept_costs_no_answer() -> None:
    app = _remembering(FakeMemory(error=LocalStateError("The disk is full.", hint="Make room.")))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "délicieux" in app.text()
        notices = [event.text for event in app.said if isinstance(event, Notice)]
        assert any("is not kept: The disk is full." in text for text in notices)


async def test_a_model_with_code_of_its_own_says_so_before_it_is_run() -> None:
    class Odd(FakeHub):
        def facts(self, model: str, revision: str | None = None) -> ModelFacts:
            return replace(super().facts(model, revision), safety=Safety("safe", custom_code=True))

    app = ModelApp(model_services(hub=Odd(card_text=CARD)), CAMEMBERT, 4)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert "it brings Python of its own, which is not run here   V shows it" in app.text()
