from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hubtui.core.checkpoint import Checkpoint, examine, file_format, max_length, weight_formats
from hubtui.core.shards import safetensors_shards
from tests.demo.samples import Content, gguf_bytes, weights, write_files


class Folder:
    """A folder as `examine` reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sizes(self) -> Mapping[str, int]:
        files = (path for path in self._path.rglob("*") if path.is_file())
        return {path.relative_to(self._path).as_posix(): path.stat().st_size for path in files}

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        with (self._path / path).open("rb") as file:
            file.seek(offset)
            return file.read(-1 if length is None else length)


def _examine(path: Path, files: dict[str, Content]) -> Checkpoint:
    write_files(path, files)
    return examine(Folder(path))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("README.md", "card"),
        ("docs/README.md", "text"),
        ("model.safetensors", "safetensors"),
        ("pytorch_model.bin", "pickle"),
        ("training_args.bin", "other"),
        ("optimizer.pt", "other"),
        ("rng_state_0.pth", "other"),
        ("model.Q4_K_M.gguf", "gguf"),
        ("onnx/model.onnx", "onnx"),
        ("tf_model.h5", "tensorflow"),
        ("flax_model.msgpack", "jax"),
        ("tokenizer.json", "tokenizer"),
        ("spiece.model", "tokenizer"),
        ("vocab.txt", "tokenizer"),
        ("config.json", "config"),
        ("modeling_x.py", "code"),
        ("LICENSE", "text"),
        ("cat.PNG", "image"),
        ("speech.wav", "audio"),
        ("mystery", "other"),
    ],
)
def test_files_are_known_by_their_names(path: str, kind: str) -> None:
    assert file_format(path) == kind


def test_weight_formats_come_safest_first() -> None:
    assert weight_formats(["a.bin", "b.safetensors", "c.gguf", "README.md"]) == ("safetensors", "pickle", "gguf")


def test_a_plain_checkpoint_tells_everything(tmp_path: Path) -> None:
    seen = _examine(
        tmp_path,
        {
            "config.json": {"architectures": ["BertForMaskedLM"], "model_type": "bert", "max_position_embeddings": 512},
            "tokenizer_config.json": {"model_max_length": 128},
            "special_tokens_map.json": {"mask_token": {"content": "[MASK]", "lstrip": False}},
            "model.safetensors": weights(a=(2, 3)),
            "pytorch_model.bin": b"x",
        },
    )
    assert (seen.pipeline_tag, seen.library, seen.model_type) == ("fill-mask", "transformers", "bert")
    assert (seen.auto_class, seen.mask_token, seen.max_length) == ("AutoModelForMaskedLM", "[MASK]", 128)
    assert (seen.formats, seen.parameters, seen.total_parameters) == (("safetensors", "pickle"), {"F32": 6}, 6)
    assert not seen.pickle_only
    assert not seen.custom_code
    assert seen.problems == ()


def test_an_empty_folder_tells_nothing(tmp_path: Path) -> None:
    assert examine(Folder(tmp_path)) == Checkpoint()


def test_weights_are_counted_once(tmp_path: Path) -> None:
    """A second copy, other precisions and unlisted shards beside the real weights must not be added to them."""
    write_files(
        tmp_path,
        {
            "model.safetensors.index.json": {
                "weight_map": {"a": "model-1.safetensors", "b": "gone.safetensors", "c": 5}
            },
            "model-1.safetensors": weights(a=(4,)),
            "consolidated.safetensors": weights(a=(4,)),
        },
    )
    assert safetensors_shards(Folder(tmp_path)).paths == ("model-1.safetensors",)
    (tmp_path / "model.safetensors.index.json").write_text("{")
    assert safetensors_shards(Folder(tmp_path)).paths == ("consolidated.safetensors", "model-1.safetensors")
    write_files(tmp_path, {"model.safetensors": weights(a=(9,))})
    assert safetensors_shards(Folder(tmp_path)).paths == ("model.safetensors",)


def test_diffusers_components_are_counted_without_other_precisions(tmp_path: Path) -> None:
    seen = _examine(
        tmp_path,
        {
            "model_index.json": {"_class_name": "StableDiffusionPipeline"},
            "unet/diffusion_pytorch_model.safetensors": weights(a=(4,)),
            "unet/diffusion_pytorch_model.fp16.safetensors": weights(a=(4,)),
            "vae/diffusion_pytorch_model.safetensors": weights(b=(3,)),
        },
    )
    assert (seen.library, seen.pipeline_tag, seen.total_parameters) == ("diffusers", "text-to-image", 7)


def test_code_of_the_repo_is_noticed_wherever_it_is_named(tmp_path: Path) -> None:
    for number, name in enumerate(("config", "tokenizer_config", "processor_config", "preprocessor_config")):
        assert _examine(tmp_path / str(number), {f"{name}.json": {"auto_map": {"AutoModel": "m.M"}}}).custom_code


def test_pickle_only_weights_are_noticed(tmp_path: Path) -> None:
    assert _examine(tmp_path, {"pytorch_model.bin": b"x", "config.json": {"model_type": "bert"}}).pickle_only


def test_a_gguf_file_alone_tells_what_it_is(tmp_path: Path) -> None:
    values: dict[str, object] = {"general.architecture": "llama", "llama.context_length": 2048}
    seen = _examine(tmp_path / "chat", {"m.gguf": gguf_bytes(values, {"w": (8,)}), "mmproj.gguf": b"x"})
    assert (seen.library, seen.pipeline_tag, seen.model_type, seen.max_length) == (
        "gguf",
        "text-generation",
        "llama",
        2048,
    )
    assert seen.is_quantized
    embedding: dict[str, object] = {"general.architecture": "bert", "bert.pooling_type": 1}
    assert _examine(tmp_path / "embed", {"m.gguf": gguf_bytes(embedding, {})}).pipeline_tag == "feature-extraction"


def test_a_cross_encoder_ranks(tmp_path: Path) -> None:
    config = {
        "architectures": ["BertForSequenceClassification"],
        "model_type": "bert",
        "sentence_transformers": {"version": "5"},
    }
    assert _examine(tmp_path, {"config.json": config}).pipeline_tag == "text-ranking"


@pytest.mark.parametrize(
    "content", ["{", "[]", "null", '"x"', "[" * 100_000, b"\xff\xfe", "", '{"a": 1' + "0" * 5000 + "}"]
)
def test_a_broken_config_is_named_and_the_rest_still_told(tmp_path: Path, content: str | bytes) -> None:
    seen = _examine(tmp_path, {"config.json": content, "model.safetensors": weights(a=(2,)), "m.gguf": b"GGUF"})
    assert re.fullmatch(r"config.json is not (valid JSON( \(line 1, column \d\))?|a JSON object)\.", seen.problems[0])
    assert seen.problems[1].startswith("m.gguf: ")
    assert seen.total_parameters == 2


def test_numbers_that_json_does_not_know_do_not_pass(tmp_path: Path) -> None:
    seen = _examine(tmp_path, {"config.json": '{"a": NaN, "b": [Infinity, 1]}'})
    assert json.dumps(seen.config, allow_nan=False) == '{"a": null, "b": [null, 1]}'


@pytest.mark.parametrize(
    ("config", "tokenizer", "length"),
    [
        ({}, {}, None),
        ({"max_position_embeddings": 512}, {}, 512),
        ({"n_positions": 1024}, {"model_max_length": 1e30}, 1024),
        ({"max_position_embeddings": 514, "model_type": "camembert", "pad_token_id": 1}, {}, 512),
        ({"max_position_embeddings": 514, "model_type": "roberta"}, {"model_max_length": 512}, 512),
        ({"text_config": {"max_position_embeddings": 131072}}, {}, 131072),
        ({"max_position_embeddings": "512", "n_positions": True}, {"model_max_length": -1}, None),
        ({"max_position_embeddings": 2048}, {"model_max_length": 256}, 256),
    ],
)
def test_the_longest_input_is_the_smallest_limit(
    config: dict[str, object], tokenizer: dict[str, object], length: int | None
) -> None:
    assert max_length(config, tokenizer) == length
