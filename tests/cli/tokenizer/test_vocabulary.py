"""`hubtui tokenize MODEL --decode`, `--vocabulary`, `--round-trip` and `--lengths` as a script uses them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Hubtui

GPT2, BERT, CAMEMBERT = "demo/tiny-gpt2-stories", "demo/tiny-bert-en", "demo/tiny-camembert-fr"


def test_ids_are_decoded(hubtui: Hubtui) -> None:
    ids = hubtui("tokenize", CAMEMBERT, "Le camembert est bon", "--json").json["sequences"][0]["ids"]
    told = hubtui("tokenize", CAMEMBERT, "--decode", ",".join(map(str, ids)), "--json").json
    assert told["text"] == "<s> Le camembert est bon</s>"
    assert told["text_without_special_tokens"] == "Le camembert est bon"
    assert [one["id"] for one in told["tokens"]] == told["ids"] == ids
    assert told["tokens"][0] == {"id": ids[0], "token": "<s>", "text": "<s>", "kind": "special", "bytes": None}
    said = hubtui("tokenize", CAMEMBERT, "--decode", f"{ids[1]} 99999")
    assert (said.code, "outside" in said.out) == (0, True)
    assert "not in the vocabulary, and left out of the text: 99999" in said.err
    assert hubtui("tokenize", CAMEMBERT, "--decode", "five").code == 2
    assert hubtui("tokenize", CAMEMBERT, "--decode", "5", "some text").code == 2


def test_the_vocabulary_is_searched(hubtui: Hubtui) -> None:
    told = hubtui("tokenize", GPT2, "--vocabulary", " the", "--limit", "2", "--json").json
    assert told["tokens"][0]["token"] == "Ġthe"
    assert (told["total"] > 2, len(told["tokens"]), told["vocab_size"]) == (True, 2, 700)
    said = hubtui("tokenize", GPT2, "--vocabulary", "/^[aeiou]$/")
    assert said.out.splitlines()[0].split() == ["id", "token", "text", "kind"]
    assert len(said.out.splitlines()) == 6
    assert hubtui("tokenize", GPT2, "--vocabulary", "10-12", "--json").json["total"] == 3
    first = hubtui("tokenize", GPT2, "--vocabulary", "", "--limit", "1")
    assert "special" in first.out
    assert "699 more of 700" in first.err
    assert "No token has it." in hubtui("tokenize", GPT2, "--vocabulary", "gorgonzola").out
    broken = hubtui("tokenize", GPT2, "--vocabulary", "/(/")
    assert (broken.code != 0, "cannot be read" in broken.err) == (True, True)


def test_a_text_that_does_not_come_back_says_where_and_why(hubtui: Hubtui) -> None:
    same = hubtui("tokenize", GPT2, "--round-trip", "Once upon  a time\t日")
    assert (same.code, same.out) == (0, "✓ Comes back as it was.\n")
    changed = hubtui("tokenize", BERT, "--round-trip", "the Cat")
    assert changed.code == 1
    assert "line 1, character 5" in changed.out
    assert "The normalizer (BertNormalizer) changed it" in changed.out
    told = hubtui("tokenize", BERT, "--round-trip", "the cat", "the Cat", "--json").json
    assert [one["equal"] for one in told["texts"]] == [True, False]
    assert told["texts"][1]["first_difference"]["place"] == 4
    assert told["texts"][1]["first_difference"]["cause"] == "normalizer"


def test_the_lines_of_a_file_are_measured(hubtui: Hubtui, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("the cat\n" * 3 + "the cat sat on the mat\n" + "\x1b[31m\n")
    told = hubtui("tokenize", BERT, "--lengths", str(path), "--max-length", "7", "--json").json
    lengths = [len(one["ids"]) for one in hubtui("tokenize", BERT, "--file", str(path), "--json").json["sequences"]]
    assert told["lines"] == 5
    assert told["tokens"] == sum(lengths)
    assert {int(length): count for length, count in told["lengths"].items()} == {
        length: lengths.count(length) for length in lengths
    }
    assert told["over_limit"] == sum(length > 7 for length in lengths)
    assert sum(one["lines"] for one in told["histogram"]) == 5
    said = hubtui("tokenize", BERT, "--lengths", str(path))
    assert said.code == 0
    assert "█" in said.out
    assert "\x1b" not in said.out
    assert hubtui("tokenize", BERT, "--lengths", str(tmp_path)).code != 0
    assert hubtui("tokenize", BERT, "--lengths", str(path), "--decode", "5").code == 2
