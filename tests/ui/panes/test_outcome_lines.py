"""Answers drawn for their tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hubtui.core.results import RunOutcome, Timings
from hubtui.ui.panes.outcome_lines import brief, outcome_lines, plain_answer
from hubtui.ui.panes.run_words import provenance, summary
from hubtui.ui.text import Line, width_of
from tests.fakes_model import ANSWERS
from tests.ui.inks import inks_of

_INKS = inks_of("dark")
_INPUTS: dict[str, dict[str, Any]] = {
    "token-classification": {"text": "Ada Lovelace lived in London."},
    "question-answering": {"question": "What is it?", "context": "It is a \n  Camembert, they say."},
    "sentence-similarity": {"source_sentence": "a", "sentences": ["first", "second"]},
    "text-generation": {"text": "Once upon a time"},
}


def _outcome(task: str, outputs: object = None) -> RunOutcome:
    return RunOutcome(
        model="a/b",
        revision="main",
        task=task,
        head="BertModel",
        device="cpu",
        dtype="float32",
        parameters={"top_k": 5},
        outputs=ANSWERS[task] if outputs is None else outputs,
        timings=Timings(1.5, 0.3, 0.042, first_token_s=0.01),
        peak_bytes=612_000_000,
        tokens_per_second=34.2,
        versions={"torch": "2.13.0"},
    )


def _text(lines: list[Line]) -> str:
    return "\n".join("".join(words for words, _ in line) for line in lines)


@pytest.mark.parametrize("task", ANSWERS)
@pytest.mark.parametrize("width", [40, 78, 118])
def test_no_answer_is_wider_than_the_screen(task: str, width: int) -> None:
    lines = outcome_lines(_outcome(task), _INPUTS.get(task, {}), width, _INKS)
    assert lines
    assert all(width_of(line) <= width for line in lines)


def test_scores_are_bars_of_the_length_that_their_numbers_say() -> None:
    outputs = [{"label": "full", "score": 1.0}, {"label": "half", "score": 0.5}, {"label": "none", "score": 0.0}]
    lines = _text(outcome_lines(_outcome("text-classification", outputs), {}, 53, _INKS)).splitlines()
    assert [line.count("█") for line in lines] == [40, 20, 0]
    assert [line.split()[-1] for line in lines] == ["1.000", "0.500", "0.000"]


def test_entities_stand_in_the_text_that_they_were_found_in() -> None:
    shown = _text(outcome_lines(_outcome("token-classification"), _INPUTS["token-classification"], 60, _INKS))
    assert "Ada Lovelace[PER] lived in London[LOC]." in shown


def test_an_answer_to_a_question_stands_out_in_its_context() -> None:
    lines = outcome_lines(_outcome("question-answering"), _INPUTS["question-answering"], 60, _INKS)
    marked = [words for line in lines for words, style in line if style is _INKS.tints[0]]
    assert marked == ["Camembert"]


def test_sentences_are_ranked_by_how_alike_they_are() -> None:
    shown = _text(outcome_lines(_outcome("sentence-similarity"), _INPUTS["sentence-similarity"], 60, _INKS))
    assert shown.index("second") < shown.index("first")


def test_vectors_are_told_by_their_shape_and_first_values() -> None:
    shown = _text(outcome_lines(_outcome("feature-extraction"), {}, 60, _INKS))
    assert shown.startswith("1 × 7 × 32   texts × tokens × values")
    assert "0.1234" in shown


def test_several_masks_are_answered_one_after_another() -> None:
    answers = ANSWERS["fill-mask"]
    shown = _text(outcome_lines(_outcome("fill-mask", [answers[:2], answers[2:4]]), {}, 78, _INKS))
    assert shown.index("mask 1") < shown.index("délicieux") < shown.index("mask 2") < shown.index("succulent")


@pytest.mark.parametrize("outputs", [None, 3, "words", [], {}, [[]], [{"label": 1}], {"labels": [1], "scores": []}])
@pytest.mark.parametrize("task", [*ANSWERS, "a-task-of-tomorrow"])
def test_an_answer_of_an_unexpected_shape_is_shown_instead_of_ending_the_interface(task: str, outputs: object) -> None:
    outcome = replace(_outcome("fill-mask"), task=task, outputs=outputs)
    assert isinstance(outcome_lines(outcome, {}, 60, _INKS), list)
    assert isinstance(brief(outcome), list)
    assert isinstance(plain_answer(outcome), str)


def test_generated_control_characters_never_reach_the_screen() -> None:
    outputs = [{"generated_text": "a\x1b]0;owned\x07b\u202ec\nd"}]
    shown = _text(outcome_lines(_outcome("text-generation", outputs), {}, 60, _INKS))
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert shown.splitlines()[-1] == "d"


def test_the_prompt_is_set_apart_from_what_was_generated() -> None:
    lines = outcome_lines(_outcome("text-generation"), _INPUTS["text-generation"], 78, _INKS)
    generated = "".join(words for words, style in lines[0] if style is _INKS.text)
    assert generated == ", there was a cheese that could talk."


def test_the_answer_to_copy_is_the_text_itself_or_json() -> None:
    assert plain_answer(_outcome("translation")) == "Le fromage est bon."
    assert plain_answer(_outcome("text-classification")).startswith('[\n {\n  "label": "positive"')


def test_times_memory_and_origin_of_an_answer_are_all_told() -> None:
    outcome = _outcome("fill-mask")
    told = _text(summary(outcome, 100, _INKS))
    assert told == "✓ run 42 ms · 34 tokens/s · first token 10 ms · peak 612 MB · load 300 ms · download 1.5 s"
    assert _text(provenance(outcome, 80, _INKS)) == "BertModel · cpu · float32 · top_k=5 · torch 2.13.0"
