"""Deleting from the real layout, which huggingface_hub and hubtui write, while others use it."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from huggingface_hub import scan_cache_dir
from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]  # exported lazily

from hubtui.core.cache import CachedRepo, plan_deletion
from hubtui.core.errors import CacheError, CancelledError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.hub.cache import CacheFolder
from hubtui.hub.client import HubClient
from hubtui.hub.downloads import Downloader

if TYPE_CHECKING:
    from hubtui.core.ports import Cache
    from hubtui.core.settings import Settings
    from tests.hub.stubborn import StubbornServer

_MODEL = "demo/tiny-camembert-fr"


def _two_revisions(settings: Settings) -> tuple[ModelFacts, ModelFacts]:
    """Fetch the head and the first checkpoint, which share all but weights and card."""
    hub = HubClient(settings)
    new, old = hub.facts(_MODEL), hub.facts(_MODEL, "v0.1")
    for facts in (new, old):
        Downloader(settings).fetch(facts, facts.files)
    return new, old


def _repo(cache: Cache, model: str = _MODEL) -> CachedRepo:
    repo = cache.repo(model)
    assert repo is not None
    return repo


def _folder(settings: Settings, model: str = _MODEL) -> Path:
    return Path(settings.cache_dir) / f"models--{model.replace('/', '--')}"


def test_the_cache_is_told_as_huggingface_hub_tells_it(demo_settings: Settings) -> None:
    new, old = _two_revisions(demo_settings)
    repo = _repo(CacheFolder(demo_settings))
    (theirs,) = scan_cache_dir(demo_settings.cache_dir).repos
    assert repo.size_bytes == theirs.size_on_disk
    assert {revision.commit: (revision.size_bytes, set(revision.refs)) for revision in repo.revisions} == {
        revision.commit_hash: (revision.size_on_disk, set(revision.refs)) for revision in theirs.revisions
    }
    assert {revision.commit for revision in repo.revisions} == {new.commit, old.commit}
    files = {file.path: file for revision in repo.revisions if revision.commit == new.commit for file in revision.files}
    assert {path: file.size for path, file in files.items()} == {file.path: file.size for file in new.files}
    assert files["model.safetensors"].blob == next(f.sha256 for f in new.files if f.path == "model.safetensors")
    assert [repo.model for repo in CacheFolder(demo_settings).repos()] == [_MODEL]


def test_deleting_a_revision_leaves_the_others_whole(demo_settings: Settings) -> None:
    new, old = _two_revisions(demo_settings)
    cache = CacheFolder(demo_settings)
    theirs = scan_cache_dir(demo_settings.cache_dir).delete_revisions(old.commit)
    plan = plan_deletion(_repo(cache), [old.commit])
    assert plan.freed_bytes == theirs.expected_freed_size
    assert plan.refs == ("v0.1",)
    done = cache.delete(plan)
    assert (done.freed_bytes, done.left) == (plan.freed_bytes, ())
    (left,) = scan_cache_dir(demo_settings.cache_dir).repos
    assert [revision.commit_hash for revision in left.revisions] == [new.commit]
    assert scan_cache_dir(demo_settings.cache_dir).warnings == []
    assert Downloader(demo_settings).fetch(new, new.files).fetched_bytes == 0, "every file is there and whole"


def test_deleting_all_of_a_model_leaves_nothing_of_it_and_all_of_the_others(demo_settings: Settings) -> None:
    _two_revisions(demo_settings)
    other = HubClient(demo_settings).facts("demo/tiny-bert-en")
    Downloader(demo_settings).fetch(other, other.files)
    folder = _folder(demo_settings)
    (folder / "refs" / "gone").write_text("f" * 40, "utf-8")
    (folder / ".no_exist" / other.commit).mkdir(parents=True)
    (folder / "blobs" / f"{'1' * 64}.incomplete").write_bytes(b"begun")
    cache = CacheFolder(demo_settings)
    plan = plan_deletion(_repo(cache))
    assert cache.delete(plan).freed_bytes == plan.freed_bytes
    assert not folder.exists()
    assert Downloader(demo_settings).fetch(other, other.files).fetched_bytes == 0
    with pytest.raises(CacheError, match="Nothing of"):
        cache.delete(plan)


def test_what_a_download_has_linked_meanwhile_is_not_deleted(demo_settings: Settings) -> None:
    new, old = _two_revisions(demo_settings)
    cache = CacheFolder(demo_settings)
    cache.delete(plan_deletion(_repo(cache), [new.commit]))
    plan = plan_deletion(_repo(cache), [old.commit])
    assert plan.is_whole
    Downloader(demo_settings).fetch(new, new.files)
    done = cache.delete(plan)
    assert not done.plan.is_whole
    assert Downloader(demo_settings).fetch(new, new.files).fetched_bytes == 0


def test_a_model_that_another_program_is_downloading_is_not_deleted(demo_settings: Settings) -> None:
    new, _ = _two_revisions(demo_settings)
    cache = CacheFolder(demo_settings)
    plan = plan_deletion(_repo(cache))
    lock = Path(demo_settings.cache_dir) / ".locks" / _folder(demo_settings).name / f"{'7' * 64}.lock"
    with WeakFileLock(lock), pytest.raises(CacheError, match=r"a download of its blob 777777777777… is under way"):
        cache.delete(plan)
    assert Downloader(demo_settings).fetch(new, new.files).fetched_bytes == 0
    assert cache.delete(plan).freed_bytes == plan.freed_bytes


def test_a_model_is_not_deleted_between_two_files_of_a_download(server: StubbornServer, settings: Settings) -> None:
    names = ("a.json", "b.json")
    server.on_model("a/b", [server.on_file("a/b", name, name.encode()) for name in names])
    facts = HubClient(settings).facts("a/b")
    cache = CacheFolder(settings)
    refused: list[str] = []

    def between(*_: object) -> None:
        repo = cache.repo("a/b")
        if repo is not None and repo.revisions:
            with pytest.raises(CacheError) as caught:
                cache.delete(plan_deletion(repo))
            refused.append(str(caught.value))

    folder = Downloader(settings).fetch(facts, facts.files, progress=between).folder
    assert refused
    assert sorted(place.name for place in Path(folder).iterdir()) == list(names)


def test_a_download_waits_for_a_deletion_and_can_be_stopped_meanwhile(
    server: StubbornServer, settings: Settings
) -> None:
    server.on_model("a/b", [server.on_file("a/b", "a.json", b"x")])
    facts = HubClient(settings).facts("a/b")
    lock = Path(settings.cache_dir) / ".locks" / "models--a--b" / "hubtui-in-use.lock"
    lock.parent.mkdir(parents=True)
    asked = threading.Event()

    def is_cancelled() -> bool:
        asked.set()
        return True

    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(CancelledError):
            Downloader(settings).fetch(facts, facts.files, is_cancelled=is_cancelled)
    assert asked.is_set()
    assert Downloader(settings).fetch(facts, facts.files).fetched_bytes == 1


def test_links_that_lead_out_of_the_cache_are_removed_and_what_they_lead_to_stays(
    demo_settings: Settings, tmp_path: Path
) -> None:
    new, old = _two_revisions(demo_settings)
    treasure = tmp_path / "blobs" / ("e" * 64)
    treasure.parent.mkdir()
    treasure.write_text("mine", "utf-8")
    folder = _folder(demo_settings)
    snapshot = folder / "snapshots" / old.commit
    (snapshot / "evil").symlink_to(treasure)
    (snapshot / "evil-folder").symlink_to(treasure.parent)
    (snapshot / "up").symlink_to("../../../../../treasure")
    (folder / "refs" / "evil").symlink_to(treasure)
    cache = CacheFolder(demo_settings)
    plan = plan_deletion(_repo(cache), [old.commit])
    assert "e" * 64 not in plan.blobs
    cache.delete(plan)
    assert not snapshot.exists()
    cache.delete(plan_deletion(_repo(cache)))
    assert treasure.read_text("utf-8") == "mine"
    assert new.commit != old.commit


@pytest.mark.parametrize("part", ["", "blobs", "snapshots", "refs"])
def test_a_cache_of_which_a_part_lies_elsewhere_is_left_alone(
    demo_settings: Settings, tmp_path: Path, part: str
) -> None:
    _two_revisions(demo_settings)
    place = _folder(demo_settings) / part
    moved = tmp_path / "moved"
    place.rename(moved)
    place.symlink_to(moved)
    before = sorted(moved.rglob("*"))
    cache = CacheFolder(demo_settings)
    with pytest.raises(CacheError, match="link to another place"):
        cache.delete(plan_deletion(_repo(cache)))
    assert sorted(moved.rglob("*")) == before


def test_blobs_linked_by_absolute_paths_are_known_to_be_used(demo_settings: Settings, tmp_path: Path) -> None:
    new, old = _two_revisions(demo_settings)
    elsewhere = tmp_path / "cache-by-another-name"
    elsewhere.symlink_to(demo_settings.cache_dir)
    for place in (_folder(demo_settings) / "snapshots" / new.commit).iterdir():
        target = elsewhere / _folder(demo_settings).name / "blobs" / place.readlink().name
        place.unlink()
        place.symlink_to(target)
    cache = CacheFolder(demo_settings)
    cache.delete(plan_deletion(_repo(cache), [old.commit]))
    assert Downloader(demo_settings).fetch(new, new.files).fetched_bytes == 0


def test_a_cache_in_which_nothing_is_or_that_is_not_there_is_empty(demo_settings: Settings) -> None:
    cache = CacheFolder(demo_settings)
    assert cache.repos() == ()
    assert cache.repo("../../etc") is None
    (_folder(demo_settings) / "blobs").mkdir(parents=True)
    assert cache.repos() == ()


def test_what_is_here_is_told_without_reading_it_and_beginnings_can_be_dropped(
    server: StubbornServer, settings: Settings
) -> None:
    entries = [server.on_file("a/b", name, b"x" * 1_000, lfs=True) for name in ("begun", "whole")]
    server.on_model("a/b", [*entries, {"rfilename": "unsized"}])
    server.on_file("a/b", "begun", b"y" * 1_000, lfs=True)
    facts = HubClient(settings).facts("a/b")
    downloads = Downloader(settings)
    files = {file.path: file for file in facts.files}
    downloads.fetch(facts, [files["whole"]])
    partial = _folder(settings, "a/b") / "blobs" / f"{'8' * 64}.incomplete"
    partial.write_bytes(b"y" * 400)
    begun = FileEntry("begun", 1_000, "8" * 64)
    facts = ModelFacts("a/b", commit=facts.commit, files=(begun, files["unsized"], files["whole"]))
    assert downloads.presence(facts) == {"begun": 400, "whole": 1_000}
    plan = downloads.plan(facts, facts.files)
    assert (plan.total_bytes, plan.left_bytes, plan.unsized, plan.fits) == (2_000, 600, 1, True)
    lock = Path(settings.cache_dir) / ".locks" / "models--a--b" / f"{'8' * 64}.lock"
    with WeakFileLock(lock):
        assert downloads.discard(facts, facts.files) == 0, "somebody is writing it"
    assert downloads.discard(facts, facts.files) == 400
    assert downloads.presence(facts) == {"whole": 1_000}
