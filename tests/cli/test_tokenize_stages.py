"""`hubtui tokenize --stages` on the demo Hub."""

from __future__ import annotations

from tests.cli.conftest import Hubtui

CAMEMBERT = "demo/tiny-camembert-fr"
GPT2 = "demo/tiny-gpt2-stories"


def test_scripts_get_every_stage_with_its_output(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", GPT2, "Café dragons", "x", "--stages", "--json")
    assert answer.code == 0
    document = answer.json
    assert (document["model"], document["algorithm"], document["fast"]) == (GPT2, "BPE", True)
    first, second = document["texts"]
    assert [stage["kind"] for stage in first["stages"]] == [
        "normalizer", "pre-tokenizer", "model", "post-processor", "decoder",
    ]  # fmt: skip
    assert [one["text"] for one in first["pre_tokens"]] == ["CafÃ©", "Ġdragons"]
    assert first["words"][1]["merges"][1]["rank"] == 40
    assert "".join(piece["data"].replace(" ", "") for piece in first["words"][0]["pieces"]) == "Café".encode().hex()
    assert [token["id"] for token in first["tokens"]] == [
        piece["id"] for word in first["words"] for piece in word["pieces"]
    ]
    assert (first["decoded"], first["is_same"], first["differs_at"]) == ("Café dragons", True, None)
    assert [count["unit"] for count in first["counts"]] == ["word", "character", "token"]
    assert second["text"] == "x"


def test_people_read_the_stages_one_below_another(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", CAMEMBERT, "Le café <mask>", "--stages")
    assert answer.code == 0
    assert "2 pre-tokenizer: WhitespaceSplit → Metaspace" in answer.out
    assert "▁Le│▁café│<mask>" in answer.out
    assert "not the same text, from character 7 on" in answer.out
    assert "word by word" in answer.out


def test_options_of_batches_are_refused_where_they_would_change_nothing(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", GPT2, "x", "--stages", "--padding", "longest", "--truncation")
    assert (answer.code, answer.out) == (2, "")
    assert "--padding and --truncation" in answer.err


def test_a_text_that_is_too_long_is_refused_before_anything_is_fetched(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", GPT2, "a" * 20_001, "--stages")
    assert (answer.code, answer.out) == (2, "")
    assert "20,000" in answer.err


def test_control_characters_do_not_reach_the_terminal(hubtui: Hubtui) -> None:
    for words in (("--json",), ()):
        answer = hubtui("tokenize", GPT2, "a\x1b]52;c;eA==\x07\x9bb\u202ec", "--stages", *words)
        assert answer.code == 0
        assert not set("\x1b\x07\x9b\u202e") & set(answer.out)
