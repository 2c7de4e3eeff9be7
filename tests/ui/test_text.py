from datetime import timedelta

import pytest
from rich.style import Style

from hubtui.ui import text
from tests.fake_rows import NOW

PLAIN = Style.null()


@pytest.mark.parametrize(
    ("long", "width", "short"),
    [("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("模型模型", 5, "模型…"), ("ab", 0, "")],
)
def test_a_long_name_is_cut_with_a_sign_that_it_goes_on(long: str, width: int, short: str) -> None:
    assert text.shorten(long, width) == short


def test_a_path_is_cut_at_its_beginning() -> None:
    assert text.shorten_left("/home/ada/outputs/checkpoint-500", 15) == "…checkpoint-500"


@pytest.mark.parametrize("words", ["a", "abcdefgh", "模型", "e\u0301"])
def test_columns_stay_aligned_whatever_stands_in_them(words: str) -> None:
    assert text.cells(text.fit(words, 5)) == 5
    assert text.cells(text.fit(words, 5, "right")) == 5


def test_a_sentence_is_broken_at_blanks_and_an_endless_word_is_cut() -> None:
    assert text.wrap("two words", 5) == ["two", "words"]
    assert all(text.cells(line) <= 4 for line in text.wrap("unbreakable 模型模型模型", 4))


def test_the_right_end_of_a_line_is_kept_when_there_is_no_room_for_both() -> None:
    line = text.spread([("a very long left side", PLAIN)], [("right", PLAIN)], 14)
    assert "".join(words for words, _ in line) == "a very…  right"


def test_a_clipped_line_says_that_it_was_clipped() -> None:
    assert text.clip([("abc", PLAIN), ("def", PLAIN)], 3) == [("ab…", PLAIN)]
    assert text.clip([("abc", PLAIN), ("def", PLAIN)], 5) == [("abc", PLAIN), ("d…", PLAIN)]


def test_counted_nouns_read_well() -> None:
    assert [text.plural(number, "model") for number in (0, 1, 1300)] == ["0 models", "1 model", "1 300 models"]


def test_ages_read_as_a_sentence() -> None:
    assert text.ago(NOW - timedelta(days=3), NOW) == "3d ago"
    assert text.ago(NOW, NOW) == "just now"
    assert text.ago(None, NOW) == ""


def test_a_name_put_on_a_style_is_found_again_under_the_mouse() -> None:
    assert text.hit_name(text.hit(Style(bold=True), "filters")) == "filters"
    assert text.hit_name(Style(bold=True)) is None


def test_brackets_in_foreign_text_are_no_markup() -> None:
    assert text.plain("[/foo] [@click=app.quit]x[/]").plain == "[/foo] [@click=app.quit]x[/]"
