"""One text on its way through a tokenizer as lines: each stage with its output, and what is folded below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from rich.style import Style

from hubtui.core.stage_words import STAGE_SENTENCES
from hubtui.core.stages import STAGES, Run, Stage, StageKind, StageMember, TokenStages
from hubtui.core.untrusted import reveal
from hubtui.ui.drawing import bounded, facts_in_lines, fill
from hubtui.ui.panes.tokens.model_lines import model_detail, piece_rows
from hubtui.ui.panes.tokens.unit_lines import UNITS, unit_detail, unit_output
from hubtui.ui.text import Line, Piece, cells, clip, plural, shorten, spread, width_of, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.fold_lines import FOLDED_MARK, OPEN_MARK, FoldLine

FOLDS: tuple[str, ...] = (*STAGES, UNITS)
"""What can be folded, in order."""

OPENED_FIRST: tuple[str, ...] = ("model", UNITS, "normalizer", "pre-tokenizer", "decoder", "post-processor")
"""And what is open where there is room, what tells most first."""

_INDENT = 4
_WIDEST = 116
"""Cells of a line: numbers at the right of wider ones would stand far from what they count."""
_TITLE = 17
_MOST = 300
_MOST_CHANGES = 40


def stage_lines(told: TokenStages, opened: frozenset[str], width: int, inks: Inks) -> list[FoldLine]:
    """Return the lines of all stages, then the comparison of words, characters and tokens."""
    lines: list[FoldLine] = []
    width = min(width, _WIDEST)
    room = width - _INDENT
    for at, stage in enumerate(told.stages):
        is_open = stage.kind in opened
        output = _OUTPUTS[stage.kind](told, stage, room, inks)
        head = _head(f"{at + 1} {stage.kind}", _name(stage, inks), _summary(told, stage, inks), is_open, width, inks)
        lines += _folded(stage.kind, head, output, room, inks, is_open=is_open)
        if is_open:
            lines += _detail(told, stage, opened, room, inks)
    is_open = UNITS in opened
    name: Piece = (f"{told.info.algorithm} beside words and characters", inks.text)
    head = _head("why sub-words", name, ("", inks.muted), is_open, width, inks)
    lines += _folded(UNITS, head, [] if is_open else unit_output(told, room, inks), room, inks, is_open=is_open)
    if is_open:
        lines += _indented(UNITS, unit_detail(told, room, inks))
    return lines


def _folded(fold: str, head: Line, output: Sequence[Line], width: int, inks: Inks, *, is_open: bool) -> list[FoldLine]:
    """Return a head and the output: all of it, or its first line."""
    shown = list(output) if is_open else list(output[:1])
    if len(output) > len(shown):
        shown[-1] = clip([*shown[-1], (" …", inks.muted)], width)
    return [FoldLine(head, fold, is_head=True), *_indented(fold, shown)]


def _indented(fold: str, lines: Sequence[Line]) -> list[FoldLine]:
    return [FoldLine([(" " * _INDENT, Style.null()), *line], fold) for line in lines]


def _head(title: str, name: Piece, summary: Piece, is_open: bool, width: int, inks: Inks) -> Line:  # noqa: PLR0917 - one caller's parts
    mark = OPEN_MARK if is_open else FOLDED_MARK
    left: list[Piece] = [(f"{mark} ", inks.accent), (f"{title:<{_TITLE}} ", inks.strong), name]
    return spread(left, [summary] if summary[0] else [], width, gap=2)


def _name(stage: Stage, inks: Inks) -> Piece:
    """Return a stage's type; of a sequence, those of its members."""
    if not stage.name:
        return ("not to be seen" if stage.limit else "none", inks.muted)
    names = " → ".join(reveal(member.name) for member in stage.members) or reveal(stage.name)
    return (names, inks.text)


# -- at the right of a head


def _summary(told: TokenStages, stage: Stage, inks: Inks) -> Piece:
    return _SUMMARIES[stage.kind](told, inks)


def _of_normalizer(told: TokenStages, inks: Inks) -> Piece:
    kinds = Counter(run.kind for run in told.normalized or () if run.kind not in {"same", "added"})
    if told.normalized is None:
        return ("", inks.muted)
    if not kinds:
        return ("unchanged", inks.muted)
    return (" · ".join(f"{count} {kind}" for kind, count in kinds.items()), inks.text)


def _of_pre_tokenizer(told: TokenStages, inks: Inks) -> Piece:
    if told.pre_tokens is None:
        return ("", inks.muted)
    return (plural(len(told.pre_tokens), "pre-token"), inks.text)


def _of_model(told: TokenStages, inks: Inks) -> Piece:
    pieces = [piece for word in told.words for piece in word.pieces]
    unknown = sum(piece.is_unknown for piece in pieces)
    words = plural(len(pieces), "piece")
    return (f"{words} · {unknown} unknown", inks.bad) if unknown else (words, inks.text)


def _of_post_processor(told: TokenStages, inks: Inks) -> Piece:
    added = sum(token.is_special for token in told.tokens)
    words = plural(len(told.tokens), "token")
    return (f"{words} · {added} added" if added else words, inks.text)


def _of_decoder(told: TokenStages, inks: Inks) -> Piece:
    return ("✓ the text again", inks.good) if told.is_same else ("✗ not the same text", inks.warn)


_SUMMARIES: Mapping[StageKind, Callable[[TokenStages, Inks], Piece]] = {
    "normalizer": _of_normalizer,
    "pre-tokenizer": _of_pre_tokenizer,
    "model": _of_model,
    "post-processor": _of_post_processor,
    "decoder": _of_decoder,
}


# -- the output of a stage, which is to be seen whether it is open or not


def _normalized(told: TokenStages, stage: Stage, width: int, inks: Inks) -> list[Line]:
    if told.normalized is None:
        return _limits(stage, width, inks)
    underlined = inks.strong + Style(underline=True)
    return fill(
        [
            (reveal(run.text), {"same": inks.text, "added": inks.special}.get(run.kind, underlined))
            for run in told.normalized
        ],
        width,
    )


def _pre_tokens(told: TokenStages, stage: Stage, width: int, inks: Inks) -> list[Line]:
    if told.pre_tokens is None:
        return _limits(stage, width, inks)
    return bounded(
        [
            (reveal(one.text), inks.special if one.is_added else inks.tints[at % len(inks.tints)])
            for at, one in enumerate(told.pre_tokens[:_MOST])
        ],
        width,
        inks.muted,
    )


def _pieces(told: TokenStages, stage: Stage, width: int, inks: Inks) -> list[Line]:  # noqa: ARG001 - as its neighbours
    pieces = [piece for row in piece_rows(told, inks) for piece in row]
    return bounded(pieces[:_MOST], width, inks.muted)


def _sequence(told: TokenStages, stage: Stage, width: int, inks: Inks) -> list[Line]:  # noqa: ARG001 - as its neighbours
    tints = inks.tints
    return bounded(
        [
            (reveal(token.token), inks.special if token.is_special else tints[at % len(tints)])
            for at, token in enumerate(told.tokens[:_MOST])
        ],
        width,
        inks.muted,
    )


def _decoded(told: TokenStages, stage: Stage, width: int, inks: Inks) -> list[Line]:  # noqa: ARG001 - as its neighbours
    at = told.differs_at
    if at is None:
        return fill([(reveal(told.decoded), inks.text)], width)
    return fill([(reveal(told.decoded[:at]), inks.text), (reveal(told.decoded[at:]), inks.warn)], width)


_OUTPUTS: Mapping[StageKind, Callable[[TokenStages, Stage, int, Inks], list[Line]]] = {
    "normalizer": _normalized,
    "pre-tokenizer": _pre_tokens,
    "model": _pieces,
    "post-processor": _sequence,
    "decoder": _decoded,
}


# -- what is folded below


def _detail(told: TokenStages, stage: Stage, opened: frozenset[str], width: int, inks: Inks) -> list[FoldLine]:
    lines = _indented(stage.kind, _DETAILS[stage.kind](told, width, inks))
    if stage.kind == "model":
        lines += [
            FoldLine([(" " * _INDENT, Style.null()), *line.pieces], line.fold, line.is_head)
            for line in model_detail(told, opened, width, inks)
        ]
    lines += _indented(stage.kind, _members(stage, width, inks))
    if stage.limit and not _is_said(told, stage):
        lines += _indented(stage.kind, _limits(stage, width, inks))
    about = [*_settings(stage.settings, width, inks), *_sentence(stage.kind, width, inks)]
    return [*lines, *_indented(stage.kind, about), FoldLine([], stage.kind)]


def _is_said(told: TokenStages, stage: Stage) -> bool:
    """Tell whether the limit stands in the place of the output."""
    return (stage.kind == "normalizer" and told.normalized is None) or (
        stage.kind == "pre-tokenizer" and told.pre_tokens is None
    )


def _changes(told: TokenStages, width: int, inks: Inks) -> list[Line]:
    """Return what became what, each once with how often."""
    counts = Counter((run.source, run.text, run.kind) for run in told.normalized or () if run.kind != "same")
    facts: list[Piece] = []
    for (source, text, kind), count in list(counts.items())[:_MOST_CHANGES]:
        times = f" ×{count}" if count > 1 else ""
        if kind == "added":
            facts.append((f"{reveal(text)} is an added token, which no stage sees{times}", inks.muted))
        else:
            facts.append((_change(Run(text, source, 0, 0, kind)) + times, inks.text))
    if len(counts) > _MOST_CHANGES:
        facts.append((f"and {len(counts) - _MOST_CHANGES} more", inks.muted))
    return facts_in_lines(facts, width, inks.faint) if facts else []


def _change(run: Run) -> str:
    if run.kind == "dropped":
        return f"{reveal(run.source)} dropped"
    if run.kind == "inserted":
        return f"{reveal(run.text)} inserted"
    return f"{reveal(run.source)} → {reveal(run.text)}"


def _places(told: TokenStages, width: int, inks: Inks) -> list[Line]:
    """Return the characters of the text that each pre-token comes from."""
    if told.pre_tokens is None or not any(one.end for one in told.pre_tokens):
        return []
    places = " ".join(f"{one.start}–{one.end}" for one in told.pre_tokens[:_MOST])
    more = len(told.pre_tokens) - _MOST
    words = f"{places} and {more:,} more" if more > 0 else places
    return _labelled("chars", [(words, inks.muted)], width, inks)


def _ids(told: TokenStages, width: int, inks: Inks) -> list[Line]:
    def row(label: str, numbers: Sequence[int]) -> list[Line]:
        more = f" and {len(numbers) - _MOST:,} more" if len(numbers) > _MOST else ""
        words = " ".join(map(str, numbers[:_MOST])) + more
        return _labelled(label, [(words, inks.text)], width, inks)

    kinds = [token.type_id for token in told.tokens]
    return [*row("ids", [token.id for token in told.tokens]), *(row("type ids", kinds) if any(kinds) else [])]


def _round_trip(told: TokenStages, width: int, inks: Inks) -> list[Line]:
    """Return where the text that comes back differs, and what it is with special tokens."""
    lines: list[Line] = []
    at = told.differs_at
    if at is not None:
        was, now = told.text[at : at + 12], told.decoded[at : at + 12]
        said = f"From character {at} on {_quoted(was)} came back as {_quoted(now)}."
        lines += [[(line, inks.warn)] for line in wrap(said, width)]
    if told.decoded_with_special != told.decoded:
        lines += _labelled("with special", [(reveal(told.decoded_with_special), inks.muted)], width, inks)
    return lines


def _quoted(text: str) -> str:
    return f"“{reveal(text)}”" if text else "nothing"


def _nothing(told: TokenStages, width: int, inks: Inks) -> list[Line]:  # noqa: ARG001 - as its neighbours
    return []


_DETAILS: Mapping[StageKind, Callable[[TokenStages, int, Inks], list[Line]]] = {
    "normalizer": _changes,
    "pre-tokenizer": _places,
    "model": _nothing,
    "post-processor": _ids,
    "decoder": _round_trip,
}


def _members(stage: Stage, width: int, inks: Inks) -> list[Line]:
    """Return the steps of a sequence, each with its settings and, where it changed something, with its output."""
    lines: list[Line] = []
    before: list[str] | None = None
    longest = max((cells(member.name) for member in stage.members), default=0)
    for at, member in enumerate(stage.members):
        label: Piece = (f"{chr(ord('a') + at % 26)} {reveal(member.name):<{longest}}  ", inks.text)
        is_idle = at > 0 and member.output == before and member.output is not None
        rest = width - width_of([label])
        shown = [("changes nothing here", inks.muted)] if is_idle else _output_of(stage.kind, member, inks)
        lines.append([label, *clip(shown, rest)])
        indent: Piece = (" " * 2, inks.muted)
        lines += [[indent, *line] for line in _settings(member.settings, width - 2, inks)]
        before = member.output
    return lines


def _output_of(kind: StageKind, member: StageMember, inks: Inks) -> list[Piece]:
    if member.output is None:
        return []
    if kind == "pre-tokenizer":
        tints = inks.tints
        parts = [(reveal(part), tints[at % len(tints)]) for at, part in enumerate(member.output[:_MOST])]
        return list(chain.from_iterable(bounded(parts, 1 << 20, inks.muted)))
    return [(reveal("".join(member.output)), inks.text)]


def _settings(settings: Mapping[str, str], width: int, inks: Inks) -> list[Line]:
    facts = [(f"{reveal(name)} {shorten(value, max(8, width - 20))}", inks.muted) for name, value in settings.items()]
    return facts_in_lines(facts, width, inks.faint) if facts else []


def _sentence(kind: StageKind, width: int, inks: Inks) -> list[Line]:
    return [[(line, inks.quote)] for line in wrap(STAGE_SENTENCES[kind], width)]


def _limits(stage: Stage, width: int, inks: Inks) -> list[Line]:
    return [[(line, inks.muted)] for line in wrap(stage.limit or "none", width)]


def _labelled(label: str, pieces: Sequence[Piece], width: int, inks: Inks) -> list[Line]:
    """Return words after a label, wrapped beside it."""
    room = max(10, width - len(label) - 2)
    rows = [(part, style) for words, style in pieces for part in wrap(words, room)]
    return [
        [(label if at == 0 else " " * len(label), inks.muted), ("  ", inks.text), row] for at, row in enumerate(rows)
    ]
