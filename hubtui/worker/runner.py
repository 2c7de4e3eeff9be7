"""One checkpoint in one process: load it once, run tasks on it, give outcomes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hubtui.core.arguments import read_inputs, read_parameters
from hubtui.core.errors import RunError, TaskError
from hubtui.core.results import RunDelta, RunOutcome, RunRequest, RunStage, Timings
from hubtui.core.tasks import RUNNABLE, label
from hubtui.worker import devices, loading
from hubtui.worker.honesty import watch_numbers
from hubtui.worker.lengths import LongestSequence
from hubtui.worker.refusals import read_config
from hubtui.worker.tasks import runner
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, stop_if_cancelled

Report = Callable[[RunStage | RunDelta], None]


def key(request: RunRequest) -> tuple[object, ...]:
    """Return what two runs must have in common to share a loaded checkpoint.

    The files' sizes and times take part: a training run overwrites its folder.
    """
    task = RUNNABLE.get(request.task)
    folder = Path(request.folder)
    states = (entry.stat() for entry in sorted(folder.glob("*"))) if folder.is_dir() else ()
    files = tuple((state.st_size, state.st_mtime_ns) for state in states)
    auto_classes = task.auto_classes if task else ()
    return request.model, request.folder, request.revision, request.device, request.dtype, auto_classes, files


class Runner:
    """Keeps the checkpoint of the last run."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] | None = None
        self._checkpoint: Checkpoint | None = None

    @property
    def device(self) -> str:
        """Torch's name of the device in use, empty before anything is loaded."""
        return self._checkpoint.device if self._checkpoint else ""

    def load(self, request: RunRequest, report: Report) -> tuple[Checkpoint, float]:
        """Return the checkpoint and the seconds that loading took, 0 when it was there.

        Raises:
            HubtuiError: see `loading.load`.
        """
        if request.task not in RUNNABLE:
            raise TaskError(
                f"hubtui cannot run the task {label(request.task)}.", hint=f"It runs: {', '.join(RUNNABLE)}."
            )
        wanted = key(request)
        if self._checkpoint is not None and self._key == wanted:
            raw = read_config(self._checkpoint.folder, request.model)
            loading.check_head(request.task, request.model, self._checkpoint.model.config, raw)
            return self._checkpoint, 0.0
        report(RunStage("loading", request.model))
        started = time.perf_counter()
        self._key, self._checkpoint = None, None
        self._checkpoint = loading.load(request)
        self._key = wanted
        devices.synchronize(self._checkpoint.device)
        return self._checkpoint, time.perf_counter() - started

    def run(self, request: RunRequest, report: Report, is_cancelled: Callable[[], bool]) -> RunOutcome:
        """Run one request, loading first where needed.

        Args:
            request: what to run.
            report: gets the stages, and generated text when the request streams.
            is_cancelled: asked between tokens, from this thread.

        Raises:
            HubtuiError: what went wrong, in one sentence.
        """
        meter = devices.PeakMeter(self.device or "cpu")
        checkpoint, load_s = self.load(request, report)
        if load_s and checkpoint.device != "cpu":
            meter = devices.PeakMeter(checkpoint.device)
        job = _job(request, report, is_cancelled)
        stop_if_cancelled(job)
        report(RunStage("running", checkpoint.head))
        warnings = list(checkpoint.notes)
        started = time.perf_counter()
        longest = LongestSequence(checkpoint.model)
        with longest, watch_numbers(checkpoint, warnings):
            answer = _answer(checkpoint, job)
        devices.synchronize(checkpoint.device)
        run_s = time.perf_counter() - started
        return RunOutcome(
            model=request.model,
            revision=request.revision,
            task=request.task,
            head=checkpoint.head,
            device=checkpoint.device,
            dtype=checkpoint.dtype,
            parameters=answer.parameters,
            outputs=plain(answer.outputs),
            timings=Timings(load_s=load_s, run_s=run_s, first_token_s=answer.first_token_s),
            peak_bytes=meter.read(),
            longest_tokens=longest.tokens,
            tokens_per_second=answer.generated_tokens / answer.generation_s if answer.generation_s else None,
            warnings=tuple(dict.fromkeys([*warnings, *answer.warnings])),
            versions=versions(),
        )


def _job(request: RunRequest, report: Report, is_cancelled: Callable[[], bool]) -> Job:
    task = RUNNABLE[request.task]
    inputs = read_inputs(task, request.inputs)
    parameters = read_parameters(task, request.parameters)

    def emit(text: str) -> None:
        report(RunDelta(text))

    job = Job(request.task, inputs, parameters, request.seed or 0, is_cancelled)
    return replace(job, emit=emit) if request.stream and task.streams else job


def _answer(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run the task; an error of a library becomes one sentence."""
    import torch
    from transformers import set_seed

    set_seed(job.seed)
    try:
        return runner(job.task)(checkpoint, job)
    except torch.cuda.OutOfMemoryError as error:
        raise RunError(
            f"The memory of {checkpoint.device} is too small for this run of {checkpoint.name}.",
            hint="Take a shorter input, another device or a smaller dtype.",
        ) from error


def versions() -> dict[str, str]:
    """Return the versions of the libraries that compute."""
    import torch
    import transformers

    return {"transformers": str(transformers.__version__), "torch": str(torch.__version__)}


def plain(value: Any) -> Any:  # noqa: ANN401 - a pipeline's output
    """Return a value as JSON knows it: no arrays, and None for numbers that are not finite."""
    if isinstance(value, dict):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
