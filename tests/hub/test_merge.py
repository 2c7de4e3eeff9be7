from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.errors import HubError, HubUnreachableError
from hubtui.core.models import ModelRow
from hubtui.core.ordering import rank_of
from hubtui.hub.merge import Listed, Merges

_RANK = rank_of("likes")


def _row(number: int) -> ModelRow:
    return ModelRow(f"a/{number}", likes=number % 7)


def _listings(branches: list[list[ModelRow]], page: int) -> tuple[list[str], Callable[[str], Listed], list[str]]:
    asked: list[str] = []

    def fetch(url: str) -> Listed:
        asked.append(url)
        branch, start = map(int, url.split("/"))
        rows = branches[branch]
        following = f"{branch}/{start + page}" if start + page < len(rows) else None
        return Listed(tuple(rows[start : start + page]), following)

    return [f"{index}/0" for index in range(len(branches))], fetch, asked


def _all(merges: Merges, cursor: str | None, fetch: Callable[[str], Listed]) -> tuple[list[ModelRow], int]:
    rows: list[ModelRow] = []
    looked_at = 0
    while cursor is not None:
        page = merges.page(cursor, fetch)
        rows += page.rows
        looked_at += page.looked_at
        cursor = page.cursor
    return rows, looked_at


@given(st.lists(st.lists(st.integers(0, 30), unique=True, max_size=12), min_size=1, max_size=4), st.integers(1, 5))
def test_several_listings_read_as_one_in_order_without_loss_or_duplicates(numbers: list[list[int]], page: int) -> None:
    branches = [sorted(map(_row, listed), key=_RANK) for listed in numbers]
    urls, fetch, asked = _listings(branches, page)
    merges = Merges()
    rows, looked_at = _all(merges, merges.begin(urls, _RANK), fetch)
    assert sorted(row.id for row in rows) == sorted({row.id for branch in branches for row in branch})
    assert [_RANK(row) for row in rows] == sorted(_RANK(row) for row in rows)
    assert looked_at == len(rows)
    assert len(asked) == len(set(asked)), "no page is asked for twice"


def test_the_same_cursor_gives_the_same_page_again() -> None:
    urls, fetch, asked = _listings([[_row(6), _row(5)], [_row(4), _row(6)]], 1)
    merges = Merges()
    cursor = merges.begin(urls, _RANK)
    first = merges.page(cursor, fetch)
    assert merges.page(cursor, fetch) == first
    assert len(asked) == 2
    assert first.cursor is not None
    second = merges.page(first.cursor, fetch)
    assert merges.page(first.cursor, fetch) == second


def test_when_one_listing_fails_the_others_are_not_asked_again() -> None:
    urls, fetch, asked = _listings([[_row(6)], [_row(5)]], 1)
    is_down = True

    def shaky(url: str) -> Listed:
        if is_down and url == "1/0":
            raise HubUnreachableError("gone")
        return fetch(url)

    merges = Merges()
    cursor = merges.begin(urls, _RANK)
    with pytest.raises(HubUnreachableError):
        merges.page(cursor, shaky)
    is_down = False
    assert [row.id for row in merges.page(cursor, shaky).rows] == ["a/6", "a/5"]
    assert sorted(asked) == ["0/0", "1/0"]


def test_a_list_that_was_left_too_long_ago_says_so() -> None:
    urls, fetch, _ = _listings([[_row(1)]], 1)
    merges = Merges()
    cursors = [merges.begin(urls, _RANK) for _ in range(65)]
    for cursor in (cursors[0], "merge:x", "nonsense"):
        with pytest.raises(HubError, match="too long ago"):
            merges.page(cursor, fetch)
    assert merges.page(cursors[-1], fetch).cursor is None


def test_entries_that_cannot_be_read_are_counted_once() -> None:
    merges = Merges()
    page = merges.page(merges.begin(["u"], _RANK), lambda _: Listed((_row(1),), "more", skipped=3))
    assert (page.skipped, page.looked_at) == (3, 4)
    assert page.cursor is not None
    assert merges.page(page.cursor, lambda _: Listed((_row(2),), None)).skipped == 0
