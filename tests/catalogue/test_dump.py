"""Parquet dumps: from a file or an address, whole, odd, damaged or cut off."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from hubtui.catalogue import build
from hubtui.core.errors import CancelledError, CatalogueError, HubUnreachableError, OfflineError
from hubtui.core.models import CatalogueProgress
from hubtui.core.query import parse
from tests.benchmarks import hub_dump
from tests.catalogue.helpers import Bench, FakeListing, make_entries, rows_of

ENTRIES = make_entries(120, seed=7)
ROWS = {row.id: row for row in rows_of(ENTRIES)}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "catalogue", FakeListing([]))


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dump") / "models.parquet"
    hub_dump.write(path, 120, seed=7)
    return path


def test_a_dump_gives_the_rows_that_the_hub_would_list(bench: Bench, dump: Path) -> None:
    bench.sync(str(dump))
    assert bench.everything() == ROWS
    status = bench.catalogue().status()
    assert (status.models, status.source) == (120, "models.parquet")


def test_a_dump_read_by_several_processes_gives_the_same(
    bench: Bench, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_SMALL", 10)
    bench.sync(str(dump))
    assert bench.everything() == ROWS


def test_changes_follow_a_dump(bench: Bench, dump: Path) -> None:
    bench.sync(str(dump))
    bench.listing.entries = [{**ENTRIES[0], "likes": 55, "lastModified": "2026-05-01T00:00:00.000Z"}, *ENTRIES[1:]]
    bench.sync()
    assert bench.everything()[ENTRIES[0]["id"]].likes == 55
    assert [sort for _, sort in bench.listing.asked].count("lastModified") <= 2
    assert "createdAt" not in {sort for _, sort in bench.listing.asked}
    assert bench.catalogue().status().filled == datetime.fromtimestamp(int(dump.stat().st_mtime), UTC)


def test_missing_columns_and_other_types_cost_only_themselves(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "odd.parquet"
    table = pa.table(
        {
            "id": ["a/one", None, "no way/", "b/two"],
            "downloads": pa.array([5.0, 1.0, 1.0, None]),
            "tags": ['["gguf", "license:mit"]', "[]", "{", None],
            "safetensors": ['{"parameters": {"BF16": 7}, "total": 7}', "", "null", "{"],
            "lastModified": ["2025-01-02T03:04:05.000Z", "", "", "yesterday"],
            "gated": [True, None, None, False],
            "what_is_this": [1, 2, 3, 4],
        }
    )
    parquet.write_table(table, path)
    bench.sync(str(path))
    found = bench.everything()
    assert set(found) == {"a/one", "b/two"}
    one = found["a/one"]
    assert (one.downloads, one.license, one.formats, one.parameters) == (5, "mit", ("gguf",), 7)
    assert one.updated is not None
    assert found["b/two"].updated is None


UNTOLD = {"siblings": "is:card", "inference": "is:warm", "inferenceProviderMapping": "provider:groq"}


@pytest.mark.parametrize("missing", [*UNTOLD, ""])
def test_what_a_dump_does_not_tell_is_said_until_the_hub_tells_it(bench: Bench, tmp_path: Path, missing: str) -> None:
    path = tmp_path / "models.parquet"
    rows = [{key: entry.get(key) for key in ("id", "lastModified", *UNTOLD) if key != missing} for entry in ENTRIES]
    parquet.write_table(pa.Table.from_pylist(rows), path)
    bench.sync(str(path))
    bench.listing.entries = ENTRIES
    bench.sync()  # what changed is not all
    for column, text in UNTOLD.items():
        if column != missing:
            assert bench.catalogue().search(parse(text)).total is not None
            continue
        for asked in (text, f"-{text}"):
            for ask in (bench.catalogue().search, bench.catalogue().counts):
                with pytest.raises(OfflineError, match=r"models\.parquet, which does not tell .* --full"):
                    ask(parse(asked))
    assert bench.catalogue().search(parse("author:card author:warm")).total == 0, "a value is no key"
    assert len(bench.catalogue().status().untold) == bool(missing)
    bench.sync(full=True)
    assert bench.everything() == ROWS
    assert all(bench.catalogue().search(parse(text)).total is not None for text in UNTOLD.values())


CARDS = [None, "", "{}", "null", '{"license": "mit"}']
FILES = [None, [], [{"rfilename": "docs/README.md"}], [None, {"rfilename": "x"}], [{"rfilename": "README.md"}, None]]


@pytest.mark.parametrize(
    "columns",
    [
        {"cardData": pa.array(CARDS)},
        {"cardData": pa.array(CARDS, pa.large_string())},
        {"siblings": pa.array(FILES)},
        {"siblings": pa.array([json.dumps(files) for files in FILES])},
        {"siblings": pa.array(FILES), "cardData": pa.array(["{1}"] * 5)},
        {"siblings": pa.array([1, 2, 3, 4, 5]), "cardData": pa.array(CARDS)},
    ],
    ids=["metadata", "large metadata", "files", "files as JSON", "files before metadata", "files that are none"],
)
def test_a_card_is_seen_in_any_column_that_tells_of_one(
    bench: Bench, tmp_path: Path, columns: dict[str, pa.Array]
) -> None:
    path = tmp_path / "cards.parquet"
    parquet.write_table(pa.table({"id": ["a/0", "a/1", "a/2", "a/3", "a/4"], **columns}), path)
    bench.sync(str(path))
    assert [row.id for row in bench.catalogue().search(parse("is:card")).rows] == ["a/4"]
    assert bench.catalogue().search(parse("-is:card")).total == 4
    assert bench.catalogue().status().untold == ("warm", "provider")


@pytest.mark.parametrize("parts", ["in process", "in processes"])
def test_what_is_no_dump_is_named(
    bench: Bench, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: str
) -> None:
    if parts == "in processes":
        monkeypatch.setattr(build, "_SMALL", 0)
    bench.sync(str(dump))
    text, other, cut = tmp_path / "text.parquet", tmp_path / "other.parquet", tmp_path / "cut.parquet"
    text.write_text("PAR1 no")
    parquet.write_table(pa.table({"name": ["x"]}), other)
    data = bytearray(dump.read_bytes())
    data[100:4000] = bytes(3900)
    cut.write_bytes(data)
    for path in (text, other, cut, tmp_path / "missing.parquet"):
        with pytest.raises(CatalogueError, match=path.stem):
            bench.sync(str(path))
    assert bench.everything() == ROWS, "what answered before still answers"


def test_without_the_reader_the_pip_line_is_given(bench: Bench, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(CatalogueError, match=r"pip install 'hubtui\[parquet\]'"):
        bench.sync(str(dump))


def test_stopped_while_indexing_it_can_be_done_again(bench: Bench, dump: Path) -> None:
    with pytest.raises(CancelledError):
        bench.catalogue().sync(bench.told.append, lambda: True, str(dump))
    bench.sync(str(dump))
    assert bench.everything() == ROWS


@dataclass
class FileServer:
    """Serves one file, with ranges, and breaks off after so many bytes of an answer."""

    data: bytes
    etag: str = '"1"'
    cut_at: int | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server(dump: Path) -> Iterator[FileServer]:
    told = FileServer(dump.read_bytes())

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append({name.lower(): value for name, value in self.headers.items()})
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", "/models.parquet")
                self.end_headers()
                return
            if self.path != "/models.parquet":
                self.send_error(404)
                return
            wanted = self.headers.get("Range", "")
            is_part = bool(wanted) and self.headers.get("If-Range") == told.etag
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if is_part else 0
            body = told.data[start:]
            self.send_response(206 if is_part else 200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", told.etag)
            self.end_headers()
            self.wfile.write(body if told.cut_at is None else body[: told.cut_at])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.url = f"http://127.0.0.1:{serving.server_port}/models.parquet"
    yield told
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_an_address_is_fetched_without_any_credential(
    bench: Bench, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    bench.sync(server.url.replace("models.parquet", "away"))
    assert bench.everything() == ROWS
    assert all("authorization" not in headers for headers in server.asked)
    assert not list(bench.folder.glob("dump*")), "the dump is not kept"
    assert CatalogueProgress("downloading", len(server.data), len(server.data)) in bench.told


def test_a_broken_fetch_goes_on_where_it_stopped(bench: Bench, server: FileServer) -> None:
    server.cut_at = 5000
    with pytest.raises(HubUnreachableError, match="goes on where it stopped"):
        bench.sync(server.url)
    server.cut_at = None
    bench.sync(server.url)
    assert bench.everything() == ROWS
    assert server.asked[-1]["range"] == "bytes=5000-"


def test_a_dump_that_changed_meanwhile_is_fetched_from_its_beginning(bench: Bench, server: FileServer) -> None:
    server.cut_at = 5000
    with pytest.raises(HubUnreachableError):
        bench.sync(server.url)
    server.cut_at, server.etag = None, '"2"'
    bench.sync(server.url)
    assert bench.everything() == ROWS


def test_a_missing_dump_and_a_full_disk_are_told(
    bench: Bench, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CatalogueError, match="404"):
        bench.sync(server.url + "x")
    monkeypatch.setattr("hubtui.catalogue.dump._KEPT_FREE", 1 << 62)
    with pytest.raises(CatalogueError, match="no room"):
        bench.sync(server.url)
