"""Generating text: settings, progress, streaming and cancellation, shared by all tasks that write."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hubtui.core.errors import UsageError
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, stop_if_cancelled

if TYPE_CHECKING:
    import torch

MAX_NEW_TOKENS = 256
"""Where neither user nor checkpoint says: the default of transformers' pipelines."""

_SAMPLING = ("temperature", "top_k", "top_p")
_DEFAULTS: Mapping[str, Any] = {
    "temperature": 0.7,
    "top_k": 50,
    "top_p": 1.0,
    "num_beams": 1,
    "repetition_penalty": 1.0,
}
"""Where neither user nor checkpoint says: transformers' own, the temperature that of its text-generation pipeline."""


def settings(
    checkpoint: Checkpoint, job: Job, room: int | None, extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the complete keywords for `generate`: the user's, else the task's, else the checkpoint's, else defaults.

    Greedy unless user or checkpoint ask for sampling. A setting of sampling asks for it; temperature 0 is greedy.

    Args:
        checkpoint: its generation_config.
        job: the user's parameters.
        room: new tokens that the model has positions for, None without a limit.
        extra: settings which config.json has for this task.

    Raises:
        UsageError: a value out of its range.
    """
    stated = checkpoint.model.generation_config
    chosen = {**(extra or {}), **{name: value for name, value in job.parameters.items() if name in _NAMES}}
    _check(chosen)

    def value(name: str) -> Any:  # noqa: ANN401 - a number or switch
        own = getattr(stated, name, None)
        return chosen.get(name, _DEFAULTS.get(name) if own is None else own)

    is_hot = chosen.get("temperature") != 0
    asks = is_hot and any(name in job.parameters for name in _SAMPLING)
    used: dict[str, Any] = {"max_new_tokens": _new_tokens(chosen, stated, room)}
    used["do_sample"] = is_hot and bool(chosen.get("do_sample", asks or bool(stated.do_sample)))
    used["num_beams"] = value("num_beams")
    used["repetition_penalty"] = value("repetition_penalty")
    if used["do_sample"]:
        used.update({name: value(name) for name in _SAMPLING})
    used.update({name: chosen[name] for name in _TASK_ONLY if name in chosen})
    return used


_NAMES = frozenset({"max_new_tokens", "do_sample", "num_beams", "repetition_penalty", *_SAMPLING})
_TASK_ONLY = ("min_length", "length_penalty", "no_repeat_ngram_size", "early_stopping")


def _check(chosen: Mapping[str, Any]) -> None:
    least = {"max_new_tokens": 1, "num_beams": 1, "top_k": 0, "temperature": 0, "top_p": 0}
    for name, bound in least.items():
        if name in chosen and chosen[name] < bound:
            raise UsageError(f"{name} must be at least {bound}, not {chosen[name]}.")
    if chosen.get("top_p", 1) > 1:
        raise UsageError(f"top_p is a share of the probability, at most 1, not {chosen['top_p']}.")
    if chosen.get("repetition_penalty", 1) <= 0:
        raise UsageError(f"repetition_penalty must be above 0, not {chosen['repetition_penalty']}.")


def _new_tokens(chosen: Mapping[str, Any], stated: Any, room: int | None) -> int:  # noqa: ANN401 - a GenerationConfig
    wanted = chosen.get("max_new_tokens") or chosen.get("max_length")
    wanted = wanted or stated.max_new_tokens or stated.max_length or MAX_NEW_TOKENS
    return int(wanted if room is None else min(wanted, room))


def shortened(checkpoint: Checkpoint, job: Job, used: Mapping[str, Any]) -> list[str]:
    """Say when the user asked for more tokens than the model has positions for."""
    wanted = job.parameters.get("max_new_tokens", 0)
    if wanted <= used["max_new_tokens"]:
        return []
    room = used["max_new_tokens"]
    return [f"{wanted:,} new tokens were asked for; {checkpoint.name} has positions for {room:,} more only."]


def keywords(checkpoint: Checkpoint, used: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Return what `generate` gets beside the input: the settings, a pad id where none is set, the progress."""
    from transformers import StoppingCriteriaList

    given = {**used, "stopping_criteria": StoppingCriteriaList([progress])}
    stated = checkpoint.model.generation_config
    end = stated.eos_token_id
    if stated.pad_token_id is None and checkpoint.tokenizer.pad_token_id is None and end is not None:
        # one sequence at a time is never padded; without it transformers only warns and does the same
        given["pad_token_id"] = end[0] if isinstance(end, list) else end
    return given


class Progress:
    """A stopping criterion: counts tokens, sends text as it comes, stops when the user wants it.

    Args:
        checkpoint: its tokenizer decodes.
        job: says where text goes and whether to stop.
        streams: whether the sequence only grows; those of a beam search change.
    """

    def __init__(self, checkpoint: Checkpoint, job: Job, *, streams: bool) -> None:
        self._job = job
        self._prompt = 0
        self._started = time.perf_counter()
        self.tokens = 0
        self.first_token_s: float | None = None
        self._pieces = Pieces(checkpoint.tokenizer, job.emit) if streams and job.emit else None

    def __call__(self, input_ids: torch.Tensor, _scores: object, **_: object) -> torch.Tensor:
        """Take the sequences as they are after one more token; return which are to stop."""
        import torch

        if self.first_token_s is None:
            self.first_token_s = time.perf_counter() - self._started
            self._prompt = input_ids.shape[1] - 1
        self.tokens = input_ids.shape[1] - self._prompt
        if self._pieces:
            self._pieces.take(input_ids[0, self._prompt :].tolist())
        return torch.full((input_ids.shape[0],), self._job.is_cancelled(), device=input_ids.device)

    def finish(self, answer: Answer) -> None:
        """Write the figures into the answer; raise when the run was stopped."""
        if self._pieces:
            self._pieces.flush()
        stop_if_cancelled(self._job)
        answer.generation_s += time.perf_counter() - self._started
        answer.generated_tokens += self.tokens
        answer.first_token_s = self.first_token_s if answer.first_token_s is None else answer.first_token_s


class Pieces:
    """Turns a growing list of token ids into pieces of text whose sum is the decoded text.

    Only the ids since the last piece are decoded again, together with those of that piece: some decoders drop the space
    before a first token. A piece that ends within a character waits.
    """

    def __init__(self, tokenizer: Any, emit: Callable[[str], None]) -> None:  # noqa: ANN401 - any tokenizer
        self._tokenizer = tokenizer
        self._emit = emit
        self._ids: list[int] = []
        self._before = 0
        self._sent = 0

    def take(self, ids: list[int]) -> None:
        """Send what is new and whole."""
        self._ids = ids
        self._send(is_last=False)

    def flush(self) -> None:
        """Send the rest."""
        self._send(is_last=True)

    def _send(self, *, is_last: bool) -> None:
        old = self._decode(self._ids[self._before : self._sent])
        new = self._decode(self._ids[self._before :])
        if len(new) > len(old) and (is_last or not new.endswith("\ufffd")):
            self._before, self._sent = self._sent, len(self._ids)
            self._emit(new[len(old) :])

    def _decode(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True))
