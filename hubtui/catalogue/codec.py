"""A model as the catalogue keeps it: the document that is indexed, and the row stored with it.

The stored row is what `read_row` needs to make the same `ModelRow` again; frequent tags are numbers of a table that is
written once for each index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from hubtui.catalogue import schema
from hubtui.core import vocabulary
from hubtui.core.fit import ADAPTERS, weights_bytes
from hubtui.core.models import Gated, ModelRow
from hubtui.core.packing import packed_weights
from hubtui.core.tasks import LABELS

ReadRow = Callable[[object], ModelRow | None]
"""Reads one entry of a listing; None when it names no model."""

_GATED = (Gated.NO, Gated.AUTO, Gated.MANUAL)
_TOLD = (None, False, True)
"""What a source says of a card, and of a provider that serves a model: nothing, or no, or yes."""
_CARDS: tuple[dict[str, Any], ...] = ({}, {"siblings": []}, {"siblings": [{"rfilename": "README.md"}]})
_WARMTHS: tuple[dict[str, Any], ...] = ({}, {"inference": "cold"}, {"inference": "warm"})
_KNOWN = tuple(card | warmth for warmth in _WARMTHS for card in _CARDS)
_LARGEST = (1 << 63) - 1
_LATEST = (1 << 32) - 1
_json = msgspec.json.Encoder()
_pack = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.Decoder()


class TagTable:
    """Frequent tags by number."""

    def __init__(self, tags: Sequence[str] = ()) -> None:
        self.tags = tuple(tags)
        self._numbers = {tag: number for number, tag in enumerate(self.tags)}

    def packed(self, tags: Sequence[str]) -> list[str | int]:
        """Return tags with the frequent ones as numbers."""
        get = self._numbers.get
        return [get(tag, tag) for tag in tags]

    def unpacked(self, codes: Sequence[str | int]) -> list[str]:
        """Return what `packed` was given."""
        return [self.tags[code] if isinstance(code, int) else code for code in codes]


def common_tags() -> tuple[str, ...]:
    """Return the words that a new index keeps as numbers, the most frequent first, for small numbers are short."""
    licenses = (f"license:{name}" for name in vocabulary.licenses())
    tasks = (task for group in LABELS.values() for task in group)
    known = (*vocabulary.languages(), *tasks, *vocabulary.libraries(), *licenses, *vocabulary.FORMATS.values())
    return tuple(dict.fromkeys(("", *_FREQUENT.split(), *known, *vocabulary.providers())))


_FREQUENT = """
region:us safetensors transformers endpoints_compatible license:apache-2.0 en text-generation text-generation-inference
autotrain_compatible license:mit F32 BF16 F16 peft diffusers gguf pytorch tensorboard generated_from_trainer lora
conversational llama text-classification text-to-image reinforcement-learning feature-extraction sentence-similarity
fill-mask automatic-speech-recognition token-classification image-classification sentence-transformers mlx onnx tf jax
stable-baselines3 timm trl sft dpo grpo unsloth mergekit merge model-index deep-reinforcement-learning custom_code
license:other license:llama3.1 license:llama3 license:llama2 license:gemma license:openrail license:cc-by-nc-4.0
license:cc-by-4.0 license:afl-3.0 license:creativeml-openrail-m qwen2 qwen3 mistral gemma2 gemma3 bert roberta t5 gpt2
whisper wav2vec2 vit text2text-generation translation summarization question-answering image-text-to-text
object-detection text-to-speech text-to-video image-to-video image-to-image robotics lerobot distilbert xlm-roberta
zh fr de es ja ko ru pt it ar hi flux template:sd-lora stable-diffusion imatrix quantized 4-bit 8-bit awq gptq exl2
U8 I8 F8_E4M3 I32 I64
"""


class Record(msgspec.Struct, frozen=True):
    """What the catalogue keeps of a model: fields of its `ModelRow`, with times in whole seconds since 1970.

    Attributes:
        updated, created: 0 for an unknown time and for one before 1970.
        trending: without the fraction.
    """

    id: str
    pipeline_tag: str
    library: str
    formats: tuple[str, ...]
    tags: tuple[str, ...]
    parameters: int | None
    parameters_by_dtype: Mapping[str, int]
    downloads: int
    likes: int
    trending: int
    gated: Gated
    private: bool
    updated: int
    created: int
    has_card: bool | None
    is_warm: bool | None
    providers: tuple[str, ...]


def record(row: ModelRow) -> Record:
    """Return what is kept of a row."""
    return Record(
        row.id,
        row.pipeline_tag,
        row.library,
        row.formats,
        row.tags,
        row.parameters,
        row.parameters_by_dtype,
        row.downloads,
        row.likes,
        int(row.trending),
        row.gated,
        row.private,
        seconds(row.updated),
        seconds(row.created),
        row.has_card,
        row.is_warm,
        row.providers,
    )


def document(model: Record, table: TagTable) -> bytes:
    """Return the document of a model as one line of JSON."""
    lowered = model.id.lower()
    namespace, slash, _ = model.id.partition("/")
    tags = [*model.tags, *[schema.FLAG + name for name in model.formats]]
    if slash:
        tags.append(schema.AUTHOR + namespace)
    if model.gated is not Gated.NO:
        tags.append(schema.GATED)
    if model.has_card:
        tags.append(schema.CARD)
    if model.is_warm:
        tags.append(schema.WARM)
    if model.providers:
        tags += [schema.SERVED, *[schema.PROVIDER + name for name in model.providers]]
    fields: dict[str, Any] = {
        "key": schema.key_of(model.id),
        "gram": schema.gram_text(lowered),
        "word": " ".join(schema.WORD.findall(lowered)),
        "tag": tags,
        "facet": _facets(model),
        **sort_keys(model),
        "row": _packed(model, table),
    }
    if model.parameters is not None:
        fields["parameters"] = min(model.parameters, _LARGEST)
    weights = weights_of(model)
    if weights is not None:
        fields["weights"] = min(weights, _LARGEST)
    return _json.encode(fields)


def _facets(model: Record) -> list[str]:
    """`key:value` of everything by which the model is counted."""
    facets = [facet for facet in map(_facet_of_tag, model.tags) if facet]
    if model.library in vocabulary.libraries() and model.library not in model.tags:
        facets.append("library:" + model.library)
    if model.pipeline_tag:
        facets.append("task:" + model.pipeline_tag)
    return facets


@lru_cache(maxsize=1 << 15)
def _facet_of_tag(tag: str) -> str:
    """What a tag counts as: a library as well as the one stated, a language, or a licence, which it holds as such."""
    if tag in vocabulary.libraries():
        return "library:" + tag
    if tag in vocabulary.languages():
        return "language:" + tag
    return tag if tag.startswith("license:") and tag != "license:" else ""


def sort_keys(model: Record) -> dict[str, int]:
    """Return sort → number to sort by: the value itself, and below it what settles equals (`core.ordering`)."""
    older_first = _LATEST - min(model.created, _LATEST)
    return {
        "trending": trending_key(model.trending) | older_first,
        "downloads": min(model.downloads, (1 << 31) - 1) << 32 | older_first,
        "likes": min(model.likes, (1 << 24) - 1) << 32 | older_first,
        "updated": model.updated,
        "created": model.created,
    }


def trending_key(score: int) -> int:
    """Return the least number that a model with this score is sorted by."""
    return min(score, (1 << 24) - 1) << 32


def seconds(when: datetime | None) -> int:
    """Return whole seconds since 1970, which is what the Hub gives; 0 for an unknown time and for one before."""
    return 0 if when is None else max(int(when.timestamp()), 0)


def weights_of(model: Record) -> int | None:
    """Return the bytes that `core.fit.fit_of_row` counts for the weights, None where it does not know them."""
    by_dtype, parameters = model.parameters_by_dtype, model.parameters
    if model.library == ADAPTERS or not (by_dtype or parameters):
        return None
    packed = packed_weights(
        model.id, tags=model.tags, formats=model.formats, parameters_by_dtype=by_dtype, parameters=parameters
    )
    if packed is not None:
        return packed.size_bytes
    counted = weights_bytes(by_dtype)
    return 4 * parameters if counted is None and parameters else counted


def _packed(model: Record, table: TagTable) -> bytes:
    by_dtype = model.parameters_by_dtype
    return _pack.encode(
        (
            model.id,
            table.packed((model.pipeline_tag, model.library, *model.tags)),
            [*table.packed(tuple(by_dtype)), *by_dtype.values()] if by_dtype else None,
            model.parameters if model.parameters != sum(by_dtype.values()) else None,
            model.downloads,
            model.likes,
            model.trending,
            _GATED.index(model.gated),
            model.private,
            model.created,
            model.updated - model.created if model.updated else None,
            _TOLD.index(model.has_card) + len(_TOLD) * _TOLD.index(model.is_warm),
            *table.packed(model.providers),
        )
    )


def stored_id(data: bytes) -> str:
    """Return the id of a stored row."""
    model: str = _unpack.decode(data)[0]
    return model


def stored_entry(data: bytes, table: TagTable) -> Mapping[str, Any]:
    """Return a stored row as an entry of a listing, for `ReadRow`.

    Raises:
        ValueError: it is no such row.
    """
    try:
        model, words, weights, total, downloads, likes, trending, gated, private, *later = _unpack.decode(data)
        created, age, told, *providers = later
        task, library, *tags = table.unpacked(words)
        half = len(weights or ()) // 2
        by_dtype = dict(zip(table.unpacked(weights[:half]), weights[half:], strict=True)) if weights else {}
        return {
            "id": model,
            "pipeline_tag": task,
            "library_name": library,
            "tags": tags,
            "safetensors": {"parameters": by_dtype, "total": total},
            "downloads": downloads,
            "likes": likes,
            "trendingScore": trending,
            "gated": _GATED[gated].value if gated else False,
            "private": private,
            "lastModified": _iso(0 if age is None else created + age),
            "createdAt": _iso(created),
            **_KNOWN[told],
            "inferenceProviderMapping": [{"provider": name} for name in table.unpacked(providers)],
        }
    except (msgspec.DecodeError, TypeError, IndexError, OverflowError) as error:
        raise ValueError("a stored row cannot be read") from error


def _iso(stamp: int) -> str | None:
    return datetime.fromtimestamp(stamp, UTC).isoformat() if stamp else None
