"""Inputs and parameters as a task takes them."""

from __future__ import annotations

import pytest

from hubtui.core.arguments import own_pictures, read_inputs, read_parameters
from hubtui.core.errors import UsageError
from hubtui.core.models import FileEntry
from hubtui.core.tasks import RUNNABLE, runnable_with


def test_words_of_a_command_line_become_numbers_lists_and_switches() -> None:
    given = {"max_new_tokens": "20", "temperature": "0.5", "do_sample": "yes", "top_p": None, "num_beams": " "}
    assert read_parameters(RUNNABLE["text-generation"], given) == {
        "max_new_tokens": 20,
        "temperature": 0.5,
        "do_sample": True,
    }
    assert read_parameters(RUNNABLE["fill-mask"], {"targets": "a, b"}) == {"targets": ["a", "b"]}


@pytest.mark.parametrize(
    ("task", "name", "value"),
    [("fill-mask", "top_k", "many"), ("fill-mask", "top_k", "2.5"), ("fill-mask", "top_k", True),
     ("text-generation", "do_sample", "perhaps"), ("fill-mask", "targets", 3), ("fill-mask", "top_k", "inf")],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_named(task: str, name: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"{name} must be"):
        read_parameters(RUNNABLE[task], {name: value})


def test_an_unknown_parameter_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="takes no parameter topk") as caught:
        read_parameters(RUNNABLE["image-classification"], {"topk": 1})
    assert "top_k" in caught.value.hint


def test_lines_and_choices_are_split_and_the_optional_pair_may_be_missing() -> None:
    similarity = {"source_sentence": "a", "sentences": "b\n\n c \n"}
    assert read_inputs(RUNNABLE["sentence-similarity"], similarity)["sentences"] == ["b", "c"]
    labels = read_inputs(RUNNABLE["zero-shot-classification"], {"text": "x", "candidate_labels": "a, b,"})
    assert labels["candidate_labels"] == ["a", "b"]
    assert read_inputs(RUNNABLE["text-classification"], {"text": "x", "text_pair": ""}) == {"text": "x"}


@pytest.mark.parametrize("given", [{}, {"question": "Who?"}, {"question": "Who?", "context": "  "}])
def test_a_missing_input_is_named(given: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"question-answering needs something in (question|context)"):
        read_inputs(RUNNABLE["question-answering"], given)


def test_an_input_that_the_task_has_not_is_named() -> None:
    with pytest.raises(UsageError, match="fill-mask has no input context"):
        read_inputs(RUNNABLE["fill-mask"], {"text": "x", "context": "y"})


def test_what_a_checkpoint_can_do_follows_from_its_head() -> None:
    assert runnable_with("AutoModelForMaskedLM") == ("fill-mask", "feature-extraction", "sentence-similarity")
    classifier = runnable_with("AutoModelForSequenceClassification", ("NEGATIVE", "POSITIVE"))
    assert "zero-shot-classification" not in classifier
    assert "zero-shot-classification" in runnable_with("AutoModelForSequenceClassification", ("ENTAILMENT", "NEUTRAL"))
    assert runnable_with("AutoModelForImageClassification") == ("image-classification",)
    assert runnable_with("AutoModelForObjectDetection") == ()


@pytest.mark.parametrize(
    ("path", "here", "found"),
    [
        ("samples/star.png", (), "samples/star.png"),
        ("./samples/star.png", (), "samples/star.png"),
        ("samples/star.png", ("samples/star.png",), None),
        ("../samples/star.png", (), None),
        ("samples", (), None),
    ],
)
def test_a_picture_of_a_cards_example_is_found_in_the_repo_unless_it_is_here(
    path: str, here: tuple[str, ...], found: str | None
) -> None:
    files = (FileEntry("README.md", 5), FileEntry("samples/star.png", 558))
    pictures = own_pictures(RUNNABLE["image-classification"], {"image": path}, files, here.__contains__)
    assert {name: entry.path for name, entry in pictures.items()} == ({"image": found} if found else {})


def test_a_text_that_is_spelt_like_a_file_stays_a_text() -> None:
    files = (FileEntry("README.md", 5),)
    assert own_pictures(RUNNABLE["fill-mask"], {"text": "README.md"}, files, lambda _: False) == {}
