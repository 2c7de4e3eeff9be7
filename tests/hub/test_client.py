from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from hubtui.core import known_config
from hubtui.core.errors import (
    CheckpointError,
    FileMissingError,
    HubError,
    HubUnreachableError,
    ModelNotFoundError,
    OfflineError,
    RevisionNotFoundError,
    UsageError,
)
from hubtui.core.models import Gated, ModelFacts
from hubtui.hub import remembered
from hubtui.hub.client import HubClient
from hubtui.hub.downloads import Downloader
from hubtui.hub.remembered import AnswerStore
from hubtui.local.files import write_atomically
from tests.hub.stubborn import COMMIT, Reply, StubbornServer

if TYPE_CHECKING:
    from pathlib import Path

    from hubtui.core.ports import Hub
    from hubtui.core.settings import Settings

_MODEL = "demo/tiny-camembert-fr"


@dataclass(frozen=True)
class _Card:
    license: tuple[str, ...] = ("mit",)
    license_name: str = ""
    license_link: str = ""
    languages: tuple[str, ...] = ("fr",)
    datasets: tuple[str, ...] = ("oscar",)
    base_models: tuple[str, ...] = ("a/b",)
    tags: tuple[str, ...] = ("cheese",)
    library_name: str = ""
    pipeline_tag: str = ""


def _safetensors(elements: int = 6, padding: int = 0) -> bytes:
    header = json.dumps(
        {
            "__metadata__": {"x": "y" * padding},
            "w": {"dtype": "F32", "shape": [elements], "data_offsets": [0, elements * 4]},
        }
    ).encode()
    return struct.pack("<Q", len(header)) + header + bytes(elements * 4)


def _dead(settings: Settings) -> Settings:
    return replace(settings, endpoint="http://127.0.0.1:9")


def test_facts_of_a_demo_model_are_complete(demo_settings: Settings) -> None:
    hub: Hub = HubClient(demo_settings)
    facts = hub.facts(_MODEL)
    assert (facts.id, facts.revision, len(facts.commit)) == (_MODEL, "main", 40)
    assert (facts.pipeline_tag, facts.library, facts.license) == ("fill-mask", "transformers", "mit")
    assert (facts.architectures, facts.model_type) == (("CamembertForMaskedLM",), "camembert")
    assert facts.max_length == facts.config["max_position_embeddings"] - 2
    assert facts.parameters == sum(facts.parameters_by_dtype.values())
    assert (facts.formats, facts.safety.status, facts.gated) == (("safetensors",), "safe", Gated.NO)
    assert facts.size_bytes is not None
    assert {file.path: file.format for file in facts.files}["tokenizer.json"] == "tokenizer"
    assert hub.quota is not None
    assert not hub.is_offline


def test_a_card_a_file_the_history_and_the_refs_are_read(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    facts = hub.facts(_MODEL)
    card = hub.card(facts)
    assert card is not None
    assert card.startswith("---\n")
    assert hub.read_text(facts, "config.json", max_bytes=2) == "{\n"
    commits = hub.commits(_MODEL, limit=2)
    assert commits[0].id == facts.commit
    assert len(commits) == 2
    assert ("main", "branch", facts.commit) in {(ref.name, ref.kind, ref.commit) for ref in hub.refs(_MODEL)}


def test_an_older_revision_has_its_own_facts(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    tag = next(ref for ref in hub.refs(_MODEL) if ref.kind == "tag")
    facts = hub.facts(_MODEL, tag.name)
    assert (facts.revision, facts.commit) == (tag.name, tag.commit)
    assert hub.facts(f"{demo_settings.endpoint}/{_MODEL}/tree/{tag.name}").commit == tag.commit
    with pytest.raises(RevisionNotFoundError):
        hub.facts(_MODEL, "no-such-branch")
    with pytest.raises(UsageError):
        hub.facts(_MODEL, "../../x")


def test_a_misspelt_id_is_answered_with_the_nearest_one(demo_settings: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match="Did you mean demo/tiny-camembert-fr"):
        HubClient(demo_settings).facts("demo/tiny-camembrt-fr")


def test_what_was_downloaded_is_there_when_the_network_is_not(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    online = hub.facts(_MODEL)
    Downloader(demo_settings).fetch(online, online.files)
    for settings in (replace(demo_settings, offline=True), _dead(demo_settings)):
        kept = HubClient(settings, read_card=lambda _: _Card()).facts(_MODEL)
        assert kept.from_cache
        assert (kept.commit, kept.pipeline_tag, kept.license) == (online.commit, "fill-mask", "mit")
        assert kept.parameters == online.parameters
        assert kept.max_length == online.max_length
        assert HubClient(settings).card(kept) == hub.card(online)
    assert [entry.id for entry in hub.cached()] == [_MODEL]


def test_what_is_not_there_is_said_not_to_be_there(demo_settings: Settings) -> None:
    with pytest.raises(OfflineError, match="not in the cache"):
        HubClient(replace(demo_settings, offline=True)).facts(_MODEL)
    with pytest.raises(HubUnreachableError):
        HubClient(_dead(demo_settings)).facts(_MODEL)


def test_a_checkpoint_folder_has_facts_like_a_model(tmp_path: Path, demo_settings: Settings) -> None:
    folder = tmp_path / "checkpoint-500"
    folder.mkdir()
    config = {"model_type": "roberta", "architectures": ["RobertaForMaskedLM"], "max_position_embeddings": 514}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "model.safetensors").write_bytes(_safetensors(6))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Mine", "utf-8")
    hub = HubClient(replace(demo_settings, offline=True), read_card=lambda _: _Card())
    facts = hub.facts(str(folder))
    assert (facts.folder, facts.commit, facts.from_cache) == (str(folder), "", False)
    assert (facts.pipeline_tag, facts.library, facts.max_length, facts.parameters) == (
        "fill-mask",
        "transformers",
        512,
        6,
    )
    assert (facts.license, facts.languages, facts.base_models) == ("mit", ("fr",), ("a/b",))
    assert hub.card(facts) == "---\nlicense: mit\n---\n# Mine"
    assert (hub.commits(str(folder)), hub.refs(str(folder))) == ((), ())
    with pytest.raises(FileMissingError):
        hub.read_text(facts, "vocab.txt")


def test_a_folder_without_a_checkpoint_is_told_from_one(tmp_path: Path, demo_settings: Settings) -> None:
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(CheckpointError, match="holds no checkpoint"):
        HubClient(demo_settings).facts(str(tmp_path))


def test_the_weights_are_counted_when_the_hub_does_not(server: StubbornServer, settings: Settings) -> None:
    for padding in (0, 400_000):
        weights = server.on_file("a/b", "model.safetensors", _safetensors(60_000, padding), lfs=True)
        server.on_model("a/b", [weights])
        server.requests.clear()
        assert HubClient(settings).facts("a/b").parameters_by_dtype == {"F32": 60_000}
        assert sum("/resolve/" in path for path in server.paths()) == (2 if padding else 1)


def test_shards_are_counted_together_and_broken_headers_not_at_all(server: StubbornServer, settings: Settings) -> None:
    index = json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}).encode()
    siblings = [
        server.on_file("a/b", "model.safetensors.index.json", index),
        server.on_file("a/b", "model-1.safetensors", _safetensors(10), lfs=True),
        server.on_file("a/b", "model-2.safetensors", _safetensors(20), lfs=True),
    ]
    server.on_model("a/b", siblings)
    assert HubClient(settings).facts("a/b").parameters == 30
    server.on_file("a/b", "model-2.safetensors", b"\xff" * 100)
    assert HubClient(settings).facts("a/b").parameters is None


def test_empty_files_are_read_as_empty_though_no_range_of_them_can_be_asked_for(
    server: StubbornServer, settings: Settings
) -> None:
    names = ("config.json", "README.md", "model.safetensors")
    server.on_model("a/b", [server.on_file("a/b", name, b"") for name in names])
    hub = HubClient(settings)
    facts = hub.facts("a/b")
    assert (facts.parameters, facts.config) == (None, {})
    assert hub.card(facts) == ""
    assert not any("/resolve/" in path for path in server.paths())


def test_a_server_that_ignores_ranges_is_read_all_the_same(server: StubbornServer, settings: Settings) -> None:
    weights = server.on_file("a/b", "model.safetensors", _safetensors(5, 400_000), lfs=True)
    server.on_model("a/b", [weights])
    server.on(f"/a/b/resolve/{COMMIT}/model.safetensors", Reply(body=_safetensors(5, 400_000)))
    assert HubClient(settings).facts("a/b").parameters == 5


def test_a_gated_model_still_has_the_facts_that_the_hub_tells(server: StubbornServer, settings: Settings) -> None:
    config = server.on_file("a/b", "config.json", b"{}")
    server.on(f"/a/b/resolve/{COMMIT}/config.json", Reply(403, headers={"X-Error-Code": "GatedRepo"}))
    server.on_model("a/b", [config], gated="manual", config={"architectures": ["X"], "model_type": "llama"})
    facts = HubClient(settings).facts("a/b")
    assert (facts.gated, facts.architectures, facts.model_type) == (Gated.MANUAL, ("X",), "llama")
    assert facts.has_access is None, "nobody said"


@pytest.mark.parametrize(
    ("reply", "has_access"), [(Reply(body=b"{}"), True), (Reply(403, headers={"X-Error-Code": "GatedRepo"}), False)]
)
def test_a_gated_model_says_whether_this_account_may_use_it(
    server: StubbornServer, settings: Settings, reply: Reply, has_access: bool
) -> None:
    server.on_model("a/b", [], gated="auto")
    server.on("/api/models/a/b/auth-check", reply)
    assert HubClient(settings).facts("a/b").has_access is has_access


def test_code_and_pickles_are_seen_before_anything_is_loaded(server: StubbornServer, settings: Settings) -> None:
    config = json.dumps({"auto_map": {"AutoModel": "modeling.X"}, "label": "a\x1b[2Jb"}).encode()
    siblings = [
        server.on_file("a/b", "config.json", config),
        server.on_file("a/b", "modeling.py", b"print('hi')"),
        server.on_file("a/b", "pytorch_model.bin", b"pickle", lfs=True),
        {"rfilename": "../evil.json", "size": 3},
    ]
    server.on_model("a/b", siblings)
    facts = HubClient(settings).facts("a/b")
    assert (facts.safety.custom_code, facts.safety.pickle_only, facts.safety.status) == (True, True, "unsafe")
    assert facts.config["label"].isprintable()


@pytest.mark.parametrize("info", [[], {}, {"sha": "main"}, {"sha": "../../../../etc"}, "x", None])
def test_an_answer_without_a_commit_is_refused(server: StubbornServer, settings: Settings, info: object) -> None:
    server.on_json("/api/models/a/b", info)
    with pytest.raises(HubError, match="which commit"):
        HubClient(settings).facts("a/b")


def test_a_url_of_another_hub_is_not_asked_of_this_one(settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"--endpoint https://elsewhere\.example"):
        HubClient(settings).facts("https://elsewhere.example/a/b")


def test_a_public_address_copied_from_anywhere_is_asked_of_the_configured_hub(
    server: StubbornServer, settings: Settings
) -> None:
    server.on_model("a/b", [])
    assert HubClient(settings).facts("https://huggingface.co/a/b").id == "a/b"


def test_a_card_of_more_than_a_megabyte_is_read_to_its_end(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', "utf-8")
    (tmp_path / "README.md").write_text("# A\n" + "words\n" * 250_000 + "the end", "utf-8")
    hub = HubClient(settings)
    assert (hub.card(hub.facts(str(tmp_path))) or "").endswith("the end")


def test_no_card_is_no_error_and_a_path_outside_is(server: StubbornServer, settings: Settings) -> None:
    card = server.on_file("a/b", "README.md", b"caf\xe9")
    server.on_model("a/b", [card])
    hub = HubClient(settings)
    facts = hub.facts("a/b")
    assert hub.card(facts) == "caf\ufffd"
    server.on(f"/a/b/resolve/{COMMIT}/README.md", Reply(404, headers={"X-Error-Code": "EntryNotFound"}))
    assert hub.card(facts) is None
    assert hub.card(ModelFacts("a/b", commit=COMMIT)) is None
    with pytest.raises(UsageError):
        hub.read_text(facts, "../../etc/passwd")


def test_history_is_followed_page_by_page_but_not_to_another_host(server: StubbornServer, settings: Settings) -> None:
    def page(first: int, link: str) -> Reply:
        commits = [{"id": f"{number:040x}", "title": str(number)} for number in range(first, first + 2)]
        return Reply(body=json.dumps(commits).encode(), headers={"Link": f'<{link}>; rel="next"'})

    server.on("/api/models/a/b/commits/main", page(0, f"{server.url}/second"))
    server.on("/second", page(2, "http://evil.example/third"))
    assert [commit.title for commit in HubClient(settings).commits("a/b")] == ["0", "1", "2", "3"]
    assert [commit.title for commit in HubClient(settings).commits("a/b", limit=3)] == ["0", "1", "2"]


def test_without_the_hub_its_last_answer_says_what_else_there_is(demo_settings: Settings, tmp_path: Path) -> None:
    answers = AnswerStore(tmp_path / "answers", write_atomically)
    online = HubClient(demo_settings, answers=answers)
    facts = online.facts(_MODEL)
    config = next(file for file in facts.files if file.path == "config.json")
    Downloader(demo_settings).fetch(facts, [config])
    kept = HubClient(_dead(demo_settings), answers=answers).facts(_MODEL)
    assert (kept.from_cache, kept.is_partial) == (True, False)
    assert {file.path for file in kept.files} == {file.path for file in facts.files}
    assert (kept.downloads, kept.license, kept.formats) == (facts.downloads, facts.license, facts.formats)
    assert Downloader(_dead(demo_settings)).presence(kept) == {"config.json": config.size}
    with pytest.raises(OfflineError, match="card is not on this machine"):
        HubClient(_dead(demo_settings), answers=answers).card(kept)


def test_a_config_that_is_not_here_is_not_replaced_by_what_the_hub_told_of_it(
    demo_settings: Settings, tmp_path: Path
) -> None:
    answers = AnswerStore(tmp_path / "answers", write_atomically)
    online = HubClient(demo_settings, answers=answers)
    facts = online.facts(_MODEL)
    assert facts.config_problem == ""
    Downloader(demo_settings).fetch(facts, [file for file in facts.files if file.path == "tokenizer.json"])
    for kept in (answers, None):
        unread = HubClient(_dead(demo_settings), answers=kept).facts(_MODEL)
        assert unread.config_problem == known_config.NOT_HERE
        assert known_config.stated_config(unread) == {}


def test_a_part_of_a_repo_is_not_taken_for_all_of_it(demo_settings: Settings) -> None:
    online = HubClient(demo_settings)
    facts = online.facts(_MODEL)
    Downloader(demo_settings).fetch(facts, [file for file in facts.files if file.path == "config.json"])
    dead = HubClient(_dead(demo_settings))
    kept = dead.facts(_MODEL)
    assert kept.is_partial
    with pytest.raises(OfflineError, match="not known without the Hub"):
        dead.card(kept)


def test_answers_are_bounded_and_a_damaged_one_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_MOST_ANSWERS", 4)
    monkeypatch.setattr(remembered, "_KEPT_ANSWERS", 2)
    store = AnswerStore(tmp_path / "answers", write_atomically)
    for number in range(5):
        store.put("a/b", str(number), {"number": number})
    assert len(list((tmp_path / "answers").iterdir())) == 2
    store.put("a/b", "c", {"number": "c"})
    found = store.get("a/b", "c")
    assert found is not None
    assert found[0] == {"number": "c"}
    for place in (tmp_path / "answers").iterdir():
        place.write_text("[1")
    assert store.get("a/b", "c") is None


def test_a_folder_has_no_revisions(tmp_path: Path, demo_settings: Settings) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UsageError, match="no revisions"):
        HubClient(demo_settings).facts(str(tmp_path), "v1")


def test_the_terms_of_a_gated_model_are_known_before_its_files_are(demo_settings: Settings) -> None:
    facts = HubClient(demo_settings).facts("demo/gated-star-reviews")
    assert facts.gate is not None
    assert (facts.gate.heading, facts.gate.fields) == ("Say hello first", ("Company", "I rate fairly"))
    assert facts.license_name == "demo-terms"
    assert facts.license_link.endswith("/demo/gated-star-reviews")
