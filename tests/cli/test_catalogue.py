"""`hubtui catalogue` and searches that it answers, as a user types them, against the demo Hub."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from hubtui.catalogue.service import LocalCatalogue
from hubtui.core.errors import CancelledError
from hubtui.core.models import CatalogueStatus
from tests.cli.conftest import Hubtui

STATUS_KEYS = {
    "models", "synced", "source", "is_complete", "is_interrupted", "fetched", "bytes_on_disk", "next_step",
    "filled", "refreshed", "untold",
}  # fmt: skip


def test_after_a_sync_a_search_offline_gives_what_the_hub_gives(hubtui: Hubtui) -> None:
    synced = hubtui("catalogue", "sync", "--json")
    assert (synced.code, set(synced.json)) == (0, STATUS_KEYS)
    assert synced.json["is_complete"]
    query = ("search", "task:fill-mask", "sort:downloads", "--json")
    online, offline = hubtui(*query), hubtui(*query, "--offline")
    assert offline.json == online.json != []
    assert "local catalogue" in offline.err
    assert online.err == ""
    assert hubtui(*query, "--catalogue").json == online.json


@pytest.mark.parametrize("sort", ["trending", "downloads", "likes", "updated", "created"])
def test_the_catalogue_lists_models_in_the_order_of_the_hub(hubtui: Hubtui, sort: str) -> None:
    hubtui("catalogue", "sync")
    words = ("search", f"sort:{sort}", "--limit", "100", "--json")
    online, offline = hubtui(*words).json, hubtui(*words, "--offline").json
    assert [row["id"] for row in offline] == [row["id"] for row in online] != []


def test_an_author_is_the_same_author_at_the_hub_and_in_the_catalogue(hubtui: Hubtui) -> None:
    hubtui("catalogue", "sync")
    for author, is_there in (("demo", True), ("Demo", False)):
        words = ("search", f"author:{author}", "--json")
        assert hubtui(*words).json == hubtui(*words, "--catalogue").json
        assert bool(hubtui(*words).json) is is_there
    assert "capitals" in hubtui("search", "author:Demo").err


def test_without_a_catalogue_a_search_offline_asks_the_cache_and_says_so(hubtui: Hubtui) -> None:
    answer = hubtui("search", "bert", "--offline", "--json")
    assert (answer.code, answer.json) == (0, [])
    assert "cache" in answer.err
    assert "hubtui catalogue sync" in answer.err
    told = hubtui("search", "bert", "--catalogue")
    assert told.code == 1
    assert "hubtui catalogue sync" in told.err


def test_a_typing_error_is_told_and_answered(hubtui: Hubtui) -> None:
    hubtui("catalogue", "sync")
    answer = hubtui("search", "camenbert", "--catalogue", "--json")
    assert "camembert" in answer.err
    assert answer.json
    assert all("camembert" in row["id"] for row in answer.json)


def test_status_and_drop(hubtui: Hubtui, home: Path) -> None:
    assert not hubtui("catalogue", "status", "--json").json["is_complete"]
    hubtui("catalogue", "sync")
    told = hubtui("catalogue", "status")
    assert "models" in told.out
    assert "first 10,000 by downloads and 2,000 by trending" in told.out
    assert "sync --full" in told.out
    assert "not told" not in told.out
    assert hubtui("catalogue", "status", "--json").json["models"] > 10
    assert hubtui("catalogue", "drop").code == 0
    assert not hubtui("catalogue", "status", "--json").json["is_complete"]
    assert not list((home / "data").rglob("index-*"))


def test_an_interrupt_ends_a_sync_with_a_sentence_and_130(hubtui: Hubtui, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(
        self: LocalCatalogue, progress: object, is_cancelled: object, *_: object, **__: object
    ) -> CatalogueStatus:
        signal.raise_signal(signal.SIGINT)
        assert callable(is_cancelled)
        assert is_cancelled()
        raise CancelledError("The sync was stopped.", hint="`hubtui catalogue sync` goes on where it stopped.")

    monkeypatch.setattr(LocalCatalogue, "sync", interrupted)
    before = signal.getsignal(signal.SIGINT)
    answer = hubtui("catalogue", "sync")
    assert answer.code == 130
    assert "goes on where it stopped" in answer.err
    assert signal.getsignal(signal.SIGINT) is before
    assert threading.current_thread() is threading.main_thread()


def test_wrong_words_are_refused(hubtui: Hubtui) -> None:
    assert hubtui("catalogue").code == 2
    assert hubtui("catalogue", "fill").code == 2
    assert hubtui("catalogue", "sync", "--from", "missing.parquet").code == 1


def test_cards_and_providers_are_found_offline_as_the_hub_finds_them(hubtui: Hubtui) -> None:
    hubtui("catalogue", "sync")
    for text in ("is:card -is:warm", "provider:hf-inference", "-provider:all"):
        words = ("search", text, "sort:created", "--limit", "100", "--json")
        assert hubtui(*words, "--catalogue").json == hubtui(*words).json != [], text
    refused = hubtui("search", "app:ollama", "--catalogue")
    assert refused.code == 1
    assert refused.err.count("\n") <= 2
    assert "is:gguf" in refused.err


def test_a_dump_that_does_not_tell_of_cards_says_so_in_one_sentence(hubtui: Hubtui, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    dump = tmp_path / "few.parquet"
    parquet.write_table(pa.table({"id": ["a/b"], "likes": [3]}), dump)
    assert "is:card, is:warm, provider:" in hubtui("catalogue", "sync", "--from", str(dump)).out
    refused = hubtui("search", "-is:card", "--catalogue")
    assert refused.code == 1
    assert "few.parquet, which does not tell which models have a card" in refused.err
    assert "sync --full" in refused.err
    assert hubtui("search", "a", "--catalogue", "--json").json[0]["id"] == "a/b"
