"""Lengths of lines, added up chunk by chunk."""

from __future__ import annotations

import random

import pytest

from hubtui.core.file_lengths import Bin, FileLengths, FilePlace, LinesMeasured, LongLine, bins_of


def _measured(lengths: dict[int, int], place: FilePlace | None = None, **changes: int) -> LinesMeasured:
    longest = [LongLine(length, at, "x") for at, length in enumerate(sorted(lengths, reverse=True)[:10], 1)]
    return LinesMeasured(lengths, longest, place, 1000, **{"n_characters": 50, "n_added": 2, "n_unknown": 3} | changes)


def test_two_chunks_make_one_file() -> None:
    found = FileLengths("f", limit=9)
    found.add(_measured({4: 2, 10: 1}, FilePlace(400, 3)))
    assert (found.done, found.n_lines) == (400, 3)
    found.add(_measured({4: 1, 12: 1}))
    assert (found.done, found.n_lines, found.n_tokens) == (1000, 5, 4 * 3 + 10 + 12)
    assert found.n_text_tokens == 34 - 2 * 5
    assert (found.n_over, found.share_over) == (2, 0.4)
    assert found.tokens_per_character == 0.24
    assert found.unknown_share == 6 / 24
    assert [one.n_tokens for one in found.longest] == [12, 10, 4, 4]
    assert (found.percentile(0.5), found.percentile(0.8), found.percentile(1)) == (4, 10, 12)


def test_without_a_limit_nothing_is_over_it() -> None:
    found = FileLengths("f")
    found.add(_measured({4: 2}))
    assert (found.limit, found.share_over) == (None, None)
    assert FileLengths("f").tokens_per_character is None
    assert FileLengths("f", limit=3).share_over == 0


@pytest.mark.parametrize(
    ("lengths", "bins"),
    [
        ({}, ()),
        ({3: 2}, (Bin(3, 3, 2),)),
        ({0: 1, 2: 5}, (Bin(0, 0, 1), Bin(1, 1, 0), Bin(2, 2, 5))),
        ({95: 1, 102: 2, 131: 4}, (Bin(94, 95, 1), Bin(96, 97, 0))),
    ],
)
def test_a_histogram_has_round_bins(lengths: dict[int, int], bins: tuple[Bin, ...]) -> None:
    made = bins_of(lengths)
    assert len(made) <= 16
    assert sum(one.count for one in made) == sum(lengths.values())
    if len(lengths) < 3:
        assert tuple(made) == bins


def test_every_line_is_in_the_bin_of_its_length() -> None:
    chance = random.Random(5)
    for _ in range(50):
        lengths = {chance.randrange(10 ** chance.randrange(1, 7)): 1 for _ in range(30)}
        made = bins_of(lengths)
        assert 1 <= len(made) <= 16
        for one in made:
            assert one.count == sum(one.low <= length <= one.high for length in lengths)
