from __future__ import annotations

from dataclasses import replace

import pytest

from hubtui.core.errors import TaskError, UsageError
from hubtui.core.models import ModelFacts
from hubtui.core.task_choice import chosen, named, served_by, suitable


def facts(architecture: str = "", *, task: str = "", library: str = "transformers", **config: object) -> ModelFacts:
    names = (architecture,) if architecture else ()
    return ModelFacts(
        "a/b", pipeline_tag=task, library=library, architectures=names, config={"model_type": "bert", **config}
    )


@pytest.mark.parametrize(
    ("architecture", "task"),
    [
        ("CamembertForMaskedLM", "fill-mask"),
        ("BertForSequenceClassification", "text-classification"),
        ("BertForTokenClassification", "token-classification"),
        ("BertForQuestionAnswering", "question-answering"),
        ("GPT2LMHeadModel", "text-generation"),
        ("LlamaForCausalLM", "text-generation"),
        ("ViTForImageClassification", "image-classification"),
    ],
)
def test_a_repo_that_names_no_task_runs_what_its_head_is_for(architecture: str, task: str) -> None:
    assert chosen(facts(architecture)).id == task


def test_the_repos_own_task_comes_first_where_its_head_serves_several() -> None:
    labels = {"0": "ENTAILMENT", "1": "NEUTRAL"}
    offered = suitable(facts("BertForSequenceClassification", task="zero-shot-classification", id2label=labels))
    assert [task.id for task in offered][:2] == ["zero-shot-classification", "text-classification"]


def test_zero_shot_is_offered_only_with_an_entailment_label() -> None:
    assert "zero-shot-classification" not in served_by(["BertForSequenceClassification"], {"model_type": "bert"})


def test_a_model_of_another_library_says_why_it_does_not_run() -> None:
    with pytest.raises(TaskError, match="Flair model"):
        chosen(facts(task="token-classification", library="flair"))


@pytest.mark.parametrize(
    ("architecture", "model_type", "task"),
    [
        ("WhisperForConditionalGeneration", "whisper", "automatic-speech-recognition"),
        ("CLIPModel", "clip", "zero-shot-image-classification"),
        ("DetrForObjectDetection", "detr", "object-detection"),
        ("VitsModel", "vits", "text-to-speech"),
    ],
)
def test_a_model_of_sound_or_pictures_is_refused_before_it_is_downloaded(
    architecture: str, model_type: str, task: str
) -> None:
    with pytest.raises(TaskError, match=r"hubtui cannot run .* yet"):
        chosen(facts(architecture, task=task, model_type=model_type))


def test_what_is_left_of_a_text_model_without_a_head_that_runs_is_its_features() -> None:
    assert chosen(facts("BertForNextSentencePrediction")).id == "feature-extraction"


def test_an_adapter_names_the_model_to_run_instead() -> None:
    adapter = replace(facts(task="text-generation", library="peft"), base_models=("big/base",))
    with pytest.raises(TaskError, match=r"PEFT model.*Run the model it was made from: big/base\."):
        chosen(adapter)


def test_a_repo_that_says_nothing_asks_for_a_task() -> None:
    with pytest.raises(TaskError, match="--task"):
        chosen(facts(library=""))


def test_a_misspelt_task_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="fill-mask"):
        named("fil-mask")


def test_a_task_can_be_named_by_its_label() -> None:
    assert named("Fill-Mask").id == "fill-mask"
    with pytest.raises(TaskError, match="cannot run Text-to-Video"):
        named("text-to-video")
