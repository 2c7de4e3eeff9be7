from __future__ import annotations

import pytest

from hubtui.core import cardfacts
from hubtui.core.checkpoint import Checkpoint

BERT = Checkpoint(
    pipeline_tag="fill-mask",
    library="transformers",
    model_type="bert",
    formats=("safetensors", "pickle"),
    parameters={"F32": 5},
)


@pytest.mark.parametrize(
    ("card", "codes"),
    [
        ({"language": "en"}, ("en",)),
        ({"language": ["en", "fr", "en", None, 5]}, ("en", "fr")),
        ({"language": False}, ("no",)),
        ({"language": [False, "sv"]}, ("no", "sv")),
        ({"languages": ["de"]}, ("de",)),
        ({"language": {"x": 1}}, ()),
        ({}, ()),
    ],
)
def test_languages_are_read_in_every_spelling(card: dict[str, object], codes: tuple[str, ...]) -> None:
    assert cardfacts.languages(card) == codes


def test_the_card_wins_over_the_files() -> None:
    card = {"pipeline_tag": "text-classification", "library_name": "Flair"}
    assert (cardfacts.pipeline_tag(card, BERT), cardfacts.library(card, BERT)) == ("text-classification", "flair")
    wrong: dict[str, object] = {"pipeline_tag": ["x"], "library_name": 5}
    assert (cardfacts.pipeline_tag(wrong, BERT), cardfacts.library(wrong, BERT)) == ("fill-mask", "transformers")


def test_tags_stand_in_the_order_of_the_hub() -> None:
    card: dict[str, object] = {
        "license": "MIT", "language": "en", "tags": ["tiny", "bert"], "datasets": ["imdb"], "base_model": "a/b",
        "model-index": [],
    }  # fmt: skip
    text = "[Paper](https://arxiv.org/abs/1810.04805), https://arxiv.org/pdf/1706.03762v5, https://doi.org/10.57967/hf/0039"
    assert cardfacts.tags(card, BERT, task="fill-mask", library_name="transformers", card_text=text) == (
        "transformers", "pytorch", "safetensors", "bert", "fill-mask", "tiny", "en", "dataset:imdb", "arxiv:1810.04805",
        "arxiv:1706.03762", "doi:10.57967/hf/0039", "base_model:a/b", "base_model:finetune:a/b", "license:mit",
        "model-index", "endpoints_compatible", "region:us",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("card", "checkpoint", "relation"),
    [
        ({"base_model": "a/b"}, Checkpoint(), "finetune"),
        ({"base_model": ["a/b", "a/c"]}, Checkpoint(), "merge"),
        ({"base_model": "a/b"}, Checkpoint(library="peft"), "adapter"),
        ({"base_model": "a/b"}, Checkpoint(is_quantized=True), "quantized"),
        ({"base_model": "a/b", "base_model_relation": "merge"}, Checkpoint(library="peft"), "merge"),
        ({"base_model": "a/b", "base_model_relation": ["x"]}, Checkpoint(), "finetune"),
    ],
)
def test_how_a_model_came_from_its_base_is_inferred(
    card: dict[str, object], checkpoint: Checkpoint, relation: str
) -> None:
    assert cardfacts.base_relation(card, checkpoint) == relation


def test_an_adapter_names_its_base_itself_unless_it_is_a_path() -> None:
    assert cardfacts.base_models({}, Checkpoint(library="peft", base_model="a/b")) == ("a/b",)
    assert cardfacts.base_models({}, Checkpoint(library="peft", base_model="/home/me/model")) == ()
    assert cardfacts.base_models({"base_model": ["c/d", 7, "not an id"]}, Checkpoint(base_model="a/b")) == ("c/d",)


def test_quantization_chat_and_custom_code_become_tags() -> None:
    checkpoint = Checkpoint(
        custom_code=True,
        is_quantized=True,
        config={"quantization_config": {"load_in_4bit": True, "quant_method": "bitsandbytes"}},
        tokenizer_config={"chat_template": "{{ messages }}"},
    )
    tags = cardfacts.tags({}, checkpoint, task="text-generation", library_name="transformers")
    assert {"conversational", "custom_code", "4-bit", "bitsandbytes"} <= set(tags)
    assert "endpoints_compatible" not in tags
