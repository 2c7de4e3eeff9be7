"""The line in the text behind which truncation drops the rest, before it does and after."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenRow
from hubtui.ui.text import plural, whole
from hubtui.ui.token_layout import Cut

_SHOWN_GONE = 400


def cut_of(view: TokenizedView, info: TokenizerInfo, options: TokenizeOptions, texts: Sequence[str]) -> Cut | None:
    """Return what is drawn where truncation drops tokens of a sequence, or dropped them; None where all stays."""
    if view.cut_at is None or not any(view.dropped):
        return None
    is_past = bool(info.positions) and not options.truncation
    words: dict[int, str] = {}
    is_bad = False
    for number, (length, dropped) in enumerate(zip(view.lengths, view.dropped, strict=True)):
        if dropped:
            fails = is_past and length > (info.positions or 0)
            is_bad = is_bad or fails
            words[number] = _words(view.cut_at, dropped, options, info, fails=fails)
    gone = (
        _gone(view.pieces, view.lengths, (options.truncation_side or info.truncation_side), texts)
        if options.truncation
        else {}
    )
    return Cut(
        words,
        (options.truncation_side or info.truncation_side),
        {number: gone.get(number, "") for number in words},
        is_bad,
    )


def _words(cut_at: int, dropped: int, options: TokenizeOptions, info: TokenizerInfo, *, fails: bool) -> str:
    where = "up to here" if (options.truncation_side or info.truncation_side) == "left" else "from here"
    tokens = plural(dropped, "token")
    if options.truncation:
        return f"{whole(cut_at)} ┊ the model sees nothing {where}: {tokens} cut"
    if fails:
        return f"{whole(cut_at)} ┊ too long: the model fails; truncation drops {where} {tokens}"
    return f"{whole(cut_at)} ┊ truncation drops {where} {tokens}"


def _gone(pieces: Sequence[TokenRow], lengths: Sequence[int], side: str, texts: Sequence[str]) -> dict[int, str]:
    """Return the text beyond the tokens that are left, of the sequences of which that end is among the pieces."""
    found: dict[int, str] = {}
    for number, group in groupby(pieces, key=lambda row: row.sequence):
        rows = list(group)
        covering = [row for row in rows if row.surface]
        if number >= min(len(texts), len(lengths)):
            continue
        if side == "left" and rows[0].position == 0:
            found[number] = texts[number][: covering[0].start][-_SHOWN_GONE:] if covering else texts[number]
        elif side != "left" and rows[-1].position == lengths[number] - 1:
            found[number] = texts[number][covering[-1].end :][:_SHOWN_GONE] if covering else texts[number]
    return found
