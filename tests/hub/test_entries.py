from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core import listed
from hubtui.core.models import Gated
from hubtui.hub import entries

if TYPE_CHECKING:
    from pathlib import Path

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
_LISTED = [*entries.ROW_FIELDS, *entries.CATALOGUE_FIELDS, "modelId"]
_KEYS = [*_LISTED, "securityRepoStatus", "cardData", "sha", "authors", "branches"]


def _recorded(shared_data: Path, name: str) -> Any:
    return json.loads((shared_data / "api" / name).read_text("utf-8"))


def test_a_real_listing_entry_becomes_a_row(shared_data: Path) -> None:
    row = entries.row(_recorded(shared_data, "models-list-entry.json")["body"][0], {"google-bert/bert-base-uncased"})
    assert row is not None
    assert (row.id, row.pipeline_tag, row.library) == ("google-bert/bert-base-uncased", "fill-mask", "transformers")
    assert (row.license, row.languages, row.formats) == ("apache-2.0", ("en",), ("pickle",))
    assert (row.downloads, row.likes, row.is_cached) == (42711978, 3379, True)
    assert row.created == datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)


def test_an_authors_word_for_a_framework_is_no_file_format(shared_data: Path) -> None:
    row = entries.row(_recorded(shared_data, "model-llama-3.1-8b-expand.json")["body"])
    assert row is not None
    assert row.formats == ("safetensors",), "its author tagged it pytorch, which says nothing of its files"
    assert row.gated is Gated.MANUAL
    assert "fr" in row.languages


def test_a_real_info_answer_tells_parameters_and_files(shared_data: Path) -> None:
    info = _recorded(shared_data, "hub-recordings-2026-09-22.json")["models.info"]["json"]
    assert listed.parameters(info.get("safetensors"), info.get("gguf")) == ({"F32": 137022720}, 137022720)
    files, refused = entries.files(info)
    assert len(files) == 26
    assert refused == ()
    assert {file.path: file.format for file in files}["onnx/decoder_model.onnx"] == "onnx"


def test_real_commits_are_read(shared_data: Path) -> None:
    (commit,) = entries.commits(_recorded(shared_data, "commits-gpt2.json")["body"])
    assert (commit.title, commit.authors) == ("Adds the tokenizer configuration file (#80)", ("lysandre",))


@given(st.dictionaries(st.sampled_from(_KEYS), _JSON), _JSON)
def test_no_answer_of_a_hub_however_odd_stops_the_program(odd: dict[str, Any], document: object) -> None:
    entry = {"id": "a/b", **odd}
    row = entries.row(entry)
    assert row is not None
    assert row.id == "a/b"
    files, refused = entries.files(entry)
    entries.safety(entry, refused, custom_code=False, pickle_only=False)
    entries.card_languages(entry)
    entries.row(document)
    entries.commits(document)
    entries.refs(document)
    assert all(file.size is None or file.size >= 0 for file in files)


@pytest.mark.parametrize(
    "entry", [None, [], "a/b", {}, {"id": 7}, {"id": "../../etc"}, {"id": "a/b?x"}, {"id": "a\x1b[31m/b"}]
)
def test_an_entry_that_names_no_model_is_left_out(entry: object) -> None:
    assert entries.row(entry) is None


@given(st.dictionaries(st.sampled_from(_LISTED), _JSON))
def test_what_a_sync_keeps_of_an_entry_makes_the_same_row(odd: dict[str, Any]) -> None:
    entry = {"id": "a/b", **odd}
    assert entries.row(entries.lean(entry)) == entries.row(entry)
    assert entries.lean(None) is entries.lean([entry]) is None


def test_a_sync_keeps_no_card_no_file_names_and_no_chat_template() -> None:
    entry = {
        "_id": "1",
        "id": "a/b",
        "likes": 3,
        "siblings": [{"rfilename": "README.md"}, *({"rfilename": f"{part}.safetensors"} for part in range(500))],
        "inference": "warm",
        "inferenceProviderMapping": [
            {"provider": "groq", "status": "live", "providerId": "x", "task": "conversational"},
            {"provider": "novita", "status": "staging", "providerId": "y", "task": "conversational"},
        ],
        "gguf": {"total": 7, "chat_template": "{% for message in messages %}" * 100},
    }
    row = entries.row(entry)
    assert row is not None
    assert (row.has_card, row.is_warm, row.providers, row.parameters) == (True, True, ("groq",), 7)
    kept = entries.lean(entry)
    assert entries.row(kept) == row
    assert len(json.dumps(kept)) < 200


def test_nothing_foreign_reaches_the_terminal_through_a_row() -> None:
    row = entries.row({"id": "a/b", "tags": ["\x1b]0;owned\x07", "\u202eevil"], "pipeline_tag": "x\x1b[2J"})
    assert row is not None
    assert row.pipeline_tag.isprintable()
    assert all(tag.isprintable() for tag in row.tags)


def test_a_file_name_that_leaves_the_folder_is_refused_and_told() -> None:
    info = {"siblings": [{"rfilename": "../../.bashrc"}, {"rfilename": "config.json"}, {"rfilename": 3}, None]}
    files, refused = entries.files(info)
    assert [file.path for file in files] == ["config.json"]
    safety = entries.safety(info, refused, custom_code=False, pickle_only=False)
    assert (safety.status, [issue.path for issue in safety.issues]) == ("unsafe", ["../../.bashrc"])


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ({"scansDone": True, "filesWithIssues": []}, "safe"),
        ({"scansDone": False, "filesWithIssues": []}, "unscanned"),
        ({"scansDone": True, "filesWithIssues": [{"path": "a.bin", "level": "unsafe"}]}, "unsafe"),
        ({"scansDone": True, "filesWithIssues": [{"path": "a.bin", "level": "caution"}]}, "suspicious"),
        (None, "unscanned"),
    ],
)
def test_the_scanners_verdict_is_the_worst_finding(status: object, verdict: str) -> None:
    info = {"securityRepoStatus": status}
    assert entries.safety(info, (), custom_code=False, pickle_only=False).status == verdict


def test_refs_are_named_as_a_revision_is_given() -> None:
    commit = "a" * 40
    document = {
        "branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": commit}, {"name": "../x"}],
        "tags": [{"name": "v1", "ref": "refs/tags/v1", "targetCommit": commit}],
        "pullRequests": [{"name": "1", "ref": "refs/pr/1", "targetCommit": commit}],
    }
    assert [(ref.name, ref.kind) for ref in entries.refs(document)] == [
        ("main", "branch"),
        ("v1", "tag"),
        ("refs/pr/1", "pull request"),
    ]
