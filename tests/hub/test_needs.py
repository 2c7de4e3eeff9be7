from __future__ import annotations

from dataclasses import replace

import pytest

from hubtui.core.checkpoint import file_format, weight_formats
from hubtui.core.errors import CheckpointError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.hub.needs import needed

_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


def _facts(*paths: str, library: str = "transformers", base_models: tuple[str, ...] = ()) -> ModelFacts:
    return ModelFacts(
        "a/b",
        library=library,
        pipeline_tag="fill-mask",
        base_models=base_models,
        files=tuple(FileEntry(path, 1, format=file_format(path)) for path in sorted(paths)),
        formats=weight_formats(paths),
    )


def _paths(facts: ModelFacts, purpose: str) -> set[str]:
    return {file.path for file in needed(facts, purpose)}


def test_a_run_takes_one_copy_of_the_weights_and_no_code() -> None:
    facts = _facts(
        "config.json", "generation_config.json", "model.safetensors", "model.fp16.safetensors", "pytorch_model.bin",
        "tf_model.h5", "flax_model.msgpack", "onnx/model.onnx", "onnx/tokenizer.json", "original/consolidated.00.pth",
        "modeling.py", "README.md", "training_args.bin", *_TOKENIZER,
    )  # fmt: skip
    described = {"config.json", "README.md"}
    assert _paths(facts, "run") == {"generation_config.json", "model.safetensors", *described, *_TOKENIZER}
    assert _paths(facts, "tokenizer") == {"generation_config.json", *described, *_TOKENIZER}
    assert len(needed(facts, "all")) == len(facts.files)


def test_a_sharded_checkpoint_needs_its_index_and_every_shard() -> None:
    shards = [f"model-{number:05}-of-00003.safetensors" for number in (1, 2, 3)]
    facts = _facts("config.json", "model.safetensors.index.json", *shards, "consolidated.safetensors")
    assert _paths(facts, "run") == {"config.json", "model.safetensors.index.json", *shards}
    with pytest.raises(CheckpointError, match="2 of 3 shards"):
        needed(_facts("config.json", "model.safetensors.index.json", *shards[:2]), "run")
    with pytest.raises(CheckpointError, match="incomplete"):
        needed(_facts("config.json", "model.safetensors.index.json"), "run")


def test_sentence_transformers_bring_their_pooling() -> None:
    facts = _facts(
        "config.json", "model.safetensors", "modules.json", "1_Pooling/config.json", "2_Dense/config.json",
        "2_Dense/model.safetensors", "sentence_bert_config.json", "2_Dense/pytorch_model.bin",
        library="sentence-transformers",
    )  # fmt: skip
    assert _paths(facts, "run") == {file.path for file in facts.files} - {"2_Dense/pytorch_model.bin"}


def test_an_adapter_brings_its_own_files() -> None:
    facts = _facts("adapter_config.json", "adapter_model.safetensors", "tokenizer.json", library="peft")
    assert _paths(facts, "run") == {"adapter_config.json", "adapter_model.safetensors", "tokenizer.json"}


@pytest.mark.parametrize(
    "name",
    ["vocab.json", "merges.txt", "spiece.model", "sentencepiece.bpe.model", "source.spm", "tekken.json", "vocab.bpe",
     "qwen.tiktoken", "chat_template.jinja", "additional_chat_templates/rag.jinja", "target_vocab.json", "bpe.codes"],
)  # fmt: skip
def test_every_kind_of_tokenizer_file_is_brought(name: str) -> None:
    assert _paths(_facts("config.json", name, "model.safetensors"), "tokenizer") == {"config.json", name}


@pytest.mark.parametrize(
    ("paths", "library", "message", "hint"),
    [
        (("config.json", "pytorch_model.bin"), "transformers", "only pickle weights", "refs/pr/N"),
        (("config.json", "pytorch_model.bin", "x.onnx"), "transformers", r"\(beside ONNX\)", "refs/pr/N"),
        (("model-Q4.gguf",), "", "only GGUF weights", "llama.cpp"),
        (("config.json", "model.onnx"), "", "only ONNX weights", ""),
        (("config.json",), "transformers", "has no weights", "almanach/base"),
        (("config.json", "weird.safetensors"), "transformers", "such as weird.safetensors", "card"),
        (("model.safetensors",), "transformers", "no config.json", "another revision"),
        (("unet/diffusion_pytorch_model.safetensors",), "diffusers", "a model for Diffusers", "card"),
    ],
)
def test_what_cannot_run_says_what_it_has_and_what_to_do(
    paths: tuple[str, ...], library: str, message: str, hint: str
) -> None:
    with pytest.raises(CheckpointError, match=message) as caught:
        needed(_facts(*paths, library=library, base_models=("almanach/base",)), "run")
    assert hint in caught.value.hint


def test_a_repo_without_weights_says_what_is_left_to_do_with_it() -> None:
    with pytest.raises(CheckpointError, match=r"no weights\. Its tokenizer and card may be read"):
        needed(_facts("config.json", "tokenizer.json"), "run")


def test_a_repo_without_tokenizer_files_says_so() -> None:
    with pytest.raises(CheckpointError, match=r"no tokenizer files\. It is a model for fill-mask"):
        needed(_facts("config.json", "model.safetensors"), "tokenizer")
    with pytest.raises(CheckpointError, match="holds its tokenizer inside"):
        needed(_facts("model.gguf"), "tokenizer")


def test_a_model_that_reads_characters_needs_no_tokenizer_files() -> None:
    facts = replace(_facts("config.json", "model.safetensors"), model_type="canine")
    assert _paths(facts, "tokenizer") == {"config.json"}


def test_an_unknown_purpose_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="purpose"):
        needed(_facts("config.json"), "fun")
