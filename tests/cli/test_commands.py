from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest

from hubtui.__main__ import main
from tests.cli.conftest import Hubtui

CAMEMBERT = "demo/tiny-camembert-fr"


def test_search_lists_what_matches(hubtui: Hubtui) -> None:
    answer = hubtui("search", "camembert task:fill-mask")
    assert answer.code == 0
    assert CAMEMBERT in answer.out


def test_search_gives_scripts_the_promised_keys(hubtui: Hubtui) -> None:
    rows = hubtui("search", "camembert", "--json").json
    assert set(rows[0]) == {
        "id", "task", "library", "license", "languages", "parameters", "downloads", "likes", "gated",
        "updated", "formats", "fit",
    }  # fmt: skip
    assert next(row for row in rows if row["id"] == CAMEMBERT)["fit"] == "fits"


def test_search_obeys_its_limit(hubtui: Hubtui) -> None:
    assert len(hubtui("search", "demo", "--limit", "2", "--json").json) == 2


def test_a_search_without_a_match_says_what_to_loosen_and_prints_no_data(hubtui: Hubtui) -> None:
    answer = hubtui("search", "nothing-is-called-this")
    assert (answer.code, answer.out) == (0, "")
    assert "Take a word or a filter away" in answer.err
    assert hubtui("search", "nothing-is-called-this", "--json").json == []


def test_a_misspelt_filter_is_refused_with_the_nearest(hubtui: Hubtui) -> None:
    answer = hubtui("search", "tsk:fill-mask")
    assert answer.code == 2
    assert "task" in answer.err
    assert answer.out == ""


def test_show_gives_scripts_the_promised_keys(hubtui: Hubtui) -> None:
    shown = hubtui("show", CAMEMBERT, "--json").json
    assert set(shown) == {
        "id", "revision", "commit", "task", "library", "license", "gated", "private", "parameters",
        "architectures", "model_type", "max_length", "files", "formats", "safety", "verdict", "card", "fit",
        "size_bytes", "auto_class", "license_name", "license_link", "config_problem",
        "author", "license_details", "access",
    }  # fmt: skip
    assert shown["task"] == "fill-mask"
    assert shown["architectures"] == ["CamembertForMaskedLM"]
    assert sum(shown["parameters"]["by_dtype"].values()) == shown["parameters"]["total"]
    assert shown["card"]["has_limitations"]
    assert shown["card"]["has_bias"]
    assert shown["card"]["has_training_data"]
    assert {"path", "size", "format"} <= set(shown["files"][0])


def test_show_can_be_read_by_people(hubtui: Hubtui) -> None:
    answer = hubtui("show", CAMEMBERT)
    for word in ("fill-mask", "CamembertForMaskedLM", "model.safetensors", "mit"):
        assert word in answer.out


def test_another_revision_can_be_shown(hubtui: Hubtui) -> None:
    first = hubtui("show", CAMEMBERT, "--revision", "v1.0", "--json").json
    assert first["revision"] == "v1.0"
    assert len(first["commit"]) == 40


def test_a_hub_url_names_a_model_as_well_as_its_id_does(hubtui: Hubtui) -> None:
    assert hubtui("show", f"https://huggingface.co/{CAMEMBERT}", "--json").json["id"] == CAMEMBERT


def test_the_card_is_printed_without_markup(hubtui: Hubtui) -> None:
    answer = hubtui("card", CAMEMBERT)
    assert answer.code == 0
    assert "camembert" in answer.out.lower()
    assert "---\nlicense" not in answer.out
    assert "\x1b" not in answer.out


def test_the_card_begins_with_its_facts_and_ends_with_its_links(hubtui: Hubtui) -> None:
    lines = hubtui("card", CAMEMBERT).out.rstrip().splitlines()
    facts = [line.split()[0] for line in lines[: lines.index("─" * 80)]]
    assert facts == ["licence", "languages", "datasets", "metrics", "results", "made"]
    assert lines[5] == "made of it  1 fine-tune"
    assert lines[-1].split()[0].startswith("[")


def test_the_card_says_first_what_it_does_not_say(hubtui: Hubtui, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', "utf-8")
    (tmp_path / "README.md").write_text("---\nlicense: [mit\n---\n# A model\n", "utf-8")
    answer = hubtui("card", str(tmp_path))
    assert answer.code == 0
    assert answer.out.startswith("front matter  The front matter is not valid YAML")
    assert "not stated  training data · limitations · bias · evaluation · licence" in answer.out


def test_scripts_get_what_a_card_says_as_one_document(hubtui: Hubtui) -> None:
    card = hubtui("card", CAMEMBERT, "--json").json
    assert set(card) == {
        "id", "revision", "commit", "front_matter", "lineage", "has_limitations", "has_bias", "has_training_data",
        "has_evaluation", "not_stated", "license_section", "headings", "links", "images", "text",
    }  # fmt: skip
    assert card["front_matter"]["license"] == [
        {
            "id": "mit",
            "name": "MIT License",
            "class": "permissive",
            "terms": "https://choosealicense.com/licenses/mit/",
        }
    ]
    assert card["lineage"]["children"]["finetune"] == 1
    assert card["not_stated"] == []
    assert card["headings"][0] == {"level": 1, "text": "tiny-camembert-fr", "anchor": "tiny-camembert-fr"}
    assert "délicieux" in card["text"]


def test_the_raw_card_is_the_markdown_text(hubtui: Hubtui) -> None:
    assert hubtui("card", CAMEMBERT, "--raw").out.startswith("---\n")


def test_fit_gives_scripts_the_promised_keys(hubtui: Hubtui) -> None:
    fit = hubtui("fit", CAMEMBERT, "--json").json
    assert set(fit) == {
        "model", "weights_bytes", "kv_cache_bytes", "overhead_bytes", "total_bytes", "context", "batch",
        "dtype", "devices", "assumptions", "activations_bytes", "loaded_dtype", "max_length", "kv_cache", "measured",
        "advice", "sources",
    }  # fmt: skip
    assert fit["devices"][-1]["verdict"] == "fits"
    assert fit["total_bytes"] == fit["weights_bytes"] + fit["overhead_bytes"]
    assert fit["kv_cache"] == []


def test_doctor_tells_everything_but_the_token(hubtui: Hubtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_demo")
    answer = hubtui("doctor", "--json")
    assert answer.json["token"] == {"present": True}
    assert "hf_demo" not in answer.out + answer.err
    assert answer.json["endpoint"]["reachable"]
    assert answer.json["settings"]["theme"] == "dark"


def test_doctor_names_a_hub_that_does_not_answer(hubtui: Hubtui) -> None:
    answer = hubtui("doctor", "--endpoint", "http://127.0.0.1:9", "--json")
    assert answer.code == 0
    assert not answer.json["endpoint"]["reachable"]
    assert "127.0.0.1" in answer.json["endpoint"]["problem"]


def test_tokenize_gives_scripts_the_promised_keys(hubtui: Hubtui) -> None:
    tokenized = hubtui(
        "tokenize", CAMEMBERT, "Le camembert est délicieux :)", "Oui", "--padding", "longest", "--json"
    ).json
    assert set(tokenized) == {
        "model", "algorithm", "vocab_size", "fast", "model_max_length", "padding_side", "truncation_side",
        "special_tokens", "sequences", "warnings",
    }  # fmt: skip
    assert tokenized["algorithm"] == "Unigram"
    assert tokenized["special_tokens"]["pad"] == {"token": "<pad>", "id": 1}
    first, second = tokenized["sequences"]
    assert {
        "text", "ids", "tokens", "offsets", "attention_mask", "special_tokens_mask", "type_ids", "n_tokens",
        "truncated", "padding",
    } <= set(first)  # fmt: skip
    assert len(first["ids"]) == len(second["ids"])
    assert second["padding"] > 0
    assert second["ids"][-1] == 1


def test_texts_may_stand_behind_options(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", CAMEMBERT, "Oui", "--padding", "longest", "Le camembert", "--json")
    assert [sequence["text"] for sequence in answer.json["sequences"]] == ["Oui", "Le camembert"]
    told = hubtui("tokenize", CAMEMBERT, "--paddings", "Oui")
    assert (told.code, told.out) == (2, "")
    assert "--paddings" in told.err


def test_a_file_is_tokenized_line_by_line(hubtui: Hubtui, tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("Le camembert\nest bon\n", encoding="utf-8")
    sequences = hubtui("tokenize", CAMEMBERT, "--file", str(texts), "--json").json["sequences"]
    assert [sequence["text"] for sequence in sequences] == ["Le camembert", "est bon"]


def test_standard_input_is_tokenized_line_by_line(hubtui: Hubtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"un\ndeux\n")))
    assert len(hubtui("tokenize", CAMEMBERT, "-", "--json").json["sequences"]) == 2


def test_control_characters_of_a_text_do_not_reach_the_terminal(hubtui: Hubtui) -> None:
    hostile = "a\x1b]52;c;eA==\x07\x9bb\u202ec"
    for words in (("--json",), ()):
        answer = hubtui("tokenize", "demo/tiny-gpt2-stories", hostile, *words)
        assert answer.code == 0
        printed = answer.out.replace("\n", "")
        assert not [char for char in printed if unicodedata.category(char) in {"Cc", "Cf"}]
    assert hubtui("tokenize", "demo/tiny-gpt2-stories", hostile, "--json").json["sequences"][0]["text"] == hostile


@pytest.mark.slow
def test_the_cheese_is_judged(hubtui: Hubtui) -> None:
    answer = hubtui("run", CAMEMBERT, "Le camembert est <mask> :)", "--json").json
    assert set(answer) >= {
        "model", "revision", "task", "head", "device", "dtype", "parameters", "outputs", "timings", "memory",
        "tokens_per_second", "warnings",
    }  # fmt: skip
    words = {output["token_str"].strip() for output in answer["outputs"]}
    assert words == {"délicieux", "excellent", "succulent", "meilleur", "parfait"}
    assert answer["head"] == "CamembertForMaskedLM"


@pytest.mark.slow
def test_a_picture_of_the_repo_can_be_judged_by_its_name(hubtui: Hubtui) -> None:
    answer = hubtui("run", "demo/tiny-vit-shapes", "samples/red-circle.png", "--json").json
    assert answer["outputs"][0]["label"] == "red circle"


@pytest.mark.parametrize("command", ["show", "card", "fit", "tokenize", "run"])
def test_an_unknown_model_is_one_sentence_and_a_next_step(hubtui: Hubtui, command: str) -> None:
    answer = hubtui(command, "demo/does-not-exist", *(["text"] if command in {"tokenize", "run"} else []))
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert "demo/does-not-exist" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", CAMEMBERT, "--revision", "no-such-branch"), 1, "no-such-branch"),
        (("show", "../etc/passwd"), 2, "../etc/passwd"),
        (("run", CAMEMBERT, "x", "--task", "fil-mask"), 2, "fill-mask"),
        (("run", CAMEMBERT, "x", "--task", "text-to-video"), 1, "cannot run"),
        (("run", CAMEMBERT, "x", "--param", "top_k"), 2, "NAME=VALUE"),
        (("run", CAMEMBERT, "x", "--param", "topk=3"), 2, "top_k"),
        (("run", CAMEMBERT, "x", "--param", "top_k=many"), 2, "whole number"),
        (("tokenize", CAMEMBERT, "--file", "/no/such/file"), 1, "/no/such/file"),
        (("tokenize", CAMEMBERT, "x", "--padding", "wide"), 2, "padding"),
        (("fit", CAMEMBERT, "--batch", "0"), 2, "above 0"),
        (("search",), 2, "QUERY"),
        (("--endpoint", "nonsense", "search", "x"), 2, "nonsense"),
        (("--config", "/no/such/config", "search", "x"), 2, "/no/such/config"),
        (("show", CAMEMBERT, "--endpoint", "http://127.0.0.1:9"), 1, "127.0.0.1"),
        (("demo", "--serve", "--root", "/no/such/folder"), 1, "/no/such/folder"),
        (("demo", "--root", "/no/such/folder"), 1, "/no/such/folder"),
    ],
)
def test_bad_words_are_named_in_one_line(hubtui: Hubtui, words: tuple[str, ...], code: int, says: str) -> None:
    answer = hubtui(*words)
    assert answer.code == code
    assert says in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""


def test_the_interface_without_a_terminal_names_the_commands(hubtui: Hubtui) -> None:
    answer = hubtui()
    assert answer.code == 1
    assert "needs a terminal" in answer.err


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("--version",)])
def test_help_and_version_are_printed(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "hubtui" in capsys.readouterr().out
