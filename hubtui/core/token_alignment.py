"""Several tokenizers' cuts of one text, brought to the same places.

A cut is before a character that is no blank and belongs to another piece than the one before it (blanks aside):
whether a tokenizer hangs a blank on the piece before it, after it or on none is no difference then. What a reader sees
as one character is never cut apart; pieces that only begin inside it are counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hubtui.core.tokenizer_comparison import MeasuredText, TextPiece
from hubtui.core.untrusted import reveal

BY_ALL, BY_THIS, BY_OTHERS = "┃", "│", "·"
"""What stands before a segment: all tokenizers cut there, this one does but not all, or only others do."""

UNKNOWN_MARK = "✗"
_JOINER = "\u200d"
SMALL = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits of the number of tokens that stand for one character."""

_SMALLER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where one tokenizer cuts a text.

    Attributes:
        places: characters that a piece begins at.
        inside: last code point of a character → pieces that begin inside that character, where there are any.
        unknown: characters of pieces that the vocabulary does not have.
        uncovered: characters, blanks aside, that no piece stands for.
    """

    places: frozenset[int]
    inside: Mapping[int, int]
    unknown: frozenset[int]
    uncovered: frozenset[int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A segment as one tokenizer has it.

    Attributes:
        mark: what stands before it, empty at the beginning of the text.
        words: its text made visible, a small number behind a character that is several pieces, and `UNKNOWN_MARK`.
    """

    mark: str
    words: str
    is_unknown: bool = False
    is_uncovered: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """One text, cut wherever any of the tokenizers does: `rows` holds a cell for each segment, a row a tokenizer."""

    rows: list[list[Cell]]
    n_agreed: int
    n_places: int


def cuts_of(text: str, pieces: Sequence[TextPiece]) -> Cuts:
    """Return where a tokenizer cuts."""
    starts = character_starts(text)
    owners: list[int | None] = [None] * len(text)
    for number, piece in enumerate(pieces):
        for at in range(piece.start, min(piece.end, len(text))):
            if owners[at] is None:
                owners[at] = number
    seen = [(at, owners[at]) for at in sorted(set(starts)) if not text[at].isspace()]
    places = frozenset(at for (_, before), (at, owner) in pairwise(seen) if before != owner)
    begun = {owner for _, owner in seen}
    inside: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        is_blank = not text[piece.start : piece.end].strip()
        if number not in begun and not is_blank:
            # a blank before the character may belong to the piece as well
            at = _last(starts, min(piece.end, len(text)) - 1)
            inside[at] = inside.get(at, 0) + 1
    return Cuts(
        places,
        inside,
        frozenset(at for one in pieces if one.is_unknown for at in range(one.start, one.end)),
        frozenset(at for at, owner in seen if owner is None),
    )


def character_starts(text: str) -> list[int]:
    """Return for each code point where what a reader sees as one character begins.

    Marks stay with their base, joined emoji with each other, and flags are pairs.
    """
    starts: list[int] = []
    flags = 0
    for at, char in enumerate(text):
        is_flag = "\U0001f1e6" <= char <= "\U0001f1ff"
        is_mark = unicodedata.category(char) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= char <= "\U0001f3ff"
        is_joined = char == _JOINER or (at > 0 and text[at - 1] == _JOINER and not char.isspace())
        joins = at > 0 and (is_mark or is_joined or (is_flag and flags % 2 == 1))
        flags = flags + 1 if is_flag else 0
        starts.append(starts[-1] if joins else at)
    return starts


def _last(starts: Sequence[int], at: int) -> int:
    """Return the last code point of a character."""
    while at + 1 < len(starts) and starts[at + 1] == starts[at]:
        at += 1
    return at


def agreement(one: Sequence[Cuts], other: Sequence[Cuts]) -> float:
    """Return the share of places that both cut the same texts at, of those that either does; 1 where neither cuts."""
    pairs = list(zip(one, other, strict=True))
    either = sum(len(here.places | there.places) for here, there in pairs)
    return sum(len(here.places & there.places) for here, there in pairs) / either if either else 1.0


def cuts_of_texts(texts: Sequence[MeasuredText]) -> list[Cuts]:
    """Return where a tokenizer cuts each of some texts."""
    return [cuts_of(one.text, one.pieces) for one in texts]


def align(text: str, tokenizers: Sequence[Cuts]) -> Alignment:
    """Lay tokenizers' cuts of a text side by side."""
    either: frozenset[int] = frozenset().union(*(cuts.places for cuts in tokenizers))
    agreed = frozenset.intersection(*(cuts.places for cuts in tokenizers)) if tokenizers else frozenset()
    bounds = [0, *sorted(either), len(text)] if text else []
    segments = list(pairwise(bounds))
    rows = [[_cell(text, start, end, cuts, agreed) for start, end in segments] for cuts in tokenizers]
    return Alignment(rows, len(agreed), len(either))


def _cell(text: str, start: int, end: int, cuts: Cuts, agreed: frozenset[int]) -> Cell:
    mark = BY_ALL if start in agreed else BY_THIS if start in cuts.places else BY_OTHERS
    words = _words(text, start, end, cuts)
    is_unknown = any(at in cuts.unknown for at in range(start, end) if not text[at].isspace())
    return Cell(
        mark if start else "",
        _before_blanks(words, UNKNOWN_MARK) if is_unknown else words,
        is_unknown,
        any(at in cuts.uncovered for at in range(start, end)),
    )


def _words(text: str, start: int, end: int, cuts: Cuts) -> str:
    words = ""
    for at in sorted(at for at in cuts.inside if start <= at < end):
        words += _shown(text[start : at + 1]) + str(cuts.inside[at] + 1).translate(_SMALLER)
        start = at + 1
    return words + _shown(text[start:end])


def _shown(text: str) -> str:
    """Make a text visible but for spaces, which belong to nobody here."""
    return " ".join(map(reveal, text.split(" ")))


def _before_blanks(words: str, mark: str) -> str:
    bare = words.rstrip(" ")
    return bare + mark + " " * (len(words) - len(bare))
