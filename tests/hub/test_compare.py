from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubtui.core.errors import FileMissingError, RevisionNotFoundError, UsageError
from hubtui.hub.client import HubClient
from hubtui.hub.downloads import Downloader
from tests.hub.stubborn import Reply, Request, StubbornServer

if TYPE_CHECKING:
    from pathlib import Path

    from hubtui.core.ports import Hub
    from hubtui.core.settings import Settings

_MODEL = "demo/tiny-camembert-fr"
_OLD, _NEW = "a" * 40, "b" * 40


def _serve(server: StubbornServer, commit: str, files: dict[str, bytes]) -> None:
    """Serve a revision of a/b that is named by its commit."""
    siblings = []
    for path, content in files.items():
        siblings.append(server.on_file("a/b", path, content))
        old = server.routes.pop(f"/a/b/resolve/{'0123456789' * 4}/{path}")
        server.on(f"/a/b/resolve/{commit}/{path}", old)
    info = {"id": "a/b", "sha": commit, "siblings": siblings, "gated": False, "tags": []}
    server.on_json(f"/api/models/a/b/revision/{commit}", info)


def _commits(server: StubbornServer, commit: str, *history: str) -> None:
    server.on_json(f"/api/models/a/b/commits/{commit}", [{"id": each, "title": each[0]} for each in history])


def test_a_pull_request_is_compared_with_main(demo_settings: Settings) -> None:
    hub: Hub = HubClient(demo_settings)
    found = hub.compare("demo/tiny-gpt2-stories", "main", "refs/pr/1")
    assert [(change.path, change.kind) for change in found.files] == [("generation_config.json", "changed")]
    assert found.relation == "ahead"
    assert len(found.commits) == 1
    assert [change.file for change in found.values] == ["generation_config.json"] * len(found.values)
    assert found.values
    assert found.notes == ()
    diff = hub.file_diff(found, "generation_config.json")
    key = found.values[0].key.rpartition(".")[2]
    assert any(line.startswith("+") and key in line for line in diff.lines)
    assert hub.file_diff(found, "config.json").reason == "config.json is the same in both."


def test_the_way_back_is_told_from_the_way_forward(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    forward, back = hub.compare(_MODEL, "v0.1", "main"), hub.compare(_MODEL, "main", "v0.1")
    assert (forward.relation, back.relation) == ("ahead", "behind")
    assert forward.commits == back.commits
    assert [commit.title for commit in forward.commits] == ["Write the card", "Train to the end"]
    weights = next(change for change in forward.files if change.path == "model.safetensors")
    assert weights.kind == "changed"
    assert hub.file_diff(forward, "model.safetensors").reason == "model.safetensors is no text."
    assert hub.compare(_MODEL, "main", "main").relation == "same"


def test_config_and_tokenizer_are_compared_value_by_value(server: StubbornServer, settings: Settings) -> None:
    config = {"vocab_size": 30522, "label": "a"}
    tokenizer = {"model": {"type": "WordPiece", "vocab": {"a": 0, "b": 1}}}
    _serve(
        server,
        _OLD,
        {"config.json": json.dumps(config).encode(), "tokenizer.json": json.dumps(tokenizer).encode(), "x.json": b"1"},
    )
    tokenizer["model"]["vocab"] |= {"c\x1b[2J": 2}  # type: ignore[operator]
    _serve(
        server,
        _NEW,
        {
            "config.json": json.dumps({**config, "vocab_size": 30524, "label": "\x1b]0;x\x07"}).encode(),
            "tokenizer.json": json.dumps(tokenizer).encode(),
            "x.json": b"2",
        },
    )
    _commits(server, _NEW, _NEW, "c" * 40)
    _commits(server, _OLD, _OLD, "c" * 40)
    found = HubClient(settings).compare("a/b", _OLD, _NEW)
    assert [change.sentence for change in found.values] == [
        "vocab_size 30522 → 30524",
        "label a → ␛]0;x␇",
        "vocabulary 2 → 3",
        "vocabulary.2 c␛[2J added",
    ]
    assert (found.relation, [commit.id for commit in found.commits]) == ("apart", [_NEW])


def test_what_cannot_be_read_is_noted_and_the_rest_compared(server: StubbornServer, settings: Settings) -> None:
    files = {"config.json": b"{", "generation_config.json": b"{}", "tokenizer.json": b"{}"}
    _serve(server, _OLD, files)
    _serve(
        server,
        _NEW,
        {**files, "config.json": b'{"a": 1}', "generation_config.json": b'{"b": 1}', "tokenizer.json": b"[]"},
    )
    server.on(f"/a/b/resolve/{_NEW}/generation_config.json", Reply(403, headers={"X-Error-Code": "GatedRepo"}))
    found = HubClient(settings).compare("a/b", _OLD, _NEW)
    assert found.values == ()
    assert found.relation == "unknown"
    assert [note.split(":")[0] for note in found.notes] == [
        f"config.json at {_OLD} is not JSON.",
        "generation_config.json could not be compared",
        "The commits between them are not known",
    ]
    assert len(found.files) == 3


def test_a_huge_tokenizer_is_not_fetched_twice_to_be_compared(server: StubbornServer, settings: Settings) -> None:
    for commit in (_OLD, _NEW):
        entry = server.on_file("a/b", "tokenizer.json", commit.encode())
        siblings = [{**entry, "size": 20 << 20}]
        server.on_json(f"/api/models/a/b/revision/{commit}", {"id": "a/b", "sha": commit, "siblings": siblings})
    found = HubClient(settings).compare("a/b", _OLD, _NEW)
    assert "tokenizer.json is too long to be compared value by value." in found.notes
    assert HubClient(settings).file_diff(found, "tokenizer.json").reason.startswith("tokenizer.json is too long")
    assert not any("/resolve/" in path for path in server.paths())


def test_revisions_in_the_cache_are_compared_offline(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    for revision in ("main", "v0.1"):
        facts = hub.facts(_MODEL, revision)
        Downloader(demo_settings).fetch(facts, facts.files)
    online, offline = (
        HubClient(settings).compare(_MODEL, "v0.1", "main")
        for settings in (demo_settings, replace(demo_settings, offline=True))
    )
    assert [(change.path, change.kind) for change in offline.files] == [
        (change.path, change.kind) for change in online.files
    ]
    assert any("only the files in the cache" in note for note in offline.notes)
    assert HubClient(replace(demo_settings, offline=True)).file_diff(offline, "README.md").lines


def test_an_unknown_revision_is_named(demo_settings: Settings) -> None:
    with pytest.raises(RevisionNotFoundError, match="no-such"):
        HubClient(demo_settings).compare(_MODEL, "main", "no-such")


def test_part_of_a_file_is_read_by_a_range_and_here_where_it_is_here(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    facts = hub.facts(_MODEL)
    header = hub.read_bytes(facts, "model.safetensors", length=8)
    size = int.from_bytes(header, "little")
    assert hub.read_bytes(facts, "model.safetensors", offset=8, length=size).startswith(b"{")
    whole = next(file.size or 0 for file in facts.files if file.path == "model.safetensors")
    end = hub.read_bytes(facts, "model.safetensors", offset=whole - 3, length=100)
    assert len(end) == 3
    assert hub.read_bytes(facts, "model.safetensors", offset=whole, length=5) == b""
    Downloader(demo_settings).fetch(facts, facts.files)
    offline = HubClient(replace(demo_settings, offline=True))
    kept = offline.facts(_MODEL)
    assert offline.read_bytes(kept, "model.safetensors", offset=whole - 3, length=100) == end
    for path, offset in (("../../x", 0), ("config.json", -1)):
        with pytest.raises(UsageError):
            hub.read_bytes(facts, path, offset=offset, length=1)
    with pytest.raises(FileMissingError):
        offline.read_bytes(kept, "none.png", length=1)


def test_a_picture_on_another_host_is_read_without_the_token(
    server: StubbornServer, settings: Settings, tmp_path: Path
) -> None:
    entry = server.on_file("a/b", "cat.png", b"\x89PNG", lfs=True)
    server.on_model("a/b", [entry])
    facts = HubClient(settings).facts("a/b")
    other = server.url.replace("127.0.0.1", "localhost")
    (path,) = (path for path in server.routes if path.endswith("cat.png"))
    real = server.routes.pop(path)
    seen: list[Request] = []

    def cdn(request: Request) -> Reply:
        seen.append(request)
        return real(request)

    server.on(path, Reply(302, headers={"Location": f"{other}/cdn"}))
    server.on("/cdn", cdn)
    assert HubClient(settings).read_bytes(facts, "cat.png", length=1 << 20) == b"\x89PNG"
    assert "authorization" not in seen[0].headers
    asked = next(request for request in server.requests if request.path == path)
    assert asked.headers["authorization"] == "Bearer hf_secret"


def test_large_vocabularies_are_compared_token_by_token(server: StubbornServer, settings: Settings) -> None:
    for commit, more in ((_OLD, 0), (_NEW, 2)):
        vocab = {f"token{number}": number for number in range(150_000 + more)}
        _serve(server, commit, {"tokenizer.json": json.dumps({"model": {"vocab": vocab}}).encode()})
    found = HubClient(settings).compare("a/b", _OLD, _NEW)
    assert [change.key for change in found.values] == ["vocabulary", "vocabulary.150000", "vocabulary.150001"]
