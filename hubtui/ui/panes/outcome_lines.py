"""The answer of a run as lines, drawn for its task: bars, spans in the text, vectors, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hubtui.core.results import RunOutcome
from hubtui.core.untrusted import clean, reveal
from hubtui.ui import text
from hubtui.ui.drawing import bar, flow, number, scored
from hubtui.ui.text import Line, Piece
from hubtui.ui.theme import Inks

_VALUES = 8
_SHORTEST_BAR, _LONGEST_BAR = 6, 20
_FILL_MASK_NUMBERS = 18
"""Cells of score, id and blanks in a row of fill-mask."""

Inputs: TypeAlias = Mapping[str, Any]
Outputs: TypeAlias = Any
"""What `RunOutcome.outputs` holds: its shape depends on the task."""


def outcome_lines(outcome: RunOutcome, inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    """Return the answer of a run; an answer of an unexpected shape is shown as it is."""
    draw = _BY_TASK.get(outcome.task, _plain)
    try:
        return draw(outcome.outputs, inputs, width, inks)
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        return _plain(outcome.outputs, inputs, width, inks)


def _labels(outputs: Outputs, _inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    rows = outputs if isinstance(outputs, list) else [outputs]
    if rows and isinstance(rows[0], list):
        rows = rows[0]
    return scored([(clean(str(row["label"])), float(row["score"])) for row in rows], width, inks)


def _fill_mask(outputs: Outputs, _inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    groups = outputs if outputs and isinstance(outputs[0], list) else [outputs]
    lines: list[Line] = []
    for order, rows in enumerate(groups, start=1):
        if len(groups) > 1:
            lines.append([(f"mask {order}", inks.muted)])
        words = [clean(str(row["token_str"])).strip() or reveal(str(row["token_str"])) for row in rows]
        label = min(max(map(text.cells, words), default=0), 20)
        longest = max((text.cells(clean(str(row["sequence"]))) for row in rows), default=0)
        room = max(_SHORTEST_BAR, min(_LONGEST_BAR, width - label - _FILL_MASK_NUMBERS - longest))
        for at, (word, row) in enumerate(zip(words, rows, strict=True)):
            score = float(row["score"])
            head: list[Piece] = [
                (text.fit(word, label), inks.strong if at == 0 else inks.text),
                ("  ", inks.text),
                *bar(score, room, inks),
                number(score, inks, is_first=at == 0),
                (f"{row['token']:>7}  ", inks.muted),
            ]
            sentence = clean(str(row["sequence"]))
            lines.append(text.clip([*head, *_found(sentence, word, inks)], width))
    return lines


def _found(sentence: str, word: str, inks: Inks) -> list[Piece]:
    """A sentence in which the word that filled the mask stands out."""
    before, match, after = sentence.partition(word) if word else (sentence, "", "")
    return [(before, inks.muted), (match, inks.text), (after, inks.muted)]


def _entities(outputs: Outputs, inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    rows = outputs[0] if outputs and isinstance(outputs[0], list) else outputs
    if not rows:
        return [[("no entities found", inks.muted)]]
    source = str(inputs.get("text", ""))
    kinds = [str(row.get("entity_group") or row.get("entity")) for row in rows]
    names = list(dict.fromkeys(kinds))
    pieces: list[Piece] = []
    at = 0
    for name, row in zip(kinds, rows, strict=True):
        start, end = int(row["start"]), int(row["end"])
        tint = inks.tints[names.index(name) % len(inks.tints)]
        pieces += [(clean(source[at:start], multiline=True), inks.text)]
        pieces += [(clean(source[start:end]), tint), (f"[{clean(name)}]", inks.muted)]
        at = end
    pieces.append((clean(source[at:], multiline=True), inks.text))
    wide = max(map(len, names))
    table = [
        (f"{clean(name):<{wide}}  {clean(str(row['word']))}", float(row["score"]))
        for name, row in zip(kinds, rows, strict=True)
    ]
    return [*flow(pieces, width), [], *scored(table, width, inks)]


def _answer(outputs: Outputs, inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    rows = outputs if isinstance(outputs, list) else [outputs]
    answers = [(clean(str(row["answer"])) or "(no answer)", float(row["score"])) for row in rows]
    best, context = rows[0], str(inputs.get("context", ""))
    start, end = int(best["start"]), int(best["end"])
    span: list[Piece] = [
        (clean(context[:start], multiline=True), inks.muted),
        (clean(context[start:end]), inks.tints[0] if end > start else inks.muted),
        (clean(context[end:], multiline=True), inks.muted),
    ]
    return [*scored(answers, width, inks), [], *flow(span, width)]


def _zero_shot(outputs: Outputs, _inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    result = outputs[0] if isinstance(outputs, list) else outputs
    rows = zip(result["labels"], result["scores"], strict=True)
    return scored([(clean(str(name)), float(score)) for name, score in rows], width, inks)


def _similarity(outputs: Outputs, inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    sentences = [clean(str(sentence)) for sentence in inputs.get("sentences", ())]
    ranked = sorted(zip(sentences, map(float, outputs), strict=True), key=lambda row: -row[1])
    return scored(ranked, width, inks)


def generated(outputs: Outputs) -> str:
    """Return the words of a generation (raw), whatever its task calls them."""
    row = outputs[0] if isinstance(outputs, list) else outputs
    row = row[0] if isinstance(row, list) else row
    value = next(row[key] for key in ("generated_text", "translation_text", "summary_text") if key in row)
    return str(value[-1]["content"]) if isinstance(value, list) else str(value)


def _generation(outputs: Outputs, inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    words, prompt = generated(outputs), str(inputs.get("text", ""))
    begins = bool(prompt) and words.startswith(prompt)
    pieces: list[Piece] = [(clean(prompt, multiline=True), inks.muted)] if begins else []
    pieces.append((clean(words[len(prompt) :] if begins else words, multiline=True), inks.text))
    return flow(pieces, width)


def _vectors(outputs: Outputs, _inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    shape: list[int] = []
    inner = outputs
    while isinstance(inner, list):
        shape.append(len(inner))
        if not inner or not isinstance(inner[0], list):
            break
        inner = inner[0]
    names = {1: "values", 2: "vectors × values", 3: "texts × tokens × values"}
    lines: list[Line] = [
        [(" × ".join(map(str, shape)), inks.strong), (f"   {names.get(len(shape), '')}", inks.muted)],
        [],
    ]
    rows = outputs
    for _ in range(len(shape) - 2):
        rows = rows[0]
    for at, row in enumerate(rows[:12] if len(shape) > 1 else [rows]):
        room = max(2, min(_VALUES, (width - 8) // 9))
        values = " ".join(f"{value:8.4f}" for value in row[:room])
        lines.append([(f"{at:>4} ", inks.muted), (values, inks.text), (" …" if len(row) > room else "", inks.muted)])
    if len(shape) > 1 and len(rows) > 12:
        lines.append([(f"     … {len(rows) - 12} more", inks.muted)])
    return lines


def _plain(outputs: Outputs, _inputs: Inputs, width: int, inks: Inks) -> list[Line]:
    return flow([(clean(repr(outputs)[:20_000]), inks.text)], width)


_BY_TASK: Mapping[str, Callable[[Any, Inputs, int, Inks], list[Line]]] = {
    "fill-mask": _fill_mask,
    "text-classification": _labels,
    "image-classification": _labels,
    "token-classification": _entities,
    "question-answering": _answer,
    "zero-shot-classification": _zero_shot,
    "sentence-similarity": _similarity,
    "feature-extraction": _vectors,
    "text-generation": _generation,
    "text2text-generation": _generation,
    "translation": _generation,
    "summarization": _generation,
}


def plain_answer(outcome: RunOutcome) -> str:
    """Return the answer as text to copy: generated words as they are, everything else as JSON."""
    import json  # noqa: PLC0415 - rare

    if _BY_TASK.get(outcome.task) is _generation:
        try:
            return generated(outcome.outputs)
        except (KeyError, StopIteration, TypeError, IndexError):
            pass
    return json.dumps(outcome.outputs, ensure_ascii=False, indent=1)


def brief(outcome: RunOutcome, limit: int = 3) -> list[str]:
    """Return the best of an answer in a few short lines, to stand beside others."""
    outputs = outcome.outputs
    try:
        if _BY_TASK.get(outcome.task) is _generation:
            return [clean(generated(outputs))]
        if outcome.task == "zero-shot-classification":
            result = outputs[0] if isinstance(outputs, list) else outputs
            rows = list(zip(result["labels"], result["scores"], strict=True))
        elif outcome.task in {"feature-extraction", "sentence-similarity"}:
            return [clean(repr(outputs)[:60])]
        else:
            rows = [(_name(row), row["score"]) for row in (outputs if isinstance(outputs, list) else [outputs])]
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        return [clean(repr(outputs)[:60])]
    return [f"{float(score):.3f} {clean(str(name)).strip()}" for name, score in rows[:limit]] or ["nothing found"]


def _name(row: Mapping[str, Any]) -> str:
    """What a scored answer is called, whatever its task."""
    return str(next(row[key] for key in ("token_str", "label", "word", "answer") if key in row))
