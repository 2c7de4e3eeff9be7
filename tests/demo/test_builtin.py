from __future__ import annotations

import compileall
import json
from pathlib import Path

import pytest

from hubtui.demo.builtin import BUILTIN_ROOT, BuiltinRepoError, read_builtin
from hubtui.demo.store import builtin_store
from tests.demo.samples import CARD, write_repo

REPOS = sorted(path.parent for path in BUILTIN_ROOT.glob("*/*/repo.json"))


@pytest.mark.parametrize("folder", REPOS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_every_built_in_repo_is_as_its_format_asks(folder: Path) -> None:
    repo, _ = read_builtin(folder)
    history = repo.head.history()
    assert len(history) >= 3
    assert (history[-1].title, history[-1].author, list(history[-1].tree.files)) == (
        "initial commit", "system", [".gitattributes"],
    )  # fmt: skip
    dates = [commit.date for commit in history]
    assert dates == sorted(dates, reverse=True)
    for path, blob in repo.head.tree.files.items():
        assert blob.read() == (folder / "main" / path).read_bytes(), f"main/{path} is not the head of main"
    assert repo.view().checkpoint.problems == ()
    assert set(repo.findings) <= set(repo.head.tree.files)
    for commit in (*repo.tags.values(), *(entry.head for entry in repo.pull_requests.values() if entry.head)):
        assert len(commit.id) == 40


def test_the_same_files_give_the_same_commit_ids(tmp_path: Path) -> None:
    for root in (tmp_path / "a", tmp_path / "b"):
        write_repo(root, "demo/one", {"README.md": CARD})
    first, second = (read_builtin(root / "demo/one")[0] for root in (tmp_path / "a", tmp_path / "b"))
    assert [commit.id for commit in first.head.history()] == [commit.id for commit in second.head.history()]


def test_what_an_installer_compiled_is_no_part_of_a_repo(tmp_path: Path) -> None:
    write_repo(tmp_path, "demo/one", {"README.md": CARD, "modeling_own.py": "x = 1\n"})
    assert compileall.compile_dir(str(tmp_path), quiet=2)
    assert list(tmp_path.rglob("*.pyc"))
    repo, _ = read_builtin(tmp_path / "demo/one")
    assert not [path for path in repo.head.tree.files if "__pycache__" in path]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"commits": []}, "IndexError"),
        ({"tags": {"v1": 9}}, "IndexError"),
        ({"created": "yesterday"}, "yesterday"),
        (
            {"commits": [{"title": "t", "author": "a", "date": "2026-03-02T00:00:00Z", "put": {"x": "main/x"}}]},
            "No such file",
        ),
    ],
)
def test_a_broken_repo_is_named_and_the_others_are_served(
    tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    write_repo(tmp_path, "demo/broken", {"README.md": CARD})
    write_repo(tmp_path, "demo/whole", {"README.md": CARD})
    stated = tmp_path / "demo/broken/repo.json"
    stated.write_text(json.dumps({**json.loads(stated.read_text()), **change}))
    with pytest.raises(BuiltinRepoError, match=complaint):
        read_builtin(stated.parent)
    lines: list[str] = []
    assert list(builtin_store(lines.append, tmp_path).repositories) == ["demo/whole"]
    assert len(lines) == 1
    assert lines[0].startswith("demo/broken: ")


def test_files_beside_the_history_are_noticed(tmp_path: Path) -> None:
    write_repo(tmp_path, "demo/one", {"README.md": CARD})
    (tmp_path / "demo/one/main/forgotten.txt").write_text("x")
    with pytest.raises(BuiltinRepoError, match=r"forgotten\.txt"):
        read_builtin(tmp_path / "demo/one")
