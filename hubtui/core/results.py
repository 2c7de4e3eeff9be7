"""A run of a checkpoint: what is asked, what comes back meanwhile, what comes out and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One run.

    Attributes:
        model: id to show and to put into answers.
        folder: local folder with the files (the parent downloads, the worker only reads).
        revision: commit, or what was asked for.
        task: task id of `core.tasks`.
        inputs: the task's input fields by name (`text`, `question`, `context`, `image`, …); `text` may be a list for a
            batch.
        parameters: the task's parameters by name (`top_k`, `max_new_tokens`, `candidate_labels`).
        device: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`.
        dtype: `auto`, `float32`, `bfloat16`, `float16`.
        stream: send generated text as it comes.
    """

    model: str
    folder: str
    revision: str
    task: str
    inputs: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    device: str = "auto"
    dtype: str = "auto"
    seed: int | None = None
    stream: bool = False


@dataclass(frozen=True, slots=True)
class RunStage:
    """What is going on: `starting`, `downloading`, `loading`, `running`; `fraction` is 0 to 1, None where unknown."""

    stage: str
    detail: str = ""
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class RunDelta:
    """Text that was generated since the last one."""

    text: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds a run took.

    `load_s` is 0 when the checkpoint was loaded already, `first_token_s` None when nothing was generated.
    """

    download_s: float = 0.0
    load_s: float = 0.0
    run_s: float = 0.0
    first_token_s: float | None = None


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run gave (the shape of `hubtui run --json`).

    Attributes:
        head: the class that ran, `CamembertForMaskedLM`.
        parameters: what was really used, the model's defaults included.
        outputs: as the transformers pipeline of the task answers: for fill-mask a list of `{score, token, token_str,
            sequence}`.
        peak_bytes: highest memory of the process (CPU) or of the device allocator (CUDA) during load and run.
        longest_tokens: of the longest sequence that the model saw, what it wrote included; None for pictures.
        warnings: what makes the answer doubtful, one sentence each.
        versions: `transformers`, `torch`.
    """

    model: str
    revision: str
    task: str
    head: str
    device: str
    dtype: str
    parameters: Mapping[str, Any]
    outputs: Any
    timings: Timings
    peak_bytes: int
    tokens_per_second: float | None = None
    longest_tokens: int | None = None
    warnings: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunPeak:
    """The memory of one run, beside what was expected of it.

    Attributes:
        model: id or folder.
        commit: 40 hex digits, or the revision where there is none.
        dtype: torch's name of the one it ran in.
        device_kind: `cpu` or `gpu`; what a CPU's peak counts holds the libraries, a GPU's does not.
        task: of the run.
        peak_bytes: measured, see `RunOutcome`.
        counted_bytes: weights and cache as estimated for that run, which runs do not correct.
        overhead_bytes: the rest of that estimate: activations, and the libraries where the measure holds them.
        tokens: of the longest sequence of the run; None when the run did not say.
        when: UTC.
    """

    model: str
    commit: str
    dtype: str
    device_kind: str
    task: str
    peak_bytes: int
    counted_bytes: int
    overhead_bytes: int
    when: datetime
    tokens: int | None = None

    @property
    def estimated_bytes(self) -> int:
        """What the estimate without any correction expected the measure to show."""
        return self.counted_bytes + self.overhead_bytes

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What a later run replaces this one by."""
        return self.model, self.commit, self.dtype, self.device_kind, self.task


RunEvent = RunStage | RunDelta | RunOutcome
