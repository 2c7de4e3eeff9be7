from __future__ import annotations

import os
import shutil
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubtui.demo.gitlike import Blob, ChangedFileError, Commit, LfsRules, Stopped, Tree, iso


def _commit(folder: Path, names: list[str], parent: Commit | None = None, title: str = "Add files") -> Commit:
    tree = Tree({name: Blob(folder / name, is_lfs=name.endswith(".bin")) for name in names})
    return Commit(tree, title, "demo", datetime(2026, 3, 2, 9, 12, 44, tzinfo=UTC), "Why.", parent)


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with the real git, which is not installed here")
def test_ids_are_those_that_git_itself_computes(tmp_path: Path) -> None:
    names = ["README.md", "a.txt", "a/b/c.json", "a-b", "big.bin"]
    for name in names:
        (tmp_path / name if name != "a.txt" else tmp_path / "a.txt").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() * 9)
    first = _commit(tmp_path, names[:2])
    second = _commit(tmp_path, names, first, "Add more")
    (tmp_path / "big.bin").write_bytes(second.tree.files["big.bin"].pointer)  # what git holds of an LFS file
    person = {"NAME": "demo", "EMAIL": "demo@users.noreply.huggingface.co", "DATE": "2026-03-02T09:12:44+0000"}
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "-q")
    git("add", *names[:2])
    git("commit", "-q", "-m", "Add files\n\nWhy.")
    assert git("rev-parse", "HEAD") == first.id
    git("add", *names)
    git("commit", "-q", "-m", "Add more\n\nWhy.")
    assert git("rev-parse", "HEAD") == second.id
    assert git("rev-parse", "HEAD:a/b") == second.tree.oid("a/b")
    assert git("rev-parse", "HEAD:big.bin") == second.tree.files["big.bin"].oid


def test_large_files_are_not_read_for_a_commit_id(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    stopping = threading.Event()
    stopping.set()
    blob = Blob(path, is_lfs=True, stamp="model.bin 7 1", stopping=stopping)
    commit = Commit(Tree({"model.bin": blob}), "Files", "demo", datetime.now(UTC))
    assert len(commit.id) == 40
    with pytest.raises(Stopped):
        _ = blob.sha256


def test_a_file_that_changed_under_the_server_is_not_served_with_old_hashes(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("{}")
    blob = Blob(path, is_lfs=False)
    path.write_text('{"model_type": "bert"}')
    with pytest.raises(ChangedFileError, match=r"config\.json has changed"):
        blob.read()


def test_the_last_change_of_files_and_folders_is_known(tmp_path: Path) -> None:
    for name in ("one", "two", "sub/three"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    first = _commit(tmp_path, ["one", "sub/three"])
    second = _commit(tmp_path, ["one", "two", "sub/three"], first, "Add two")
    changes = second.last_changes()
    assert {path: commit.title for path, commit in changes.items()} == {
        "one": "Add files", "two": "Add two", "sub": "Add files", "sub/three": "Add files",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "is_lfs"),
    [
        ("model.bin", True),
        ("deep/model.bin", True),
        ("model.bin.txt", False),
        ("saved_model/variables/x", True),
        ("events.tfevents.1", True),
        ("keep.bin", False),
        ("shard-1.pt", True),
        ("shard-a.pt", False),
        ("root.only", True),
        ("sub/root.only", False),
    ],
)
def test_gitattributes_decide_what_is_large(path: str, is_lfs: bool) -> None:
    rules = LfsRules(
        "# comment\n*.bin filter=lfs diff=lfs -text\nsaved_model/**/* filter=lfs\n*tfevents* filter=lfs\n"
        "keep.bin -filter\nshard-[0-9].pt filter=lfs\n/root.only filter=lfs\n\n"
    )
    assert rules.match(path) is is_lfs


def test_dates_are_written_as_the_hub_writes_them() -> None:
    assert iso(datetime(2024, 2, 19, 10, 57, 45, 7000, tzinfo=UTC)) == "2024-02-19T10:57:45.007Z"
