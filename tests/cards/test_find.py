"""Words looked for in a card."""

from __future__ import annotations

from hubtui.cards.find import MAX_HITS, find


def test_a_word_is_found_whatever_its_case() -> None:
    assert find(["The Model", "no", "a model of a model"], "MODEL").found == (
        ((0, 4, 9),),
        ((2, 2, 7),),
        ((2, 13, 18),),
    )


def test_words_that_a_line_end_parts_are_found_as_one_place() -> None:
    lines = ["│ deep machine", "│ learning is here", "machine  learning"]
    assert find(lines, "machine learning").found == (((0, 7, 14), (1, 2, 10)), ((2, 0, 17),))


def test_signs_of_a_pattern_are_only_signs() -> None:
    assert find(["a+b (c)", "aab"], "a+b (c").found == (((0, 0, 6),),)


def test_nothing_is_found_for_nothing() -> None:
    assert find(["a"], "  ").found == ()


def test_places_are_found_across_the_blocks_that_are_looked_through() -> None:
    lines = ["x"] * 1_999 + ["needle in", "a haystack"] + ["x"] * 2_500 + ["needle"]
    assert [parts[0][0] for parts in find(lines, "needle").found] == [1_999, 4_501]
    assert find(lines, "needle in a haystack").found == (((1_999, 0, 9), (2_000, 0, 10)),)


def test_a_letter_in_a_giant_card_ends_at_a_limit() -> None:
    assert len(find(["e" * 100] * 1_000, "e").found) == MAX_HITS


def test_the_search_begins_where_the_reader_is() -> None:
    hits = find(["a", "b", "a", "a"], "a")
    assert [hits.at_or_after(line) for line in (0, 1, 3, 4)] == [0, 1, 2, 0]
