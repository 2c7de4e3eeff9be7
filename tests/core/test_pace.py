from __future__ import annotations

import pytest

from hubtui.core.pace import Pace

_MB = 1_000_000


def _steady(pace: Pace, start_s: float, seconds: float, rate: int, step_s: float = 0.1) -> Pace:
    amount = pace.amount
    for step in range(1, round(seconds / step_s) + 1):
        pace = pace.after(start_s + step * step_s, round(amount + rate * step * step_s))
    return pace


def test_a_steady_download_shows_its_true_speed_from_the_first_second_on() -> None:
    pace = Pace().after(100.0, 0)
    assert pace.per_second is None
    assert _steady(pace, 100.0, 0.4, 12 * _MB).per_second is None, "nothing is told before it is settled"
    for seconds in (0.6, 3, 60):
        assert _steady(pace, 100.0, seconds, 12 * _MB).per_second == pytest.approx(12 * _MB, rel=0.01)


def test_the_remaining_time_goes_with_the_speed() -> None:
    pace = _steady(Pace().after(0.0, 0), 0.0, 10, 10 * _MB)
    assert pace.seconds_left(300 * _MB) == pytest.approx(30, rel=0.01)
    assert pace.seconds_left(0) == 0.0
    assert Pace().seconds_left(5) is None


def test_bursts_are_smoothed() -> None:
    pace, amount = Pace().after(0.0, 0), 0
    rates = []
    for step in range(1, 301):
        amount += 20 * _MB if step % 10 == 0 else 0  # all of a second's bytes at once
        pace = pace.after(step / 10, amount)
        rates.append(pace.per_second or 0)
    assert all(15 * _MB < rate < 25 * _MB for rate in rates[100:])


def test_a_change_of_speed_is_followed_within_seconds() -> None:
    fast = _steady(Pace().after(0.0, 0), 0.0, 30, 50 * _MB)
    slow = _steady(fast, 30.0, 15, 5 * _MB)
    assert slow.per_second == pytest.approx(5 * _MB, rel=0.5)


def test_a_stalled_download_slows_down_instead_of_showing_its_last_speed() -> None:
    pace = _steady(Pace().after(0.0, 0), 0.0, 10, 10 * _MB)
    assert (pace.after(40.0, pace.amount).per_second or 0) < 0.1 * _MB
    assert (pace.after(40.0, pace.amount).seconds_left(_MB) or 0) > 40


def test_a_file_that_begins_again_and_a_clock_that_stands_break_nothing() -> None:
    pace = _steady(Pace().after(0.0, 0), 0.0, 5, 10 * _MB)
    assert pace.after(5.1, 0).per_second == pace.per_second
    assert pace.after(pace.at_s or 0, pace.amount + 5).per_second == pace.per_second
