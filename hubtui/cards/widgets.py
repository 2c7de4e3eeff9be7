"""The nested parts of a card's front matter: example inputs, evaluation results, carbon."""

from __future__ import annotations

import math
from typing import Any

from hubtui.cards.model import Carbon, EvalResult, WidgetExample, WidgetMessage
from hubtui.cards.yamlread import FieldReader, kind_of, scalar_text

_MAX_EXAMPLES = 200
_MAX_RESULTS = 2_000


def read_widget(fields: FieldReader) -> tuple[WidgetExample, ...]:
    """Read ``widget``: a list of examples, each a text or a mapping."""
    value = fields.data.get("widget")
    if value is None or value is False:
        return ()
    items = value if isinstance(value, list) else [value]
    examples: list[WidgetExample] = []
    for item in items[:_MAX_EXAMPLES]:
        example: WidgetExample | None
        if isinstance(item, dict):
            example = _example(item)
        else:
            text = scalar_text(item, multiline=True)
            example = WidgetExample(text=text) if text else None
        if example is None:
            fields.problem(f"“widget” should be a list of examples, but it holds {kind_of(item)}.")
        elif example != WidgetExample(title=example.title):
            examples.append(example)
    return tuple(examples)


def _example(item: dict[Any, Any]) -> WidgetExample:
    return WidgetExample(
        title=_text(item.get("example_title")),
        text=_text(item.get("text", item.get("question", item.get("prompt")))),
        context=_text(item.get("context")),
        source_sentence=_text(item.get("source_sentence")),
        sentences=_texts(item.get("sentences")),
        candidate_labels=_labels(item.get("candidate_labels")),
        src=_text(item.get("src")),
        messages=_messages(item.get("messages")),
        table=_table(item.get("table", item.get("structured_data", item.get("structuredData")))),
    )


def _text(value: object) -> str:
    return scalar_text(value, multiline=True) or ""


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(text for text in map(_text, items) if text)


def _labels(value: object) -> tuple[str, ...]:
    """Labels are a list or, as the Hub's own widgets write them, one text with commas."""
    if isinstance(value, str):
        return tuple(label for label in (_text(part) for part in value.split(",")) if label)
    return _texts(value)


def _messages(value: object) -> tuple[WidgetMessage, ...]:
    if not isinstance(value, list):
        return ()
    messages = [item for item in value if isinstance(item, dict)]
    return tuple(WidgetMessage(_text(item.get("role")) or "user", _text(item.get("content"))) for item in messages)


def _table(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        return ()
    return tuple((_text(column), _texts(cells)) for column, cells in value.items())


def read_results(fields: FieldReader) -> tuple[EvalResult, ...]:
    """Read ``model-index``: one result for each metric of each task and dataset."""
    value = fields.data.get("model-index")
    if value is None:
        return ()
    if not isinstance(value, list):
        fields.problem(f"“model-index” should be a list of models with results, but it is {kind_of(value)}.")
        return ()
    results: list[EvalResult] = []
    for model in value:
        entries = model.get("results") if isinstance(model, dict) else None
        if not isinstance(entries, list):
            fields.problem("“model-index” should hold models with a list of results; one has none.")
            continue
        for entry in entries:
            results.extend(_results(entry, fields))
    return tuple(results[:_MAX_RESULTS])


def _results(entry: object, fields: FieldReader) -> list[EvalResult]:
    if not isinstance(entry, dict):
        fields.problem(f"A result in “model-index” should be keys with values, but it is {kind_of(entry)}.")
        return []
    if not isinstance(entry.get("dataset"), dict):
        fields.problem("A result in “model-index” does not say on which dataset.")
    metrics = entry.get("metrics")
    if not isinstance(metrics, list):
        fields.problem("A result in “model-index” has no list of metrics.")
        return []
    results: list[EvalResult] = []
    for metric in metrics:
        value = _value(metric.get("value")) if isinstance(metric, dict) else None
        if value is None:
            fields.problem("A metric in “model-index” has no value.")
            continue
        results.append(EvalResult(_name(entry.get("task")), _name(entry.get("dataset")), _name(metric), value))
    return results


def _name(value: object) -> str:
    """Return the name of a task, dataset or metric, its type where it has no name."""
    if not isinstance(value, dict):
        return scalar_text(value) or ""
    return scalar_text(value.get("name")) or scalar_text(value.get("type")) or ""


def _value(value: object) -> float | str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return scalar_text(value) or None


def read_carbon(fields: FieldReader) -> Carbon | None:
    """Read ``co2_eq_emissions``: grams, alone or among where they come from; None where the card has none."""
    value = fields.data.get("co2_eq_emissions")
    if value is None:
        return None
    if not isinstance(value, dict):
        grams = _grams(value)
        if grams is None:
            fields.problem(f"“co2_eq_emissions” should be grams, but it is {kind_of(value)}.")
            return None
        return Carbon(grams)
    carbon = Carbon(
        _grams(value.get("emissions")),
        source=_line(value.get("source")),
        training=_line(value.get("training_type")),
        location=_line(value.get("geographical_location")),
        hardware=_line(value.get("hardware_used")),
    )
    return None if carbon == Carbon() else carbon


def _grams(value: object) -> float | None:
    """Return a number of grams, however it is written; AutoTrain writes some as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        grams = float(value)
    except ValueError:
        return None
    return grams if 0 <= grams < 1e15 else None


def _line(value: object) -> str:
    return scalar_text(value) or ""
