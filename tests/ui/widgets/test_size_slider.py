import pytest

from hubtui.core.query import parse, to_text
from hubtui.ui.widgets.size_slider import STOPS, End, moved, nearer_end, placed, positions, track, words
from tests.ui.inks import inks_of


@pytest.mark.parametrize(
    ("before", "end", "steps", "after"),
    [
        ("", "high", -1, "size:<800B"),
        ("", "low", 1, "size:>1.5M"),
        ("", "high", 1, ""),
        ("size:<3B", "high", 1, "size:<4B"),
        ("size:<=3B", "high", 1, "size:<4B"),
        ("size:>70B", "low", -1, "size:>50B"),
        ("size:>70B", "high", -8, "size:70B..100B"),
        ("size:1B..8B", "low", 1, "size:1.5B..8B"),
        ("size:1B..8B", "low", 99, "size:7B..8B"),
        ("size:1B..8B", "high", -99, "size:1B..1.5B"),
        ("size:1B..8B", "low", -99, "size:<8B"),
        ("size:1B..8B", "high", 99, "size:>1B"),
        ("size:7B", "high", 1, "size:6.3B..8B"),
        ("size:7B", "low", -1, "size:5B..7.7B"),
        ("size:1.3B..8B", "low", 1, "size:1.5B..8B"),
        ("size:1.3B..8B", "low", -1, "size:1B..8B"),
        ("size:<1B,8B..30B", "high", -1, "size:<20B"),
        ("bert size:<800B -size:<1B", "high", 1, "bert -size:<1B"),
    ],
)
def test_an_end_moves_from_any_size_that_a_query_can_have(before: str, end: End, steps: int, after: str) -> None:
    assert to_text(moved(parse(before), end, steps)) == after


@pytest.mark.parametrize("start", ["", "size:<3B", "size:>70B", "size:1B..8B", "size:7B", "size:<10K", "size:>5T"])
def test_wherever_an_end_is_put_the_text_can_be_read_and_the_ends_stay_in_order(start: str) -> None:
    for end in ("low", "high"):
        for stop in range(len(STOPS)):
            query = placed(parse(start), end, stop)
            assert parse(to_text(query)) == query
            low, high = positions(query)
            assert low <= high


def test_a_click_takes_the_nearer_end() -> None:
    query = parse("size:1B..8B")
    low, high = positions(query)
    assert (STOPS[low], STOPS[high]) == (10**9, 8 * 10**9)
    assert nearer_end(query, low - 3, "high") == "low"
    assert nearer_end(query, high + 3, "low") == "high"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "any"),
        ("size:<3B", "under 3B"),
        ("size:>=70B", "at least 70B"),
        ("size:1B..8B", "1B to 8B"),
        ("size:7B", "7B"),
        ("size:<1B,>70B", "2 ranges"),
    ],
)
def test_the_sizes_are_said_in_words(query: str, said: str) -> None:
    assert words(parse(query)) == said


def test_every_range_of_several_is_drawn() -> None:
    line = "".join(text for text, _ in track(parse("size:<3M,>300B"), None, inks_of("dark"))).strip()
    assert line == "●━━" + line[3:-5] + "━━━━●"
    assert set(line[3:-5]) == {"─", "┼"}
