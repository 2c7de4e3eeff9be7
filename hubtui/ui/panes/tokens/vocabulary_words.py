"""What is said above a vocabulary: whether the text comes back, what ids say, how many tokens were found."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.core.errors import HubtuiError
from hubtui.core.round_trips import Difference, RoundTrip, changed_signs, shown, verdict
from hubtui.core.token_vocabulary import DecodedIds, VocabularyPage, VocabularyQuery
from hubtui.core.untrusted import reveal
from hubtui.ui import text
from hubtui.ui.text import Line, Piece, clip, plural, whole, wrap
from hubtui.ui.theme import Inks

_LABEL = 9
_MOST_OUTSIDE = 12


def trip_lines(trips: Sequence[RoundTrip], width: int, inks: Inks, *, is_low: bool, is_brief: bool) -> list[Line]:
    """Return whether the lines of a text come back, and unless `is_brief` the first difference of the first."""
    title: Piece = ("round trip ", inks.muted)
    difference = next((trip.difference for trip in trips if trip.difference is not None), None)
    if difference is None:
        return [clip([title, ("✓ ", inks.good), (verdict(trips), inks.text)], width)]
    lines: list[Line] = []
    head: list[Piece] = [title, ("✗ ", inks.bad), (verdict(trips), inks.strong)]
    where: list[Piece] = [(" · ", inks.faint), (f"character {whole(difference.place + 1)}", inks.muted)]
    lines.append(clip([*head, *where] if text.width_of([*head, *where]) <= width else head, width))
    if is_brief:
        return lines
    lines += _sides(difference, width, inks)
    reason = difference.reason or "What changed it cannot be told from the tokenizer's settings."
    shown_reason = wrap(reason, max(10, width - _LABEL))
    lines += [[(" " * _LABEL, inks.text), (line, inks.text)] for line in shown_reason[: 1 if is_low else 3]]
    return lines


def _sides(difference: Difference, width: int, inks: Inks) -> list[Line]:
    """Return both sides, one below the other: what they share, then what differs, then its first sign by number."""
    signs = changed_signs(difference.expected, difference.got)
    before = reveal(difference.before)
    sides = (("text", difference.expected, signs[0]), ("decoded", difference.got, signs[1]))
    room = max(8, width - _LABEL - text.cells(before) - max(map(text.cells, signs)) - 2)
    cells = min(room, max(text.cells(shown(side)) for _, side, _ in sides))
    return [
        clip(
            [
                (f"{name:<{_LABEL}}", inks.muted),
                (before, inks.text),
                (text.fit(shown(side), cells), inks.bad if name == "decoded" else inks.accent),
                (f"  {sign}", inks.muted),
            ],
            width,
        )
        for name, side, sign in sides
    ]


def decoded_lines(decoded: DecodedIds, width: int, inks: Inks, *, most: int) -> list[Line]:
    """Return what ids say: with special tokens, without where that differs, and which no token has."""
    lines = _text_lines("ids say", reveal(decoded.text) or "(nothing)", width, inks, most=most)
    if decoded.plain != decoded.text:
        lines += _text_lines("plain", reveal(decoded.plain) or "(nothing)", width, inks, most=most)
    if decoded.outside:
        ids = ", ".join(str(one) for one in decoded.outside[:_MOST_OUTSIDE])
        more = ", …" if len(decoded.outside) > _MOST_OUTSIDE else ""
        words = f"✗ no token has {ids}{more}: left out of the text"
        lines += [[(line, inks.bad)] for line in wrap(words, width)[:most]]
    return lines


def _text_lines(name: str, words: str, width: int, inks: Inks, *, most: int) -> list[Line]:
    from rich.cells import chop_cells  # noqa: PLC0415 - only where ids are decoded

    room = max(4, width - _LABEL)
    parts = chop_cells(words, room)
    if len(parts) > most:
        parts = [*parts[: most - 1], text.shorten(parts[most - 1], room - 1) + "…"]
    heads = [name, *("" for _ in parts[1:])]
    return [[(f"{head:<{_LABEL}}", inks.muted), (part, inks.strong)] for head, part in zip(heads, parts, strict=True)]


def tally(query: VocabularyQuery, page: VocabularyPage) -> str:
    """Return how many tokens there are, or were found."""
    if query.kind in {"all", "near"}:
        special = plural(page.n_special, "special") if page.n_special else "no special"
        special = special.removesuffix("s") if page.n_special > 1 else special
        return f"{plural(page.size, 'token')} · {special}"
    if query.kind == "ids":
        return plural(page.total, "id")
    return f"{whole(page.total)} of {whole(page.size)}"


def refusal_lines(error: HubtuiError, width: int, inks: Inks) -> list[Line]:
    """Return why a search was refused, and the next step."""
    room = max(10, width - 2)
    said = [(f"{'  ' if at else '✗ '}{line}", inks.bad) for at, line in enumerate(wrap(error.message, room))]
    said += [(f"  {line}", inks.text) for line in wrap(error.hint, room) if line]
    return [[piece] for piece in said]
