"""Filling the catalogue: interrupted anywhere, changed meanwhile, damaged, or used by two at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from filelock import FileLock

from hubtui.catalogue import build, listing, place
from hubtui.core.errors import (
    CancelledError,
    CatalogueError,
    HubError,
    HubUnreachableError,
    OfflineError,
    RateLimitedError,
)
from hubtui.core.models import Quota
from hubtui.core.query import Query, parse
from hubtui.core.settings import Settings
from hubtui.demo.child import DemoHubProcess
from hubtui.hub import entries
from tests.catalogue.helpers import Bench, FakeListing, Killed, make_entries, rows_of, stamp
from tests.conftest import HfHome

ENTRIES = make_entries(230)
ROWS = {row.id: row for row in rows_of(ENTRIES)}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "catalogue", FakeListing(list(ENTRIES)))


def changed(entry: dict[str, Any], days: int = 900, **fields: Any) -> dict[str, Any]:
    return {**entry, "lastModified": stamp(datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=days)), **fields}


def test_a_row_comes_back_as_the_hub_listed_it(bench: Bench) -> None:
    bench.sync()
    assert bench.everything() == ROWS
    status = bench.catalogue().status()
    assert (status.models, status.is_complete, status.is_interrupted) == (len(ROWS), True, False)
    assert status.bytes_on_disk > 10_000
    assert {told.stage for told in bench.told} == {"listing", "indexing"}


@pytest.mark.parametrize("call", range(7))
def test_killed_at_any_page_it_goes_on_without_loss_or_duplicates(bench: Bench, call: int) -> None:
    def die(asked: int) -> None:
        if asked == call:
            raise Killed

    bench.listing.before = die
    with pytest.raises(Killed):
        bench.sync()
    bench.listing.before = lambda _: None
    before = len(bench.listing.asked)
    bench.sync()
    assert bench.everything() == ROWS
    if 1 < call < 6:  # the first call asks how new the newest is, the last one for what changed
        first = bench.listing.asked[before]
        assert first[0] not in {None, "0"}, "the pages that were fetched are not fetched again"


@pytest.mark.parametrize("write", range(9))
def test_killed_before_any_write_it_goes_on_without_loss_or_duplicates(
    bench: Bench, write: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    real = place.Place.__init__

    def failing(self: place.Place, folder: Path, do: place.WriteFile) -> None:
        def count(path: Path, data: bytes) -> None:
            nonlocal written
            written += 1
            if written == write + 1:
                raise Killed
            do(path, data)

        real(self, folder, count)

    monkeypatch.setattr(place.Place, "__init__", failing)
    with pytest.raises(Killed):
        bench.sync()
    monkeypatch.setattr(place.Place, "__init__", real)
    bench.sync()
    assert bench.everything() == ROWS


def test_killed_after_the_index_was_committed_and_before_it_was_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(place.Place, "answer_with", die)
    with pytest.raises(Killed):
        bench.sync()
    monkeypatch.undo()
    assert not bench.catalogue().status().is_complete, "a catalogue that is not whole answers nothing"
    bench.sync()
    assert bench.everything() == ROWS
    assert len(list(bench.folder.glob("index-*"))) == 1


def test_a_process_killed_outright_leaves_a_sync_that_goes_on(bench: Bench) -> None:
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from tests.catalogue.helpers import Bench, FakeListing, make_entries
        def die(asked):
            if asked == 4:
                os.kill(os.getpid(), signal.SIGKILL)
        Bench(Path({str(bench.folder)!r}), FakeListing(make_entries(230), before=die)).sync()
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert bench.catalogue().status().fetched == 150
    bench.sync()
    assert bench.everything() == ROWS


def test_only_what_changed_is_fetched_the_next_time(bench: Bench) -> None:
    bench.sync()
    asked = len(bench.listing.asked)
    new = {**changed(ENTRIES[0]), "id": "someone/new-model", "createdAt": stamp(datetime(2026, 1, 1, tzinfo=UTC))}
    old = changed(ENTRIES[5], days=901, likes=77)
    bench.listing.entries = [new, old, *ENTRIES[:5], *ENTRIES[6:]]
    bench.sync()
    sorts = [sort for _, sort in bench.listing.asked[asked:]]
    assert sorts == ["lastModified", *["downloads"] * 5, *["trendingScore"] * 5]
    found = bench.everything()
    assert found == {row.id: row for row in rows_of(bench.listing.entries)}
    assert found[ENTRIES[5]["id"]].likes == 77
    tasks = Counter(row.pipeline_tag for row in found.values() if row.pipeline_tag)
    assert bench.catalogue().counts(Query())["task"] == tasks, "what was replaced is not counted"


@pytest.mark.parametrize("call", [0, 1, 3, 4, 6, 8, 9, 11, 13])
def test_changes_interrupted_anywhere_are_whole_after_the_next_sync(bench: Bench, call: int) -> None:
    bench.sync()
    bench.listing.entries = [changed(entry, days=index, likes=7) for index, entry in enumerate(ENTRIES[:180])]
    bench.listing.entries += [{**entry, "downloads": entry["downloads"] + 5} for entry in ENTRIES[180:]]
    start = len(bench.listing.asked)

    def die(asked: int) -> None:
        if asked - start == call:
            raise Killed

    bench.listing.before = die
    with pytest.raises(Killed):
        bench.sync()
    bench.listing.before = lambda _: None
    bench.sync()
    assert bench.everything() == {row.id: row for row in rows_of(bench.listing.entries)}
    asked = bench.listing.asked[start:]
    assert len(asked) == len(set(asked)) == 14, "four pages of changes, five of each order, and none of them twice"


def test_numbers_that_are_looked_at_are_fresh_after_each_sync_and_others_stay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    legs = [listing._Leg(listing.CHANGES_SORT), listing._Leg("downloads", 50), listing._Leg("trendingScore", 50)]
    monkeypatch.setitem(listing._LEGS, "changes", tuple(legs))
    bench.sync()
    later = [{**entry, "downloads": entry["downloads"] + 7, "likes": entry["likes"] + 1} for entry in ENTRIES]
    later[-1] |= {"trendingScore": 900.0}
    bench.listing.entries = later
    start = len(bench.listing.asked)
    bench.sync()
    assert [sort for _, sort in bench.listing.asked[start:]] == ["lastModified", "downloads", "trendingScore"]
    now, found = {row.id: row for row in rows_of(later)}, bench.everything()
    page = bench.catalogue().search(parse("sort:downloads"), page_size=50).rows
    assert [row.downloads for row in page] == sorted((row.downloads for row in now.values()), reverse=True)[:50]
    assert bench.catalogue().search(parse("sort:trending")).rows[0] == now[later[-1]["id"]]
    assert all(row in (now[model], ROWS[model]) for model, row in found.items()), "a row is as it is, or as it was"
    assert sum(row == ROWS[model] for model, row in found.items()) > 100
    bench.sync(full=True)
    assert bench.everything() == now


def test_what_is_trending_no_more_does_not_stay_ahead_of_what_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    legs = (listing._Leg(listing.CHANGES_SORT), listing._Leg("trendingScore", 50))
    monkeypatch.setitem(listing._LEGS, "changes", legs)
    first = [{**entry, "trendingScore": 1000 - number} for number, entry in enumerate(ENTRIES)]
    bench.listing.entries = first
    bench.sync()
    has_been = {entry["id"] for entry in first[:20]}
    later = [*({**entry, "trendingScore": 2} for entry in first[:20]), *first[20:]]
    bench.listing.entries = later
    bench.sync()
    found = bench.catalogue().search(parse("sort:trending"), page_size=300).rows
    assert [row.id for row in found[:50]] == [entry["id"] for entry in later[20:70]], "as the Hub has them"
    assert not has_been & {row.id for row in found[:50]}
    assert all(row.trending <= found[49].trending for row in found[50:])
    assert len(bench.everything()) == len(ENTRIES)
    bench.sync()
    again = bench.catalogue().search(parse("sort:trending"), page_size=300).rows
    assert [row.id for row in again] == [row.id for row in found], "a second sync moves nothing"


def test_pages_that_another_version_fetched_are_not_gone_on_with(bench: Bench) -> None:
    def die(asked: int) -> None:
        if asked == 3:
            raise Killed

    bench.listing.before = die
    with pytest.raises(Killed):
        bench.sync()
    bench.listing.before = lambda _: None
    state = bench.folder / "pages" / "pass.json"
    fields = json.loads(state.read_text())
    del fields["version"]
    state.write_text(json.dumps(fields))
    assert not bench.catalogue().status().is_interrupted
    bench.sync()
    assert bench.everything() == ROWS


def test_the_status_says_what_a_sync_refreshes_and_when_all_was_read(bench: Bench) -> None:
    bench.sync()
    first = bench.catalogue().status()
    assert first.filled is not None
    assert first.refreshed == {"downloads": 10_000, "trending": 2_000}
    state = bench.folder / "catalogue.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "filled": 1_700_000_000, "synced": 1_700_000_000}))
    bench.sync()
    later = bench.catalogue().status()
    assert later.synced is not None
    assert later.filled is not None
    assert later.filled.timestamp() == 1_700_000_000 < later.synced.timestamp()
    bench.sync(full=True)
    filled = bench.catalogue().status().filled
    assert filled is not None
    assert filled.timestamp() > 1_700_000_000


def test_what_changed_during_a_full_sync_is_there_at_its_end(bench: Bench) -> None:
    def change(asked: int) -> None:
        if asked == 3:
            bench.listing.entries[-1] = changed(ENTRIES[-1], likes=99)

    bench.listing.before = change
    bench.sync()
    assert bench.everything()[ENTRIES[-1]["id"]].likes == 99


def test_a_full_sync_forgets_what_is_gone_from_the_hub(bench: Bench) -> None:
    bench.sync()
    bench.listing.entries = ENTRIES[10:]
    bench.sync()
    assert len(bench.everything()) == 230
    bench.sync(full=True)
    assert set(bench.everything()) == {entry["id"] for entry in ENTRIES[10:]}


def test_an_entry_that_cannot_be_read_costs_that_entry_only(bench: Bench) -> None:
    odd: list[object] = [
        None,
        [],
        {"id": 3},
        {"id": "../x"},
        {"id": "a/b", "tags": 5, "downloads": "many"},
        {"likes": 1},
    ]
    bench.listing.entries = [*odd, *ENTRIES]
    bench.sync()
    assert set(bench.everything()) == {*ROWS, "a/b"}


def test_a_model_listed_twice_is_kept_once(bench: Bench) -> None:
    bench.listing.entries = [*ENTRIES, *ENTRIES[:60]]
    bench.sync()
    assert bench.everything() == ROWS


def test_a_spent_quota_is_waited_for_and_told(bench: Bench) -> None:
    bench.listing.quota = Quota(3, 500, 12.0)

    def refill(asked: int) -> None:
        bench.listing.quota = Quota(400, 500, 100.0)
        if asked == 2 and bench.listing.asked[-1] != ("refused", ""):
            bench.listing.asked.append(("refused", ""))
            raise RateLimitedError("Used up.", retry_after_s=7.0)

    bench.listing.before = refill
    bench.sync()
    assert bench.everything() == ROWS
    assert sum(bench.paused) == pytest.approx(12 + 1 + 7 + 1)
    assert {round(told.wait_s) for told in bench.told if told.stage == "waiting"} >= {13, 8}


def test_stopping_while_it_waits_takes_a_moment_and_loses_nothing(bench: Bench) -> None:
    bench.listing.quota = Quota(0, 500, 300.0)
    with pytest.raises(CancelledError, match="goes on where it stopped"):
        bench.catalogue().sync(bench.told.append, lambda: len(bench.paused) >= 2)
    assert len(bench.paused) == 2
    assert max(bench.paused) <= 0.25


def test_a_connection_that_comes_back_is_waited_for_and_one_that_does_not_is_told(bench: Bench) -> None:
    failures = 3

    def fail(_: int) -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise HubUnreachableError("No answer.")

    bench.listing.before = fail
    bench.sync()
    assert bench.everything() == ROWS
    failures = 1000
    with pytest.raises(HubUnreachableError):
        bench.sync()
    assert bench.everything() == ROWS


def test_a_cursor_the_hub_has_forgotten_starts_the_pass_again(bench: Bench) -> None:
    def die(asked: int) -> None:
        if asked == 3:
            raise Killed

    bench.listing.before = die
    with pytest.raises(Killed):
        bench.sync()
    refused = 0

    def refuse(_: int) -> None:
        nonlocal refused
        refused += 1
        if refused == 1:
            raise HubError("Invalid cursor")

    bench.listing.before = refuse
    bench.sync()
    assert bench.everything() == ROWS


def test_the_models_of_another_hub_are_not_mixed_in(bench: Bench) -> None:
    bench.sync()
    bench.endpoint = "https://other.test"
    bench.listing.entries = ENTRIES[:20]
    bench.sync()
    assert len(bench.everything()) == 20


def test_two_at_once_are_kept_apart(bench: Bench) -> None:
    bench.folder.mkdir(parents=True)
    with FileLock(bench.folder / "lock"):
        with pytest.raises(CatalogueError, match="Another hubtui"):
            bench.sync()
        with pytest.raises(CatalogueError, match="Another hubtui"):
            bench.catalogue().drop()


def test_a_search_sees_what_another_process_has_synced(bench: Bench) -> None:
    bench.sync()
    searching = bench.catalogue()
    assert searching.search(Query()).total == len(ROWS)
    bench.listing.entries = ENTRIES[:50]
    bench.sync(full=True)
    assert searching.search(Query()).total == 50


def test_without_a_catalogue_the_next_step_is_named(bench: Bench) -> None:
    with pytest.raises(CatalogueError, match="hubtui catalogue sync"):
        bench.catalogue().search(Query())
    status = bench.catalogue().status()
    assert not status.is_complete
    assert "hubtui catalogue sync" in status.next_step


def test_an_index_of_another_version_asks_for_a_sync_and_gets_a_full_one(bench: Bench) -> None:
    bench.sync()
    state = bench.folder / "catalogue.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "version": 0}))
    with pytest.raises(CatalogueError, match="another version"):
        bench.catalogue().search(Query())
    bench.sync()
    assert bench.everything() == ROWS


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_catalogue_is_named_and_can_be_dropped(bench: Bench, seed: int) -> None:
    bench.sync()
    files = sorted(path for path in bench.folder.rglob("*") if path.suffix in {".json", ".idx", ".term", ".store"})
    victim = random.Random(seed).choice(files)
    victim.write_bytes(b"" if seed % 2 else b"{]" * 40)
    try:
        assert bench.catalogue().search(parse("a sort:likes")).total is not None
    except CatalogueError as error:
        assert "hubtui catalogue" in str(error)  # noqa: PT017  either outcome is right, another exception is not
    bench.catalogue().drop()
    assert bench.catalogue().status().next_step
    bench.sync()
    assert bench.everything() == ROWS


def test_offline_nothing_is_asked_for(bench: Bench) -> None:
    bench.is_offline = True
    with pytest.raises(OfflineError):
        bench.sync()
    with pytest.raises(OfflineError):
        bench.sync("https://hub.test/dump.parquet")
    assert not bench.listing.asked


def test_a_large_sync_is_helped_by_processes_and_gives_the_same(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_SMALL", 10)
    bench.listing.entries = [*ENTRIES, *ENTRIES[:60]]
    bench.sync()
    assert bench.everything() == ROWS


def test_the_real_hub_client_fills_it_and_goes_on(demo_hub: DemoHubProcess, hf_home: HfHome, tmp_path: Path) -> None:
    from hubtui.hub.client import HubClient

    client = HubClient(Settings(endpoint=demo_hub.url, cache_dir=str(hf_home.cache)))
    bench = Bench(tmp_path / "catalogue", FakeListing([]), endpoint=demo_hub.url)
    bench.listing = client.listing_page  # type: ignore[assignment]  # the real one in its place
    hub = bench.catalogue()
    object.__setattr__(hub._hub, "quota", lambda: client.quota)
    hub.sync(bench.told.append, lambda: False)
    asked = [("limit", "1000"), *(("expand", name) for name in (*entries.ROW_FIELDS, *entries.CATALOGUE_FIELDS))]
    listed = httpx2.get(f"{demo_hub.url}/api/models?{urlencode(asked)}").json()
    wanted = {row.id: row for entry in listed if (row := entries.row(entry))}
    page = hub.search(Query(), page_size=1000)
    assert {row.id: row for row in page.rows} == wanted
    assert client.quota is not None
    for text in ("is:card", "-is:card", "is:warm", "-is:warm,gguf", "provider:all", "-provider:hf-inference bert"):
        live = [row.id for row in client.search(parse(f"{text} sort:created"), page_size=1000).rows]
        assert [row.id for row in hub.search(parse(f"{text} sort:created"), page_size=1000).rows] == live != [], text


def test_a_page_of_another_host_is_not_followed(demo_hub: DemoHubProcess, hf_home: HfHome) -> None:
    from hubtui.hub.client import HubClient

    client = HubClient(Settings(endpoint=demo_hub.url, cache_dir=str(hf_home.cache)))
    with pytest.raises(HubError, match="another host"):
        client.listing_page("https://evil.test/api/models", sort="createdAt")
