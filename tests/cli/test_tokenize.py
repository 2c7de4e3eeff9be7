"""`hubtui tokenize` cuts, pads and pairs as it is told, and examines padding."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Hubtui

BERT, GPT2, NAMES = "demo/tiny-bert-en", "demo/tiny-gpt2-stories", "demo/tiny-place-names"
TEXTS = ("the cat sat on the mat", "a dog")


def _sequences(hubtui: Hubtui, *words: str) -> list[dict[str, Any]]:
    sequences: list[dict[str, Any]] = hubtui("tokenize", BERT, *words, "--json").json["sequences"]
    return sequences


def test_windows_say_which_text_they_are_of(hubtui: Hubtui) -> None:
    found = _sequences(hubtui, *TEXTS, "--max-length", "6", "--stride", "1", "--padding", "longest")
    assert [(one["source"], one["window"]) for one in found] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert {len(one["ids"]) for one in found} == {6}
    assert found[1]["ids"][1] == found[0]["ids"][-2]
    printed = hubtui("tokenize", BERT, *TEXTS, "--max-length", "6", "--stride", "1", "--padding", "longest").out
    assert "4 × 6 · 24 ids · 4 pads (17 %)" in printed
    assert "sequence 1, window 3: 4 tokens" in printed
    assert "sequence 2: 4 tokens" in printed


def test_sides_and_multiples_are_obeyed(hubtui: Hubtui) -> None:
    padded = _sequences(hubtui, *TEXTS, "--padding", "longest", "--padding-side", "left", "--pad-to-multiple-of", "8")
    assert [len(one["ids"]) for one in padded] == [16, 16]
    assert padded[1]["attention_mask"] == [0] * 12 + [1] * 4
    (cut,) = _sequences(hubtui, TEXTS[0], "--max-length", "4", "--truncation-side", "left")
    assert cut["truncated"]
    assert cut["offsets"][-2][1] == len(TEXTS[0])


def test_texts_two_by_two_are_pairs_of_which_one_may_be_cut(hubtui: Hubtui) -> None:
    (pair,) = _sequences(hubtui, *TEXTS, "--pairs", "--truncation-strategy", "only_first", "--max-length", "8")
    assert (pair["text"], pair["pair"]) == TEXTS
    assert pair["type_ids"] == [0] * 5 + [1] * 3
    assert len(pair["ids"]) == 8


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--pairs",), 2, "3 texts do not go two by two"),
        (("--pairs", "--pair", "x"), 2, "not allowed with"),
        (("--stride", "-1"), 2, "--stride"),
        (("--pad-to-multiple-of", "0"), 2, "not a number above 0"),
        (("--stride", "4", "--max-length", "4"), 1, "A stride of 4 leaves nothing new"),
        (("--truncation-strategy", "only_second", "--max-length", "4"), 1, "there is none"),
        (
            ("--truncation", "--max-length", "9", "--padding", "longest", "--pad-to-multiple-of", "8"),
            1,
            "Cut to 9 tokens and padded to a multiple of 8 exclude each other",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_on_one_line(
    hubtui: Hubtui, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = hubtui("tokenize", BERT, *TEXTS, "one more", *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert code == 2 or len(answer.err.splitlines()) == 1


def test_the_pad_doctor_names_the_trouble_and_the_line_that_settles_it(hubtui: Hubtui) -> None:
    told = hubtui("tokenize", GPT2, "--pad-doctor")
    assert told.code == 0
    assert "✗ The tokenizer has no pad token:" in told.out
    assert "tokenizer.pad_token = tokenizer.eos_token" in told.out
    assert "Padding is sound" in hubtui("tokenize", BERT, "--pad-doctor").out


def test_the_pad_doctor_gives_scripts_stable_keys(hubtui: Hubtui) -> None:
    report = hubtui("tokenize", NAMES, "--pad-doctor", "--json").json
    assert set(report) == {
        "model", "pad", "eos", "unk", "padding_side", "vocab_size", "embedding_size", "has_config", "config_pad_id",
        "config_pad_token", "generation_pad_id", "is_decoder", "findings",
    }  # fmt: skip
    (finding,) = report["findings"]
    assert set(finding) == {"name", "severity", "what", "consequence", "fix"}
    assert finding["name"] == "wrong-side"


def test_text_that_the_tokenizer_does_not_know_is_called_out(hubtui: Hubtui) -> None:
    (warning,) = hubtui("tokenize", BERT, "日 本 語 の テ キ ス ト", "--json").json["warnings"]
    assert warning.startswith("8 of 8 tokens are [UNK]")
