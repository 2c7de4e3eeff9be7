"""The same text word by word, character by character and as the tokenizer cuts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from hubtui.core.stages import UnitCount

WORD = re.compile(r"\w+|[^\w\s]")
"""Letters and digits in a row, or one other sign that is no blank."""

_MARKS = ("", "▁", "Ġ")
_MOST_SHOWN = 50

Pieces = Callable[[list[str]], list[list[tuple[int, str]]]]
"""Takes texts, returns the id and the token of each piece of each, without special tokens."""


def count_units(
    text: str, pieces: Pieces, tokens: Sequence[tuple[int, str]], unknown_id: int | None
) -> list[UnitCount]:
    """Return words, characters and tokens of a text.

    Args:
        text: any.
        pieces: asks the tokenizer.
        tokens: id and text of each token of the text, without special ones.
        unknown_id: of the unknown token, None where there is none.
    """
    unknown = [word for number, word in tokens if number == unknown_id]
    of_tokens = UnitCount("token", len({number for number, _ in tokens}), len(tokens), len(unknown), _first_of(unknown))
    return [
        _count("word", WORD.findall(text), pieces, unknown_id),
        _count("character", list(text), pieces, unknown_id),
        of_tokens,
    ]


def _count(unit: Literal["word", "character"], units: list[str], pieces: Pieces, unknown_id: int | None) -> UnitCount:
    different = list(dict.fromkeys(units))
    alone = pieces([*different, *(f" {one}" for one in different)])
    # blanks that the tokenizer drops need no entry
    known = {
        one
        for one, bare, after_blank in zip(different, alone, alone[len(different) :], strict=False)
        if one.isspace() or _is_one_piece(bare, unknown_id) or _is_one_piece(after_blank, unknown_id)
    }
    unknown = [one for one in units if one not in known]
    return UnitCount(unit, len(different), len(units), len(unknown), _first_of(unknown))


def _is_one_piece(pieces: Sequence[tuple[int, str]], unknown_id: int | None) -> bool:
    """Tell whether a unit is one known piece, the mark of a word's beginning aside."""
    rest = pieces[1:] if len(pieces) == 2 and pieces[0][1] in _MARKS else pieces
    return len(rest) == 1 and rest[0][0] != unknown_id


def _first_of(units: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(units))[:_MOST_SHOWN]
