from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubtui.core.errors import GatedError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.scans import PickleImport
from hubtui.core.tree import merged, walk
from hubtui.hub.client import HubClient
from hubtui.hub.downloads import Downloader
from hubtui.hub.tree import file_of, scan_of
from tests.hub.stubborn import COMMIT, Reply, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.settings import Settings

_MODEL = "demo/tiny-camembert-fr"
_FACTS = ModelFacts("a/b", commit=COMMIT, files=(FileEntry("w.bin"), FileEntry("sub/c.json", 3)))


def _entry(path: str, **more: object) -> dict[str, object]:
    return {"type": "file", "path": path, "oid": "1" * 40, "size": 3, **more}


def test_every_file_has_its_last_commit_hash_and_scan(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    facts = hub.facts(_MODEL)
    files = {file.path: file for file in merged(facts.files, hub.tree(facts).entries)}
    history = {commit.id: commit.title for commit in hub.commits(_MODEL)}
    weights, config = files["model.safetensors"], files["config.json"]
    assert weights.last_commit is not None
    assert config.last_commit is not None
    assert history[weights.last_commit.id] == weights.last_commit.title == "Train to the end"
    assert config.last_commit.title == "Add configuration and tokenizer"
    assert weights.last_commit.date is not None
    assert (len(weights.sha256), weights.scan and weights.scan.status) == (64, "safe")
    assert [file.path for file in facts.files] == list(files)


def test_a_pickle_says_what_loading_it_would_import(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    facts = hub.facts("demo/pickle-only-sentiment")
    (scan,) = (file.scan for file in hub.tree(facts).entries if file.path == "pytorch_model.bin")
    assert scan is not None
    assert PickleImport("torch._utils._rebuild_tensor_v2", "innocuous") in scan.imports


def test_a_large_tree_comes_in_pages_but_not_from_another_host(server: StubbornServer, settings: Settings) -> None:
    server.on_json(
        f"/api/models/a/b/tree/{COMMIT}",
        [_entry("w.bin", lfs={"oid": "2" * 64, "size": 9, "pointerSize": 134}), {"type": "directory", "path": "sub"}],
        Link=f'<{server.url}/second>; rel="next"',
    )
    server.on_json("/second", [_entry("sub/c.json")], Link='<http://evil.example/third>; rel="next"')
    hub = HubClient(settings)
    *_, files = walk(lambda cursor: hub.tree(_FACTS, cursor=cursor), _FACTS.files, quota=lambda: hub.quota)
    assert [(file.size, file.sha256, file.blob_id) for file in files] == [(9, "2" * 64, "1" * 40), (3, "", "1" * 40)]
    assert server.paths() == [f"/api/models/a/b/tree/{COMMIT}?recursive=true&expand=true", "/second"]


def test_a_tree_that_links_to_itself_ends(server: StubbornServer, settings: Settings) -> None:
    url = f"{server.url}/again"
    server.on_json("/again", [_entry("w.bin")], Link=f'<{url}>; rel="next"')
    assert HubClient(settings).tree(_FACTS, cursor=url).cursor is None


def test_nobody_is_asked_about_a_folder_the_cache_or_offline(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    facts = hub.facts(_MODEL)
    Downloader(demo_settings).fetch(facts, facts.files)
    offline = HubClient(replace(demo_settings, offline=True))
    assert offline.tree(offline.facts(_MODEL)).entries == ()
    assert offline.tree(facts).entries == ()
    assert hub.tree(replace(facts, folder="/x")).entries == ()


def test_a_gated_tree_is_said_to_be_gated(server: StubbornServer, settings: Settings) -> None:
    server.on(f"/api/models/a/b/tree/{COMMIT}", Reply(403, headers={"X-Error-Code": "GatedRepo"}))
    with pytest.raises(GatedError):
        HubClient(settings).tree(_FACTS)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        3,
        {},
        {"type": "file"},
        _entry("../../etc/passwd"),
        _entry("/etc/passwd"),
        {"type": "directory", "path": "a"},
    ],
)
def test_an_entry_that_cannot_be_trusted_is_left_out(entry: object) -> None:
    assert file_of(entry) is None


def test_fields_of_a_wrong_type_cost_only_themselves() -> None:
    found = file_of(
        _entry("w", oid="../x", size=-3, lfs=[], lastCommit={"id": "x", "title": 3}, securityFileStatus={"status": 7})
    )
    assert found is not None
    assert (found.blob_id, found.size, found.last_commit) == ("", None, None)
    assert found.scan is not None
    assert found.scan.status == "unscanned"
    dated = file_of(_entry("w", lastCommit={"id": COMMIT, "title": "a\x1b[2Jb", "date": "yesterday"}))
    assert dated is not None
    assert dated.last_commit is not None
    assert (dated.last_commit.title.isprintable(), dated.last_commit.date) == (True, None)


def test_the_worst_scanner_is_quoted() -> None:
    scan = scan_of(
        json.loads("""{"status": "unsafe", "avScan": {"status": "safe", "message": "fine"},
        "protectAiScan": {"status": "suspicious", "message": "odd"}, "jFrogScan": {"status": "unsafe",
        "message": "evil"}, "pickleImportScan": {"status": "dangerous", "pickleImports": [
            {"module": "os", "name": "system", "safety": "dangerous"}, {"module": "x", "safety": 3}, 7]}}""")
    )
    assert scan is not None
    assert (scan.status, scan.message, scan.is_bad) == ("unsafe", "evil", True)
    assert [(word.scanner, word.status, word.is_quiet) for word in scan.words] == [
        ("Protect AI", "suspicious", False),
        ("antivirus", "safe", True),
        ("pickle imports", "dangerous", False),
        ("JFrog", "unsafe", False),
    ]
    assert scan.imports == (PickleImport("os.system", "dangerous"), PickleImport("x", "suspicious"))
    assert scan_of(None) is None
