from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from hubtui.core.errors import HubError, HubUnreachableError, OfflineError
from hubtui.core.families import FamilyFolder
from hubtui.core.fit import Device, best_verdict, fit_of_row
from hubtui.core.query import parse
from hubtui.hub.client import HubClient
from hubtui.hub.downloads import Downloader
from hubtui.hub.entries import ROW_FIELDS
from tests.hub.stubborn import Reply, Request, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.fit import Verdict
    from hubtui.core.models import ModelRow
    from hubtui.core.settings import Settings

_MODEL = "demo/tiny-camembert-fr"


def _ids(hub: HubClient, text: str) -> list[str]:
    return [row.id for row in hub.search(parse(text)).rows]


def test_a_search_finds_what_it_names_and_nothing_else(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    assert _MODEL in _ids(hub, "task:fill-mask language:fr is:safetensors size:<1B gated:no license:mit")
    assert _ids(hub, "tiny-camembert") == [_MODEL]
    assert _MODEL not in _ids(hub, "-task:fill-mask")
    assert _ids(hub, "author:nobody-of-this-name") == []
    assert _ids(hub, "task:fill-mask -language:fr author:demo -camembert dataset:none") == []


def test_a_row_needs_no_further_request(demo_settings: Settings) -> None:
    (row,) = HubClient(demo_settings).search(parse("tiny-camembert")).rows
    assert (row.pipeline_tag, row.library, row.license) == ("fill-mask", "transformers", "mit")
    assert row.parameters == sum(row.parameters_by_dtype.values())
    assert row.downloads > 0
    assert row.updated is not None
    assert row.formats == ("safetensors",)


def test_all_pages_together_are_the_whole_list_in_the_hubs_order(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    whole = [row.id for row in hub.search(parse("sort:downloads")).rows]
    paged: list[str] = []
    cursor = None
    while True:
        page = hub.search(parse("sort:downloads"), cursor=cursor, page_size=2)
        paged += [row.id for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break
    assert paged == whole
    assert len(whole) >= 3


def test_trending_is_what_the_hub_puts_first(demo_settings: Settings) -> None:
    rows = HubClient(demo_settings).trending(2)
    assert len(rows) == 2
    assert rows[0].trending >= rows[1].trending


def test_one_broken_entry_costs_one_row(server: StubbornServer, settings: Settings) -> None:
    entries = [{"id": "a/b"}, None, {"id": "../../x"}, "a/c", {"id": "a/d", "tags": 7, "safetensors": [], "likes": "x"}]
    server.on_json("/api/models", entries)
    page = HubClient(settings).search(parse(""))
    assert [row.id for row in page.rows] == ["a/b", "a/d"]
    assert (page.looked_at, page.skipped) == (5, 3)


def test_the_next_page_is_never_fetched_from_another_host(server: StubbornServer, settings: Settings) -> None:
    server.on("/api/models", Reply(body=b'[{"id":"a/b"}]', headers={"Link": '<http://evil.example/x>; rel="next"'}))
    hub = HubClient(settings)
    page = hub.search(parse(""))
    assert page.cursor is not None
    with pytest.raises(HubError, match=r"another host \(evil\.example\)"):
        hub.search(parse(""), cursor=page.cursor)


def test_a_page_that_follows_itself_is_the_last(server: StubbornServer, settings: Settings) -> None:
    url = f"{server.url}/api/models?cursor=x"
    server.on("/api/models", Reply(body=b'[{"id":"a/b"}]', headers={"Link": f'<{url}>; rel="next"'}))
    hub = HubClient(settings)
    first = hub.search(parse(""))
    assert first.cursor == url
    assert hub.search(parse(""), cursor=first.cursor).cursor is None


def test_an_answer_that_is_no_list_is_refused(server: StubbornServer, settings: Settings) -> None:
    server.on_json("/api/models", {"error": "x"})
    with pytest.raises(HubError, match="no list"):
        HubClient(settings).search(parse(""))


def test_what_fits_this_box_is_asked_of_this_box(demo_settings: Settings) -> None:
    def fit_of(row: ModelRow) -> Verdict:
        return "fits" if row.id == _MODEL else "no"

    hub = HubClient(demo_settings, fit_of=fit_of)
    page = hub.search(parse("fits:yes"))
    assert [row.id for row in page.rows] == [_MODEL]
    assert page.looked_at > 1, "the screen says how many were looked at"
    assert _MODEL not in _ids(hub, "fits:no")


def test_bookmarks_are_searched_without_paging_through_the_hub(server: StubbornServer, settings: Settings) -> None:
    server.on_json("/api/models/a/b", {"id": "a/b", "likes": 1, "pipeline_tag": "fill-mask"})
    server.on_json("/api/models/a/c", {"id": "a/c", "likes": 9})
    hub = HubClient(settings, bookmarks=lambda: ("a/b", "a/c", "a/gone"))
    page = hub.search(parse("is:bookmarked sort:likes"))
    assert ([row.id for row in page.rows], page.looked_at, page.skipped) == (["a/c", "a/b"], 2, 0)
    assert page.caveats == ("No longer on the Hub: a/gone.",)
    asked = len(server.requests)
    assert _ids(hub, "is:bookmarked task:fill-mask") == ["a/b"]
    assert len(server.requests) == asked, "nothing is asked for again, not even what is gone"


def test_every_bookmark_is_reached_page_by_page(server: StubbornServer, settings: Settings) -> None:
    models = [f"a/m{at}" for at in range(120)]
    for model in models:
        server.on_json(f"/api/models/{model}", {"id": model})
    hub = HubClient(settings, bookmarks=lambda: tuple(models))
    found: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        page = hub.search(parse("is:bookmarked"), cursor=cursor)
        found += [row.id for row in page.rows]
        cursor, pages = page.cursor, pages + 1
        assert len(server.requests) <= 50 * pages, "a page costs no more calls than it shows models"
    assert sorted(found) == sorted(models)


def test_the_cache_is_searched_offline_by_the_same_words(demo_settings: Settings) -> None:
    online = HubClient(demo_settings)
    facts = online.facts(_MODEL)
    Downloader(demo_settings).fetch(facts, facts.files)
    assert next(row for row in online.search(parse("")).rows if row.id == _MODEL).is_cached
    assert _ids(online, "is:cached") == [_MODEL]
    hub = HubClient(replace(demo_settings, offline=True), bookmarks=lambda: (_MODEL,))
    for text in ("", "camembert task:fill-mask is:safetensors", "is:cached", "is:bookmarked", "size:<1M sort:likes"):
        page = hub.search(parse(text))
        assert [row.id for row in page.rows] == [_MODEL], text
        assert page.from_cache
        assert page.as_of == hub.facts(_MODEL).fetched, "a list of the cache says how old it is"
        assert page.as_of is not None
    assert _ids(hub, "gpt2") == []
    assert [row.id for row in hub.trending()] == [_MODEL]
    with pytest.raises(OfflineError, match="app:"):
        hub.search(parse("app:vllm"))


def test_an_unreachable_hub_is_told_and_bookmarks_on_disk_still_found(demo_settings: Settings) -> None:
    facts = HubClient(demo_settings).facts(_MODEL)
    Downloader(demo_settings).fetch(facts, facts.files)
    dead = HubClient(replace(demo_settings, endpoint="http://127.0.0.1:9"), bookmarks=lambda: (_MODEL,))
    with pytest.raises(HubUnreachableError):
        dead.search(parse(""))
    assert _ids(dead, "is:bookmarked") == [_MODEL]


def test_alternatives_are_asked_as_listings_of_their_own_and_read_as_one(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    tasks = ("fill-mask", "text-classification", "text-generation")
    text = f"task:{','.join(tasks)} sort:downloads"
    wanted = [row.id for row in hub.search(parse("sort:downloads")).rows if row.pipeline_tag in tasks]
    rows: list[str] = []
    looked_at, cursor = 0, None
    while True:
        page = hub.search(parse(text), cursor=cursor, page_size=3)
        rows += [row.id for row in page.rows]
        looked_at += page.looked_at
        cursor = page.cursor
        if cursor is None:
            break
    by_downloads = {row.id: row.downloads for row in hub.search(parse("")).rows}
    assert sorted(rows) == sorted(wanted)
    assert [by_downloads[model] for model in rows] == sorted((by_downloads[model] for model in rows), reverse=True)
    assert looked_at == len(wanted), "nothing else was looked at"


def test_models_without_a_card_can_be_hidden(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    listed = httpx2.get(f"{demo_settings.endpoint}/api/models?full=true").json()
    with_card = {entry["id"] for entry in listed if {"rfilename": "README.md"} in entry["siblings"]}
    assert set(_ids(hub, "is:card")) == with_card
    assert set(_ids(hub, "-is:card")) == {entry["id"] for entry in listed} - with_card


def test_what_providers_serve_is_found_and_can_be_excluded(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    everything, warm, cold = set(_ids(hub, "")), set(_ids(hub, "is:warm")), set(_ids(hub, "-is:warm"))
    assert warm
    assert cold == everything - warm
    assert set(_ids(hub, "provider:all")) == warm == set(_ids(hub, "provider:hf-inference,groq"))
    assert set(_ids(hub, "-provider:hf-inference")) == cold
    assert set(_ids(HubClient(demo_settings, bookmarks=lambda: tuple(everything)), "is:bookmarked is:warm")) == warm


def test_every_order_and_any_tag_can_be_asked_for(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    largest = [row.parameters for row in hub.search(parse("sort:largest")).rows if row.parameters]
    assert largest == sorted(largest, reverse=True)
    assert [row.parameters for row in hub.search(parse("sort:smallest")).rows] == largest[::-1]
    assert _MODEL in _ids(hub, "tag:license:mit tag:fr")
    assert _MODEL not in _ids(hub, "-tag:fr")


_BROKEN: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    [],
    [[]],
    {},
    {"a": 1},
    [None],
    ["a"],
    [{"x": None}],
]


def test_a_page_too_long_to_read_is_asked_for_with_fewer_models_and_the_walk_goes_on(
    server: StubbornServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubtui.hub.http._JSON_CAP", 40_000)

    def answer(request: Request) -> Reply:
        asked = dict(parse_qsl(urlsplit(request.path).query))
        start, limit = int(asked.get("cursor", "0")), int(asked["limit"])
        files = [{"rfilename": f"{part}.bin"} for part in range(30 if start < 100 else 0)]
        body = json.dumps([{"id": f"a/{at}", "siblings": files} for at in range(start, min(start + limit, 120))])
        link = f'<{server.url}{request.path.partition("&cursor")[0]}&cursor={start + limit}>; rel="next"'
        return Reply(body=body.encode(), headers={"Link": link} if start + limit < 120 else {})

    server.on("/api/models", answer)
    search, cursor, found = HubClient(settings), None, []
    for _ in range(20):
        page = search.listing_page(cursor, sort="createdAt")
        found += [entry["id"] for entry in page.entries if isinstance(entry, dict)]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == [f"a/{at}" for at in range(120)]
    limits = [dict(parse_qsl(urlsplit(request.path).query))["limit"] for request in server.requests]
    assert limits == ["1000", "50", "1000", "50", "1000"], "whole pages are asked for again"


def test_a_broken_entry_of_any_kind_costs_that_row_only(server: StubbornServer, settings: Settings) -> None:
    fields = [*ROW_FIELDS, "siblings", "inference", "inferenceProviderMapping"]
    whole = {"id": "a/whole", "likes": 3, "tags": ["fr"], "siblings": [{"rfilename": "README.md"}]}
    broken_ids = [{"id": value, "likes": 1} for value in _BROKEN if value != "x"]
    broken_fields = [{"id": f"b/{field}-{at}", field: value} for field in fields for at, value in enumerate(_BROKEN)]
    server.on_json("/api/models", [whole, *_BROKEN, *broken_ids, *broken_fields, {**whole, "id": "a/last"}])
    hub = HubClient(settings, fit_of=lambda row: best_verdict(fit_of_row(row, (Device("CPU", "cpu", 9, 9),))))
    page = hub.search(parse(""))
    assert [row.id for row in page.rows] == ["a/whole", *(entry["id"] for entry in broken_fields), "a/last"]
    assert page.skipped == len(_BROKEN) + len(broken_ids)
    assert page.looked_at == len(page.rows) + page.skipped
    for text in ("is:card sort:likes", "fits:no", "-provider:groq -is:warm", "language:fr,en", "size:<1B", "-author:b"):
        assert "a/last" in _ids(hub, text) or text in {"fits:no", "size:<1B"}, text
    assert FamilyFolder(page.rows).place_of("a/last") is not None
