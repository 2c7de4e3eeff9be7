"""Which tokens of a sequence truncation would drop, before it drops them."""

from __future__ import annotations

from collections.abc import Sequence


def dropped_range(added: Sequence[int], limit: int | None, side: str) -> range:
    """Return the positions that truncation to `limit` tokens drops from a sequence that is still whole.

    The added tokens at both ends stay: truncation cuts the text and adds them afterwards.

    Args:
        added: 1 for tokens that the tokenizer added.
        limit: in tokens; None drops nothing.
        side: the truncation side, `right` or `left`.
    """
    length = len(added)
    if limit is None or length <= limit:
        return range(0)
    first = next((at for at, is_added in enumerate(added) if not is_added), length)
    last = next((at for at in range(length, first, -1) if not added[at - 1]), first)
    kept = max(0, limit - first - (length - last))
    return range(first, last - kept) if side == "left" else range(first + kept, last)
