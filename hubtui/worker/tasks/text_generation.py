"""text-generation: what a causal language model writes after a prompt, or answers in a chat."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from hubtui.core.errors import TaskError
from hubtui.worker.generation import Progress, keywords, settings, shortened
from hubtui.worker.honesty import check_ids
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, each_text, pipeline_for

_TEMPLATE_SECONDS = 10


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline.

    Outputs: `[{generated_text}]`, prompt included; in a chat `generated_text` is the list of messages `{role, content}`
    with the answer as the last one. The text may be such a list itself: then it is the chat so far.

    Raises:
        TaskError: a prompt that leaves no room for an answer, a chat without a template, a template that fails.
    """
    pipeline = pipeline_for(checkpoint, "text-generation")
    answer = Answer(None)

    def one(text: Any) -> object:  # noqa: ANN401 - a prompt or a list of messages
        messages = _messages(checkpoint, job, text)
        ids = _chat_ids(checkpoint, messages) if messages else checkpoint.tokenizer(text, verbose=False)["input_ids"]
        check_ids(checkpoint, ids)
        used = settings(checkpoint, job, _room(checkpoint, len(ids)))
        answer.parameters = {"chat": bool(messages), **used, **({"seed": job.seed} if used["do_sample"] else {})}
        answer.warnings += shortened(checkpoint, job, used)
        progress = Progress(checkpoint, job, streams=used["num_beams"] == 1)
        outputs = pipeline(messages or text, **keywords(checkpoint, used, progress))
        progress.finish(answer)
        return outputs

    given = job.inputs["text"]
    answer.outputs = one(given) if _is_chat(given) else each_text(job, one)
    return answer


def _is_chat(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict) and {"role", "content"} <= set(entry) for entry in value
    )


def _messages(checkpoint: Checkpoint, job: Job, text: Any) -> list[dict[str, str]] | None:  # noqa: ANN401 - see `run`
    """The chat to continue, None when the text is to be continued as it is."""
    has_template = bool(checkpoint.tokenizer.chat_template)
    is_chat = _is_chat(text) or job.parameters.get("chat", has_template)
    if is_chat and not has_template:
        raise TaskError(
            f"{checkpoint.name} has no chat template, so it takes no messages.",
            hint="Set chat to no: the model then continues the text as it stands.",
        )
    if not is_chat:
        return None
    return text if _is_chat(text) else [{"role": "user", "content": text}]


def _chat_ids(checkpoint: Checkpoint, messages: list[dict[str, str]]) -> list[int]:
    """Render the chat template, which is a stranger's program, for a limited time."""
    from jinja2 import TemplateError

    continues = messages[-1]["role"] == "assistant"
    try:
        with _deadline(_TEMPLATE_SECONDS):
            encoded = checkpoint.tokenizer.apply_chat_template(
                messages, add_generation_prompt=not continues, continue_final_message=continues, return_dict=True
            )
    except TimeoutError:
        raise TaskError(
            f"The chat template of {checkpoint.name} did not finish within {_TEMPLATE_SECONDS} s.",
            hint="Set chat to no to run without it.",
        ) from None
    except (TemplateError, ValueError, TypeError, OverflowError, MemoryError, RecursionError) as error:
        raise TaskError(
            f"The chat template of {checkpoint.name} failed: {str(error) or type(error).__name__}.",
            hint="Set chat to no to run without it.",
        ) from error
    return list(encoded["input_ids"])


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in this (the main) thread when the block takes longer."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _room(checkpoint: Checkpoint, prompt_tokens: int) -> int | None:
    """New tokens that the model still has positions for."""
    if checkpoint.positions is None:
        return None
    room = checkpoint.positions - prompt_tokens
    if room < 1:
        raise TaskError(
            f"The prompt has {prompt_tokens:,} tokens; {checkpoint.name} has positions for {checkpoint.positions:,}.",
            hint="Shorten the prompt.",
        )
    return room
