"""Laying the pieces of several tokenizers under the same text."""

from __future__ import annotations

from hubtui.core.token_alignment import agreement, align, cuts_of
from hubtui.core.tokenizer_comparison import TextPiece


def _pieces(*spans: tuple[int, int], unknown: tuple[int, int] | None = None) -> list[TextPiece]:
    return [TextPiece("x", at, start, end, (start, end) == unknown) for at, (start, end) in enumerate(spans)]


def _rows(text: str, *tokenizers: list[TextPiece]) -> list[str]:
    found = align(text, [cuts_of(text, pieces) for pieces in tokenizers])
    return ["".join(cell.mark + cell.words for cell in row) for row in found.rows]


def test_it_makes_no_difference_whose_the_blank_is() -> None:
    before = _pieces((0, 3), (3, 7))
    after = _pieces((0, 4), (4, 7))
    nobodys = _pieces((0, 3), (4, 7))
    alone = _pieces((0, 3), (3, 4), (4, 7))
    for pieces in (before, after, nobodys, alone):
        assert cuts_of("the cat", pieces).places == {4}
        assert not cuts_of("the cat", pieces).inside


def test_a_place_says_who_cuts_there() -> None:
    assert _rows("dragons here", _pieces((0, 3), (3, 7), (7, 12)), _pieces((0, 7), (8, 12))) == [
        "dra│gons ┃here",
        "dra·gons ┃here",
    ]


def test_one_tokenizer_alone_is_cut_where_it_cuts() -> None:
    assert _rows("abc", _pieces((0, 1), (1, 3))) == ["a┃bc"]


def test_tokens_inside_one_character_are_counted_there() -> None:
    assert _rows("a🙂b", _pieces((0, 1), (1, 2), (1, 2), (1, 2), (2, 3)), _pieces((0, 2), (2, 3))) == [
        "a│🙂³┃b",
        "a·🙂┃b",
    ]


def test_what_a_reader_sees_as_one_character_is_never_cut_apart() -> None:
    accent = "e\u0301a"
    assert _rows(accent, _pieces((0, 1), (1, 2), (2, 3))) == ["e\u0301²┃a"]
    family = "\U0001f469\u200d\U0001f467"
    assert cuts_of(family, _pieces((0, 1), (1, 2), (2, 3))).places == frozenset()
    flags = "\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea"
    assert cuts_of(flags, _pieces((0, 1), (1, 2), (2, 3), (3, 4))).places == {2}


def test_unknown_text_is_marked_without_colour() -> None:
    assert _rows("a ☃ b", _pieces((0, 1), (2, 3), (4, 5), unknown=(2, 3))) == ["a ┃☃✗ ┃b"]


def test_text_that_no_piece_stands_for_is_told_apart() -> None:
    cuts = cuts_of("a-b", _pieces((0, 1), (2, 3)))
    assert cuts.uncovered == {1}
    assert align("a-b", [cuts]).rows[0][1].is_uncovered


def test_control_characters_are_made_visible() -> None:
    (row,) = _rows("a\x1b[31m\u202eb", _pieces((0, 8)))
    assert "\x1b" not in row
    assert "\u202e" not in row


def test_agreement_is_the_share_of_places_that_both_cut_at() -> None:
    one, other = cuts_of("abcd", _pieces((0, 1), (1, 3), (3, 4))), cuts_of("abcd", _pieces((0, 1), (1, 4)))
    assert agreement([one], [other]) == 0.5
    assert agreement([one], [one]) == 1
    assert agreement([cuts_of("a", _pieces((0, 1)))], [cuts_of("a", [])]) == 1


def test_a_tokenizer_that_tells_no_places_cuts_nowhere() -> None:
    assert _rows("abc", _pieces((0, 0), (0, 0)), _pieces((0, 2), (2, 3))) == ["ab·c", "ab│c"]


def test_an_empty_text_has_no_rows_to_show() -> None:
    assert align("", [cuts_of("", [])]).rows == [[]]
