"""The order of results, as the Hub's sorts define it, for rows that are put in order on this side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime

from hubtui.core.models import ModelRow

Rank = Callable[[ModelRow], float]
"""Smaller ranks come first; rows of one rank keep the order in which they came."""


def rank_of(sort: str) -> Rank:
    """Return the rank that rows have in an order (a key of `vocabulary.SORTS`); what is unknown comes last."""
    return _RANKS[sort]


def _since_1970(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


_RANKS: Mapping[str, Rank] = {
    "trending": lambda row: -row.trending,
    "downloads": lambda row: -row.downloads,
    "likes": lambda row: -row.likes,
    "updated": lambda row: -_since_1970(row.updated),
    "created": lambda row: -_since_1970(row.created),
    "largest": lambda row: -(row.parameters or 0),
    "smallest": lambda row: math.inf if row.parameters is None else row.parameters,
}
