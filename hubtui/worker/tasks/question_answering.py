"""question-answering: the span of a context that answers a question, as the pipeline of transformers 4 found it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hubtui.core.errors import UsageError
from hubtui.worker.honesty import check_ids
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, stop_if_cancelled

_DEFAULTS = {"top_k": 1, "max_answer_len": 15, "max_seq_len": 384, "doc_stride": 128, "handle_impossible_answer": False}
_EXCLUDED = -10000.0

Floats = npt.NDArray[np.float64]


class Window(NamedTuple):
    """What the model said about one window over the context.

    Attributes:
        start, end: probability of each token to be the first or last of the answer.
        allowed: which tokens belong to the context (and the first one, which stands for "no answer").
        encoding: of the window, for offsets.
    """

    start: Floats
    end: Floats
    allowed: npt.NDArray[np.bool_]
    encoding: Any


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run the Auto class (transformers 5 has no pipeline for it).

    Outputs: `{score, start, end, answer}`, a list of them for `top_k` above 1; `start` and `end` are characters of the
    context. A score is the probability of the first token times that of the last, among the tokens of the context; a
    long context is read in windows that overlap by `doc_stride` tokens.

    Raises:
        UsageError: numbers that do not fit each other, or a question that fills the whole window.
    """
    if not checkpoint.tokenizer.is_fast:
        raise UsageError(
            f"The tokenizer of {checkpoint.name} gives no offsets, so answers cannot be found in the text."
        )
    used = {**_DEFAULTS, **job.parameters}
    if checkpoint.max_tokens is not None:
        used["max_seq_len"] = min(used["max_seq_len"], checkpoint.max_tokens)
    used["doc_stride"] = min(used["doc_stride"], used["max_seq_len"] // 2)
    if min(used["top_k"], used["max_answer_len"], used["max_seq_len"], used["doc_stride"]) < 1:
        raise UsageError("top_k, max_answer_len, max_seq_len and doc_stride must be at least 1.")
    found: list[dict[str, Any]] = []
    null_score = 1.0
    for window in _windows(checkpoint, job, used):
        null_score = min(null_score, float(window.start[0] * window.end[0]))
        _collect(found, window, job.inputs["context"], used, _is_question_first(checkpoint))
    if used["handle_impossible_answer"]:
        found.append({"score": null_score, "start": 0, "end": 0, "answer": ""})
    best = sorted(found, key=lambda entry: -entry["score"])[: used["top_k"]]
    return Answer(best[0] if len(best) == 1 else best, used)


def _is_question_first(checkpoint: Checkpoint) -> bool:
    return bool(checkpoint.tokenizer.padding_side == "right")


def _windows(checkpoint: Checkpoint, job: Job, used: dict[str, Any]) -> Iterator[Window]:
    """Run the model over each window of the context."""
    import torch

    encoded = _encode(checkpoint, job, used)
    names = [name for name in checkpoint.tokenizer.model_input_names if name in encoded]
    context = 1 if _is_question_first(checkpoint) else 0
    for index, encoding in enumerate(encoded.encodings):
        stop_if_cancelled(job)
        check_ids(checkpoint, encoded["input_ids"][index])
        inputs = {name: torch.tensor([encoded[name][index]], device=checkpoint.model.device) for name in names}
        with torch.no_grad():
            output = checkpoint.model(**inputs)
        allowed = np.array([sequence == context for sequence in encoding.sequence_ids])
        # the token for "no answer" takes part in the softmax
        cls = checkpoint.tokenizer.cls_token_id
        allowed |= np.array([token == cls and cls is not None for token in encoding.ids])
        start, end = (_probabilities(values, allowed) for values in (output.start_logits, output.end_logits))
        yield Window(start, end, allowed, encoding)


def _encode(checkpoint: Checkpoint, job: Job, used: dict[str, Any]) -> Any:  # noqa: ANN401 - a BatchEncoding
    texts = (job.inputs["question"], job.inputs["context"])
    is_first = _is_question_first(checkpoint)
    question = len(checkpoint.tokenizer(texts[0], add_special_tokens=False)["input_ids"])
    room = used["max_seq_len"] - checkpoint.tokenizer.num_special_tokens_to_add(pair=True) - question
    if room < 2:
        raise UsageError(
            f"The question has {question} tokens, which leaves no room for the context: "
            f"{checkpoint.name} sees {used['max_seq_len']} at once.",
            hint="Shorten the question.",
        )
    if used["doc_stride"] >= room:
        used["doc_stride"] = room // 2
    return checkpoint.tokenizer(
        *(texts if is_first else texts[::-1]),
        truncation="only_second" if is_first else "only_first",
        max_length=used["max_seq_len"],
        stride=used["doc_stride"],
        return_overflowing_tokens=True,
        return_token_type_ids="token_type_ids" in checkpoint.tokenizer.model_input_names,
    )


def _probabilities(logits: Any, allowed: npt.NDArray[np.bool_]) -> Floats:  # noqa: ANN401 - a tensor
    """Softmax over the allowed tokens."""
    values = np.where(allowed, logits[0].float().cpu().numpy(), _EXCLUDED)
    shifted = np.exp(values - values.max())
    scaled: Floats = shifted / shifted.sum()
    return scaled


def _collect(
    found: list[dict[str, Any]], window: Window, context: str, used: dict[str, Any], is_question_first: bool
) -> None:
    """Add a window's best spans; the same words found again add to the score, as they did in the old pipeline."""
    start, end = window.start.copy(), window.end.copy()
    start[0] = end[0] = 0.0
    for first, last, score in _best_spans(start, end, window.allowed, used):
        begin, stop = _characters(window.encoding, first, last, 1 if is_question_first else 0)
        words = context[begin:stop]
        same = next((entry for entry in found if entry["answer"].lower() == words.lower()), None)
        if same:
            same["score"] += score
        else:
            found.append({"score": score, "start": begin, "end": stop, "answer": words})


def _best_spans(
    start: Floats, end: Floats, allowed: npt.NDArray[np.bool_], used: dict[str, Any]
) -> list[tuple[int, int, float]]:
    """The likeliest pairs of first and last token that are at most `max_answer_len` tokens long.

    More than `top_k`, as many as the old pipeline took: several of them may turn out to be the same words.
    """
    scores = np.tril(np.triu(np.outer(start, end)), used["max_answer_len"] - 1)
    count = min(2 * used["top_k"] + 10, scores.size)
    flat = np.argpartition(-scores, count - 1, axis=None)[:count]
    ranked = flat[np.argsort(-scores.ravel()[flat], kind="stable")]
    pairs = (divmod(int(index), scores.shape[1]) for index in ranked)
    return [(first, last, float(scores[first, last])) for first, last in pairs if allowed[first] and allowed[last]]


def _characters(encoding: Any, first: int, last: int, context: int) -> tuple[int, int]:  # noqa: ANN401 - of tokenizers
    """Characters of the context that the tokens cover, whole words where the tokenizer knows words."""
    words = (encoding.token_to_word(first), encoding.token_to_word(last))
    spans = [encoding.word_to_chars(word, context) if word is not None else None for word in words]
    if spans[0] is None or spans[1] is None:
        return int(encoding.offsets[first][0]), int(encoding.offsets[last][1])
    return int(spans[0][0]), int(spans[1][1])
