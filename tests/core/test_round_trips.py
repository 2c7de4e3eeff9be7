"""The first difference between two texts, made visible."""

from __future__ import annotations

import pytest

from hubtui.core.round_trips import RoundTrip, changed_signs, difference_at, first_difference, shown, verdict


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [("abc", "abc", None), ("", "", None), ("abc", "abd", 2), ("abc", "ab", 2), ("", "a", 0), ("é", "e\u0301", 0)],
)
def test_the_first_difference_is_found(one: str, other: str, place: int | None) -> None:
    assert first_difference(one, other) == place


def test_signs_that_look_alike_are_told_apart_by_number() -> None:
    assert changed_signs("éa", "e\u0301a") == ("U+00E9", "U+0065 U+0301")
    assert changed_signs("", " ") == ("the end", "U+0020")
    assert shown("\x1b[31m a") == "␛[31m␣a"
    assert shown("") == "(the end)"


def test_several_lines_are_summed_up_in_a_sentence() -> None:
    same = RoundTrip("a", "a", 1, 0)
    changed = RoundTrip("A", "a", 1, 0, difference_at("A", "a", 0, "", ""))
    assert verdict([same]) == "comes back as it was"
    assert verdict([changed]) == "comes back changed"
    assert verdict([same, same]) == "all 2 lines come back as they were"
    assert verdict([same, changed]) == "line 2 of 2 comes back changed"
    assert verdict([same, changed, changed]) == "2 of 3 lines come back changed, first line 2"
