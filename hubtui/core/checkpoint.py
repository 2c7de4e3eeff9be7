"""What the files of a checkpoint say about it: task, library, formats, parameters, limits, custom code.

One reading for every source: the demo Hub asks it about the folders that it serves, and hubtui about local checkpoints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from hubtui.core import architectures as names
from hubtui.core.checkpoint_files import CheckpointFiles, json_object, reader_of
from hubtui.core.gguf import GgufHeader, read_gguf
from hubtui.core.shards import safetensors_shards
from hubtui.core.weights import SafetensorsHeader, WeightsError, read_safetensors

_LARGEST_LENGTH = 1 << 31  # tokenizer_config.json says 1e30 for "no limit"

_SUFFIX_FORMATS: Mapping[str, str] = {
    ".safetensors": "safetensors",
    **dict.fromkeys((".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".skops"), "pickle"),
    **dict.fromkeys((".gguf", ".ggml"), "gguf"),
    **dict.fromkeys((".onnx", ".onnx_data", ".ort"), "onnx"),
    **dict.fromkeys((".h5", ".keras", ".pb", ".tflite"), "tensorflow"),
    ".msgpack": "jax",
    **dict.fromkeys((".model", ".spm", ".vocab", ".bpe", ".tiktoken"), "tokenizer"),
    **dict.fromkeys((".json", ".yaml", ".yml", ".toml", ".cfg", ".ini"), "config"),
    **dict.fromkeys((".py", ".ipynb", ".sh", ".js", ".ts", ".c", ".cpp", ".cu", ".h", ".rs"), "code"),
    **dict.fromkeys((".md", ".txt", ".rst", ".csv", ".tsv", ".jinja", ".jsonl", ".log", ".html"), "text"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tiff"), "image"),
    **dict.fromkeys((".wav", ".mp3", ".flac", ".ogg", ".m4a"), "audio"),
}
_TOKENIZER_FILES = frozenset(
    {
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
        "vocab.txt", "merges.txt", "tekken.json", "bpe.codes", "spiece.model", "chat_template.jinja",
    }
)  # fmt: skip
_NOT_WEIGHTS = re.compile(r"^(training_args|optimizer|scheduler|rng_state.*|scaler|tokenizer.*)\.(bin|pt|pth|pkl)$")
WEIGHT_FORMATS = ("safetensors", "pickle", "gguf", "onnx", "tensorflow", "jax")
"""The formats that weights come in, the safest to load first."""

# A file that only one library writes → that library's id on the Hub. First match wins.
_MARKER_FILES: tuple[tuple[str, str], ...] = (
    ("adapter_config.json", "peft"),
    ("config_setfit.json", "setfit"),
    ("modules.json", "sentence-transformers"),
    ("config_sentence_transformers.json", "sentence-transformers"),
    ("model_index.json", "diffusers"),
    ("open_clip_config.json", "open_clip"),
    ("gliner_config.json", "gliner"),
    ("hyperparams.yaml", "speechbrain"),
    ("mlc-chat-config.json", "mlc-llm"),
    ("sklearn_model.joblib", "sklearn"),
    ("saved_model.pb", "tf-keras"),
)
_MARKER_SUFFIXES = ((".keras", "keras"), (".nemo", "nemo"), (".skops", "sklearn"))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the files say; strings in it come from strangers.

    Attributes:
        pipeline_tag: the Hub's task id, empty when the files do not tell.
        library: the Hub's library id, empty when the files do not tell.
        auto_class: transformers Auto class that loads it, empty when unknown.
        formats: of `WEIGHT_FORMATS`, those that are there.
        parameters: dtype of the weight format → number of elements; empty when no header says.
        is_quantized: `quantization_config` in config.json, or GGUF.
        custom_code: config.json, tokenizer_config.json or a processor names Python files of the repo (`auto_map`).
        base_model: what an adapter was trained on top of.
        max_length: longest input in tokens.
        problems: sentences about files that could not be read; the rest of this value then does without them.
    """

    pipeline_tag: str = ""
    library: str = ""
    architectures: tuple[str, ...] = ()
    model_type: str = ""
    auto_class: str = ""
    formats: tuple[str, ...] = ()
    parameters: Mapping[str, int] = field(default_factory=dict)
    is_quantized: bool = False
    gguf: GgufHeader | None = None
    custom_code: bool = False
    base_model: str = ""
    mask_token: str = ""
    max_length: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    tokenizer_config: Mapping[str, Any] = field(default_factory=dict)
    adapter_config: Mapping[str, Any] = field(default_factory=dict)
    model_index: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def total_parameters(self) -> int | None:
        """Number of weights, None when unknown."""
        return sum(self.parameters.values()) if self.parameters else None

    @property
    def pickle_only(self) -> bool:
        """Whether pickles are the only weights, which loading would execute."""
        return self.formats == ("pickle",)


def file_format(path: str) -> str:
    """Return what a file is by its name.

    One of `WEIGHT_FORMATS`, `tokenizer`, `config`, `card`, `code`, `text`, `image`, `audio`, `other`.
    """
    name = PurePosixPath(path).name.lower()
    if path == "README.md":
        return "card"
    if name in _TOKENIZER_FILES:
        return "tokenizer"
    if _NOT_WEIGHTS.match(name):
        return "other"
    if name in {".gitattributes", ".gitignore", "license", "notice"}:
        return "text"
    return _SUFFIX_FORMATS.get(PurePosixPath(name).suffix, "other")


def weight_formats(paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of `WEIGHT_FORMATS` that the paths hold, in that order."""
    found = {file_format(path) for path in paths}
    return tuple(name for name in WEIGHT_FORMATS if name in found)


def max_length(config: Mapping[str, Any], tokenizer_config: Mapping[str, Any] | None = None) -> int | None:
    """Return the longest input in tokens that config.json and tokenizer_config.json allow, None when neither says.

    RoBERTa's relatives count positions from `pad_token_id + 1`, so that 514 positions take 512 tokens.
    """
    nested = config.get("text_config")
    inner = nested if isinstance(nested, Mapping) else {}
    stated = (_length(source.get(key)) for source in (config, inner) for key in _LENGTH_KEYS)
    positions = next((length for length in stated if length is not None), None)
    if positions is not None and config.get("model_type") in _OFFSET_POSITIONS:
        pad = config.get("pad_token_id")
        positions -= (pad if type(pad) is int and 0 <= pad < 16 else 1) + 1
    of_tokenizer = _length((tokenizer_config or {}).get("model_max_length"))
    known = [length for length in (positions, of_tokenizer) if length is not None]
    return min(known) if known else None


_LENGTH_KEYS = ("max_position_embeddings", "n_positions", "max_sequence_length", "seq_length", "max_seq_len", "n_ctx")
_OFFSET_POSITIONS = frozenset(
    {
        "camembert",
        "data2vec-text",
        "longformer",
        "mpnet",
        "roberta",
        "roberta-prelayernorm",
        "xlm-roberta",
        "xlm-roberta-xl",
    }
)


def _length(value: object) -> int | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < _LARGEST_LENGTH:
        return int(value)
    return None


@dataclass(frozen=True, slots=True)
class _Sources:
    """The files that say something, read once; empty where missing or broken."""

    paths: Mapping[str, int]
    config: Mapping[str, Any]
    tokenizer_config: Mapping[str, Any]
    special_tokens: Mapping[str, Any]
    adapter: Mapping[str, Any]
    pipeline: Mapping[str, Any]
    processors: tuple[Mapping[str, Any], ...]
    headers: tuple[SafetensorsHeader, ...]
    gguf: GgufHeader | None


def examine(files: CheckpointFiles) -> Checkpoint:
    """Read what a checkpoint's files say about it; a file that is broken costs only what it would have said."""
    problems: list[str] = []
    sources = _Sources(
        paths=files.sizes(),
        config=json_object(files, "config.json", problems),
        tokenizer_config=json_object(files, "tokenizer_config.json", problems),
        special_tokens=json_object(files, "special_tokens_map.json", problems),
        adapter=json_object(files, "adapter_config.json", problems),
        pipeline=json_object(files, "model_index.json", problems),
        processors=tuple(json_object(files, f"{name}_config.json", problems) for name in ("preprocessor", "processor")),
        headers=_safetensors_headers(files, problems),
        gguf=_gguf_header(files, problems),
    )
    return _describe(sources, tuple(problems))


def _describe(sources: _Sources, problems: tuple[str, ...]) -> Checkpoint:
    config, tokenizer_config, gguf = sources.config, sources.tokenizer_config, sources.gguf
    listed = config.get("architectures")
    architectures = tuple(name for name in listed if isinstance(name, str)) if isinstance(listed, list) else ()
    task, auto_class = names.task_and_auto_class(architectures[0], config) if architectures else ("", "")
    library = _library(sources)
    return Checkpoint(
        pipeline_tag=_task(library, task, sources),
        library=library,
        architectures=architectures,
        model_type=_text(config.get("model_type")) or (gguf.architecture if gguf and not config else ""),
        auto_class=auto_class,
        formats=weight_formats(sources.paths),
        parameters=_parameters(sources),
        is_quantized=isinstance(config.get("quantization_config"), dict) or (gguf is not None and not sources.headers),
        gguf=gguf,
        custom_code=any(
            isinstance(source.get("auto_map"), dict) for source in (config, tokenizer_config, *sources.processors)
        ),
        base_model=_text(sources.adapter.get("base_model_name_or_path")),
        mask_token=_token(tokenizer_config.get("mask_token")) or _token(sources.special_tokens.get("mask_token")),
        max_length=max_length(config, tokenizer_config) or (gguf.context_length if gguf else None),
        config=config,
        tokenizer_config=tokenizer_config,
        adapter_config=sources.adapter,
        model_index=sources.pipeline,
        problems=problems,
    )


def _safetensors_headers(files: CheckpointFiles, problems: list[str]) -> tuple[SafetensorsHeader, ...]:
    headers = []
    for path in safetensors_shards(files).paths:
        try:
            headers.append(read_safetensors(reader_of(files, path), files.sizes()[path]))
        except (WeightsError, OSError) as error:
            problems.append(f"{path}: {error}")
    return tuple(headers)


def _gguf_header(files: CheckpointFiles, problems: list[str]) -> GgufHeader | None:
    """The header of the first GGUF file by name; a repo's others are the same model in other precisions."""
    for path in sorted(path for path in files.sizes() if path.endswith(".gguf") and "mmproj" not in path):
        try:
            return read_gguf(reader_of(files, path), files.sizes()[path])
        except (WeightsError, OSError) as error:
            problems.append(f"{path}: {error}")
    return None


def _parameters(sources: _Sources) -> dict[str, int]:
    counts: dict[str, int] = {}
    for header in sources.headers:
        for dtype, count in header.parameters.items():
            counts[dtype] = counts.get(dtype, 0) + count
    return counts or (sources.gguf.parameters if sources.gguf else {})


def _library(sources: _Sources) -> str:
    marked = next((library for name, library in _MARKER_FILES if name in sources.paths), "")
    return marked or _library_of_config(sources) or _library_of_names(sources.paths)


def _library_of_config(sources: _Sources) -> str:
    config = sources.config
    if "pretrained_cfg" in config or ("architecture" in config and "num_features" in config):
        return "timm"
    if any(header.metadata.get("format") == "mlx" for header in sources.headers):
        return "mlx"
    return "transformers" if "model_type" in config or "architectures" in config else ""


def _library_of_names(paths: Mapping[str, int]) -> str:
    for suffix, library in _MARKER_SUFFIXES:
        if any(path.endswith(suffix) for path in paths):
            return library
    if "meta.json" in paths and any(path.endswith("config.cfg") for path in paths):
        return "spacy"
    return "gguf" if weight_formats(paths) == ("gguf",) else ""


_LIBRARY_TASKS = {
    "sentence-transformers": "sentence-similarity",
    "setfit": "text-classification",
    "timm": "image-classification",
    "open_clip": "zero-shot-image-classification",
}


def _task(library: str, by_architecture: str, sources: _Sources) -> str:
    if library == "peft":
        return names.peft_task(sources.adapter.get("task_type")) or by_architecture
    if library == "diffusers":
        return names.diffusers_task(_text(sources.pipeline.get("_class_name")))
    if library in _LIBRARY_TASKS:
        return _LIBRARY_TASKS[library]
    if "sentence_transformers" in sources.config and by_architecture == "text-classification":
        return "text-ranking"  # a cross-encoder
    return by_architecture or _gguf_task(sources.gguf)


def _gguf_task(gguf: GgufHeader | None) -> str:
    if gguf is None:
        return ""
    return "feature-extraction" if f"{gguf.architecture}.pooling_type" in gguf.metadata else "text-generation"


def _token(value: object) -> str:
    return _text(value.get("content") if isinstance(value, dict) else value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
