"""Which files of a repo a purpose needs: safetensors over pickle, one copy of the weights, no code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hubtui.core import vocabulary
from hubtui.core.errors import CheckpointError
from hubtui.core.models import FileEntry, ModelFacts

PURPOSES = ("tokenizer", "run", "all")

_TOKENIZER = re.compile(
    r"""
    tokenizer\.json | tokenizer_config\.json | special_tokens_map\.json | added_tokens\.json | tekken\.json
    | (source_|target_)?vocab[\w-]*\.(json|txt|bpe|model) | vocab | merges\.txt | encoder\.json | bpe\.codes
    | dict\.txt | normalizer\.json | emoji\.json | byte_encoder\.txt
    | [^/]+\.(model|spm|tiktoken|vocab)
    | chat_template\.(jinja|json) | additional_chat_templates/[^/]+\.jinja
    """,
    re.VERBOSE,
)
_BESIDES = re.compile(
    r"""
    config\.json | generation_config\.json | (video_)?(pre)?processor_config\.json | image_processor_config\.json
    | adapter_config\.json | modules\.json | config_sentence_transformers\.json | sentence_bert_config\.json
    | \d+_[A-Z]\w*/(config\.json|model\.safetensors)
    """,
    re.VERBOSE,
)
_CONFIG = "config.json"
_GENERATION = "generation_config.json"  # says at which tokens the model stops, and names a pad token too
_WITHOUT_VOCABULARY = frozenset({"canine", "perceiver"})  # their tokens are characters or bytes; config.json is enough
_CARD = "README.md"  # a few kilobytes, without which the cache could say neither licence nor limits offline
_SHARD = re.compile(r"(?P<stem>model|adapter_model)-\d{5}-of-(?P<of>\d{5})\.safetensors")
_RUNNABLE_LIBRARIES = frozenset({"", "transformers", "sentence-transformers", "peft", "pytorch", "safetensors"})
_FORMAT_NAMES = {"pickle": "pickle", "gguf": "GGUF", "onnx": "ONNX", "tensorflow": "TensorFlow", "jax": "JAX"}


def needed(facts: ModelFacts, purpose: str) -> tuple[FileEntry, ...]:
    """Return the files that `purpose` (one of `PURPOSES`) needs, in the repo's order.

    Raises:
        CheckpointError: the repo has no files for that purpose; the message says what it has instead.
    """
    if purpose == "all":
        return facts.files
    if purpose == "tokenizer":
        return _for_tokenizer(facts)
    if purpose == "run":
        return _for_run(facts)
    raise ValueError(f"purpose must be one of {PURPOSES}, not {purpose!r}")


def _for_tokenizer(facts: ModelFacts) -> tuple[FileEntry, ...]:
    found = [file for file in facts.files if _TOKENIZER.fullmatch(file.path)]
    if not found and facts.model_type not in _WITHOUT_VOCABULARY:
        kind = f" It is a model for {facts.pipeline_tag}." if facts.pipeline_tag else ""
        inside = " A GGUF file holds its tokenizer inside." if "gguf" in facts.formats else ""
        raise CheckpointError(f"{facts.id} has no tokenizer files.{inside or kind}", hint=_try_base(facts))
    described = [file for file in facts.files if file.path in {_CONFIG, _GENERATION, _CARD}]
    return _in_order(facts, [*found, *described])


def _for_run(facts: ModelFacts) -> tuple[FileEntry, ...]:
    if facts.library not in _RUNNABLE_LIBRARIES and facts.library in vocabulary.libraries():
        name = vocabulary.libraries()[facts.library]
        raise CheckpointError(
            f"{facts.id} is a model for {name}, which hubtui cannot run.",
            hint=f"Its card says how to use it. {_try_base(facts)}".strip(),
        )
    weights = _weights(facts)
    by_path = {file.path: file for file in facts.files}
    if _CONFIG not in by_path and "adapter_config.json" not in by_path:
        raise CheckpointError(
            f"{facts.id} has no config.json, so that nothing says how to build the model.",
            hint="Take one from the model it was made from, or try another revision.",
        )
    besides = [
        file
        for file in facts.files
        if file.path == _CARD or _TOKENIZER.fullmatch(file.path) or _BESIDES.fullmatch(file.path)
    ]
    return _in_order(facts, [*weights, *besides])


def _weights(facts: ModelFacts) -> list[FileEntry]:
    by_path = {file.path: file for file in facts.files}
    for stem in ("model", "adapter_model"):
        if f"{stem}.safetensors" in by_path:
            return [by_path[f"{stem}.safetensors"]]
        if f"{stem}.safetensors.index.json" in by_path:
            return [by_path[f"{stem}.safetensors.index.json"], *_shards(facts, stem)]
    raise _no_weights(facts, by_path)


def _shards(facts: ModelFacts, stem: str) -> Sequence[FileEntry]:
    matches = [
        (match, file) for file in facts.files if (match := _SHARD.fullmatch(file.path)) and match["stem"] == stem
    ]
    expected = int(matches[0][0]["of"]) if matches else 0
    found = [file for match, file in matches if int(match["of"]) == expected]
    if not found or len(found) != expected:
        raise CheckpointError(
            f"{facts.id} is incomplete: {len(found)} of {expected or 'its'} shards are there.",
            hint="Try another revision.",
        )
    return found


def _no_weights(facts: ModelFacts, by_path: Mapping[str, FileEntry]) -> CheckpointError:
    others = [_FORMAT_NAMES[name] for name in facts.formats if name in _FORMAT_NAMES]
    if "safetensors" in facts.formats:
        example = next(path for path in by_path if path.endswith(".safetensors"))
        return CheckpointError(
            f"{facts.id} has safetensors files that transformers does not load by itself, such as {example}.",
            hint="Its card says how to use it.",
        )
    if not others:
        hint = _try_base(facts) or "Its tokenizer and card may be read; for a run take another revision or model."
        return CheckpointError(f"{facts.id} has no weights.", hint=hint)
    if "pickle" in facts.formats:
        hint = "Look among its pull requests for a safetensors conversion and try it with --revision refs/pr/N."
        beside = f" (beside {', '.join(others[1:])})" if len(others) > 1 else ""
        return CheckpointError(
            f"{facts.id} has only pickle weights{beside}: loading them could run any code, so hubtui does not.",
            hint=hint,
        )
    hint = "llama.cpp and Ollama run GGUF. " if "gguf" in facts.formats else ""
    return CheckpointError(
        f"{facts.id} has only {' and '.join(others)} weights, which hubtui does not run.",
        hint=f"{hint}{_try_base(facts)}".strip(),
    )


def _try_base(facts: ModelFacts) -> str:
    return f"Try the model it was made from: {facts.base_models[0]}." if facts.base_models else ""


def _in_order(facts: ModelFacts, chosen: Sequence[FileEntry]) -> tuple[FileEntry, ...]:
    paths = {file.path for file in chosen}
    return tuple(file for file in facts.files if file.path in paths)
