"""`hubtui download`, `diff`, `cache` and the files of `show`, as a user types them, against the demo Hub."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from hubtui.core.errors import CancelledError
from hubtui.core.models import Snapshot
from hubtui.hub.downloads import Downloader
from tests.cli.conftest import Hubtui

CAMEMBERT = "demo/tiny-camembert-fr"


def test_show_tells_who_changed_a_file_last_and_what_the_scanners_found(hubtui: Hubtui) -> None:
    files = {file["path"]: file for file in hubtui("show", CAMEMBERT, "--json").json["files"]}
    weights = files["model.safetensors"]
    assert set(weights) == {"path", "size", "format", "sha256", "blob_id", "last_commit", "scan"}
    assert set(weights["last_commit"]) == {"id", "title", "date"}
    assert weights["last_commit"]["title"] == "Train to the end"
    assert weights["scan"] == {"status": "safe", "message": ""}
    assert "sha256" not in files["config.json"]
    assert "Train to the end" not in hubtui("show", CAMEMBERT).out
    pickled = hubtui("show", "demo/pickle-only-sentiment", "--json").json["files"]
    assert any("imports" in file["scan"] for file in pickled)


def test_show_of_a_gated_model_says_so_once_and_gives_what_there_is(hubtui: Hubtui) -> None:
    answer = hubtui("show", "demo/gated-star-reviews", "--json")
    assert answer.code == 0
    assert answer.err.count("behind a form") == 1
    assert "last_commit" not in answer.json["files"][0]


def test_show_offline_has_the_keys_that_the_cache_knows(hubtui: Hubtui) -> None:
    hubtui("download", CAMEMBERT)
    files = hubtui("show", CAMEMBERT, "--offline", "--json").json["files"]
    weights = next(file for file in files if file["path"] == "model.safetensors")
    assert {"path", "size", "format", "sha256"} <= set(weights)
    assert "last_commit" not in weights


def test_what_a_run_needs_is_downloaded_and_then_run_offline(hubtui: Hubtui) -> None:
    answer = hubtui("download", CAMEMBERT, "--json")
    assert answer.code == 0
    assert set(answer.json) == {"model", "revision", "commit", "folder", "files", "fetched_bytes", "seconds"}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {file["path"] for file in answer.json["files"]}
    assert answer.json["fetched_bytes"] == sum(file["size"] for file in answer.json["files"])
    assert "to fetch" in answer.err
    again = hubtui("download", CAMEMBERT, "--offline")
    assert (again.code, again.err) == (0, "")
    assert Path(again.out.strip(), "model.safetensors").is_file()


def test_chosen_files_alone_are_downloaded(hubtui: Hubtui) -> None:
    answer = hubtui("download", CAMEMBERT, "*.json", "--revision", "v0.1", "README.md", "--json").json
    assert answer["revision"] == "v0.1"
    names = {file["path"] for file in answer["files"]}
    assert "config.json" in names
    assert "model.safetensors" not in names
    assert {place.name for place in Path(answer["folder"]).iterdir()} == names


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("download", CAMEMBERT, "model.bin"), 2, "no file model.bin"),
        (("download", "demo/pickle-only-sentiment"), 1, "pickle"),
        (("download", CAMEMBERT, "--offline"), 1, "offline"),
        (("download",), 2, "MODEL"),
        (("diff", CAMEMBERT, "main"), 2, "B"),
        (("diff", CAMEMBERT, "main", "no-such"), 1, "no-such"),
        (("cache",), 2, "list,delete"),
        (("cache", "list", CAMEMBERT), 1, "Nothing of"),
        (("cache", "delete", CAMEMBERT), 1, "Nothing of"),
        (("cache", "delete", "../../etc"), 1, "Nothing of"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(hubtui: Hubtui, words: tuple[str, ...], code: int, says: str) -> None:
    answer = hubtui(*words)
    assert (answer.code, answer.out) == (code, "")
    assert says in answer.err
    assert answer.err.count("\n") == 1


def test_an_interrupted_download_ends_with_a_sentence_and_130(hubtui: Hubtui, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Downloader, *_: object, is_cancelled: object, **__: object) -> Snapshot:
        signal.raise_signal(signal.SIGINT)
        assert callable(is_cancelled)
        assert is_cancelled()
        raise CancelledError("The download was stopped.", hint="What has arrived is kept for the next time.")

    monkeypatch.setattr(Downloader, "fetch", interrupted)
    answer = hubtui("download", CAMEMBERT)
    assert (answer.code, answer.out) == (130, "")
    assert "What has arrived is kept" in answer.err


def test_two_revisions_are_compared(hubtui: Hubtui) -> None:
    found = hubtui("diff", "demo/tiny-gpt2-stories", "main", "refs/pr/1", "--json").json
    assert set(found) == {"model", "before", "after", "relation", "commits", "files", "values", "notes"}
    assert set(found["values"][0]) == {"file", "key", "kind", "before", "after", "sentence"}
    assert [file["path"] for file in found["files"]] == ["generation_config.json"]
    told = hubtui("diff", "demo/tiny-gpt2-stories", "main", "refs/pr/1", "--text")
    assert "refs/pr/1 has 1 commit more than main:" in told.out
    assert found["values"][0]["sentence"] in told.out
    assert "+++ b/generation_config.json" in told.out
    texts = hubtui("diff", CAMEMBERT, "v0.1", "main", "--text", "--json").json["texts"]
    assert {text["path"]: text["reason"] for text in texts} == {
        "README.md": None,
        "model.safetensors": "model.safetensors is no text.",
    }


def test_the_cache_is_listed_and_revisions_deleted_only_when_told_to(hubtui: Hubtui, home: Path) -> None:
    assert hubtui("cache", "list", "--json").json == []
    for revision in ("main", "v0.1"):
        hubtui("download", CAMEMBERT, "--revision", revision)
    (listed,) = hubtui("cache", "list", "--json").json
    assert set(listed) == {"model", "size_bytes", "partial_bytes", "last_used", "revisions"}
    assert {ref for revision in listed["revisions"] for ref in revision["refs"]} == {"main", "v0.1"}
    assert set(listed["revisions"][0]["files"][0]) == {"path", "size", "blob"}
    assert CAMEMBERT in hubtui("cache", "list").out
    assert "model.safetensors" in hubtui("cache", "list", CAMEMBERT).out
    planned = hubtui("cache", "delete", CAMEMBERT, "--revision", "v0.1")
    assert "Deleting 1 revision of demo/tiny-camembert-fr (v0.1) frees" in planned.out
    assert "--yes" in planned.err
    assert len(hubtui("cache", "list", "--json").json[0]["revisions"]) == 2
    done = hubtui("cache", "delete", CAMEMBERT, "--revision", "v0.1", "--yes", "--json").json
    assert (done["deleted"], done["refs"], done["is_whole"]) == (True, ["v0.1"], False)
    assert hubtui("download", CAMEMBERT, "--offline").code == 0
    assert hubtui("cache", "delete", CAMEMBERT, "--revision", "v0.1").code == 1
    assert "free again" in hubtui("cache", "delete", CAMEMBERT, "--yes").out
    assert hubtui("cache", "list", "--json").json == []
    assert not list((home / "hub").glob("models--*"))
