"""What `show` adds when it is asked for tensors, architecture and differences."""

from __future__ import annotations

import pytest

from hubtui.cli.arguments import parse
from hubtui.cli.show import run
from tests.cli.conftest import Hubtui
from tests.fake_rows import ROWS
from tests.fakes import fake_services
from tests.fakes_build import FakeHeaders, FakeStructures

LLAMA = "demo/tiny-llama-chat"
SHARDED = "demo/sharded-weather-words"
GGUF = "atelier/llama-chat-gguf"


def test_tensors_are_added_for_scripts_and_nothing_else_changes(hubtui: Hubtui) -> None:
    plain, shown = hubtui("show", SHARDED, "--json").json, hubtui("show", SHARDED, "--tensors", "--json").json
    tensors = shown.pop("tensors")
    assert shown.keys() == plain.keys()
    assert set(tensors) == {"format", "total", "by_dtype", "by_layer", "files", "metadata", "tensors", "problems"}
    assert tensors["total"]["parameters"] == plain["parameters"]["total"]
    assert len(tensors["files"]) == 3
    first = tensors["tensors"][0]
    assert set(first) == {"name", "dtype", "shape", "bytes", "file"}
    assert sum(entry["bytes"] for entry in tensors["tensors"]) == tensors["total"]["bytes"]
    assert sum(layer["parameters"] for layer in tensors["by_layer"].values()) == tensors["total"]["parameters"]


def test_tensors_are_a_tree_for_people(hubtui: Hubtui) -> None:
    answer = hubtui("show", SHARDED, "--tensors")
    assert answer.code == 0
    assert "28 in 3 files" in answer.out
    assert "0–1" in answer.out
    assert "2 alike" in answer.out


def test_a_gguf_file_shows_its_keys(hubtui: Hubtui) -> None:
    answer = hubtui("show", GGUF, "--file", "tiny-llama-chat-f16.gguf")
    for words in ("general.architecture", "llama.context_length", "640 × string", "blk", "F16"):
        assert words in answer.out


def test_pickles_are_refused_with_a_reason(hubtui: Hubtui) -> None:
    answer = hubtui("show", "demo/pickle-only-sentiment", "--tensors")
    assert (answer.code, answer.out) == (1, "")
    assert "pickle only" in answer.err


def test_the_architecture_is_added_as_text_and_for_scripts(hubtui: Hubtui) -> None:
    shown = hubtui("show", LLAMA, "--architecture", "--against", "demo/tiny-gpt2-stories", "--json").json
    built = shown["architecture"]
    assert built["parameters"] == shown["parameters"]["total"]
    assert (built["class"], built["auto_classes"]) == ("LlamaForCausalLM", ["AutoModelForCausalLM"])
    part = built["dimensions"][0]
    assert (part["layers"], part["attention"], part["layer_pattern"]) == (2, "GQA", "all full")
    assert [layer["name"] for layer in built["layers"]] == ["model.layers.0", "model.layers.1"]
    assert built["modules"]["modules"][0]["name"] == "model"
    assert {head["class"] for head in built["heads"]} >= {"LlamaModel", "LlamaForSequenceClassification"}
    changes = {change["label"]: (change["before"], change["after"]) for change in shown["differences"]}
    assert changes["model type"] == ("llama", "gpt2")


def test_the_architecture_can_be_read_by_people(capsys: pytest.CaptureFixture[str]) -> None:
    services = fake_services(structures=FakeStructures, headers=FakeHeaders)
    arguments = parse(["show", ROWS[0].id, "--head", "AutoModelForSequenceClassification", "--tensors"])
    assert run(arguments, services) == 0
    shown = capsys.readouterr().out
    for words in (
        "class            AutoModelForSequenceClassification (AutoModelForCausalLM)",
        "2: all full",
        "GQA, 4 heads, 2 of keys and values, of 16",
        "2,048, rotary, base 10,000",
        "0–1",
        "weight 1000×64 (tied)",
        "in the checkpoint",
        "+ score 128",
        "12 in 2 files",
    ):
        assert words in shown


def test_what_differs_between_two_models_is_said_in_words(hubtui: Hubtui) -> None:
    answer = hubtui("show", LLAMA, "--against", "demo/tiny-gpt2-stories")
    assert "demo/tiny-gpt2-stories differs in:" in answer.out
    assert "model type" in answer.out
    assert "transformers_version" not in answer.out
    assert "has the same config" in hubtui("show", LLAMA, "--against", LLAMA).out


def test_offline_a_model_that_is_not_in_the_cache_shows_what_the_catalogue_knows(hubtui: Hubtui) -> None:
    online = hubtui("show", LLAMA, "--json").json
    hubtui("catalogue", "sync")
    answer = hubtui("show", LLAMA, "--offline", "--json")
    assert answer.code == 0
    known = ("id", "task", "library", "license", "gated", "parameters", "formats")
    assert {key: answer.json[key] for key in known} == {key: online[key] for key in known}
    assert answer.json["listed"]
    assert [answer.json[key] for key in ("files", "card", "verdict", "commit")] == [None] * 4, "nothing is made up"
    assert answer.json.keys() - {"listed"} == online.keys()
    told = hubtui("show", LLAMA, "--offline")
    assert "what the local catalogue says, as of 20" in told.err
    assert "text-generation" in told.out
    assert "no weights" not in told.out
    assert hubtui("show", LLAMA, "--offline", "--tensors").code == 1
    assert hubtui("show", LLAMA, "--offline", "--revision", "v1.0").code == 1
    hubtui("catalogue", "drop")
    assert hubtui("show", LLAMA, "--offline").code == 1, "nothing is known without a catalogue"
