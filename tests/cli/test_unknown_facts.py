"""What is not known is said to be unknown, with the reason; nothing is made up, nothing is left to be guessed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hubtui.demo.child import DemoHubProcess
from tests.cli.conftest import Hubtui

GATED = "demo/gated-star-reviews"
BLUEPRINT = "demo/llama-7b-blueprint"
LLAMA = "demo/tiny-llama-chat"


def folder(place: Path, **files: str) -> str:
    """A checkpoint folder with a tokenizer and these files."""
    place.mkdir()
    for name, text in {
        "tokenizer.json": "{}",
        **{name.replace("_", "."): text for name, text in files.items()},
    }.items():
        (place / name).write_text(text)
    return str(place)


def test_a_gated_model_is_not_built_of_the_defaults_of_its_type(hubtui: Hubtui) -> None:
    answer = hubtui("show", GATED, "--architecture")
    assert (answer.code, answer.out) == (1, "")
    for words in ("config.json could not be read", "behind a form", "access at http://127.0.0.1:", GATED):
        assert words in answer.err


def test_a_gated_model_is_not_judged_by_the_defaults_of_its_type(hubtui: Hubtui) -> None:
    fit = hubtui("fit", GATED, "--json").json
    assert (fit["activations_bytes"], fit["devices"][0]["largest_context"], fit["max_length"]) == (None, None, None)
    assert "behind a form" in fit["assumptions"][0]
    shown = hubtui("fit", GATED).out
    assert "tokens" not in shown
    assert "activations       ?  not known" in shown
    assert "behind a form" in " ".join(shown.split())


def test_an_unread_card_is_not_said_to_be_silent(hubtui: Hubtui) -> None:
    card = hubtui("show", GATED, "--json").json["card"]
    assert card["state"] == "unread"
    assert {card[key] for key in ("has_limitations", "has_bias", "has_training_data", "not_stated")} == {None}
    assert (card["datasets"], card["languages"]) == (["demo/hubtui-templates"], ["en"]), "the Hub's tags tell these"
    assert "card          not read" in hubtui("show", GATED).out


def test_missing_and_empty_cards_are_told_apart(hubtui: Hubtui, tmp_path: Path) -> None:
    missing = hubtui("show", folder(tmp_path / "a"))
    empty = hubtui("show", folder(tmp_path / "b", README_md=" \n"))
    plain = hubtui("show", folder(tmp_path / "c", README_md="It answers."))
    assert "none: there is no README.md" in missing.out
    assert "card        empty" in empty.out
    assert "no headings; does not state training data, limitations, bias, evaluation, licence" in plain.out


def test_show_and_card_agree_on_what_is_not_stated(hubtui: Hubtui) -> None:
    for model in ("demo/no-head-spam-filter", BLUEPRINT, "demo/tiny-camembert-fr"):
        shown = hubtui("show", model, "--json").json["card"]["not_stated"]
        assert shown == hubtui("card", model, "--json").json["not_stated"]
    assert "does not state training data, evaluation" in hubtui("show", BLUEPRINT).out


def test_a_licence_that_only_the_text_speaks_of_is_told(hubtui: Hubtui, tmp_path: Path) -> None:
    place = folder(tmp_path / "a", README_md="# A\n\n## 7. License\n\nThe model agreement applies.\n")
    words = "no licence in the front matter; the card speaks of one under “7. License”"
    assert words in hubtui("show", place).out
    assert words in hubtui("card", place).out
    document = hubtui("card", place, "--json").json
    assert document["license_section"] == "7. License"
    assert "licence" not in document["not_stated"]


@pytest.mark.parametrize("command", [("show",), ("fit",)])
def test_a_broken_config_is_named_in_a_folder(hubtui: Hubtui, tmp_path: Path, command: tuple[str, ...]) -> None:
    place = folder(tmp_path / "a", config_json="{bad")
    assert "config.json is not valid JSON (line 1, column 2)." in hubtui(*command, place).out.replace("\n  ", " ")
    refused = hubtui("show", place, "--architecture")
    assert (refused.code, refused.out) == (1, "")
    assert "config.json is not valid JSON" in refused.err


def test_a_broken_config_is_named_on_the_hub(hubtui: Hubtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = tmp_path / "root" / "a" / "b"
    repo.mkdir(parents=True)
    (repo / "config.json").write_text("{bad")
    with DemoHubProcess(root=tmp_path / "root") as hub:
        hub.wait_ready()
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        assert "config.json is not valid JSON" in hubtui("fit", "a/b").out
        assert "config      config.json is not valid JSON" in hubtui("show", "a/b").out
        assert "config.json is not valid JSON" in hubtui("show", "a/b", "--architecture").err
        assert hubtui("show", "a/b", "--json").json["config_problem"].startswith("config.json is not valid JSON")


def test_a_repo_without_weights_has_a_fit(hubtui: Hubtui) -> None:
    fit = hubtui("fit", BLUEPRINT, "--json").json
    assert fit["weights_bytes"] == 2 * 6_738_415_616, "as its card says: 13.5 GB in bfloat16"
    assert fit["devices"][0]["verdict"] != "unknown"
    shown = hubtui("fit", BLUEPRINT).out
    assert "13.5 GB  from config.json, bfloat16" in shown


def test_a_folder_has_neither_downloads_nor_likes(hubtui: Hubtui, tmp_path: Path) -> None:
    shown = hubtui("show", folder(tmp_path / "a")).out
    assert "downloads" not in shown
    assert "likes" not in shown
    assert "likes" in hubtui("show", LLAMA).out


def test_show_tells_what_a_triage_asks_for(hubtui: Hubtui, tmp_path: Path) -> None:
    shown = hubtui("show", "demo/no-head-spam-filter").out
    for words in (
        "model type    albert",
        "Auto class    AutoModelForSequenceClassification",
        "datasets      demo/hubtui-templates",
        "base model    demo/tiny-albert-kitchen (fine-tune)",
        " in 6 files",
    ):
        assert words in shown
    card = "---\nlicense: other\nlicense_name: house-rules\nlicense_link: https://a.example/terms\n---\n# A\n"
    place = folder(tmp_path / "a", README_md=card)
    assert "licence     other, house-rules, https://a.example/terms" in hubtui("show", place).out
    document = hubtui("show", place, "--json").json
    assert (document["license_name"], document["license_link"]) == ("house-rules", "https://a.example/terms")


def test_too_long_a_context_is_no_plain_fit(hubtui: Hubtui) -> None:
    shown = hubtui("fit", LLAMA, "--context", "100000").out
    assert "fits, but takes 192 at most" in shown
    assert hubtui("fit", LLAMA, "--context", "100000", "--json").json["max_length"] == 192


@pytest.mark.parametrize("number", ["9" * 23, "9" * 5000, "1000000001"])
def test_absurd_numbers_are_refused_with_a_sentence(hubtui: Hubtui, number: str) -> None:
    answer = hubtui("fit", LLAMA, "--context", number)
    assert answer.code == 2
    assert "is too much: 1,000,000,000 is the most" in answer.err
    assert len(answer.err) < 200


def test_differences_are_told_in_words(hubtui: Hubtui) -> None:
    lines = [line.split() for line in hubtui("show", LLAMA, "--against", "demo/tiny-gpt2-stories").out.splitlines()]
    assert ["class", "LlamaForCausalLM", "→", "GPT2LMHeadModel"] in lines
    assert ["mlp_bias", "false", "→", "not", "set"] in lines
    assert ["layers", "2", "→", "not", "set"] not in lines


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [("--version",), ("show", "--help"), ("cache", "list", "--json"), ("doctor",)])
def test_a_full_disk_is_told_as_one(words: tuple[str, ...], unbuffered: str, home: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": unbuffered,
        "HF_HUB_CACHE": str(home / "hub"),
        "HF_HUB_OFFLINE": "1",
    }
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "hubtui", *words],
            stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False, timeout=60,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "hubtui: Standard output cannot be written: no space left.\n")
