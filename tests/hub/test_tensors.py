from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubtui.core.errors import CancelledError, CheckpointError, FileMissingError, HubUnreachableError
from hubtui.core.tensors import Value
from hubtui.hub.client import HubClient
from hubtui.hub.headers import HeaderStore
from hubtui.hub.tensors import HeaderReader
from hubtui.local.files import write_atomically
from tests.demo.samples import gguf_bytes
from tests.hub.stubborn import COMMIT, Reply, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.settings import Settings


def _file(names: list[str], *, padding: int = 0) -> bytes:
    header: dict[str, object] = {"__metadata__": {"format": "pt", "x": "y" * padding}}
    for number, name in enumerate(names):
        header[name] = {"dtype": "BF16", "shape": [2, 3], "data_offsets": [number * 12, number * 12 + 12]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(12 * len(names))


def _reader(settings: Settings, folder: Path) -> tuple[HubClient, HeaderReader]:
    hub = HubClient(settings)
    return hub, HeaderReader(lambda: hub, HeaderStore(folder / "headers", write_atomically))


def _sharded(server: StubbornServer, *shards: bytes, index: dict[str, str]) -> None:
    entries = [server.on_file("a/b", "model.safetensors.index.json", json.dumps({"weight_map": index}).encode())]
    for number, content in enumerate(shards, 1):
        entries.append(server.on_file("a/b", f"model-{number}.safetensors", content, lfs=True))
    # the Hub counts the parameters, so that the facts ask for no header
    server.on_model("a/b", entries, safetensors={"parameters": {"BF16": 6}, "total": 6})


def _resolved(server: StubbornServer) -> list[str]:
    return [path.rpartition("/")[2] for path in server.paths() if "/resolve/" in path]


def test_the_shards_of_a_model_are_listed_with_one_request_each_and_the_index(
    server: StubbornServer, settings: Settings, tmp_path: Path
) -> None:
    _sharded(
        server,
        _file(["h.0.a", "h.0.b"]),
        _file(["h.1.a"], padding=300_000),
        index={"h.0.a": "model-1.safetensors", "h.0.b": "model-1.safetensors", "h.1.a": "model-2.safetensors"},
    )
    hub, reader = _reader(settings, tmp_path)
    seen: list[tuple[int, int]] = []
    found = reader.tensors(hub.facts("a/b"), progress=lambda done, total: seen.append((done, total)))
    assert [(entry.name, entry.file) for entry in found.entries] == [
        ("h.0.a", "model-1.safetensors"),
        ("h.0.b", "model-1.safetensors"),
        ("h.1.a", "model-2.safetensors"),
    ]
    assert (found.format, found.total.size_bytes, found.metadata["format"].text, found.problems) == (
        "safetensors",
        36,
        "pt",
        (),
    )
    assert seen[-1] == (2, 2)
    asked = _resolved(server)
    counts = {name: asked.count(name) for name in asked}
    assert counts == {"model.safetensors.index.json": 1, "model-1.safetensors": 1, "model-2.safetensors": 2}


def test_headers_that_were_read_once_are_not_asked_for_again(
    server: StubbornServer, settings: Settings, tmp_path: Path
) -> None:
    weights = server.on_file("a/b", "model.safetensors", _file(["w"]), lfs=True)
    server.on_model("a/b", [weights], safetensors={"parameters": {"BF16": 6}, "total": 6})
    hub, reader = _reader(settings, tmp_path)
    facts = hub.facts("a/b")
    first = reader.tensors(facts)
    server.requests.clear()
    assert _reader(settings, tmp_path)[1].tensors(facts) == first
    assert server.requests == []
    kept = next((tmp_path / "headers").iterdir())
    kept.write_bytes(b"\xff" * 100)
    assert reader.tensors(facts) == first, "a damaged file of the cache is read again"


def test_shards_that_do_not_fit_together_are_told(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    _sharded(
        server,
        _file(["a", "twin"]),
        _file(["twin"]),
        index={"a": "model-1.safetensors", "twin": "model-2.safetensors", "gone": "model-2.safetensors"},
    )
    hub, reader = _reader(settings, tmp_path)
    problems = reader.tensors(hub.facts("a/b")).problems
    assert problems == (
        "1 tensors stand in several files: twin.",
        "The index names 1 tensors that no shard holds: gone.",
    )


def test_a_broken_shard_and_a_missing_one_leave_the_others_readable(
    server: StubbornServer, settings: Settings, tmp_path: Path
) -> None:
    names = {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-3.safetensors"}
    _sharded(server, _file(["a"]), b"\xff" * 100, index=names)
    hub, reader = _reader(settings, tmp_path)
    found = reader.tensors(hub.facts("a/b"))
    assert [file.path for file in found.files] == ["model-1.safetensors"]
    assert found.problems[0].startswith("model-2.safetensors: The file is not safetensors")
    assert found.problems[1] == "1 shards are not there: model-3.safetensors."


def test_nothing_of_a_hostile_header_reaches_the_terminal(
    server: StubbornServer, settings: Settings, tmp_path: Path
) -> None:
    content = _file(["a\x1b[2J.weight", "a\u202e.weight"])
    server.on_model("a/b", [server.on_file("a/b", "model.safetensors", content, lfs=True)])
    hub, reader = _reader(settings, tmp_path)
    names = [entry.name for entry in reader.tensors(hub.facts("a/b")).entries]
    assert len(names) == 2
    assert all(name.isprintable() for name in names)


def test_a_gguf_file_is_listed_with_its_keys(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    values: dict[str, object] = {
        "general.architecture": "llama",
        "tokenizer.ggml.tokens": [f"token-{number}" for number in range(60_000)],
        "llama.context_length": 4_096,
    }
    content = gguf_bytes(values, {"blk.0.attn_q.weight": (64, 32)})
    entries = [server.on_file("a/b", f"{name}.gguf", content, lfs=True) for name in ("q4", "q8")]
    server.on_model("a/b", entries)
    hub, reader = _reader(settings, tmp_path)
    facts = hub.facts("a/b")
    server.requests.clear()
    found = reader.tensors(facts)
    assert (found.format, found.files[0].path, found.total.parameters) == ("gguf", "q4.gguf", 2_048)
    assert found.metadata["llama.context_length"] == Value("4096", "uint32")
    assert found.metadata["tokenizer.ggml.tokens"].text.startswith("60,000 × string: token-0, token-1")
    assert len(_resolved(server)) <= 3
    assert reader.tensors(facts, "q8.gguf").files[0].path == "q8.gguf"


def test_the_sizes_of_a_gguf_file_cost_one_request(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    values: dict[str, object] = {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "tokenizer.ggml.tokens": [f"token-{number}" for number in range(60_000)],
    }
    content = gguf_bytes(values, {"w": (64,)})
    server.on_model("a/b", [server.on_file("a/b", "m-Q4_K_M.gguf", content, lfs=True)])
    hub, reader = _reader(settings, tmp_path)
    facts = hub.facts("a/b")
    server.requests.clear()
    assert reader.gguf_sizes(facts)["llama.block_count"] == 2
    assert _resolved(server) == ["m-Q4_K_M.gguf"]
    server.on_model("a/c", [server.on_file("a/c", "m.gguf", b"GGML" + bytes(99), lfs=True)])
    with pytest.raises(CheckpointError, match=r"m\.gguf: The file is not GGUF"):
        reader.gguf_sizes(hub.facts("a/c"))
    server.on_model("a/d", [server.on_file("a/d", "model.safetensors", _file(["w"]), lfs=True)])
    assert reader.gguf_sizes(hub.facts("a/d")) == {}


def test_an_index_can_be_opened_itself(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    index = json.dumps({"weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors"}}).encode()
    broken = server.on_file("a/b", "text/other.safetensors.index.json", b"[]")
    server.on_model(
        "a/b",
        [
            server.on_file("a/b", "model.safetensors", _file(["x"]), lfs=True),
            server.on_file("a/b", "text/model.safetensors.index.json", index),
            server.on_file("a/b", "text/m-1.safetensors", _file(["a"]), lfs=True),
            broken,
        ],
        safetensors={"parameters": {"BF16": 6}, "total": 6},
    )
    hub, reader = _reader(settings, tmp_path)
    facts = hub.facts("a/b")
    found = reader.tensors(facts, "text/model.safetensors.index.json")
    assert [entry.name for entry in found.entries] == ["text/.a"]
    assert found.problems == ("1 shards are not there: text/m-2.safetensors.",)
    assert (found.reads, found.read_bytes) == (2, len(index) + len(_file(["a"])))
    with pytest.raises(CheckpointError, match="names no shard"):
        reader.tensors(facts, "text/other.safetensors.index.json")


def test_what_has_no_header_is_refused_with_a_reason(
    server: StubbornServer, settings: Settings, tmp_path: Path
) -> None:
    server.on_model("a/b", [server.on_file("a/b", "pytorch_model.bin", b"x", lfs=True)])
    hub, reader = _reader(settings, tmp_path)
    facts = hub.facts("a/b")
    with pytest.raises(CheckpointError, match="pickle only"):
        reader.tensors(facts)
    with pytest.raises(CheckpointError, match="no header"):
        reader.tensors(facts, "pytorch_model.bin")
    with pytest.raises(FileMissingError):
        reader.tensors(facts, "model.safetensors")


def test_a_failing_hub_is_no_broken_header(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    server.on_model(
        "a/b",
        [server.on_file("a/b", "model.safetensors", _file(["w"]), lfs=True)],
        safetensors={"parameters": {"BF16": 6}, "total": 6},
    )
    server.on(f"/a/b/resolve/{COMMIT}/model.safetensors", Reply(206, b"12345678", cut_after=0))
    hub, reader = _reader(settings, tmp_path)
    with pytest.raises(HubUnreachableError):
        reader.tensors(hub.facts("a/b"))


def test_reading_stops_when_it_is_told_to(server: StubbornServer, settings: Settings, tmp_path: Path) -> None:
    _sharded(server, _file(["a"]), index={"a": "model-1.safetensors"})
    hub, reader = _reader(settings, tmp_path)
    facts = hub.facts("a/b")
    with pytest.raises(CancelledError):
        reader.tensors(facts, is_cancelled=lambda: True)


def test_folders_and_the_demo_hub_give_the_same_tensors(demo_settings: Settings, tmp_path: Path) -> None:
    import hubtui.demo

    repo = Path(hubtui.demo.__file__).parent / "repos" / "demo" / "sharded-weather-words" / "main"
    hub, reader = _reader(demo_settings, tmp_path)
    online = hub.facts("demo/sharded-weather-words")
    there, here = reader.tensors(online), reader.tensors(hub.facts(str(repo)))
    assert replace(there, model="", commit="") == replace(here, model="", commit="")
    assert there.total.parameters == online.parameters
    assert len(there.files) == 3


def test_the_oldest_headers_go_when_they_have_become_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from hubtui.core.models import FileEntry
    from hubtui.hub import headers

    monkeypatch.setattr(headers, "_MOST_BYTES", 25)
    monkeypatch.setattr(headers, "_KEPT_BYTES", 15)
    store = HeaderStore(tmp_path, write_atomically)
    files: list[FileEntry] = []
    for number in range(3):
        files.append(FileEntry("m", sha256=f"{number:064x}"))
        store.put(files[-1], b"x" * 10)
        os.utime(tmp_path / files[-1].sha256, (number, number))
    store.trim()
    assert [store.get(file) for file in files] == [b"", b"", b"x" * 10]
    assert store.get(FileEntry("m", sha256="../../etc/passwd")) == b""
