"""Which characters a token stands for, where the tokenizer itself does not say (those without a Rust backend)."""

from __future__ import annotations

from collections.abc import Sequence

_LOOKAHEAD = 64


def align_bytes(text: str, n_bytes: Sequence[int]) -> list[tuple[int, int]]:
    """Return the character of each byte token.

    Args:
        text: what was encoded.
        n_bytes: UTF-8 bytes that each token stands for, in order.
    """
    ends: list[int] = []
    for index, char in enumerate(text):
        ends += [index] * len(char.encode("utf-8", errors="replace"))
    offsets: list[tuple[int, int]] = []
    position = 0
    for count in n_bytes:
        covered = ends[position : position + count]
        offsets.append((covered[0], covered[-1] + 1) if covered else (0, 0))
        position += count
    return offsets


def align_pieces(text: str, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Return (start, end) of each piece in `text` by looking for it a little ahead of the one before.

    Case is ignored where the exact piece is not found. A piece that the text does not spell (an unknown token, a
    normalised one) gets (0, 0): a wrong place would be worse than none.
    """
    folded = text.lower()
    # lower() may change the length ("İ"): then places in it are not places in the text
    candidates = (text, folded) if len(folded) == len(text) else (text,)
    offsets: list[tuple[int, int]] = []
    position = 0
    for piece in pieces:
        found = _find(candidates, piece, position)
        offsets.append((found, found + len(piece)) if found >= 0 else (0, 0))
        position = found + len(piece) if found >= 0 else position
    return offsets


def _find(candidates: Sequence[str], piece: str, position: int) -> int:
    if not piece:
        return -1
    for index, candidate in enumerate(candidates):
        wanted = piece if index == 0 else piece.lower()
        found = candidate.find(wanted, position, position + len(wanted) + _LOOKAHEAD)
        if found >= 0:
            return found
    return -1
