"""Every task gives the numbers and shapes of a direct call of transformers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from transformers import (
    AutoImageProcessor,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForImageClassification,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    pipeline,
)

from tests.worker.conftest import Checkpoints, Worker

TEXTS = ["anna lives in paris .", "the river is a good book"]


def same(outputs: object) -> Any:
    """Equal up to the last bits of a float32."""
    if isinstance(outputs, dict):
        return {name: same(value) for name, value in outputs.items()}
    if isinstance(outputs, list):
        return [same(value) for value in outputs]
    return pytest.approx(outputs, rel=1e-5, abs=1e-7) if isinstance(outputs, float) else outputs


def direct(task: Any, folder: Path) -> Any:
    return pipeline(task, model=str(folder), device="cpu")


def test_fill_mask(checkpoints: Checkpoints, worker: Worker) -> None:
    folder, text = checkpoints("masked"), "paris is the [MASK] of france ."
    expected = direct("fill-mask", folder)
    assert worker.run(folder, "fill-mask", {"text": text}).outputs == same(expected(text))
    assert worker.run(folder, "fill-mask", {"text": text}, top_k=2).outputs == same(expected(text, top_k=2))
    targets = ["capital", "city"]
    assert worker.run(folder, "fill-mask", {"text": text}, targets=targets).outputs == same(
        expected(text, targets=targets)
    )


def test_fill_mask_with_several_masks_and_texts(checkpoints: Checkpoints, worker: Worker) -> None:
    folder, two = checkpoints("masked"), "[MASK] is the [MASK] of france ."
    expected = direct("fill-mask", folder)(two)
    assert worker.run(folder, "fill-mask", {"text": two}).outputs == same(expected)
    assert worker.run(folder, "fill-mask", {"text": [two]}).outputs == same([expected])


@pytest.mark.parametrize("kind", ["inference", "multi-label"])
def test_text_classification_by_softmax_or_sigmoid(checkpoints: Checkpoints, worker: Worker, kind: str) -> None:
    folder = checkpoints(kind)
    expected = direct("text-classification", folder)
    outcome = worker.run(folder, "text-classification", {"text": TEXTS})
    assert outcome.outputs == same([expected(text, top_k=None) for text in TEXTS])
    assert outcome.parameters["function_to_apply"] == ("softmax" if kind == "inference" else "sigmoid")


def test_text_classification_of_a_pair(checkpoints: Checkpoints, worker: Worker) -> None:
    folder, pair = checkpoints("inference"), {"text": TEXTS[0], "text_pair": TEXTS[1]}
    expected = direct("text-classification", folder)
    outcome = worker.run(folder, "text-classification", pair, top_k=1, function_to_apply="none")
    assert outcome.outputs == same(expected(pair, top_k=1, function_to_apply="none"))


@pytest.mark.parametrize("strategy", ["none", "simple", "first", "average", "max"])
def test_token_classification(checkpoints: Checkpoints, worker: Worker, strategy: str) -> None:
    folder, text = checkpoints("entities"), "anna sleeps in parisian londonderry , ben works"
    expected = direct("token-classification", folder)(text, aggregation_strategy=strategy)
    outcome = worker.run(folder, "token-classification", {"text": text}, aggregation_strategy=strategy)
    assert outcome.outputs == same([{key: _plain(value) for key, value in entry.items()} for entry in expected])


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


@pytest.mark.parametrize("multi_label", [False, True])
def test_zero_shot_classification(checkpoints: Checkpoints, worker: Worker, multi_label: bool) -> None:
    folder, labels = checkpoints("inference"), ["city", "sports", "science"]
    options: dict[str, Any] = {"multi_label": multi_label, "hypothesis_template": "about {}"}
    expected = direct("zero-shot-classification", folder)(TEXTS[0], candidate_labels=labels, **options)
    inputs = {"text": TEXTS[0], "candidate_labels": "city, sports, science"}
    assert worker.run(folder, "zero-shot-classification", inputs, **options).outputs == same(expected)


@pytest.mark.parametrize("chat", [True, False])
def test_text_generation(checkpoints: Checkpoints, worker: Worker, chat: bool) -> None:
    folder, prompt = checkpoints("llama"), "anna lives in"
    given: Any = [{"role": "user", "content": prompt}] if chat else prompt
    expected = direct("text-generation", folder)(given, max_new_tokens=12, do_sample=False)
    outcome = worker.run(folder, "text-generation", {"text": prompt}, max_new_tokens=12, chat=chat, stream=True)
    assert outcome.outputs == expected
    written = expected[0]["generated_text"][-1]["content"] if chat else expected[0]["generated_text"][len(prompt) :]
    assert worker.streamed == written
    assert outcome.tokens_per_second is not None
    assert outcome.timings.first_token_s is not None


def test_text_generation_takes_a_whole_conversation(checkpoints: Checkpoints, worker: Worker) -> None:
    talk = [
        {"role": "user", "content": "who"},
        {"role": "assistant", "content": "anna"},
        {"role": "user", "content": "is"},
    ]
    folder = checkpoints("llama")
    expected = direct("text-generation", folder)(talk, max_new_tokens=4, do_sample=False)
    assert worker.run(folder, "text-generation", {"text": talk}, max_new_tokens=4).outputs == expected


def test_a_seed_gives_the_same_text_again_and_another_seed_another(checkpoints: Checkpoints, worker: Worker) -> None:
    folder = checkpoints("llama")

    def drawn(seed: int) -> object:
        options = {"temperature": 1.5, "max_new_tokens": 16, "chat": False, "seed": seed}
        return worker.run(folder, "text-generation", {"text": "anna"}, **options).outputs

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


@pytest.mark.parametrize(
    ("kind", "task", "options"),
    [
        ("t5", "translation", {"max_new_tokens": 12, "tgt_lang": "de"}),
        ("t5", "summarization", {"max_new_tokens": 10, "num_beams": 2}),
        ("t5", "text2text-generation", {"max_new_tokens": 7}),
        ("bart", "summarization", {"max_new_tokens": 9}),
    ],
)
def test_encoder_decoders_write_what_generate_writes(
    checkpoints: Checkpoints, worker: Worker, kind: str, task: str, options: dict[str, Any]
) -> None:
    folder = checkpoints(kind)
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForSeq2SeqLM.from_pretrained(folder)
    prefix = {"translation": "in de : ", "summarization": "about : "}.get(task, "") if kind == "t5" else ""
    inputs = tokenizer(prefix + TEXTS[0], return_tensors="pt", return_token_type_ids=False)
    generate = {name: value for name, value in options.items() if name != "tgt_lang"}
    expected = tokenizer.decode(model.generate(**inputs, **generate)[0], skip_special_tokens=True)
    key = {"translation": "translation_text", "summarization": "summary_text"}.get(task, "generated_text")
    outcome = worker.run(folder, task, {"text": TEXTS[0]}, stream=True, **options)
    assert outcome.outputs == [{key: expected}]
    assert worker.streamed in ("", expected)
    assert bool(worker.streamed) == (outcome.parameters["num_beams"] == 1)


def test_the_settings_that_config_json_has_for_a_task_are_applied(checkpoints: Checkpoints, worker: Worker) -> None:
    used = worker.run(checkpoints("t5"), "summarization", {"text": TEXTS[0]}).parameters
    assert (used["prefix"], used["num_beams"], used["max_new_tokens"]) == ("about : ", 2, 10)


def test_models_of_many_languages_begin_with_the_target(checkpoints: Checkpoints, worker: Worker) -> None:
    folder = checkpoints("languages")
    tokenizer = AutoTokenizer.from_pretrained(folder, src_lang="eng_Latn")
    inputs = tokenizer(TEXTS[0], return_tensors="pt")
    target = tokenizer.convert_tokens_to_ids("deu_Latn")
    ids = AutoModelForSeq2SeqLM.from_pretrained(folder).generate(**inputs, forced_bos_token_id=target, max_new_tokens=6)
    options = {"src_lang": "eng_Latn", "tgt_lang": "deu_Latn", "max_new_tokens": 6}
    outcome = worker.run(folder, "translation", {"text": TEXTS[0]}, **options)
    assert outcome.outputs == [{"translation_text": tokenizer.decode(ids[0], skip_special_tokens=True)}]


def test_feature_extraction(checkpoints: Checkpoints, worker: Worker) -> None:
    folder = checkpoints("masked")
    expected = direct("feature-extraction", folder)(TEXTS[0])
    outcome = worker.run(folder, "feature-extraction", {"text": TEXTS})
    assert outcome.outputs[0] == same(expected)
    tokens = expected[0]
    for pooling, wanted in {
        "cls": tokens[0],
        "lasttoken": tokens[-1],
        "mean": [sum(column) / len(tokens) for column in zip(*tokens, strict=True)],
        "max": [max(column) for column in zip(*tokens, strict=True)],
    }.items():
        outcome = worker.run(folder, "feature-extraction", {"text": TEXTS[0]}, pooling=pooling)
        assert outcome.outputs == [pytest.approx(value, rel=1e-4, abs=1e-5) for value in wanted]


def test_feature_extraction_of_an_encoder_cut_out_of_an_encoder_decoder(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path
) -> None:
    """Saved by itself a T5 encoder says that it is no encoder-decoder, and AutoModel would build the decoder too."""
    import torch
    from transformers import T5EncoderModel

    folder = Path(shutil.copytree(checkpoints("t5"), tmp_path / "encoder"))
    model = T5EncoderModel.from_pretrained(folder)
    model.save_pretrained(folder)
    with torch.no_grad():
        expected = model(**AutoTokenizer.from_pretrained(folder)(TEXTS[0], return_tensors="pt")).last_hidden_state
    outcome = worker.run(folder, "feature-extraction", {"text": TEXTS[0]})
    assert outcome.head == "T5EncoderModel"
    assert outcome.outputs == same(expected.tolist())


def test_sentence_similarity_follows_the_modules_of_the_repo(checkpoints: Checkpoints, worker: Worker) -> None:
    """Transformer, mean pooling, a Dense layer with tanh, normalisation, texts cut at 12 tokens."""
    import torch
    from safetensors.torch import load_file

    folder = checkpoints("sentences")
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    layer = load_file(folder / "2_Dense" / "model.safetensors")
    sentences = [*TEXTS, "anna " * 30]

    def vector(text: str) -> Any:
        with torch.no_grad():
            hidden = model(**tokenizer(text, return_tensors="pt", truncation=True, max_length=12)).last_hidden_state[0]
        dense = torch.tanh(layer["linear.weight"] @ hidden.mean(0) + layer["linear.bias"])
        return dense / dense.norm()

    outcome = worker.run(folder, "sentence-similarity", {"source_sentence": TEXTS[0], "sentences": sentences})
    assert outcome.outputs == [pytest.approx(float(vector(TEXTS[0]) @ vector(text)), abs=1e-5) for text in sentences]
    assert any("cut to the 12" in warning for warning in outcome.warnings)


def test_image_classification(checkpoints: Checkpoints, worker: Worker, tmp_path: Path) -> None:
    from PIL import Image

    folder, picture = checkpoints("vit"), tmp_path / "picture.png"
    Image.radial_gradient("L").convert("RGB").resize((30, 24)).save(picture)
    expected = pipeline(
        "image-classification",
        model=AutoModelForImageClassification.from_pretrained(folder),
        image_processor=AutoImageProcessor.from_pretrained(folder),
        device="cpu",
    )(str(picture))
    assert worker.run(folder, "image-classification", {"image": str(picture)}).outputs == same(expected)


def test_generation_of_a_model_without_a_pad_token(checkpoints: Checkpoints, worker: Worker) -> None:
    folder = checkpoints("llama")
    model: Any = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    inputs = tokenizer("anna", return_tensors="pt", return_token_type_ids=False)
    ids = model.generate(**inputs, max_new_tokens=5, pad_token_id=3)[0][inputs["input_ids"].shape[1] :]
    expected = "anna" + tokenizer.decode(ids, skip_special_tokens=True)
    outcome = worker.run(folder, "text-generation", {"text": "anna"}, chat="no", max_new_tokens=5)
    assert outcome.outputs[0]["generated_text"] == expected
