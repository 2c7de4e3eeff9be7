"""A rendered conversation in lines: the prompt with its special tokens, every token, the template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import chop_cells
from rich.style import Style

from hubtui.core.chats import Chat, PromptPart, RenderedChat
from hubtui.core.tokens import TokenRow, TokenSequence
from hubtui.core.untrusted import clean, reveal
from hubtui.ui.drawing import flow
from hubtui.ui.text import Line, Piece, fit, whole, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.token_pieces import lay_out

MOST_CHARS = 20_000
"""Of a prompt or template that are drawn; the rest is only counted."""

_GUTTER = 16
_BOUNDARY = "│"
_WORDS = re.compile("[^␣]+␣*|␣+")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def prompt_lines(chat: Chat, rendered: RenderedChat, width: int, inks: Inks) -> list[Line]:
    """Return the prompt as text: what is said stands out from what the template writes, special tokens from both."""
    lines: list[Line] = []
    sequence = rendered.sequence
    if sequence is None:
        return lines
    for part in _drawn(rendered):
        pieces = list(_prompt_pieces(rendered, sequence, part, inks))
        lines += _beside(chat, part, flow(pieces, width - _GUTTER) if pieces else [], inks)
    return [*lines, *_rest(rendered.prompt, inks)]


def token_lines(chat: Chat, rendered: RenderedChat, width: int, inks: Inks) -> list[Line]:
    """Return the prompt as tokens with a boundary between any two."""
    lines: list[Line] = []
    sequence = rendered.sequence
    if sequence is None:
        return lines
    unknown = rendered.info.special_tokens.get("unk")
    unknown_id = None if unknown is None else unknown.id
    for part in _drawn(rendered):
        span = range(part.first_token, part.first_token + part.n_tokens)
        rows = [_token_row(sequence, at, unknown_id) for at in span]
        made = lay_out(rows, max(10, width - _GUTTER), inks)[0] if rows else []
        lines += _beside(chat, part, made, inks)
    return [*lines, *_rest(rendered.prompt, inks)]


def template_lines(source: str, marked: int, width: int, inks: Inks) -> list[Line]:
    """Return a template's source with the numbers of its lines, one of them marked (0 for none)."""
    lines: list[Line] = []
    digits = len(str(source.count("\n") + 1))
    for number, pieces in enumerate(_source_lines(source[:MOST_CHARS], inks), 1):
        is_marked = number == marked
        head = f"{'▸' if is_marked else ' '}{number:>{digits}} "
        room = max(8, width - len(head))
        for at, line in enumerate(_chopped(pieces, room)):
            gutter = head if at == 0 else " " * len(head)
            lines.append([(gutter, inks.bad if is_marked else inks.faint), *line])
    return [*lines, *_rest(source, inks)]


def sentences(texts: Sequence[str], mark: str, width: int, style: Style) -> list[Line]:
    """Return sentences, each after a mark and broken for the width."""
    lines: list[Line] = []
    for text in texts:
        for at, line in enumerate(wrap(text, width - 2)):
            lines.append([(f"{mark} " if at == 0 else "  ", style), (line, style)])
    return lines


def _drawn(rendered: RenderedChat) -> Iterator[PromptPart]:
    """Return the parts that begin early enough to be drawn; one for all where they are not told."""
    sequence = rendered.sequence
    length = len(rendered.prompt)
    parts = rendered.parts or [PromptPart(0, -1, 0, length, 0, 0 if sequence is None else len(sequence.ids))]
    for part in parts:
        if part.end <= MOST_CHARS:
            yield part
        elif part.start < MOST_CHARS:
            starts = [] if sequence is None else sequence.offsets
            last = next((at for at in range(part.first_token, len(starts)) if starts[at][0] >= MOST_CHARS), len(starts))
            tokens = min(part.n_tokens, last - part.first_token)
            yield PromptPart(part.first, part.last, part.start, MOST_CHARS, part.first_token, tokens)


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


def _prompt_pieces(rendered: RenderedChat, sequence: TokenSequence, part: PromptPart, inks: Inks) -> Iterator[Piece]:
    """Return a part of the prompt cut at special tokens and at what is said."""
    at = part.start
    for index in range(part.first_token, part.first_token + part.n_tokens):
        start, end = sequence.offsets[index]
        if not sequence.special_tokens_mask[index] or not at <= start < end <= part.end:
            continue
        yield from _written(rendered, at, start, inks)
        if start > at:
            yield _BOUNDARY, inks.faint
        yield reveal(rendered.prompt[start:end]), inks.special
        if end < part.end:
            yield _BOUNDARY, inks.faint
        at = end
    yield from _written(rendered, at, part.end, inks)


def _written(rendered: RenderedChat, start: int, end: int, inks: Inks) -> Iterator[Piece]:
    """Return what stands between special tokens: what is said in plain ink, what the template writes muted."""
    at = start
    for place in sorted(place for place in rendered.contents if place is not None):
        said = max(place[0], at), min(place[1], end)
        if said[0] >= said[1]:
            continue
        yield from _by_line(rendered.prompt[at : said[0]], inks.muted, inks, is_said=False)
        yield from _by_line(rendered.prompt[slice(*said)], inks.text, inks, is_said=True)
        at = said[1]
    yield from _by_line(rendered.prompt[at:end], inks.muted, inks, is_said=False)


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


def _rest(text: str, inks: Inks) -> list[Line]:
    left = len(text) - MOST_CHARS
    return [[(f"… and {whole(left)} more characters; y copies all of it", inks.muted)]] if left > 0 else []
