"""What is said of the token in hand: a line or two between the pieces and the totals."""

from __future__ import annotations

from collections.abc import Mapping

from hubtui.core.graphemes import cluster_at, is_inside
from hubtui.core.token_bytes import bytes_of
from hubtui.core.tokens import TokenizerInfo, TokenRow
from hubtui.core.untrusted import reveal
from hubtui.ui.text import CURSOR_MARK, Line, Piece, whole
from hubtui.ui.theme import Inks
from hubtui.ui.token_layout import ink_of

_SHOWN_CODES = 16


def hand_lines(
    row: TokenRow | None, neighbours: Mapping[int, str], info: TokenizerInfo, text: str, inks: Inks
) -> list[Line]:
    """Return two lines: the token, its id and the ids beside it; its code points and bytes.

    Args:
        row: the token in hand, None when there is none.
        neighbours: id → token.
        info: of the tokenizer.
        text: its sequence.
        inks: styles.
    """
    if row is None:
        return [[("no token in hand", inks.muted)], [("", inks.text)]]
    return [_first(row, neighbours, inks), _second(row, info, text, inks)]


def _first(row: TokenRow, neighbours: Mapping[int, str], inks: Inks) -> list[Piece]:
    pieces: list[Piece] = [
        (f"{CURSOR_MARK} ", inks.accent),
        (reveal(row.token) or "(empty)", ink_of(row, inks)),
        ("  id ", inks.muted),
        (whole(row.id), inks.strong),
    ]
    for number, arrow in ((row.id - 1, "‹"), (row.id + 1, "›")):
        if number in neighbours:
            pieces += [
                (f"  {arrow} {whole(number)} ", inks.muted),
                (reveal(neighbours[number]) or "(none)", inks.text),
            ]
    return pieces


def _second(row: TokenRow, info: TokenizerInfo, text: str, inks: Inks) -> list[Piece]:
    faint = inks.faint
    if not row.surface:
        what = {"pad": "padding", "special": "added by the tokenizer"}.get(row.kind, "stands for no characters")
        return [("  ", inks.text), (what, inks.muted)]
    pieces: list[Piece] = [("  ", inks.text), (_span(row), inks.text)]
    if said := _odd(row, text):
        pieces += [(" · ", faint), (said, inks.warn)]
    pieces += [(" · ", faint), (_codes(row.surface), inks.muted)]
    data = bytes_of(row.token, info)
    if data is None:
        data = row.surface.encode(errors="replace")
    shown = data[:_SHOWN_CODES].hex(" ") + (" …" if len(data) > _SHOWN_CODES else "")
    pieces += [(" · ", faint), (f"bytes {shown}", inks.muted)]
    return pieces


def _span(row: TokenRow) -> str:
    return f"character {row.start}" if row.end == row.start + 1 else f"characters {row.start}–{row.end}"


def _codes(surface: str) -> str:
    shown = " ".join(f"U+{ord(char):04X}" for char in surface[:_SHOWN_CODES])
    return shown + (" …" if len(surface) > _SHOWN_CODES else "")


def _odd(row: TokenRow, text: str) -> str:
    """Say when a boundary of the token goes through what is seen as one character."""
    if row.kind == "unknown":
        return "unknown: no piece for it"
    begins, ends = is_inside(text, row.start), is_inside(text, row.end)
    if not begins and not ends:
        return ""
    cluster = reveal(cluster_at(text, row.start if begins else row.end))
    where = "begins and ends" if begins and ends else "begins" if begins else "ends"
    return f"{where} inside the one character {cluster}"
