"""What can be asked of a tokenizer that AutoTokenizer loaded: one answerer for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hubtui.core.pad_doctor import PadReport, examine
from hubtui.engine.tokenizer_messages import (
    ChatRendered,
    DecodeIds,
    EncodeTexts,
    ExaminePads,
    IdsDecoded,
    Inspected,
    Inspection,
    MeasuredLines,
    MeasureLines,
    MeasureTexts,
    PadsExamined,
    RenderChat,
    RoundTripTried,
    SearchVocabulary,
    StagesTold,
    TellStages,
    TextsEncoded,
    TextsMeasured,
    TryRoundTrip,
    VocabularySearched,
)
from hubtui.worker.tokenizers.chat.answer import render_chat
from hubtui.worker.tokenizers.file_lengths import measure_lines
from hubtui.worker.tokenizers.measuring import measure
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer
from hubtui.worker.tokenizers.round_trip import round_trips
from hubtui.worker.tokenizers.stages.answer import stages_of
from hubtui.worker.tokenizers.vocabulary import vocabulary_of


def answer(tokenizer: LoadedAutoTokenizer, question: Inspection) -> Inspected:
    """Answer one question.

    Raises:
        TokenizerError: the tokenizer cannot.
    """
    return _ANSWERS[type(question)](tokenizer, question)


def _encode(tokenizer: LoadedAutoTokenizer, question: EncodeTexts) -> TextsEncoded:
    return TextsEncoded(question.id, tokenizer.encode(question.texts, question.options, question.pairs))


def _render_chat(tokenizer: LoadedAutoTokenizer, question: RenderChat) -> ChatRendered:
    return ChatRendered(question.id, render_chat(tokenizer, question.chat))


def _stages(tokenizer: LoadedAutoTokenizer, question: TellStages) -> StagesTold:
    return StagesTold(question.id, stages_of(tokenizer, question.text))


def _pads(tokenizer: LoadedAutoTokenizer, question: ExaminePads) -> PadsExamined:
    facts = tokenizer.pad_facts
    return PadsExamined(question.id, PadReport(tokenizer.info.model, facts, examine(facts)))


def _decode(tokenizer: LoadedAutoTokenizer, question: DecodeIds) -> IdsDecoded:
    return IdsDecoded(question.id, vocabulary_of(tokenizer).decode(question.ids))


def _round_trip(tokenizer: LoadedAutoTokenizer, question: TryRoundTrip) -> RoundTripTried:
    return RoundTripTried(question.id, round_trips(tokenizer, question.texts))


def _search(tokenizer: LoadedAutoTokenizer, question: SearchVocabulary) -> VocabularySearched:
    page = vocabulary_of(tokenizer).page(question.query, question.first, question.count)
    return VocabularySearched(question.id, page)


def _measure(tokenizer: LoadedAutoTokenizer, question: MeasureLines) -> MeasuredLines:
    measured = measure_lines(tokenizer, question.path, question.place, special_tokens=question.special_tokens)
    return MeasuredLines(question.id, measured)


def _measure_texts(tokenizer: LoadedAutoTokenizer, question: MeasureTexts) -> TextsMeasured:
    return TextsMeasured(question.id, measure(tokenizer, question.texts))


_ANSWERS: Mapping[type[Inspection], Callable[[LoadedAutoTokenizer, Any], Inspected]] = {
    EncodeTexts: _encode,
    RenderChat: _render_chat,
    TellStages: _stages,
    ExaminePads: _pads,
    DecodeIds: _decode,
    TryRoundTrip: _round_trip,
    SearchVocabulary: _search,
    MeasureLines: _measure,
    MeasureTexts: _measure_texts,
}
