"""What cannot be run safely or sensibly is refused in one sentence, before anything of it runs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.errors import CheckpointError, HubtuiError, RunError, TaskError, UsageError
from tests.tiny import change_json
from tests.worker.conftest import Checkpoints, Worker

TEXT = {"text": "paris is the [MASK] of france ."}


@pytest.fixture
def masked(checkpoints: Checkpoints, tmp_path: Path) -> Path:
    """A copy of the fill-mask checkpoint, to be broken."""
    return Path(shutil.copytree(checkpoints("masked"), tmp_path / "broken"))


def refused(worker: Worker, folder: Path, kind: type[HubtuiError] = CheckpointError, task: str = "fill-mask") -> str:
    with pytest.raises(kind) as caught:
        worker.run(folder, task, TEXT)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def rename_weights(folder: Path, name: str) -> None:
    (folder / "model.safetensors").rename(folder / name)


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no config": (lambda folder: (folder / "config.json").unlink(), "no config.json"),
    "config is no JSON": (lambda folder: (folder / "config.json").write_text("{"), "config.json of .* cannot be read"),
    "config is a list": (lambda folder: (folder / "config.json").write_text("[]"), "is not a JSON object"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "no weights here"),
    "pickle only": (lambda folder: rename_weights(folder, "pytorch_model.bin"), "pickle files only.*refs/pr"),
    "GGUF only": (lambda folder: rename_weights(folder, "model.gguf"), "GGUF files"),
    "odd name": (lambda folder: rename_weights(folder, "weights.safetensors"), "none under a name"),
    "cut short": (lambda folder: _cut(folder / "model.safetensors"), r"weights of .* cannot be loaded: .*\w\. Check"),
    "other shapes": (
        lambda folder: change_json(folder / "config.json", intermediate_size=48),
        r"other shapes than its config.json says \(bert.encoder.*\] instead of \[48",
    ),
    "config with wrong values": (
        lambda folder: change_json(folder / "config.json", hidden_size="many"),
        r"^config.json of .* cannot be loaded: .*hidden_size",
    ),
    "adapter": (
        lambda folder: (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "big/base"}'),
        "adapter for big/base.*Run big/base",
    ),
    "custom code": (
        lambda folder: change_json(
            folder / "config.json", model_type="mine", auto_map={"AutoModelForMaskedLM": "modeling_mine.Mine"}
        ),
        "needs code of its own .*modeling_mine.py",
    ),
    "unknown type": (
        lambda folder: change_json(folder / "config.json", model_type="next9"),
        "does not know the model type",
    ),
    "no type": (lambda folder: change_json(folder / "config.json", model_type=None), "names no model_type"),
    "no tokenizer": (lambda folder: _remove(folder, "tokenizer.json", "tokenizer_config.json"), "has no tokenizer"),
    "no vocabulary": (lambda folder: _remove(folder, "tokenizer.json"), "has no tokenizer|tokenizer of .* cannot be"),
    "broken tokenizer": (
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        r"tokenizer of .* cannot be loaded: the entry '\w+' is missing\.",
    ),
    "quantized by a missing package": (
        lambda folder: change_json(
            folder / "config.json", quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True}
        ),
        "bitsandbytes|CUDA|GPU|accelerate",
    ),
}


def _remove(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink()


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("defect", BREAKS)
def test_a_checkpoint_that_cannot_be_loaded_says_why(worker: Worker, masked: Path, defect: str) -> None:
    spoil, sentence = BREAKS[defect]
    spoil(masked)
    said = refused(worker, masked)
    assert re.search(sentence, said), said


def test_a_vocabulary_that_needs_a_package_names_it(
    worker: Worker, masked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubtui.worker.tokenizers.facts._is_installed", lambda _module: False)
    _remove(masked, "tokenizer.json", "tokenizer_config.json")
    (masked / "spiece.model").write_text("x")
    change_json(masked / "config.json", model_type="albert", architectures=["AlbertForMaskedLM"])
    said = refused(worker, masked)
    assert "to read spiece.model it needs sentencepiece and protobuf, which are not installed. pip install" in said


@pytest.mark.parametrize("shard", ["../../../etc/passwd", "missing-00001-of-00001.safetensors"])
def test_a_shard_index_cannot_name_files_that_are_not_the_repos(worker: Worker, masked: Path, shard: str) -> None:
    (masked / "model.safetensors").unlink()
    index = {"metadata": {}, "weight_map": {"bert.embeddings.word_embeddings.weight": shard}}
    (masked / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "no file of the repo" in (said := refused(worker, masked)) or "is missing" in said


def test_code_that_config_json_names_does_not_run(worker: Worker, masked: Path, tmp_path: Path) -> None:
    """Attention kernels, expert kernels, auto_map, custom generate: the checkpoint runs, its code does not."""
    proof = tmp_path / "ran"
    code = f"open({str(proof)!r}, 'w')\nraise SystemExit('it ran')\n"
    for name in ("modeling_evil.py", "torch.py", "transformers.py", "custom_generate/generate.py"):
        (masked / name).parent.mkdir(exist_ok=True)
        (masked / name).write_text(code)
    change_json(
        masked / "config.json",
        auto_map={"AutoModelForMaskedLM": "modeling_evil.Evil", "AutoConfig": "modeling_evil.Config"},
        attn_implementation="evil/kernel",
        _attn_implementation="evil/kernel",
        _attn_implementation_internal="evil/kernel",
        experts_implementation="evil/kernel",
        _experts_implementation="evil/kernel",
    )
    change_json(masked / "tokenizer_config.json", auto_map={"AutoTokenizer": ["modeling_evil.T", "modeling_evil.T"]})
    outcome = worker.run(masked, "fill-mask", TEXT)
    assert len(outcome.outputs) == 5
    assert not proof.exists()


def test_a_checkpoint_without_the_head_says_what_it_can_do(worker: Worker, masked: Path) -> None:
    said = refused(worker, masked, TaskError, "token-classification")
    assert "has no head for token classification: it is a BertForMaskedLM" in said
    assert "It can do: fill-mask, feature-extraction, sentence-similarity" in said


def test_a_head_that_hubtui_does_not_run_still_leaves_the_features(worker: Worker, masked: Path) -> None:
    change_json(masked / "config.json", architectures=["BertForNextSentencePrediction"])
    assert "It can do: feature-extraction." in refused(worker, masked, TaskError, "text-classification")


def test_a_model_of_pictures_is_not_said_to_read_text(checkpoints: Checkpoints, worker: Worker, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(checkpoints("vit"), tmp_path / "body"))
    change_json(folder / "config.json", architectures=["ViTModel"])
    assert "hubtui runs nothing of a ViTModel" in refused(worker, folder, TaskError)


def test_a_head_of_random_numbers_never_answers(worker: Worker, masked: Path) -> None:
    """config.json claims a head which the weights do not hold."""
    change_json(masked / "config.json", architectures=["BertForTokenClassification"])
    said = refused(worker, masked, TaskError, "token-classification")
    assert "weights of BertForTokenClassification are not in" in said
    assert "classifier.bias" in said


def test_zero_shot_needs_a_label_for_entailment(checkpoints: Checkpoints, worker: Worker) -> None:
    with pytest.raises(TaskError, match=r"none of its labels says entailment \(red, green, small\)"):
        worker.run(checkpoints("multi-label"), "zero-shot-classification", {"text": "a", "candidate_labels": "b"})


def test_a_task_that_hubtui_does_not_run_is_named(worker: Worker, masked: Path) -> None:
    assert "cannot run the task Text-to-Video" in refused(worker, masked, TaskError, "text-to-video")


@pytest.mark.parametrize(
    ("options", "kind", "sentence"),
    [
        ({"device": "cuda:7"}, RunError, "sees no device cuda:7"),
        ({"device": "tpu"}, UsageError, "no device 'tpu'"),
        ({"dtype": "int3"}, UsageError, "no dtype 'int3'"),
        ({"top_k": "x"}, UsageError, "top_k must be a whole number"),
        ({"top_k": -3}, UsageError, "top_k must be at least 1, not -3"),
        ({"colour": 1}, UsageError, "takes no parameter colour"),
    ],
)
def test_a_wrong_device_dtype_or_parameter_is_named(
    worker: Worker, masked: Path, options: dict[str, Any], kind: type[HubtuiError], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        worker.run(masked, "fill-mask", TEXT, **options)


def test_weights_that_do_not_fit_the_memory_are_not_loaded(
    worker: Worker, masked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubtui.worker.devices._free", lambda _device: 1000)
    assert "take 0.0 GB and cpu has" in refused(worker, masked, RunError)


def test_languages_that_are_needed_or_unknown_are_listed(checkpoints: Checkpoints, worker: Worker) -> None:
    text = {"text": "anna lives in paris ."}
    with pytest.raises(TaskError, match="needs src_lang and tgt_lang") as caught:
        worker.run(checkpoints("languages"), "translation", text)
    assert "deu_Latn, eng_Latn, fra_Latn" in caught.value.hint
    with pytest.raises(UsageError, match="does not know the language fr"):
        worker.run(checkpoints("languages"), "translation", text, src_lang="eng_Latn", tgt_lang="fr")
    with pytest.raises(TaskError, match="needs src_lang and tgt_lang") as caught:
        worker.run(checkpoints("t5"), "translation", text)
    assert "en to de, en to fr" in caught.value.hint
    with pytest.raises(UsageError, match="does not translate into es"):
        worker.run(checkpoints("t5"), "translation", text, tgt_lang="es")


def test_a_picture_cannot_be_prepared_without_being_told_how(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(checkpoints("vit"), tmp_path / "bare"))
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(CheckpointError, match=r"^test/bare has no preprocessor_config\.json.* Take the one of"):
        worker.run(folder, "image-classification", {"image": __file__})


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("modules.json", "[1, 2]"),
        ("modules.json", "{"),
        ("sentence_bert_config.json", "[3]"),
        ("1_Pooling/config.json", '"mean"'),
    ],
)
def test_modules_that_cannot_be_read_are_named(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path, file: str, content: str
) -> None:
    folder = Path(shutil.copytree(checkpoints("sentences"), tmp_path / "modules"))
    (folder / file).write_text(content)
    with pytest.raises(CheckpointError, match=rf"{file.partition('/')[2] or file}.*Download the model again"):
        worker.run(folder, "sentence-similarity", {"source_sentence": "a", "sentences": ["b"]})


@pytest.mark.parametrize("path", ["missing.png", "http://127.0.0.1:9/x.png", __file__])
def test_a_picture_that_is_none_is_named(checkpoints: Checkpoints, worker: Worker, path: str) -> None:
    with pytest.raises(UsageError, match=r"There is no picture|cannot be read as a picture"):
        worker.run(checkpoints("vit"), "image-classification", {"image": path})


def test_a_chat_template_that_never_ends_or_fails_is_told(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(checkpoints("llama"), tmp_path / "chat"))
    monkeypatch.setattr("hubtui.worker.tasks.text_generation._TEMPLATE_SECONDS", 0.2)
    loop = "{% for a in range(99999) %}"
    endless = loop * 3 + "{% endfor %}" * 3
    for template, sentence in {
        endless: "did not finish",
        "{{ raise_exception('no') }}": "failed: no",
        "{{": "failed",
    }.items():
        (folder / "chat_template.jinja").write_text(template)
        with pytest.raises(TaskError, match=f"chat template of test/chat {sentence}"):
            worker.run(folder, "text-generation", {"text": "anna"})
