"""What can be asked of a tokenizer that AutoTokenizer loaded: one answerer for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hubtui.engine.tokenizer_messages import (
    EncodeTexts,
    Inspected,
    Inspection,
    MeasureTexts,
    TextsEncoded,
    TextsMeasured,
)
from hubtui.worker.tokenizers.measuring import measure
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer


def answer(tokenizer: LoadedAutoTokenizer, question: Inspection) -> Inspected:
    """Answer one question.

    Raises:
        TokenizerError: the tokenizer cannot.
    """
    return _ANSWERS[type(question)](tokenizer, question)


def _encode(tokenizer: LoadedAutoTokenizer, question: EncodeTexts) -> TextsEncoded:
    return TextsEncoded(question.id, tokenizer.encode(question.texts, question.options, question.pairs))


def _measure(tokenizer: LoadedAutoTokenizer, question: MeasureTexts) -> TextsMeasured:
    return TextsMeasured(question.id, measure(tokenizer, question.texts))


_ANSWERS: Mapping[type[Inspection], Callable[[LoadedAutoTokenizer, Any], Inspected]] = {
    EncodeTexts: _encode,
    MeasureTexts: _measure,
}
