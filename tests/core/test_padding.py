"""What a batch would cost under another padding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.padding import padded_length, padding_costs, shape_words


@pytest.mark.parametrize(
    ("target", "multiple", "length"), [(13, None, 13), (13, 8, 16), (16, 8, 16), (0, 8, 0), (1, 128, 128)]
)
def test_lengths_are_rounded_up_to_the_multiple(target: int, multiple: int | None, length: int) -> None:
    assert padded_length(target, multiple) == length


def test_each_way_to_pad_says_its_ids_and_pads() -> None:
    found = {cost.how: (cost.ids, cost.pads) for cost in padding_costs([13, 6], 64)}
    assert found == {"longest": (26, 7), "multiple of 8": (32, 13), "max_length": (128, 109)}
    assert "max_length" not in {cost.how for cost in padding_costs([13, 6], None)}
    assert padding_costs([], 64) == []


def test_sequences_longer_than_the_maximum_are_not_made_shorter_by_padding() -> None:
    assert {cost.how: cost.ids for cost in padding_costs([10, 2], 4)}["max_length"] == 14


@given(st.lists(st.integers(0, 600), min_size=1, max_size=60), st.integers(1, 600))
def test_batches_of_sorted_sequences_never_cost_more_than_one_batch(lengths: list[int], limit: int) -> None:
    costs = {cost.how: cost for cost in padding_costs(lengths, limit)}
    assert all(cost.ids - cost.pads == sum(lengths) for cost in costs.values())
    if len(lengths) > 8:
        assert costs["sorted, 8 a batch"].ids <= costs["longest"].ids


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((2, 13, 13, 26, 7), "2 × 13 · 26 ids · 7 pads (27 %)"),
        ((1, 4, 4, 4, 0), "1 × 4 · 4 ids · 0 pads"),
        ((10_000, 12, 12, 120_000, 1), "10 000 × 12 · 120 000 ids · 1 pad (0 %)"),
        ((2, 7, 10, 17, 0), "2 rows of 7 to 10 · 17 ids · no tensor"),
    ],
)
def test_a_shape_says_what_goes_to_the_model(shape: tuple[int, int, int, int, int], words: str) -> None:
    assert shape_words(*shape) == words
