"""Repos written from a finished checkpoint: history, tags, pull requests."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hubtui.demo.training.publish import Repo

CARD = "---\nlicense: mit\n---\n\n# x\n\nA model.\n\n## Limits\n\nMany.\n"
FACTS: dict[str, Any] = {
    "created": datetime(2025, 5, 1, 12, tzinfo=UTC),
    "task": "fill-mask",
    "library": "transformers",
    "popularity": [1, 2, 3, 4],
    "authors": ["demo", "lea"],
    "days": [0, 1, 5],
    "pr": {"title": "t", "author": "jonas", "description": "d", "add": "More."},
}


@pytest.fixture
def finished(tmp_path: Path) -> tuple[Path, Path]:
    files, early = tmp_path / "files", tmp_path / "early"
    files.mkdir()
    early.mkdir()
    (files / "config.json").write_text('{"a": 1}')
    (files / "tokenizer.json").write_text("{}")
    (files / "model.safetensors").write_bytes(b"late")
    return files, early


def published(files: Path, early: Path, facts: dict[str, Any], card: str | None = CARD) -> tuple[Path, dict[str, Any]]:
    folder = files.parent / "repos/demo/x"
    Repo(folder, facts).publish(files, early, card)
    return folder, json.loads((folder / "repo.json").read_text())


def test_an_early_checkpoint_becomes_a_revision_with_a_tag(finished: tuple[Path, Path]) -> None:
    files, early = finished
    (early / "model.safetensors").write_bytes(b"early")
    folder, record = published(files, early, FACTS)
    titles = [commit["title"] for commit in record["commits"]]
    assert titles == [
        "initial commit",
        "Add configuration and tokenizer",
        "Upload a first checkpoint",
        "Train to the end",
        "Write the card",
    ]
    assert record["tags"] == {"v0.1": 2, "v1.0": 4}
    assert (folder / record["commits"][2]["put"]["model.safetensors"]).read_bytes() == b"early"
    assert (folder / record["commits"][3]["put"]["model.safetensors"]).read_bytes() == b"late"


def test_the_first_card_is_a_draft_and_the_last_one_whole(finished: tuple[Path, Path]) -> None:
    folder, record = published(*finished, FACTS)
    first = (folder / record["commits"][1]["put"]["README.md"]).read_text()
    assert "Limits" not in first
    assert (folder / record["commits"][-1]["put"]["README.md"]).read_text() == CARD


def test_authors_take_turns_and_time_goes_on(finished: tuple[Path, Path]) -> None:
    _, record = published(*finished, FACTS)
    assert [commit["author"] for commit in record["commits"]] == ["system", "demo", "lea", "demo"]
    assert record["commits"][0]["date"] == record["created"] == "2025-05-01T12:00:00.000Z"
    dates = [commit["date"] for commit in record["commits"]]
    assert dates == sorted(dates)


def test_a_pull_request_may_add_to_the_card_or_set_a_key(finished: tuple[Path, Path]) -> None:
    folder, record = published(*finished, FACTS)
    assert (folder / record["pull_requests"][0]["put"]["README.md"]).read_text().endswith("Many.\n\nMore.\n")
    request = {"title": "t", "author": "a", "description": "d", "file": "config.json", "set": {"b": 2}}
    folder, record = published(*finished, FACTS | {"pr": request})
    changed = json.loads((folder / record["pull_requests"][0]["put"]["config.json"]).read_text())
    assert changed == {"a": 1, "b": 2}


def test_a_repo_with_nothing_but_a_config_still_has_three_commits(finished: tuple[Path, Path]) -> None:
    files, early = finished
    (files / "model.safetensors").unlink()
    _, record = published(files, early, FACTS, card=None)
    assert len(record["commits"]) == 3


def test_publishing_again_leaves_nothing_of_the_time_before(finished: tuple[Path, Path]) -> None:
    files, early = finished
    folder, _ = published(files, early, FACTS)
    (folder / "main/stale.bin").write_bytes(b"x")
    published(files, early, FACTS)
    assert not (folder / "main/stale.bin").exists()
