from dataclasses import replace
from datetime import timedelta

import pytest
from textual.app import App

from hubtui.core.models import Gated, ModelRow
from hubtui.ui.text import Line, width_of
from hubtui.ui.theme import Inks, inks
from hubtui.ui.widgets.result_columns import RowMarks, columns_for, row_line
from tests.fake_rows import NOW, ROWS


@pytest.fixture(scope="module")
def ink() -> Inks:
    return inks(App())


def words(line: Line) -> str:
    return "".join(text for text, _ in line)


@pytest.mark.parametrize("width", [40, 52, 60, 79, 90, 120, 200])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_row_fills_its_line_exactly_at_every_width(ink: Inks, row: ModelRow, width: int) -> None:
    line = row_line(row, columns_for(width), RowMarks("fits", is_bookmarked=True), ink, now=NOW)
    assert width_of(line) == width


@pytest.mark.parametrize("width", [52, 60, 79, 120, 200])
def test_an_id_keeps_room_to_be_told_from_its_neighbours(width: int) -> None:
    assert columns_for(width).id_width >= 28


def test_narrow_lists_keep_the_fit_and_the_size_and_wide_ones_add_task_and_library() -> None:
    assert columns_for(44).names == ("parameters", "marks")
    assert columns_for(87).names == ("task", "parameters", "downloads", "likes", "age", "format", "marks")
    assert columns_for(120).names[:4] == ("task", "library", "license", "parameters")


@pytest.mark.parametrize(("sort", "column"), [("likes", "likes"), ("updated", "age"), ("downloads", "downloads")])
def test_what_a_list_is_sorted_by_is_in_sight_even_in_a_narrow_pane(sort: str, column: str) -> None:
    assert column in columns_for(52, sort).names


def test_models_in_the_order_of_their_creation_show_that_age(ink: Inks) -> None:
    row = replace(ROWS[0], updated=NOW - timedelta(days=3), created=NOW - timedelta(days=800))
    for sort, age in (("", "3d"), ("created", "2y")):
        assert age in words(row_line(row, columns_for(79, sort), RowMarks(), ink, now=NOW)).split()


def test_a_row_shows_numbers_and_marks(ink: Inks) -> None:
    row = replace(ROWS[0], gated=Gated.AUTO)
    shown = words(row_line(row, columns_for(79), RowMarks("tight", is_bookmarked=True), ink, now=NOW))
    assert shown.split() == ["almanach/camembert-base", "111M", "1.2M↓", "98♥", "1y", "sft", "~", "⊘●★"]


@pytest.mark.parametrize(
    ("formats", "shown"), [(("pickle",), "pkl"), (("pickle", "safetensors"), "sft"), (("gguf",), "gguf"), ((), "✓")]
)
def test_a_row_says_in_which_format_the_weights_are(ink: Inks, formats: tuple[str, ...], shown: str) -> None:
    row = replace(ROWS[0], formats=formats)
    line = row_line(row, columns_for(79), RowMarks("fits"), ink, now=NOW)
    assert words(line).split()[5] == shown


def test_pickles_alone_stand_out(ink: Inks) -> None:
    line = row_line(replace(ROWS[0], formats=("pickle",)), columns_for(79), RowMarks("fits"), ink, now=NOW)
    assert [text.strip() for text, style in line if style is ink.warn and text.strip()] == ["pkl"]


def test_what_the_hub_does_not_say_is_left_empty_instead_of_zero(ink: Inks) -> None:
    row = ModelRow("someone/unknown")
    shown = words(row_line(row, columns_for(79), RowMarks(), ink, now=NOW))
    assert shown.split() == ["someone/unknown", "0↓", "0♥"]


def test_the_words_of_the_search_are_lit_in_the_id(ink: Inks) -> None:
    line = row_line(ROWS[0], columns_for(79), RowMarks(), ink, now=NOW, words=["CAMEM"])
    assert [text for text, style in line if style is ink.accent and text.strip()] == ["camem"]


def test_letters_that_change_length_in_lower_case_do_not_shift_the_light(ink: Inks) -> None:
    row = ModelRow("demo/İİİ-model")
    line = row_line(row, columns_for(79), RowMarks(), ink, now=NOW, words=["model"])
    assert words(line).strip().startswith("demo/İİİ-model")
