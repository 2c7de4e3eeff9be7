from __future__ import annotations

from pathlib import Path

import pytest

from hubtui.hub.local_files import FolderFiles, ModelCache

_OLD, _NEW = "a" * 40, "b" * 40


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    repo = tmp_path / "models--a--b"
    for commit in (_OLD, _NEW):
        (repo / "snapshots" / commit).mkdir(parents=True)
        (repo / "snapshots" / commit / "config.json").write_text("{}", "utf-8")
    (repo / "refs").mkdir()
    return ModelCache(str(tmp_path))


def _point(cache: ModelCache, name: str, commit: str) -> None:
    (cache.repo("a/b") / "refs" / name).write_text(commit, "utf-8")


def test_the_snapshot_of_main_is_taken_before_the_newest(cache: ModelCache) -> None:
    _point(cache, "main", _OLD)
    assert cache.snapshot("a/b") == (_OLD, cache.repo("a/b") / "snapshots" / _OLD)
    _point(cache, "v1", _NEW)
    assert (cache.snapshot("a/b", "v1") or ("",))[0] == _NEW
    assert (cache.snapshot("a/b", _NEW) or ("",))[0] == _NEW
    assert cache.snapshot("a/b", "v2") is None


def test_a_model_fetched_by_its_commit_alone_is_found(cache: ModelCache) -> None:
    assert (cache.snapshot("a/b") or ("",))[0] in {_OLD, _NEW}


@pytest.mark.parametrize("content", ["../../../../etc", "", "x" * 40, "\x00"])
def test_a_broken_ref_leads_nowhere(cache: ModelCache, content: str) -> None:
    _point(cache, "v1", content)
    assert cache.snapshot("a/b", "v1") is None
    assert cache.snapshot("a/b", "../refs/v1") is None


def test_a_cache_with_foreign_or_broken_folders_is_still_read(cache: ModelCache) -> None:
    for name in ("models--c--d", "datasets--a--b", "models--..--x", ".locks", "version.txt"):
        (cache.folder / name).mkdir()
    (cache.folder / "models--e--f").write_text("a file", "utf-8")
    (cache.folder / "models--g--h" / "snapshots" / "not-a-commit").mkdir(parents=True)
    assert cache.ids() == ("a/b",)
    (model,) = cache.models()
    assert (model.id, model.size_bytes, set(model.commits)) == ("a/b", 4, {_OLD, _NEW})


def test_a_cache_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert ModelCache(str(tmp_path / "none")).models() == ()


def test_a_link_that_leads_nowhere_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "config.json").symlink_to("gone")
    (tmp_path / "model.safetensors").write_bytes(b"12345")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("x", "utf-8")
    files = FolderFiles(tmp_path)
    assert dict(files.sizes()) == {"model.safetensors": 5}
    assert files.read("model.safetensors", 1, 2) == b"23"
