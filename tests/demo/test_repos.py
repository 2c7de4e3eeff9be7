"""The committed repos of the demo Hub: consistent, small, harmless, and described."""

import json
import pickletools
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOS = Path(__file__).parents[2] / "hubtui/demo/repos"
FOLDERS = sorted(path.parent for path in REPOS.glob("*/*/repo.json"))
MEGABYTE = 1_000_000
KEYS = {
    "created", "downloads", "downloads_all_time", "likes", "trending", "gated", "private", "disabled", "renamed_from",
    "pipeline_tag", "library", "commits", "tags", "pull_requests", "discussions", "security", "inference",
}  # fmt: skip
WITHOUT_CARD = {"untitled-checkpoint"}
# What torch needs to rebuild a tensor; a pickle that imports anything else could run code.
HARMLESS = {"collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch.FloatStorage"}


def each(folders: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("folder", folders, ids=lambda folder: f"{folder.parent.name}/{folder.name}")


each_repo = each(FOLDERS)
each_card = each([folder for folder in FOLDERS if folder.name not in WITHOUT_CARD])
each_tokenizer = each([folder for folder in FOLDERS if (folder / "main/tokenizer.json").exists()])
each_pickle = each([folder for folder in FOLDERS if list(folder.glob("main/*.bin"))])


def record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "repo.json").read_text(encoding="utf-8"))
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def front_matter(card: Path) -> tuple[dict[str, Any], str]:
    _, front, body = card.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def test_the_demo_hub_is_rich_enough_to_search_in() -> None:
    facts = [record(folder) for folder in FOLDERS]
    assert len(FOLDERS) >= 35
    assert len({fact["pipeline_tag"] for fact in facts}) >= 15
    assert {"transformers", "sentence-transformers", "flair", "asteroid", "diffusers", None} <= {
        fact["library"] for fact in facts
    }
    assert {False, "auto", "manual"} == {fact["gated"] for fact in facts}
    assert any(fact["private"] for fact in facts)
    assert any(fact["disabled"] for fact in facts)
    assert any(fact["renamed_from"] for fact in facts)
    assert {folder.parent.name for folder in FOLDERS} >= {"demo", "atelier"}


def test_sorting_by_popularity_and_date_shows_an_order() -> None:
    facts = [record(folder) for folder in FOLDERS]
    for key in ("downloads", "likes", "created"):
        assert len({fact[key] for fact in facts}) > len(facts) * 0.8, key


def test_the_package_stays_small() -> None:
    total = sum(path.stat().st_size for path in REPOS.rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert total < 15 * MEGABYTE


@each_repo
def test_a_repo_says_everything_that_the_server_reads(folder: Path) -> None:
    facts = record(folder)
    assert set(facts) == KEYS
    assert facts["gated"] in (False, "auto", "manual")
    assert 0 <= facts["downloads"] <= facts["downloads_all_time"]
    assert datetime.fromisoformat(facts["created"]).year in (2024, 2025, 2026)


@each_repo
def test_the_history_ends_in_the_files_of_main(folder: Path) -> None:
    tree: dict[str, bytes] = {}
    for commit in record(folder)["commits"]:
        for path, source in commit["put"].items():
            tree[path] = (folder / source).read_bytes()
        for path in commit["delete"]:
            del tree[path]
    assert tree == files_of(folder / "main")


@each_repo
def test_the_history_tells_a_story(folder: Path) -> None:
    commits = record(folder)["commits"]
    assert len(commits) >= 3
    assert (commits[0]["title"], commits[0]["author"]) == ("initial commit", "system")
    assert list(commits[0]["put"]) == [".gitattributes"]
    dates = [datetime.fromisoformat(commit["date"]) for commit in commits]
    assert dates == sorted(dates)
    assert all(commit["put"] or commit["delete"] for commit in commits)


@each_repo
def test_tags_and_pull_requests_point_at_commits_and_change_something(folder: Path) -> None:
    facts = record(folder)
    assert facts["tags"]
    assert all(0 <= index < len(facts["commits"]) for index in facts["tags"].values())
    assert facts["pull_requests"]
    for request in facts["pull_requests"]:
        assert 0 <= request["base"] < len(facts["commits"])
        assert request["status"] in ("open", "closed", "merged", "draft")
        for path, source in request["put"].items():
            current = folder / "main" / path
            assert not current.exists() or (folder / source).read_bytes() != current.read_bytes()


@each_repo
def test_no_file_lies_beside_the_history_unused(folder: Path) -> None:
    facts = record(folder)
    used = {source for entry in [*facts["commits"], *facts["pull_requests"]] for source in entry["put"].values()}
    assert {name for name in files_of(folder) if name.startswith("history/")} <= used


def test_one_repo_alone_has_no_card() -> None:
    assert {folder.name for folder in FOLDERS if not (folder / "main/README.md").exists()} == WITHOUT_CARD


@each_card
def test_a_card_can_be_judged_by_its_sections(folder: Path) -> None:
    front, body = front_matter(folder / "main/README.md")
    assert front["license"]
    assert front["pipeline_tag"] == record(folder)["pipeline_tag"]
    assert front["library_name"] == record(folder)["library"]
    headings = " ".join(re.findall(r"^#+ (.*)$", body, re.MULTILINE)).lower()
    assert "limit" in headings
    assert "training data" in headings or folder.name == "pickle-only-sentiment"
    assert "licence" in headings or "license" in headings
    assert "$" not in body.replace("$$", ""), "a placeholder was left in"


@each_card
def test_a_trained_model_states_what_was_measured(folder: Path) -> None:
    front, body = front_matter(folder / "main/README.md")
    if "steps × batch" not in body:  # nothing was trained for this repo
        assert "model-index" not in front
        return
    (result,) = front["model-index"][0]["results"]
    assert result["task"]["type"] == front["pipeline_tag"]
    assert all(isinstance(metric["value"], int | float) for metric in result["metrics"])
    assert front["widget"]


@each_tokenizer
def test_a_tokenizer_does_not_pad_or_cut_behind_the_users_back(folder: Path) -> None:
    tokenizer = json.loads((folder / "main/tokenizer.json").read_text(encoding="utf-8"))
    assert tokenizer["padding"] is None
    assert tokenizer["truncation"] is None
    config = json.loads((folder / "main/tokenizer_config.json").read_text(encoding="utf-8"))
    assert 16 <= config["model_max_length"] <= 512


@each_pickle
def test_a_pickle_imports_nothing_but_what_rebuilds_tensors(folder: Path) -> None:
    for path in folder.rglob("*.bin"):
        assert str(path.relative_to(folder / "main")) in record(folder)["security"]
        with zipfile.ZipFile(path) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith("data.pkl")]
            assert _imports(archive.read(name)) <= HARMLESS


def _imports(pickled: bytes) -> set[str]:
    """Return the names that a pickle imports; protocol 2, which torch writes, has them all in GLOBAL opcodes."""
    return {
        str(argument).replace(" ", ".") for code, argument, _ in pickletools.genops(pickled) if code.name == "GLOBAL"
    }


def test_no_sentence_of_a_card_names_a_machine_or_a_path() -> None:
    for card in REPOS.rglob("README.md"):
        assert not re.search(r"/(home|root|work|tmp|Users)/", card.read_text(encoding="utf-8")), card
