"""`show` on safety: the reasons of the verdict, and the code that a load would run."""

from __future__ import annotations

from tests.cli.conftest import Hubtui

WORD_BAG = "atelier/word-bag-sentiment"
PICKLE = "demo/pickle-only-sentiment"
GATED = "demo/gated-star-reviews"
CAMEMBERT = "demo/tiny-camembert-fr"


def test_every_reason_is_printed_with_what_it_means_and_the_next_step(hubtui: Hubtui) -> None:
    out = hubtui("show", WORD_BAG).out
    assert "verdict       with care:" in out
    assert "!  care  code" in out
    assert "2 Python files (2.6 kB) on this machine" in out
    assert "→ Its terms: https://choosealicense.com/licenses/bsd-3-clause/" in out
    assert "modeling_word_bag.py  Protect AI  caution" in out
    assert "by atelier, an organisation" in out


def test_scripts_get_reasons_code_scanners_author_licence_and_access(hubtui: Hubtui) -> None:
    shown = hubtui("show", WORD_BAG, "--json").json
    reason = next(entry for entry in shown["verdict"]["reasons"] if entry["topic"] == "licence")
    assert set(reason) == {"topic", "level", "says", "means", "step"}
    assert reason["step"] == {"says": "Its terms:", "address": shown["license_details"]["terms"]}
    assert shown["license_details"]["class"] == "permissive"
    assert set(shown["safety"]) >= {
        "status",
        "issues",
        "custom_code",
        "pickle_only",
        "code",
        "safe_revisions",
        "unknown",
    }
    code = shown["safety"]["code"]
    assert [(file["path"], file["size"], file["state"]) for file in code["files"]] == [
        ("configuration_word_bag.py", 714, "new"),
        ("modeling_word_bag.py", 1843, "new"),
    ]
    assert "text" not in code["files"][0]
    assert (code["packages"], code["read"]) == (["torch", "transformers", "typing"], None)
    model = next(file for file in shown["files"] if file["path"] == "modeling_word_bag.py")
    assert model["scan"]["scanners"][0]["scanner"] == "Protect AI"
    assert (shown["author"]["name"], shown["author"]["kind"]) == ("atelier", "organisation")
    assert shown["access"]["form"] is None


def test_a_gated_model_says_who_is_let_in_and_what_the_form_asks(hubtui: Hubtui) -> None:
    access = hubtui("show", GATED, "--json").json["access"]
    assert access["allowed"] is False
    assert access["page"].endswith(f"/{GATED}")
    assert access["form"]["fields"] == ["Company", "I rate fairly"]
    assert "- I rate fairly" in hubtui("show", GATED).out


def test_pickles_name_the_next_step(hubtui: Hubtui) -> None:
    out = hubtui("show", PICKLE).out
    assert "✗  stop  files" in out
    assert f"base:{PICKLE}" in out


def test_the_code_is_printed_whole_and_not_run(hubtui: Hubtui) -> None:
    answer = hubtui("show", WORD_BAG, "--code")
    assert answer.code == 0
    assert "# ── modeling_word_bag.py" in answer.out
    assert "class WordBagForSequenceClassification(PreTrainedModel):" in answer.out
    assert "mask.sum(1).clamp(min=1)" in answer.out


def test_the_code_is_compared_with_that_of_another_revision(hubtui: Hubtui) -> None:
    out = hubtui("show", WORD_BAG, "--code", "--against", "v0.1").out
    assert "-        mean = self.vectors(input_ids).mean(1)" in out
    assert "+        if attention_mask is None:" in out
    document = hubtui("show", WORD_BAG, "--code", "--against", "v0.1", "--json").json
    assert [change["path"] for change in document["changes"]] == ["modeling_word_bag.py"]
    assert document["files"][1]["text"].startswith('"""A bag-of-words classifier')
    assert "Nothing of it differs." in hubtui("show", WORD_BAG, "--code", "--against", "v1.0").out


def test_a_model_without_code_says_so(hubtui: Hubtui) -> None:
    answer = hubtui("show", CAMEMBERT, "--code")
    assert (answer.code, answer.out) == (0, f"{CAMEMBERT} names no Python of its own that a load would run.\n")


def test_code_of_a_revision_that_is_not_there_is_an_error(hubtui: Hubtui) -> None:
    answer = hubtui("show", WORD_BAG, "--code", "--against", "v9")
    assert (answer.code, answer.out) == (1, "")
    assert "has no revision v9" in answer.err
