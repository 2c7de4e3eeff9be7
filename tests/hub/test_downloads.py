from __future__ import annotations

import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from huggingface_hub import hf_hub_download, scan_cache_dir
from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]  # exported lazily

from hubtui.core.errors import (
    CancelledError,
    DownloadError,
    GatedError,
    HubError,
    HubUnreachableError,
    OfflineError,
)
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts
from hubtui.hub.client import HubClient
from hubtui.hub.downloads import Downloader
from tests.hub.stubborn import COMMIT, Reply, Request, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.download_ports import Downloads
    from hubtui.core.settings import Settings

_MODEL = "demo/tiny-camembert-fr"
_BIG = bytes(range(256)) * 8192  # 2 MiB


def _facts(server: StubbornServer, settings: Settings, *entries: dict[str, object]) -> ModelFacts:
    server.on_model("a/b", list(entries))
    return HubClient(settings).facts("a/b")


def _partials(settings: Settings) -> list[Path]:
    return list(Path(settings.cache_dir).rglob("*.incomplete"))


def test_what_is_fetched_is_found_by_every_library(demo_settings: Settings) -> None:
    downloads: Downloads = Downloader(demo_settings)
    facts = HubClient(demo_settings).facts(_MODEL)
    files = downloads.needed(facts, "run")
    seen: list[DownloadProgress] = []
    snapshot = downloads.fetch(facts, files, progress=seen.append)
    assert snapshot.fetched_bytes == sum(file.size or 0 for file in files)
    for file in files:
        path = hf_hub_download(
            _MODEL, file.path, cache_dir=demo_settings.cache_dir, endpoint=demo_settings.endpoint, local_files_only=True
        )
        assert Path(path) == Path(snapshot.folder) / file.path
        assert Path(path).stat().st_size == file.size
    info = scan_cache_dir(demo_settings.cache_dir)
    assert info.warnings == []
    (repo,) = info.repos
    assert (repo.repo_id, {revision.commit_hash for revision in repo.revisions}) == (_MODEL, {facts.commit})
    assert {ref for revision in repo.revisions for ref in revision.refs} == {"main"}
    assert seen[-1].done_bytes == seen[-1].total_bytes == snapshot.fetched_bytes
    assert _partials(demo_settings) == []


def test_what_is_there_is_not_fetched_again_but_checked(demo_settings: Settings) -> None:
    facts = HubClient(demo_settings).facts(_MODEL)
    Downloader(demo_settings).fetch(facts, facts.files)
    assert Downloader(replace(demo_settings, offline=True)).fetch(facts, facts.files).fetched_bytes == 0
    assert Downloader(demo_settings).fetch(facts, facts.files).fetched_bytes == 0


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_in_the_cache_is_never_used(demo_settings: Settings, damage: bytes | None) -> None:
    facts = HubClient(demo_settings).facts(_MODEL)
    folder = Path(Downloader(demo_settings).fetch(facts, facts.files).folder)
    place = folder / "model.safetensors"
    whole = place.read_bytes()
    place.resolve().write_bytes(whole[:-1] + b"\x01" if damage is None else damage)
    with pytest.raises(OfflineError, match=r"model\.safetensors"):
        Downloader(replace(demo_settings, offline=True)).fetch(facts, facts.files)
    assert Downloader(demo_settings).fetch(facts, facts.files).fetched_bytes == len(whole)
    assert place.read_bytes() == whole


def test_damage_is_seen_although_the_file_was_good_before(demo_settings: Settings) -> None:
    downloader = Downloader(demo_settings)
    facts = HubClient(demo_settings).facts(_MODEL)
    place = Path(downloader.fetch(facts, facts.files).folder) / "config.json"
    whole = place.read_bytes()
    place.resolve().write_bytes(whole[:-1])
    assert downloader.fetch(facts, facts.files).fetched_bytes == len(whole)


def test_another_revision_with_the_same_bytes_costs_nothing(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    facts = hub.facts(_MODEL)
    Downloader(demo_settings).fetch(facts, facts.files)
    older = hub.facts(_MODEL, hub.commits(_MODEL)[1].id)
    same = {file.blob_id for file in facts.files}
    shared = [file for file in older.files if file.blob_id in same]
    snapshot = Downloader(demo_settings).fetch(older, shared)
    assert snapshot.fetched_bytes == 0
    assert all((Path(snapshot.folder) / file.path).is_file() for file in shared)


def test_a_local_folder_is_used_where_it_is(settings: Settings) -> None:
    assert Downloader(settings).fetch(ModelFacts("./x", folder="/data/x"), ()).folder == "/data/x"


def test_a_download_goes_on_where_it_was_cut(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", _BIG, lfs=True))
    whole = server.routes[f"/a/b/resolve/{COMMIT}/x.bin"]
    cuts = iter([1_000_000, 700_000])

    def cut(request: Request) -> Reply:
        return replace(whole(request), cut_after=next(cuts, None))

    server.on(f"/a/b/resolve/{COMMIT}/x.bin", cut)
    server.requests.clear()
    snapshot = Downloader(settings).fetch(facts, facts.files)
    assert (Path(snapshot.folder) / "x.bin").read_bytes() == _BIG
    assert snapshot.fetched_bytes == len(_BIG), "no byte came twice"
    ranges = [request.headers.get("range", "") for request in server.requests]
    assert ranges == ["", "bytes=1000000-", "bytes=1700000-"]


def test_a_download_goes_on_after_the_program_was_killed(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", _BIG, lfs=True))
    blobs = Path(settings.cache_dir) / "models--a--b" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / f"{facts.files[0].sha256}.incomplete").write_bytes(_BIG[:1_500_000])
    snapshot = Downloader(settings).fetch(facts, facts.files)
    assert snapshot.fetched_bytes == len(_BIG) - 1_500_000
    assert (Path(snapshot.folder) / "x.bin").read_bytes() == _BIG


def test_a_wrong_beginning_is_thrown_away(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", _BIG, lfs=True))
    blobs = Path(settings.cache_dir) / "models--a--b" / "blobs"
    blobs.mkdir(parents=True)
    for kept in (b"wrong" * 1000, _BIG + b"longer than the file"):
        (blobs / f"{facts.files[0].sha256}.incomplete").write_bytes(kept)
        snapshot = Downloader(settings).fetch(facts, facts.files)
        assert (Path(snapshot.folder) / "x.bin").read_bytes() == _BIG
        (blobs / facts.files[0].sha256).unlink()


def test_a_server_that_ignores_ranges_is_read_from_the_start(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", _BIG, lfs=True))
    cuts = iter([1_000_000])
    server.on(f"/a/b/resolve/{COMMIT}/x.bin", lambda _: Reply(body=_BIG, cut_after=next(cuts, None)))
    assert (Path(Downloader(settings).fetch(facts, facts.files).folder) / "x.bin").read_bytes() == _BIG


@pytest.mark.parametrize("lfs", [True, False])
def test_wrong_bytes_are_removed_and_named(server: StubbornServer, settings: Settings, lfs: bool) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.json", b"right", lfs=lfs))
    server.on(f"/a/b/resolve/{COMMIT}/x.json", Reply(body=b"wrong"))
    with pytest.raises(DownloadError, match=r"x\.json of a/b arrived damaged") as caught:
        Downloader(settings).fetch(facts, facts.files)
    assert (facts.files[0].sha256 or facts.files[0].blob_id) in str(caught.value)
    files = [place for place in Path(settings.cache_dir).rglob("*") if place.is_file()]
    assert {place.suffix for place in files} <= {".lock", ".TAG"}


@pytest.mark.parametrize(("body", "words"), [(b"right and more", "longer than"), (b"rig", "ends before")])
def test_a_file_of_another_length_is_refused(
    server: StubbornServer, settings: Settings, body: bytes, words: str
) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.json", b"right"))
    server.on(f"/a/b/resolve/{COMMIT}/x.json", lambda request: Reply(body=b"" if "range" in request.headers else body))
    with pytest.raises((DownloadError, HubError), match=words):
        Downloader(settings).fetch(facts, facts.files)


@pytest.mark.parametrize("etag", ['"../../../../evil"', '"main"', "", '"' + "A" * 40 + '"'])
def test_an_etag_cannot_name_a_file_outside_the_cache(server: StubbornServer, settings: Settings, etag: str) -> None:
    server.on(f"/a/b/resolve/{COMMIT}/x.json", Reply(body=b"x", headers={"ETag": etag}))
    facts = _facts(server, settings, {"rfilename": "x.json"})
    with pytest.raises(DownloadError, match="cannot be checked"):
        Downloader(settings).fetch(facts, facts.files)


def test_size_and_hash_are_asked_for_where_the_listing_lacks_them(server: StubbornServer, settings: Settings) -> None:
    server.on_file("a/b", "x.json", b"right")
    facts = _facts(server, settings, {"rfilename": "x.json"})
    snapshot = Downloader(settings).fetch(facts, facts.files)
    assert (Path(snapshot.folder) / "x.json").read_bytes() == b"right"


def test_files_outside_the_snapshot_are_refused(server: StubbornServer, settings: Settings) -> None:
    facts = ModelFacts("a/b", commit=COMMIT, files=(FileEntry("../../../evil", 1, blob_id="a" * 40),))
    with pytest.raises(DownloadError, match="cannot be a file"):
        Downloader(settings).fetch(facts, facts.files)
    for broken in (ModelFacts("../b", commit=COMMIT), ModelFacts("a/b", commit="../x")):
        with pytest.raises(DownloadError, match="no commit"):
            Downloader(settings).fetch(broken, ())


def test_stopping_a_stalled_download_takes_no_half_second(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", _BIG, lfs=True))
    server.on(f"/a/b/resolve/{COMMIT}/x.bin", Reply(body=_BIG, stall_after=600_000))
    stop = threading.Event()
    arrived = threading.Event()
    stopped_at: list[float] = []

    def progress(state: DownloadProgress) -> None:
        arrived.set()

    def is_cancelled() -> bool:
        if arrived.is_set() and not stop.is_set():
            stop.set()
            stopped_at.append(time.monotonic())
        return stop.is_set()

    with pytest.raises(CancelledError):
        Downloader(settings).fetch(facts, facts.files, progress=progress, is_cancelled=is_cancelled)
    assert time.monotonic() - stopped_at[0] < 0.5
    (partial,) = _partials(settings)
    assert partial.stat().st_size > 0, "what has arrived is kept"
    assert not [thread for thread in threading.enumerate() if thread.name == "download" and thread.is_alive()]


def test_who_waits_for_a_file_that_another_is_fetching_sees_how_far_that_is(
    server: StubbornServer, settings: Settings
) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", _BIG, lfs=True))
    name = facts.files[0].sha256
    repo = Path(settings.cache_dir) / "models--a--b"
    (repo / "blobs").mkdir(parents=True)
    (repo / "blobs" / f"{name}.incomplete").write_bytes(_BIG[:5_000])
    lock = Path(settings.cache_dir) / ".locks" / "models--a--b" / f"{name}.lock"
    lock.parent.mkdir(parents=True)
    seen: list[DownloadProgress] = []
    with WeakFileLock(lock), pytest.raises(CancelledError):
        Downloader(settings).fetch(facts, facts.files, progress=seen.append, is_cancelled=lambda: bool(seen))
    assert seen == [DownloadProgress("x.bin", 5_000, len(_BIG), 0)]


def test_stopping_while_another_program_fetches_takes_no_half_second(
    server: StubbornServer, settings: Settings
) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", b"right", lfs=True))
    lock = Path(settings.cache_dir) / ".locks" / "models--a--b" / f"{facts.files[0].sha256}.lock"
    lock.parent.mkdir(parents=True)
    started = time.monotonic()
    with WeakFileLock(lock), pytest.raises(CancelledError):
        Downloader(settings).fetch(facts, facts.files, is_cancelled=lambda: time.monotonic() - started > 0.3)
    assert time.monotonic() - started < 0.8


def test_a_refusal_is_told_and_leaves_nothing_behind(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", b"right", lfs=True))
    server.on(f"/a/b/resolve/{COMMIT}/x.bin", Reply(403, headers={"X-Error-Code": "GatedRepo"}))
    with pytest.raises(GatedError):
        Downloader(settings).fetch(facts, facts.files)
    assert not (Path(settings.cache_dir) / "models--a--b" / "refs").exists(), "no ref to a commit without files"


def test_a_revoked_token_does_not_silently_serve_what_is_missing(server: StubbornServer, settings: Settings) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", b"right", lfs=True))
    with pytest.raises(HubUnreachableError):
        Downloader(replace(settings, endpoint="http://127.0.0.1:9")).fetch(facts, facts.files)


def test_a_full_disk_is_told_before_anything_is_fetched(
    server: StubbornServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", b"right", lfs=True))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=100, used=99, free=1))
    server.requests.clear()
    with pytest.raises(DownloadError, match=r"needs 5 B, and .* has 1 B free"):
        Downloader(settings).fetch(facts, facts.files)
    assert server.requests == []


def test_a_cache_that_cannot_be_written_is_told(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    facts = _facts(server, settings, server.on_file("a/b", "x.bin", b"right", lfs=True))
    blocked = tmp_path / "file"
    blocked.write_text("no folder", "utf-8")
    with pytest.raises(DownloadError, match=r"cannot be used.*not a directory"):
        Downloader(replace(settings, cache_dir=str(blocked))).fetch(facts, facts.files)


def test_two_downloads_of_one_model_at_once_do_not_disturb_each_other(demo_settings: Settings) -> None:
    facts = HubClient(demo_settings).facts(_MODEL)
    failures: list[BaseException] = []

    def fetch() -> None:
        try:
            Downloader(demo_settings).fetch(facts, facts.files)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _partials(demo_settings) == []
