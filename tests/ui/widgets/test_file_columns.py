import pytest

from hubtui.core.models import Commit, FileEntry
from hubtui.core.scans import FileScan
from hubtui.ui.text import width_of
from hubtui.ui.theme import THEMES, _inks_of
from hubtui.ui.widgets.file_columns import Known, columns, file_line
from tests.fake_rows import NOW

INKS = _inks_of(THEMES[0].name)
FILE = FileEntry(
    "a/folder/with/a/long/name/model-00001-of-00002.safetensors",
    5_000_000_000,
    format="safetensors",
    last_commit=Commit("a" * 40, "A title that goes on and on " * 4, ("ada",), NOW),
    scan=FileScan("suspicious"),
)


@pytest.mark.parametrize("width", [58, 66, 79, 110, 160, 199])
def test_a_files_line_fills_the_view_and_is_not_cut(width: int) -> None:
    line = file_line(FILE, Known(now=NOW, here={FILE.path: 5}), columns(width, 40), INKS)
    assert width_of(line) == width


def test_the_title_of_the_last_commit_is_shown_only_where_paths_leave_room() -> None:
    assert columns(66, 30).title == 0
    assert columns(120, 30).title > 0


def test_a_file_that_is_here_in_part_is_not_said_to_be_here() -> None:
    texts = [text.strip() for text, _ in file_line(FILE, Known(here={FILE.path: 4_999_999_999}), columns(80, 9), INKS)]
    assert "99 %" in texts
    assert "here" not in texts
