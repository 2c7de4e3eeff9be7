"""The size slider: the `size:` term of a query as two ends on a logarithmic scale from a million weights to 10¹²."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Literal, TypeAlias

from hubtui.core.query import Query, value_of, with_term
from hubtui.core.query_keys import SizeRange, format_count, size_range
from hubtui.ui.text import Line, Piece, hit
from hubtui.ui.theme import Inks

End: TypeAlias = Literal["low", "high"]

_STEPS = (10, 15, 20, 30, 40, 50, 70, 80)  # of each power of ten, in tenths: 1.5B, 3B, 7B and 70B are sizes of models
STOPS = (*(step * 10**power for power in range(5, 11) for step in _STEPS), 10**12)
"""Where an end may stand, one a cell. At the outermost stops the range is open."""

_LAST = len(STOPS) - 1
_MARGIN = " " * 3
_ROUNDING = 1000  # `<3B` ends one weight before the stop 3B: that close counts as on the stop


def span(query: Query) -> SizeRange:
    """Return what lies between the smallest and the largest size that a query asks for; open on both sides without."""
    ranges = _ranges(query)
    lows, highs = [part.low for part in ranges], [part.high for part in ranges]
    return SizeRange(
        None if None in lows or not lows else min(low for low in lows if low is not None),
        None if None in highs or not highs else max(high for high in highs if high is not None),
    )


def moved(query: Query, end: End, steps: int) -> Query:
    """Return the query with one end moved by so many stops; the ends stay at least a stop apart."""
    whole = span(query)
    at = _after(whole.low or STOPS[0], steps) if end == "low" else _after(whole.high or STOPS[_LAST], steps)
    return placed(query, end, at)


def placed(query: Query, end: End, stop: int) -> Query:
    """Return the query with one end on a stop (an index into `STOPS`), as far as the other end lets it."""
    whole = span(query)
    low, high = whole.low, whole.high
    if end == "low":
        stop = max(0, min(stop, (bisect_left(STOPS, _rounded(high)) if high is not None else _LAST) - 1))
        low = STOPS[stop] if stop else None
    else:
        stop = min(_LAST, max(stop, (bisect_right(STOPS, _rounded(low)) if low is not None else 1)))
        high = STOPS[stop] if stop < _LAST else None
    return _with_ends(query, low, high)


def nearer_end(query: Query, stop: int, in_hand: End) -> End:
    """Return which end a click on a stop is meant for: the nearer one, the one in hand when both are as near."""
    low, high = positions(query)
    if abs(stop - low) == abs(stop - high):
        return in_hand
    return "low" if abs(stop - low) < abs(stop - high) else "high"


def positions(query: Query) -> tuple[int, int]:
    """Return the stops nearest to both ends, as indexes into `STOPS`."""
    whole = span(query)
    low = 0 if whole.low is None else _nearest(whole.low)
    return low, _LAST if whole.high is None else _nearest(whole.high)


def words(query: Query) -> str:
    """Return the sizes that a query asks for in words: `any`, `under 3B`, `1B to 8B`, `7B`."""
    values = value_of(query, "size")
    if len(values) > 1:
        return f"{len(values)} ranges"
    if not values:
        return "any"
    value = values[0]
    signs = {"<=": "at most ", ">=": "at least ", "<": "under ", ">": "over "}
    sign = next((sign for sign in signs if value.startswith(sign)), "")
    return f"{signs.get(sign, '')}{value.removeprefix(sign)}".replace("..", " to ")


def track(query: Query, in_hand: End | None, inks: Inks) -> Line:
    """Return the line with the two ends; `in_hand` is the end that the keys move, None when they move none."""
    ranges = _ranges(query)
    low, high = positions(query)
    pieces: list[Piece] = [(_MARGIN, inks.text)]
    for at, stop in enumerate(STOPS):
        is_in = any(stop in part for part in ranges) or (bool(ranges) and at in {low, high})
        char, style = ("━", inks.accent) if is_in else ("┼" if at % len(_STEPS) == 0 else "─", inks.faint)
        for end, place in (("low", low), ("high", high)):
            if at == place:
                is_in_hand = end == in_hand
                char = "◆" if is_in_hand else "●"
                style = inks.strong if is_in_hand else inks.accent if ranges else inks.muted
        pieces.append((char, hit(style, f"size:{at}")))
    return pieces


def scale(inks: Inks) -> Line:
    """Return the line under the track that names the powers of ten."""
    text = "".join(format_count(stop).ljust(len(_STEPS)) for stop in STOPS[:: len(_STEPS)])
    return [(_MARGIN, inks.text), (text.rstrip(), inks.muted)]


def _ranges(query: Query) -> tuple[SizeRange, ...]:
    return tuple(size_range(value) for value in value_of(query, "size"))


def _with_ends(query: Query, low: int | None, high: int | None) -> Query:
    low_text = "" if low is None else format_count(_rounded(low))
    high_text = "" if high is None else format_count(_rounded(high))
    if not low_text and not high_text:
        # Only what is asked for: a size that is excluded is another term.
        return with_term(query, "size", ())
    if low_text and high_text:
        return with_term(query, "size", [f"{low_text}..{high_text}"])
    return with_term(query, "size", [f">{low_text}" if low_text else f"<{high_text}"])


def _nearest(count: int) -> int:
    """Return the index of the stop nearest to a number of weights, by ratio."""
    at = bisect_left(STOPS, count)
    if at in {0, len(STOPS)}:
        return min(at, _LAST)
    return at if STOPS[at] * STOPS[at - 1] <= count * count else at - 1


def _rounded(count: int) -> int:
    """Return the stop that a number of weights stands on but for rounding, else the number itself."""
    stop = STOPS[_nearest(count)]
    return stop if abs(stop - count) * _ROUNDING <= stop else count


def _after(count: int, steps: int) -> int:
    """Return the index of the stop so many steps from a number of weights, which may lie between two stops."""
    count = _rounded(count)
    at = bisect_right(STOPS, count) - 1 if steps > 0 else bisect_left(STOPS, count)
    return max(0, min(at + steps, _LAST))
