from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hubtui.core.numbers import age_text, count_text, duration_text, remaining_text, size_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.0k"),
        (12_345, "12.3k"),
        (999_499, "999k"),
        (999_999, "1.0M"),
        (110_600_000, "111M"),
        (None, "?"),
    ],
)
def test_counts_are_short(count: int | None, text: str) -> None:
    assert count_text(count) == text


@pytest.mark.parametrize(
    ("size", "text"), [(512, "512 B"), (445_000_000, "445 MB"), (22_100_000_000, "22.1 GB"), (None, "?")]
)
def test_sizes_carry_their_unit(size: int | None, text: str) -> None:
    assert size_text(size) == text


NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=5), "now"),
        (timedelta(minutes=90), "1h"),
        (timedelta(days=3), "3d"),
        (timedelta(days=70), "2mo"),
        (timedelta(days=800), "2y"),
    ],
)
def test_ages_are_in_the_largest_unit(ago: timedelta, text: str) -> None:
    assert age_text(NOW - ago, NOW) == text


def test_a_date_in_the_future_is_now() -> None:
    assert age_text(NOW + timedelta(days=1), NOW) == "now"
    assert age_text(None, NOW) == "?"


@pytest.mark.parametrize(("seconds", "text"), [(0.082, "82 ms"), (1.42, "1.4 s"), (200.0, "3 min 20 s")])
def test_durations_are_in_their_natural_unit(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (12.4, "12 s"), (99.6, "2 min"), (3_590, "60 min"), (7_800, "2 h 10 min")],
)
def test_time_left_is_told_no_finer_than_anybody_knows_it(seconds: float, text: str) -> None:
    assert remaining_text(seconds) == text
