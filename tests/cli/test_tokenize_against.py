"""`hubtui tokenize --against` on the demo Hub."""

from __future__ import annotations

from tests.cli.conftest import Hubtui

CAMEMBERT = "demo/tiny-camembert-fr"
GPT2 = "demo/tiny-gpt2-stories"
BERT = "demo/tiny-bert-en"
TEXT = "The dragon, délicieux 🙂"


def test_scripts_get_every_tokenizer_and_where_they_agree(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", GPT2, TEXT, "--against", CAMEMBERT, BERT, "--json")
    assert answer.code == 0
    document = answer.json
    assert [one["model"] for one in document["tokenizers"]] == [GPT2, CAMEMBERT, BERT]
    for one in document["tokenizers"]:
        alone = hubtui("tokenize", one["model"], TEXT, "--json").json["sequences"][0]
        assert one["n_tokens"] == len(alone["ids"])
        assert [piece["id"] for piece in one["texts"][0]["pieces"]] == [
            number for number, special in zip(alone["ids"], alone["special_tokens_mask"], strict=True) if not special
        ]
    (alignment,) = document["alignments"]
    assert set(alignment["agreed"]) == set.intersection(*map(set, alignment["cuts"]))
    assert TEXT.index("dragon") in alignment["agreed"]
    assert alignment["agreement_with_first"][0] == 1
    assert document["tokenizers"][0]["shared_with_first"] is None
    assert document["tokenizers"][1]["shared_with_first"]["size"] == document["tokenizers"][0]["info"]["vocab_size"]
    assert set(document["tokenizers"][1]["fertility"]) >= {"en", "fr", "zh"}
    assert "algorithm" in document["differs"]


def test_two_revisions_of_one_tokenizer_can_be_compared(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", CAMEMBERT, "Le fromage", "--against", "@v1.0")
    assert answer.code == 0
    assert f"B  {CAMEMBERT}@v1.0" in answer.out
    assert "B and A: the same" in answer.out


def test_people_see_the_same_text_in_the_same_columns(hubtui: Hubtui) -> None:
    out = hubtui("tokenize", GPT2, "The dragon", "--against", BERT).out.splitlines()
    one, two = [line for line in out if line.startswith(("A  T", "B  T"))]
    assert one.index("d") == two.index("d")
    assert one[one.index("d") - 1] == "┃"


def test_a_tokenizer_that_cannot_be_had_is_named_and_the_others_are_compared(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", GPT2, "x y", "--against", "demo/is-not-there", "demo/no-tokenizer-albert", BERT)
    assert answer.code == 1
    assert "B  demo/is-not-there: " in answer.err
    assert "C  demo/no-tokenizer-albert: " in answer.err
    assert "D and A: " in answer.out


def test_options_of_batches_are_refused_where_they_would_change_nothing(hubtui: Hubtui) -> None:
    answer = hubtui("tokenize", GPT2, "x", "--padding", "longest", "--against", BERT)
    assert (answer.code, answer.out) == (2, "")
    assert "--padding" in answer.err


def test_control_characters_do_not_reach_the_terminal(hubtui: Hubtui) -> None:
    for words in (("--json",), ()):
        answer = hubtui("tokenize", GPT2, "a\x1b]52;c;eA==\x07\x9bb\u202ec", "--against", CAMEMBERT, *words)
        assert answer.code == 0
        assert not set("\x1b\x07\x9b\u202e") & set(answer.out)
