"""What can be asked of a tokenizer that AutoTokenizer loaded: one answerer for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hubtui.core.pad_doctor import PadReport, examine
from hubtui.engine.tokenizer_messages import (
    ChatRendered,
    EncodeTexts,
    ExaminePads,
    Inspected,
    Inspection,
    PadsExamined,
    RenderChat,
    StagesTold,
    TellStages,
    TextsEncoded,
)
from hubtui.worker.tokenizers.chat.answer import render_chat
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer
from hubtui.worker.tokenizers.stages.answer import stages_of


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


_ANSWERS: Mapping[type[Inspection], Callable[[LoadedAutoTokenizer, Any], Inspected]] = {
    EncodeTexts: _encode,
    RenderChat: _render_chat,
    TellStages: _stages,
    ExaminePads: _pads,
}
