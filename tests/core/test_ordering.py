from __future__ import annotations

from datetime import UTC, datetime

from hubtui.core import vocabulary
from hubtui.core.models import ModelRow
from hubtui.core.ordering import rank_of

_OLD, _NEW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
_ROWS = (
    ModelRow("a/unknown"),
    ModelRow("a/small", parameters=1, downloads=5, likes=9, trending=1.5, created=_NEW, updated=_OLD),
    ModelRow("a/large", parameters=9, downloads=7, likes=8, trending=1.2, created=_OLD, updated=_NEW),
)


def test_of_equals_the_older_come_first_whatever_the_order() -> None:
    rows = [ModelRow("a/new", parameters=5, created=_NEW), ModelRow("b/old", parameters=5, created=_OLD)]
    for sort in set(vocabulary.SORTS) - {"created"}:
        assert [row.id for row in sorted(rows, key=rank_of(sort))] == ["b/old", "a/new"]


def test_rows_of_this_machine_stand_in_the_order_that_was_asked_for_and_the_unknown_last() -> None:
    first = {}
    for sort in vocabulary.SORTS:
        rows = sorted(_ROWS, key=rank_of(sort))
        first[sort] = rows[0].id
        assert rows[-1].id == "a/unknown"
    assert first == {
        "trending": "a/small",
        "downloads": "a/large",
        "likes": "a/small",
        "updated": "a/large",
        "created": "a/small",
        "largest": "a/large",
        "smallest": "a/small",
    }
