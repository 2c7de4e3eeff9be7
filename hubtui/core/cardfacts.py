"""What a card's front matter states, read leniently, and the tags that the Hub makes of card and files.

The front matter comes parsed (YAML is not in the standard library) and may hold anything: strings where lists belong,
lists where strings belong, numbers, nothing. Values of a wrong type are passed over, never raised about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from hubtui.core.checkpoint import Checkpoint

Relation = Literal["quantized", "adapter", "merge", "finetune"]

_RELATIONS: tuple[Relation, ...] = ("quantized", "adapter", "merge", "finetune")
_FORMAT_TAGS = {
    "pickle": "pytorch",
    "tensorflow": "tf",
    "jax": "jax",
    "onnx": "onnx",
    "safetensors": "safetensors",
    "gguf": "gguf",
}
_REPO_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})")
_DOI = re.compile(r"doi\.org/(10\.57967/hf/\d+)")
_SERVED_WHEN_GENERATING = frozenset({"text-generation", "text2text-generation"})


def strings(value: object) -> tuple[str, ...]:
    """Return the non-empty strings of a value that should be a string or a list of them."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(dict.fromkeys(item.strip() for item in items if isinstance(item, str) and item.strip()))


def languages(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Return language codes. YAML reads Norwegian's bare `no` as false, which is undone here."""
    value = card.get("language", card.get("languages"))
    items = value if isinstance(value, list) else [value]
    return strings(["no" if item is False else item for item in items])


def licenses(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Return licence ids in lower case, nearly always one."""
    return tuple(name.lower() for name in strings(card.get("license")))


def base_models(card: Mapping[str, Any], checkpoint: Checkpoint) -> tuple[str, ...]:
    """Return the ids of the models that this one is made of; an adapter's config answers where the card is silent."""
    stated = tuple(name for name in strings(card.get("base_model")) if _REPO_ID.fullmatch(name))
    if not stated and _REPO_ID.fullmatch(checkpoint.base_model):
        return (checkpoint.base_model,)
    return stated


def base_relation(card: Mapping[str, Any], checkpoint: Checkpoint) -> Relation:
    """Return how it was made of them, as the Hub infers it where the card does not state `base_model_relation`."""
    stated = card.get("base_model_relation")
    for relation in _RELATIONS:
        if stated == relation:
            return relation
    if checkpoint.library == "peft":
        return "adapter"
    if checkpoint.is_quantized:
        return "quantized"
    return "merge" if len(base_models(card, checkpoint)) > 1 else "finetune"


def pipeline_tag(card: Mapping[str, Any], checkpoint: Checkpoint) -> str:
    """Return the task: what the card states, else what the files say."""
    stated = card.get("pipeline_tag")
    return stated.strip() if isinstance(stated, str) and stated.strip() else checkpoint.pipeline_tag


def library(card: Mapping[str, Any], checkpoint: Checkpoint) -> str:
    """Return the library: what the card states, else what the files say."""
    stated = card.get("library_name")
    return stated.strip().lower() if isinstance(stated, str) and stated.strip() else checkpoint.library


def tags(
    card: Mapping[str, Any], checkpoint: Checkpoint, *, task: str, library_name: str, card_text: str = ""
) -> tuple[str, ...]:
    """Return a repo's tags in the Hub's order, each once.

    Args:
        card: the front matter.
        checkpoint: what the files say.
        task: the task id shown for the repo, empty for none.
        library_name: the library shown for the repo, empty for none.
        card_text: README.md, for the papers and DOIs that it links.
    """
    made = [
        library_name,
        *(_FORMAT_TAGS[name] for name in sorted(checkpoint.formats, key=list(_FORMAT_TAGS).index)),
        checkpoint.model_type,
        task,
        *strings(card.get("tags")),
        *_kind_tags(checkpoint),
        *languages(card),
        *(f"dataset:{name}" for name in strings(card.get("datasets"))),
        *(f"arxiv:{number}" for number in _ARXIV.findall(card_text)),
        *(f"doi:{number}" for number in _DOI.findall(card_text)),
        *_base_tags(card, checkpoint),
        *(f"license:{name}" for name in licenses(card)),
        "model-index" if isinstance(card.get("model-index"), list) else "",
        *_serving_tags(checkpoint, task, library_name),
        "region:us",
    ]
    return tuple(dict.fromkeys(tag for tag in made if tag))


def _kind_tags(checkpoint: Checkpoint) -> Iterable[str]:
    if "chat_template" in checkpoint.tokenizer_config or (checkpoint.gguf and checkpoint.gguf.chat_template):
        yield "conversational"
    if checkpoint.custom_code:
        yield "custom_code"
    quantization = checkpoint.config.get("quantization_config")
    if isinstance(quantization, dict):
        bits = quantization.get("bits") or (4 if quantization.get("load_in_4bit") is True else None)
        if type(bits) is int:
            yield f"{bits}-bit"
        yield from strings(quantization.get("quant_method"))


def _base_tags(card: Mapping[str, Any], checkpoint: Checkpoint) -> Iterable[str]:
    relation = base_relation(card, checkpoint)
    for name in base_models(card, checkpoint):
        yield f"base_model:{name}"
        yield f"base_model:{relation}:{name}"


def _serving_tags(checkpoint: Checkpoint, task: str, library_name: str) -> Iterable[str]:
    if library_name != "transformers" or checkpoint.custom_code:
        return
    if task in _SERVED_WHEN_GENERATING and "safetensors" in checkpoint.formats:
        yield "text-generation-inference"
    if task and checkpoint.formats:
        yield "endpoints_compatible"
