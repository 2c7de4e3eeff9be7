"""What became of code since it was read."""

from __future__ import annotations

from dataclasses import replace

from hubtui.core.code_reviews import code_changes, file_change, review_of, state_of
from hubtui.core.custom_code import MOST_BYTES, CodeFile, CustomCode, read_code
from tests.fake_rows import NOW
from tests.fakes_code import FILES, MODEL, NEW, OLD, OLD_FILES, CodeHub, code_facts

NOW_CODE = read_code(CodeHub(), code_facts())
OLD_CODE = read_code(CodeHub(files=OLD_FILES), code_facts(OLD_FILES, commit=OLD))


def test_a_new_commit_that_leaves_the_code_alone_need_not_be_read_again() -> None:
    review = review_of(MODEL, NOW_CODE, NOW)
    assert (review.commit, review.covers(replace(NOW_CODE, commit="f" * 40))) == (NEW, True)


def test_changed_code_is_not_taken_for_read() -> None:
    review = review_of(MODEL, OLD_CODE, NOW)
    states = {file.path: state_of(file, review) for file in NOW_CODE.files}
    assert states == {"configuration_odd.py": "read", "modeling_odd.py": "changed", "layers.py": "read"}
    assert not review.covers(NOW_CODE)
    assert {state_of(file, None) for file in NOW_CODE.files} == {"new"}


def test_code_that_could_not_be_read_whole_never_counts_as_read() -> None:
    cut = CodeFile("m.py", size=MOST_BYTES + 1, digest="1" * 64)
    unread = CodeFile("n.py", size=3)
    review = review_of(MODEL, CustomCode((cut, unread), NEW), NOW)
    assert (state_of(cut, review), state_of(unread, review)) == ("new", "new")


def test_the_same_path_in_another_repo_is_another_file() -> None:
    mine, theirs = CodeFile("m.py", digest="1" * 64), CodeFile("m.py", "far/away", "e" * 40, digest="2" * 64)
    review = review_of(MODEL, CustomCode((mine, theirs), NEW), NOW)
    assert (state_of(mine, review), state_of(theirs, review)) == ("read", "read")
    assert review.commits == {"far/away": "e" * 40}


def test_only_what_differs_is_shown_as_a_difference() -> None:
    (change,) = code_changes(OLD_CODE, NOW_CODE)
    assert change.path == "modeling_odd.py"
    assert "-        return x + 1" in change.lines
    assert "+        return x + 2" in change.lines


def test_files_that_came_and_went_are_differences() -> None:
    less = CustomCode(tuple(file for file in NOW_CODE.files if file.path != "layers.py"))
    assert code_changes(less, NOW_CODE)[0].lines[3:] == tuple(f"+{line}" for line in FILES["layers.py"].splitlines())
    assert code_changes(NOW_CODE, less)[0].lines[3][0] == "-"


def test_a_cut_file_has_no_difference_that_could_be_trusted() -> None:
    cut = CodeFile("m.py", size=MOST_BYTES + 1, digest="1" * 64, text="x")
    assert "too long" in file_change(replace(cut, size=1), cut).reason
