"""The pinned models side by side, as lines: facts that differ stand out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hubtui.core.errors import HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.numbers import age_text, count_text, duration_text, size_text
from hubtui.ui import text
from hubtui.ui.panes.header import dtypes, fit_brief, size_of
from hubtui.ui.panes.opened import Learned, OpenedModel
from hubtui.ui.panes.outcome_lines import brief
from hubtui.ui.text import Line, Piece, whole
from hubtui.ui.theme import Inks

_LABEL = 15
_NARROWEST, _WIDEST = 20, 44
_NONE = "–"
_CELL_LINES = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One pinned model: its facts once they came, or why they did not."""

    model: str
    opened: OpenedModel | None = None
    error: HubtuiError | None = None
    learned: Learned = field(default_factory=Learned)


def table(columns: Sequence[Column], width: int, now: datetime, inks: Inks) -> list[Line]:
    """Return the lines of the table; it is wider than `width` where the columns need more."""
    room = max(_NARROWEST, min(_WIDEST, (width - _LABEL) // max(1, len(columns))))
    head: list[Piece] = [(" " * _LABEL, inks.muted)]
    head += [(text.fit(text.shorten_left(column.model, room - 2), room), inks.strong) for column in columns]
    lines: list[Line] = [head, [("─" * (_LABEL + room * len(columns)), inks.faint)]]
    known = [_facts(column, now) for column in columns]
    for label in _LABELS:
        lines += _row(label, [facts.get(label, "") or _NONE for facts in known], room, inks)
    if any(column.learned.outcome for column in columns):
        lines += [[], [("Last run", inks.strong)]]
        for label, result in _RESULTS:
            lines += _row(label, [result(column.learned) for column in columns], room, inks)
    return lines


def _row(label: str, values: Sequence[str], room: int, inks: Inks) -> list[Line]:
    differs = len(set(values) - {_NONE}) > 1  # what is not known is no difference
    style = inks.text if differs else inks.muted
    cells = [
        [line for part in value.split("\n") for line in text.wrap(part, room - 2)][:_CELL_LINES] for value in values
    ]
    lines: list[Line] = []
    for at in range(max(map(len, cells), default=0)):
        mark: list[Piece] = [("≠ " if differs and at == 0 else "  ", inks.accent)]
        name = (text.fit(label if at == 0 else "", _LABEL - 2), inks.muted)
        parts = [(text.fit(cell[at] if at < len(cell) else "", room), style) for cell in cells]
        lines.append([*mark, name, *parts])
    return lines


_LABELS = (
    *("task", "library", "licence", "languages", "parameters", "size", "fit", "max tokens", "vocabulary", "tokenizer"),
    *("pad token", "architecture", "formats", "gated", "downloads", "likes", "updated", "revision"),
)


def _facts(column: Column, now: datetime) -> dict[str, str]:
    """Label → value, empty for what nobody states."""
    if column.opened is None:
        return {"task": column.error.message if column.error else "…"}
    facts, fit, learned = column.opened.facts, column.opened.fit, column.learned
    return {
        "task": facts.pipeline_tag,
        "library": facts.library,
        "licence": facts.license,
        "languages": ", ".join(facts.languages[:6]),
        "parameters": _parameters(facts),
        "size": size_text(size_of(facts, fit)),
        "fit": fit_brief(fit),
        "max tokens": whole(facts.max_length) if facts.max_length else "",
        "vocabulary": _vocabulary(facts, learned),
        "tokenizer": learned.tokenizer.algorithm if learned.tokenizer else "",
        "pad token": _pad(learned),
        "architecture": ", ".join(facts.architectures),
        "formats": ", ".join(facts.formats),
        "gated": str(facts.gated),
        "downloads": count_text(facts.downloads),
        "likes": count_text(facts.likes),
        "updated": age_text(facts.updated, now),
        "revision": f"{facts.revision}@{facts.commit[:7]}".strip("@"),
    }


def _parameters(facts: ModelFacts) -> str:
    return f"{count_text(facts.parameters)} {dtypes(facts)}".strip() if facts.parameters is not None else ""


def _vocabulary(facts: ModelFacts, learned: Learned) -> str:
    if learned.tokenizer:
        return whole(learned.tokenizer.vocab_size)
    size = facts.config.get("vocab_size")
    return whole(size) if isinstance(size, int) and not isinstance(size, bool) else ""


def _pad(learned: Learned) -> str:
    if learned.tokenizer is None:
        return ""
    pad = learned.tokenizer.special_tokens.get("pad")
    return f"{pad.token} = {pad.id}" if pad else "none"


def _of_outcome(take: Callable[[Learned], str]) -> Callable[[Learned], str]:
    return lambda learned: take(learned) if learned.outcome else _NONE


def _answer(learned: Learned) -> str:
    return "\n".join(brief(learned.outcome)) if learned.outcome else ""


def _speed(learned: Learned) -> str:
    speed = learned.outcome.tokens_per_second if learned.outcome else None
    return f"{speed:.0f} tokens/s" if speed else _NONE


_RESULTS: tuple[tuple[str, Callable[[Learned], str]], ...] = (
    ("task", _of_outcome(lambda learned: learned.outcome.task if learned.outcome else "")),
    ("answer", _of_outcome(_answer)),
    ("to run", _of_outcome(lambda learned: duration_text(learned.outcome.timings.run_s) if learned.outcome else "")),
    ("to load", _of_outcome(lambda learned: duration_text(learned.outcome.timings.load_s) if learned.outcome else "")),
    ("memory", _of_outcome(lambda learned: size_text(learned.outcome.peak_bytes) if learned.outcome else "")),
    ("speed", _of_outcome(_speed)),
)
