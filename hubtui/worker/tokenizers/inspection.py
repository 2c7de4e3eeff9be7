"""What can be asked of a tokenizer that AutoTokenizer loaded: one answerer for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hubtui.core.pad_doctor import PadReport, examine
from hubtui.engine.tokenizer_messages import EncodeTexts, ExaminePads, Inspected, Inspection, PadsExamined, TextsEncoded
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer


def answer(tokenizer: LoadedAutoTokenizer, question: Inspection) -> Inspected:
    """Answer one question.

    Raises:
        TokenizerError: the tokenizer cannot.
    """
    return _ANSWERS[type(question)](tokenizer, question)


def _encode(tokenizer: LoadedAutoTokenizer, question: EncodeTexts) -> TextsEncoded:
    return TextsEncoded(question.id, tokenizer.encode(question.texts, question.options, question.pairs))


def _pads(tokenizer: LoadedAutoTokenizer, question: ExaminePads) -> PadsExamined:
    facts = tokenizer.pad_facts
    return PadsExamined(question.id, PadReport(tokenizer.info.model, facts, examine(facts)))


_ANSWERS: Mapping[type[Inspection], Callable[[LoadedAutoTokenizer, Any], Inspected]] = {
    EncodeTexts: _encode,
    ExaminePads: _pads,
}
