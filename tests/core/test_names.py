from __future__ import annotations

import pytest

from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision


@pytest.mark.parametrize("text", ["gpt2", "almanach/camembert-base", "a/b_c.d-1", "0xA/" + "x" * 96])
def test_real_ids_are_accepted(text: str) -> None:
    assert is_model_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a/b/c",
        "a--b",
        "a/b..c",
        "-a/b",
        "a/b-",
        ".a/b",
        "a/b.git",
        "a b",
        "a/",
        "/a",
        "a/b?x",
        "a/b\n",
        "é/b",
        "x" * 97,
    ],
)
def test_an_id_cannot_smuggle_a_path_or_a_query_into_a_url(text: str) -> None:
    assert not is_model_id(text)


@pytest.mark.parametrize("text", ["main", "v1.0", "refs/pr/1", "0" * 40, "feature/x", "métier"])
def test_real_revisions_are_accepted(text: str) -> None:
    assert is_revision(text)


@pytest.mark.parametrize(
    "text", ["", "../x", "a/../b", "/a", "a/", "-x", "a b", "a\nb", "a.lock", "a:b", "a\\b", "x" * 256]
)
def test_a_revision_cannot_leave_the_refs_folder(text: str) -> None:
    assert not is_revision(text)


@pytest.mark.parametrize("text", ["config.json", "1_Pooling/config.json", ".gitattributes", "été/a b#c.txt"])
def test_real_file_names_are_accepted(text: str) -> None:
    assert is_file_path(text)


@pytest.mark.parametrize(
    "text", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/.", "a\\b", "C:/x", "a\x00", "a\nb", "x" * 300]
)
def test_a_file_name_cannot_leave_the_snapshot(text: str) -> None:
    assert not is_file_path(text)


def test_a_commit_is_forty_hex_digits() -> None:
    assert is_commit("0123456789abcdef" * 2 + "01234567")
    assert not is_commit("A" * 40)
    assert not is_commit("a" * 39)
