"""What padding costs: how many ids a batch holds, and how many of them are pads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.core.numbers import grouped

MULTIPLE = 8
"""What lengths are rounded up to for the matrix units of GPUs."""

BATCH = 8
"""Sequences in a batch where they are sorted by their length first."""


@dataclass(frozen=True, slots=True)
class PaddingCost:
    """What one way to pad makes of a batch.

    Attributes:
        how: `longest`, `multiple of 8`, `max_length`, or `sorted, 8 a batch`.
        ids: in the whole batch, pads included.
        pads: of these.
    """

    how: str
    ids: int
    pads: int


def padded_length(target: int, multiple: int | None) -> int:
    """Return the length that is padded to, rounded up to a multiple."""
    return -(-target // multiple) * multiple if multiple else target


def shape_words(n_rows: int, shortest: int, longest: int, n_ids: int, n_pads: int) -> str:
    """Return the shape of a batch: `2 × 13 · 26 ids · 7 pads (27 %)`; rows of unequal length make no tensor."""
    if shortest != longest:
        return f"{grouped(n_rows)} rows of {grouped(shortest)} to {grouped(longest)} · {grouped(n_ids)} ids · no tensor"
    share = f" ({100 * n_pads / n_ids:.0f} %)" if n_pads else ""
    pads = f"{grouped(n_pads)} {'pad' if n_pads == 1 else 'pads'}{share}"
    return f"{grouped(n_rows)} × {grouped(longest)} · {grouped(n_ids)} ids · {pads}"


def padding_costs(lengths: Sequence[int], limit: int | None) -> list[PaddingCost]:
    """Return what each way to pad costs, the cheapest of what one tensor needs first.

    Args:
        lengths: of the sequences, in tokens.
        limit: what `max_length` pads to; None when nobody says.
    """
    if not lengths:
        return []
    longest = max(lengths)
    costs = []
    if len(lengths) > BATCH:
        ordered = sorted(lengths)
        batches = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
        costs.append(_cost(f"sorted, {BATCH} a batch", lengths, sum(len(batch) * batch[-1] for batch in batches)))
    costs += [
        _cost("longest", lengths, len(lengths) * longest),
        _cost(f"multiple of {MULTIPLE}", lengths, len(lengths) * padded_length(longest, MULTIPLE)),
    ]
    if limit is not None:
        costs.append(_cost("max_length", lengths, sum(max(length, limit) for length in lengths)))
    return costs


def _cost(how: str, lengths: Sequence[int], ids: int) -> PaddingCost:
    return PaddingCost(how, ids, ids - sum(lengths))
