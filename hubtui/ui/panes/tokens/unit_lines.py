"""The text word by word, character by character and in the tokenizer's pieces, as lines."""

from __future__ import annotations

from typing import Literal

from rich.style import Style

from hubtui.core.stage_words import ALGORITHMS, DEFINITIONS, WHY_SUBWORDS
from hubtui.core.stages import TokenStages, UnitCount
from hubtui.core.untrusted import reveal
from hubtui.ui.text import Line, Piece, clip, plural, whole, wrap
from hubtui.ui.theme import Inks

UNITS = "units"
"""The fold that holds them."""

_NAMES: dict[Literal["word", "character", "token"], str] = {
    "word": "word by word",
    "character": "character by character",
    "token": "this tokenizer",
}
_NAME, _NUMBER = 24, 9


def unit_output(told: TokenStages, width: int, inks: Inks) -> list[Line]:
    """Return the comparison on one line."""
    facts: list[Piece] = []
    for count in told.counts:
        facts.append((f"{'' if not facts else ' · '}{plural(count.length, count.unit)}", inks.text))
        if count.unknown:
            facts.append((f" ({whole(count.unknown)} unknown)", inks.bad if count.unit == "token" else inks.muted))
    return [clip(facts, width)]


def unit_detail(told: TokenStages, width: int, inks: Inks) -> list[Line]:
    """Return the algorithm in two sentences, the table, and what it shows."""
    lines: list[Line] = _wrapped(" ".join(ALGORITHMS[told.info.algorithm]), width, inks.text)
    titles = f"{'':<{_NAME}}{'entries':>{_NUMBER}}{'length':>{_NUMBER}}{'unknown':>{_NUMBER}}"
    lines.append([])
    lines.append(clip([(titles, inks.muted)], width))
    lines += [_row(count, told, width, inks) for count in told.counts]
    lines.append([])
    lines += _wrapped(WHY_SUBWORDS, width, inks.text)
    return [*lines, *_wrapped(DEFINITIONS, width, inks.muted)]


def _row(count: UnitCount, told: TokenStages, width: int, inks: Inks) -> Line:
    is_own = count.unit == "token"
    numbers = f"{whole(count.vocabulary):>{_NUMBER}}{whole(count.length):>{_NUMBER}}"
    row: list[Piece] = [
        (f"{_NAMES[count.unit]:<{_NAME}}", inks.accent if is_own else inks.text),
        (numbers, inks.strong if is_own else inks.text),
        (f"{whole(count.unknown):>{_NUMBER}}", inks.bad if count.unknown else inks.text),
    ]
    if is_own:
        row.append((f"   of {whole(told.info.vocab_size)} in its vocabulary", inks.muted))
    elif count.unknown_units:
        row.append(("   " + " ".join(reveal(unit) for unit in count.unknown_units), inks.muted))
    return clip(row, width)


def _wrapped(words: str, width: int, style: Style) -> list[Line]:
    return [[(line, style)] for line in wrap(words, width)]
