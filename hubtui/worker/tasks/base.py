"""What a task module gets and gives: a loaded checkpoint and a job in, an answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubtui.core.errors import CancelledError, UsageError

if TYPE_CHECKING:
    from hubtui.worker.pooling import SentenceRecipe


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint in memory.

    Attributes:
        name: model id, for messages.
        model: the transformers model, in evaluation mode on its device.
        tokenizer: None for tasks on images.
        image_processor: None for tasks on text.
        device: torch's name of the device.
        dtype: torch's name of the model's dtype.
        positions: tokens that the model has positions for, None when it sets no limit.
        max_tokens: tokens of an input that model and tokenizer allow, None when neither sets a limit.
        sentence: how sentence-transformers makes one vector of a text, None for other tasks.
        notes: what makes every answer of it doubtful, one sentence each.
    """

    name: str
    folder: Path
    model: Any
    tokenizer: Any
    image_processor: Any
    device: str
    dtype: str
    positions: int | None = None
    max_tokens: int | None = None
    sentence: SentenceRecipe | None = None
    notes: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """The class that runs."""
        return type(self.model).__name__


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a task.

    Attributes:
        inputs, parameters: as `core.arguments` reads them.
        seed: of the random numbers, when any are drawn.
        is_cancelled: asked between tokens and between texts.
        emit: takes generated text as it comes; None when nobody listens.
    """

    task: str
    inputs: Mapping[str, Any]
    parameters: Mapping[str, Any]
    seed: int = 0
    is_cancelled: Callable[[], bool] = lambda: False
    emit: Callable[[str], None] | None = None


@dataclass(slots=True)
class Answer:
    """What a task gave.

    Attributes:
        outputs: as the transformers pipeline of the task answers.
        parameters: what was really used.
        warnings: what makes this answer doubtful, one sentence each.
        generated_tokens: new tokens; `generation_s` the seconds they took, the first one included.
        first_token_s: seconds from the start of generation to its first token.
    """

    outputs: Any
    parameters: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    generated_tokens: int = 0
    generation_s: float = 0.0
    first_token_s: float | None = None


def each_text(job: Job, run: Callable[[str], Any], name: str = "text") -> Any:  # noqa: ANN401 - a pipeline's output
    """Run one text, or each of a list, in order; a list gives a list of outputs.

    One at a time, so that no padding changes a number and a cancellation comes through.
    """
    texts = job.inputs[name]
    if isinstance(texts, str):
        return run(texts)
    outputs = []
    for text in texts:
        stop_if_cancelled(job)
        outputs.append(run(text))
    return outputs


def stop_if_cancelled(job: Job) -> None:
    """Raise `CancelledError` when the user has stopped the run."""
    if job.is_cancelled():
        raise CancelledError("The run was cancelled.")


def check_top_k(job: Job) -> None:
    """Refuse a `top_k` that leaves nothing to show.

    Raises:
        UsageError: it is below 1.
    """
    top_k = job.parameters.get("top_k", 1)
    if top_k < 1:
        raise UsageError(f"top_k must be at least 1, not {top_k}.")


def pipeline_for(checkpoint: Checkpoint, task: str) -> Any:  # noqa: ANN401 - a transformers pipeline
    """Return the transformers pipeline of a task around a loaded checkpoint."""
    import transformers

    make: Any = transformers.pipeline  # its overloads know one literal a task
    parts = {"tokenizer": checkpoint.tokenizer, "image_processor": checkpoint.image_processor}
    present = {name: part for name, part in parts.items() if part is not None}
    return make(task, model=checkpoint.model, device=checkpoint.model.device, **present)
