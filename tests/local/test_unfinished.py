from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.downloads import Unfinished
from hubtui.core.errors import LocalStateError
from hubtui.core.models import FileEntry
from hubtui.local.unfinished import MOST_DOWNLOADS, UnfinishedFile

HUB = "https://hub.test"
FILES = (FileEntry("config.json", 640, blob_id="1" * 40), FileEntry("a/model.safetensors", None, sha256="2" * 64))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "downloads.json"


def _of(model: str) -> Unfinished:
    return Unfinished(model, "refs/pr/3", "c" * 40, FILES)


def test_an_unfinished_download_comes_back_with_its_files_sizes_and_hashes(path: Path) -> None:
    UnfinishedFile(path, HUB).keep(_of("a/one"))
    assert UnfinishedFile(path, HUB).load() == (_of("a/one"),)


def test_one_that_is_over_is_forgotten_and_the_others_stay(path: Path) -> None:
    state = UnfinishedFile(path, HUB)
    for model in ("a/one", "b/two", "a/one"):
        state.keep(_of(model))
    assert [download.model for download in state.load()] == ["b/two", "a/one"]
    state.drop(_of("b/two"))
    assert state.load() == (_of("a/one"),)


def test_what_was_asked_of_another_hub_is_not_offered_and_not_lost(path: Path) -> None:
    UnfinishedFile(path, HUB).keep(_of("a/one"))
    other = UnfinishedFile(path, "https://mirror.test")
    assert other.load() == ()
    other.keep(_of("b/two"))
    assert UnfinishedFile(path, HUB).load() == (_of("a/one"),)


def test_the_file_does_not_grow_without_end(path: Path) -> None:
    state = UnfinishedFile(path, HUB)
    for number in range(MOST_DOWNLOADS + 3):
        state.keep(_of(f"a/m{number}"))
    models = [download.model for download in state.load()]
    assert len(models) == MOST_DOWNLOADS
    assert models[-1] == f"a/m{MOST_DOWNLOADS + 2}"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"downloads": {}}', "[" * 100_000])
def test_a_file_that_cannot_be_understood_is_kept_aside_and_costs_nothing_else(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    state = UnfinishedFile(path, HUB)
    assert state.load() == ()
    assert path.with_name("downloads.json.unreadable").read_text() == content
    state.keep(_of("a/one"))
    assert state.load() == (_of("a/one"),)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "../../etc"},
        {"model": 3},
        {"revision": "a..b"},
        {"commit": "../x"},
        {"files": []},
        {"files": [["../../.ssh/authorized_keys", 3, "1" * 40]]},
        {"files": [["a", -1, ""]]},
        {"files": [["a", 1, "../../x"]]},
        {"files": [["a"]]},
        {"files": 3},
    ],
)
def test_an_entry_that_was_tampered_with_leads_nowhere_and_the_others_are_offered(
    path: Path, change: dict[str, Any]
) -> None:
    state = UnfinishedFile(path, HUB)
    state.keep(_of("a/one"))
    state.keep(_of("b/two"))
    document = json.loads(path.read_text())
    document["downloads"][0] |= change
    path.write_text(json.dumps(document))
    assert state.load() == (_of("b/two"),)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")
    state = UnfinishedFile(tmp_path / "data" / "downloads.json", HUB)
    assert state.load() == ()
    with pytest.raises(LocalStateError, match="cannot be written"):
        state.keep(_of("a/one"))


def _keep_many(path: Path, name: str) -> None:
    for number in range(10):
        UnfinishedFile(path, HUB).keep(_of(f"{name}/m{number}"))


def test_two_hubtui_at_once_lose_none_of_their_downloads(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_keep_many, args=(path, name)) for name in ("a", "b")]
    for other in others:
        other.start()
    for other in others:
        other.join(30)
    assert len(UnfinishedFile(path, HUB).load()) == 20
