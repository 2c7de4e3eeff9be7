"""A rendered conversation in lines: the prompt with its special tokens, every token, the template."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rich.cells import chop_cells
from rich.style import Style

from hubtui.core.chats import Chat, PromptPart, RenderedChat
from hubtui.core.tokens import TokenRow, TokenSequence
from hubtui.core.untrusted import clean, reveal
from hubtui.ui.drawing import flow
from hubtui.ui.text import Line, Piece, fit, whole, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.token_pieces import lay_out

HEAD, TAIL = 12_000, 4_000
"""Characters of a prompt or template that are drawn at its beginning and at its end; what is between is counted."""

_GUTTER = 16
_BOUNDARY = "│"
_WORDS = re.compile("[^␣]+␣*|␣+")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def prompt_lines(chat: Chat, rendered: RenderedChat, width: int, inks: Inks) -> list[Line]:
    """Return the prompt as text: what is said stands out from what the template writes, special tokens from both."""
    sequence = rendered.sequence
    if sequence is None:
        return []
    places = sorted(place for place in rendered.contents if place is not None)

    def made(part: PromptPart) -> list[Line]:
        pieces = list(_prompt_pieces(sequence, part, places, inks))
        return flow(pieces, width - _GUTTER) if pieces else []

    return _part_lines(chat, rendered, made, inks)


def token_lines(chat: Chat, rendered: RenderedChat, width: int, inks: Inks) -> list[Line]:
    """Return the prompt as tokens with a boundary between any two."""
    sequence = rendered.sequence
    if sequence is None:
        return []
    unknown = rendered.info.special_tokens.get("unk")
    unknown_id = None if unknown is None else unknown.id

    def made(part: PromptPart) -> list[Line]:
        span = range(part.first_token, part.first_token + part.n_tokens)
        rows = [_token_row(sequence, at, unknown_id) for at in span]
        return lay_out(rows, max(10, width - _GUTTER), inks)[0] if rows else []

    return _part_lines(chat, rendered, made, inks)


def template_lines(source: str, marked: int, width: int, inks: Inks, *, first: int = 1) -> list[Line]:
    """Return a template's source from a line on, with numbers; one line is marked (0 for none)."""
    lines: list[Line] = []
    digits = len(str(source.count("\n") + 1))
    drawn = source[: HEAD + TAIL]
    for number, pieces in enumerate(_source_lines(drawn, inks), 1):
        if number < first:
            continue
        is_marked = number == marked
        head = f"{'▸' if is_marked else ' '}{number:>{digits}} "
        room = max(8, width - len(head))
        for at, line in enumerate(_chopped(pieces, room)):
            gutter = head if at == 0 else " " * len(head)
            lines.append([(gutter, inks.bad if is_marked else inks.faint), *line])
    return [*lines, *_gap(len(source) - len(drawn), inks)] if len(drawn) < len(source) else lines


def sentences(texts: Sequence[str], mark: str, width: int, style: Style) -> list[Line]:
    """Return sentences, each after a mark and broken for the width."""
    lines: list[Line] = []
    for text in texts:
        for at, line in enumerate(wrap(text, width - 2)):
            lines.append([(f"{mark} " if at == 0 else "  ", style), (line, style)])
    return lines


def _part_lines(chat: Chat, rendered: RenderedChat, made: Callable[[PromptPart], list[Line]], inks: Inks) -> list[Line]:
    """Return the lines of all parts; of a long prompt those of its beginning and its end."""
    length = len(rendered.prompt)
    sequence = rendered.sequence
    starts = [] if sequence is None else [start for start, _ in sequence.offsets]
    parts = rendered.parts or [PromptPart(0, -1, 0, length, 0, len(starts))]
    if length <= HEAD + TAIL:
        return [line for part in parts for line in _beside(chat, part, made(part), inks)]
    lines: list[Line] = []
    for lowest, highest in ((0, HEAD), (length - TAIL, length)):
        lines += _gap(lowest - HEAD, inks) if lowest else []
        for part in parts:
            if lowest < part.end and part.start < highest:
                lines += _beside(chat, part, made(_cut(part, lowest, highest, starts)), inks)
    return lines


def _cut(part: PromptPart, lowest: int, highest: int, starts: Sequence[int]) -> PromptPart:
    """Return the stretch of a part between two characters."""
    last = part.first_token + part.n_tokens
    first = bisect_left(starts, lowest, part.first_token, last) if part.start < lowest else part.first_token
    last = bisect_left(starts, highest, first, last) if part.end > highest else last
    return replace(
        part, start=max(part.start, lowest), end=min(part.end, highest), first_token=first, n_tokens=last - first
    )


def _gap(n_chars: int, inks: Inks) -> list[Line]:
    return [[], [(f"… {whole(n_chars)} characters are not drawn; y copies all of it", inks.muted)], []]


def _beside(chat: Chat, part: PromptPart, made: Sequence[Line], inks: Inks) -> Iterator[Line]:
    """Return the lines of a part with its message in front of the first."""
    number, name = _names(chat, part)
    made = made or [[("nothing", inks.muted)]]
    for at, line in enumerate(made):
        if at == 0:
            head: list[Piece] = [(f"{number:>3} ", inks.muted), (fit(name, _GUTTER - 6), inks.accent)]
        else:
            head = [(" " * (_GUTTER - 2), inks.text)]
        yield [*head, (f"{_BOUNDARY} ", inks.faint), *line]


def _names(chat: Chat, part: PromptPart) -> tuple[str, str]:
    if part.is_generation:
        return "", "generation"
    if part.last < part.first:
        return "", ""
    roles = dict.fromkeys(clean(message["role"]) for message in chat.messages[part.first : part.last + 1])
    number = str(part.first + 1) if part.first == part.last else f"{part.first + 1}–{part.last + 1}"
    return number, "+".join(roles)


def _prompt_pieces(
    sequence: TokenSequence, part: PromptPart, places: Sequence[tuple[int, int]], inks: Inks
) -> Iterator[Piece]:
    """Return a part of the prompt cut at special tokens and at what is said."""
    at = part.start
    for index in range(part.first_token, part.first_token + part.n_tokens):
        start, end = sequence.offsets[index]
        if not sequence.special_tokens_mask[index] or not at <= start < end <= part.end:
            continue
        yield from _written(sequence.text, at, start, places, inks)
        if start > at:
            yield _BOUNDARY, inks.faint
        yield reveal(sequence.text[start:end]), inks.special
        if end < part.end:
            yield _BOUNDARY, inks.faint
        at = end
    yield from _written(sequence.text, at, part.end, places, inks)


def _written(text: str, start: int, end: int, places: Sequence[tuple[int, int]], inks: Inks) -> Iterator[Piece]:
    """Return what stands between special tokens: what is said in plain ink, what the template writes muted."""
    at = start
    for number in range(max(0, bisect_left(places, (start, 0)) - 1), len(places)):
        first, last = max(places[number][0], at), min(places[number][1], end)
        if first >= end:
            break
        if first < last:
            yield from _by_line(text[at:first], inks.muted, inks, is_said=False)
            yield from _by_line(text[first:last], inks.text, inks, is_said=True)
            at = last
    yield from _by_line(text[at:end], inks.muted, inks, is_said=False)


def _by_line(text: str, style: Style, inks: Inks, *, is_said: bool) -> Iterator[Piece]:
    """Return a text with its line breaks as signs; blanks that the template writes are signs too."""
    for at, line in enumerate(text.split("\n")):
        if at:
            yield "⏎", inks.muted
            yield "\n", inks.muted
        if line and is_said:
            yield clean(line), style
        elif line:  # in pieces that end with a blank, for a line may be broken there
            yield from ((words, style) for words in _WORDS.findall(reveal(line)))


def _token_row(sequence: TokenSequence, at: int, unknown_id: int | None) -> TokenRow:
    start, end = sequence.offsets[at]
    is_special = bool(sequence.special_tokens_mask[at])
    kind = (
        "unknown" if sequence.ids[at] == unknown_id and unknown_id is not None else "special" if is_special else "text"
    )
    surface = sequence.text[start:end]
    return TokenRow(0, at, sequence.ids[at], sequence.tokens[at], surface, start, end, kind, 1)  # type: ignore[arg-type] # one of the kinds


def _source_lines(source: str, inks: Inks) -> Iterator[list[Piece]]:
    """Return the lines of a template: tags stand out from what is written as it is."""
    line: list[Piece] = []
    at = 0
    found: list[Piece] = []
    for tag in _TAG.finditer(source):
        found += [(source[at : tag.start()], inks.text), (tag[0], inks.muted if tag[0][1] == "#" else inks.code)]
        at = tag.end()
    found.append((source[at:], inks.text))
    for words, style in found:
        for number, part in enumerate(words.split("\n")):
            if number:
                yield line
                line = []
            if part:
                line.append((clean(part), style))
    if line:
        yield line


def _chopped(pieces: Sequence[Piece], width: int) -> Iterator[list[Piece]]:
    """Cut a line wherever it is full: in a template every blank counts."""
    line: list[Piece] = []
    room = width
    for words, style in pieces:
        rest = words
        while rest:
            first = chop_cells(rest, room)[0] if room > 1 else ""
            if not first:
                yield line
                line, room = [], width
                continue
            line.append((first, style))
            rest = rest[len(first) :]
            room -= sum(map(len, chop_cells(first, width)))
            if rest:
                yield line
                line, room = [], width
    yield line
