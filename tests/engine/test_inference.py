"""The inference process as the interface uses it: answers, stages, streams, cancels, dies and comes back."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from hubtui.core.errors import CancelledError, RunError, TaskError, UsageError, WorkerDiedError
from hubtui.core.results import RunDelta, RunEvent, RunOutcome, RunRequest, RunStage
from hubtui.core.settings import Settings
from hubtui.engine.inference import InferenceProcess
from tests.tiny import build, change_json

SECONDS = 60.0
MASKED = {"text": "paris is the [MASK] of france ."}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    root = tmp_path_factory.mktemp("models")

    def folder(kind: str) -> Path:
        place = root / kind
        return place if place.is_dir() else build(kind, place)

    return folder


@pytest.fixture(scope="session")
def endless(folders: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat model that never ends its text, with room for very much of it."""
    folder = Path(shutil.copytree(folders("llama"), tmp_path_factory.mktemp("endless") / "model"))
    change_json(folder / "config.json", max_position_embeddings=1_000_000, eos_token_id=None)
    change_json(folder / "generation_config.json", eos_token_id=None)
    return folder


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def process() -> AsyncIterator[InferenceProcess]:
    inference = InferenceProcess(Settings())
    inference.warm()
    yield inference
    await inference.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


def request(folder: Path, task: str, inputs: dict[str, Any], **parameters: Any) -> RunRequest:
    stream = bool(parameters.pop("stream", False))
    return RunRequest(f"test/{folder.name}", str(folder), "main", task, inputs, parameters, stream=stream)


async def consume(
    process: InferenceProcess, asked: RunRequest, on_text: Callable[[], None] | None = None
) -> list[RunEvent]:
    """Run to the end; `on_text` is called once, when the first text has come."""
    events: list[RunEvent] = []
    async with asyncio.timeout(SECONDS):
        async for event in process.run(asked):
            if on_text and isinstance(event, RunDelta):
                on_text()
                on_text = None
            events.append(event)
    return events


async def outcome_of(process: InferenceProcess, asked: RunRequest) -> RunOutcome:
    outcome = (await consume(process, asked))[-1]
    assert isinstance(outcome, RunOutcome)
    return outcome


def writing(folder: Path, tokens: int) -> RunRequest:
    """A run that writes so many tokens."""
    return request(folder, "text-generation", {"text": "anna"}, max_new_tokens=tokens, chat="no", stream=True)


FOREVER = 900_000


def supervisor(process: InferenceProcess) -> int:
    """The process that forks."""
    assert process._process is not None
    return process._process.pid


def model_processes(process: InferenceProcess) -> list[psutil.Process]:
    """The children that hold checkpoints."""
    return psutil.Process(supervisor(process)).children()


async def test_a_run_tells_its_stages_and_then_its_outcome(
    process: InferenceProcess, folders: Callable[[str], Path]
) -> None:
    async with asyncio.timeout(SECONDS):
        events = [event async for event in process.run(request(folders("masked"), "fill-mask", MASKED))]
    stages = [event.stage for event in events if isinstance(event, RunStage)]
    assert stages in (["starting", "loading", "running"], ["loading", "running"])
    outcome = events[-1]
    assert isinstance(outcome, RunOutcome)
    assert (outcome.head, outcome.device, outcome.dtype) == ("BertForMaskedLM", "cpu", "float32")
    assert outcome.timings.load_s > 0
    assert outcome.peak_bytes > 50 << 20
    assert set(outcome.versions) == {"torch", "transformers"}
    assert len(outcome.outputs) == 5


async def test_the_checkpoint_stays_for_the_next_run_and_goes_for_another(
    process: InferenceProcess, folders: Callable[[str], Path]
) -> None:
    await outcome_of(process, request(folders("masked"), "fill-mask", MASKED))
    (first,) = model_processes(process)
    again = await outcome_of(process, request(folders("masked"), "fill-mask", MASKED, top_k=1))
    assert again.timings.load_s == 0
    assert model_processes(process) == [first]
    other = await outcome_of(process, request(folders("inference"), "text-classification", {"text": "anna"}))
    assert other.timings.load_s > 0
    (second,) = model_processes(process)
    assert second != first
    assert not first.is_running()
    zero_shot = request(folders("inference"), "zero-shot-classification", {"text": "anna", "candidate_labels": "a, b"})
    assert (await outcome_of(process, zero_shot)).timings.load_s == 0


async def test_what_forks_has_one_thread(process: InferenceProcess, folders: Callable[[str], Path]) -> None:
    """A lock that another thread holds at a fork is never released in the copy."""
    await outcome_of(process, request(folders("masked"), "fill-mask", MASKED))
    assert psutil.Process(supervisor(process)).num_threads() == 1


async def test_cancel_while_the_weights_load_answers_and_the_next_run_works(
    process: InferenceProcess, folders: Callable[[str], Path]
) -> None:
    asked = request(folders("answering"), "question-answering", {"question": "who", "context": "anna lives"})
    await outcome_of(process, request(folders("masked"), "fill-mask", MASKED))
    events = process.run(asked)
    assert await anext(events) == RunStage("loading", asked.model)
    process.cancel()
    with pytest.raises(CancelledError):
        async with asyncio.timeout(SECONDS):
            [event async for event in events]
    assert (await outcome_of(process, asked)).outputs


async def test_generated_text_streams_and_sums_up_to_the_answer(process: InferenceProcess, endless: Path) -> None:
    events = await consume(process, writing(endless, 20))
    pieces = [event.text for event in events if isinstance(event, RunDelta)]
    outcome = events[-1]
    assert isinstance(outcome, RunOutcome)
    assert len(pieces) > 5
    assert "anna" + "".join(pieces) == outcome.outputs[0]["generated_text"]
    assert outcome.tokens_per_second is not None


async def test_a_wrong_task_or_parameter_comes_back_as_its_own_error(
    process: InferenceProcess, folders: Callable[[str], Path]
) -> None:
    with pytest.raises(TaskError, match="no head for question answering"):
        await outcome_of(process, request(folders("masked"), "question-answering", {"question": "a", "context": "b"}))
    with pytest.raises(UsageError, match="takes no parameter colour"):
        await outcome_of(process, request(folders("masked"), "fill-mask", MASKED, colour=1))
    with pytest.raises(RunError, match="cannot be sent"):
        await outcome_of(process, request(folders("masked"), "fill-mask", {"text": "\ud800 [MASK]"}))
    assert (await outcome_of(process, request(folders("masked"), "fill-mask", MASKED))).outputs


async def test_cancel_stops_between_tokens_and_keeps_the_checkpoint(process: InferenceProcess, endless: Path) -> None:
    with pytest.raises(CancelledError):
        await consume(process, writing(endless, FOREVER), process.cancel)
    (holder,) = model_processes(process)
    assert (await outcome_of(process, writing(endless, 2))).timings.load_s == 0
    assert model_processes(process) == [holder]


async def test_closing_the_iterator_stops_the_run(process: InferenceProcess, endless: Path) -> None:
    """A screen that goes away cancels its worker."""
    async with asyncio.timeout(SECONDS), aclosing(process.run(writing(endless, FOREVER))) as events:
        async for event in events:
            if isinstance(event, RunDelta):
                break
    assert (await outcome_of(process, writing(endless, 2))).outputs


async def test_two_runs_at_once_are_refused(process: InferenceProcess, endless: Path) -> None:
    async with asyncio.timeout(SECONDS), aclosing(process.run(writing(endless, FOREVER))) as events:
        await anext(events)
        with pytest.raises(RunError, match="going on already"):
            await outcome_of(process, writing(endless, 2))


async def test_kill_ends_the_process_at_once_and_the_next_run_works(process: InferenceProcess, endless: Path) -> None:
    await outcome_of(process, writing(endless, 2))
    (holder,) = model_processes(process)
    with pytest.raises(CancelledError):
        await consume(process, writing(endless, FOREVER), process.kill)
    assert (await outcome_of(process, writing(endless, 2))).timings.load_s > 0
    assert not holder.is_running()


@pytest.mark.parametrize(
    ("number", "sentence"), [(signal.SIGKILL, "as Linux does when memory runs out"), (signal.SIGSEGV, "crashed")]
)
async def test_a_death_is_told_with_the_log_and_the_next_run_works(
    process: InferenceProcess, endless: Path, number: signal.Signals, sentence: str
) -> None:
    def strike() -> None:
        os.kill(model_processes(process)[0].pid, number)

    with pytest.raises(WorkerDiedError, match=sentence) as caught:
        await consume(process, writing(endless, FOREVER), strike)
    assert caught.value.hint
    if number == signal.SIGSEGV:
        assert "text_generation.py" in caught.value.log_tail
    assert (await outcome_of(process, writing(endless, 2))).outputs


async def test_the_processes_know_no_token_and_no_network(
    process: InferenceProcess, folders: Callable[[str], Path]
) -> None:
    await outcome_of(process, request(folders("masked"), "fill-mask", MASKED))
    for child in model_processes(process):
        environment = child.environ()
        named = {name for name in environment if "TOKEN" in name}
        assert named == {"HF_HUB_DISABLE_IMPLICIT_TOKEN", "TOKENIZERS_PARALLELISM"}
        assert environment["HF_HUB_OFFLINE"] == "1"
        assert not [entry for entry in child.net_connections() if entry.status == "ESTABLISHED"]


async def test_the_death_of_the_whole_process_is_told_and_leaves_no_orphan(
    folders: Callable[[str], Path], endless: Path
) -> None:
    """The supervisor dies in the middle of a run; another one starts by itself."""
    inference = InferenceProcess(Settings())
    holders: list[psutil.Process] = []

    def strike() -> None:
        holders.extend(model_processes(inference))
        os.kill(supervisor(inference), signal.SIGKILL)

    try:
        with pytest.raises(WorkerDiedError, match="SIGKILL"):
            await consume(inference, writing(endless, FOREVER), strike)
        assert not psutil.wait_procs(holders, timeout=5)[1]
        assert (await outcome_of(inference, request(folders("masked"), "fill-mask", MASKED))).outputs
        everyone = [*model_processes(inference), psutil.Process(supervisor(inference))]
    finally:
        await inference.close()
    assert not psutil.wait_procs(everyone, timeout=5)[1]


@pytest.mark.parametrize("how", ["cancel", "kill"])
async def test_stopping_while_the_libraries_load_answers_at_once(folders: Callable[[str], Path], how: str) -> None:
    inference = InferenceProcess(Settings())
    stop = getattr(inference, how)
    stop()
    try:
        events = inference.run(request(folders("masked"), "fill-mask", MASKED))
        assert await anext(events) == RunStage("starting", "torch and transformers")
        stop()
        with pytest.raises(CancelledError):
            await anext(events)
    finally:
        await inference.close()


async def test_another_interpreter_runs_when_the_settings_name_it(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    proof, python = tmp_path / "proof", tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho started > {proof}\nexec {sys.executable} "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    inference = InferenceProcess(Settings(worker_python=str(python)))
    try:
        assert (await outcome_of(inference, request(folders("masked"), "fill-mask", MASKED))).outputs
    finally:
        await inference.close()
    assert proof.read_text() == "started\n"


@pytest.mark.parametrize(
    ("script", "sentence", "hint"),
    [
        ("echo 'No module named hubtui' >&2; exit 1", "has no module hubtui", "-m pip install hubtui"),
        ("echo 'Unknown option: -P' >&2; exit 2", "is older than Python 3.11", "worker.python"),
        (
            "exec {python} {broken}/start.py \"$@\"",
            "torch is not installed",
            "-m pip install torch transformers",
        ),
        (None, "could not be started", "Python interpreter"),
    ],
)  # fmt: skip
async def test_an_interpreter_without_what_is_needed_says_what_to_install(
    folders: Callable[[str], Path], tmp_path: Path, script: str | None, sentence: str, hint: str
) -> None:
    broken, python = tmp_path / "broken", tmp_path / "python"
    broken.mkdir()
    (broken / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n")
    # what `-P -m hubtui.worker` does, with a folder before the installed packages
    (broken / "start.py").write_text(
        f"import runpy, sys\nsys.argv = [sys.argv[0], *sys.argv[4:]]\nsys.path.insert(0, {str(broken)!r})\n"
        "runpy.run_module('hubtui.worker', run_name='__main__')\n"
    )
    if script:
        python.write_text("#!/bin/sh\n" + script.format(broken=broken, python=sys.executable) + "\n")
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
    inference = InferenceProcess(Settings(worker_python=str(python)))
    try:
        for _ in range(2):
            with pytest.raises(RunError, match=sentence) as caught:
                await outcome_of(inference, request(folders("masked"), "fill-mask", MASKED))
            assert hint in caught.value.hint
    finally:
        await inference.close()
