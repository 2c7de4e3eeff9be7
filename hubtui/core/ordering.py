"""The order of results, as the Hub's sorts define it, for rows that are put in order on this side.

Of equals the Hub puts the older first: its cursors go on from `{"downloads": 0, "_id": {"$gt": …}}`, and an `_id`
begins with the second of creation. The demo Hub, the catalogue and merged listings do the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime

from hubtui.core.models import ModelRow

Rank = Callable[[ModelRow], tuple[float, float]]
"""Smaller ranks come first; rows of one rank keep the order in which they came."""


def rank_of(sort: str) -> Rank:
    """Return the rank that rows have in an order (a key of `vocabulary.SORTS`); what is unknown comes last."""
    value_of = _VALUES[sort]
    return lambda row: (value_of(row), _since_1970(row.created))


def _since_1970(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


_VALUES: Mapping[str, Callable[[ModelRow], float]] = {
    "trending": lambda row: -row.trending,
    "downloads": lambda row: -row.downloads,
    "likes": lambda row: -row.likes,
    "updated": lambda row: -_since_1970(row.updated),
    "created": lambda row: -_since_1970(row.created),
    "largest": lambda row: -(row.parameters or 0),
    "smallest": lambda row: math.inf if row.parameters is None else row.parameters,
}
