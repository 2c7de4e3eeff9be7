"""What differs between two configs, in the words that people use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hubtui.core.differences import value_changes

_LABELS = {
    "model_type": "model type", "architectures": "class", "num_hidden_layers": "layers", "n_layer": "layers",
    "num_layers": "layers", "n_layers": "layers", "hidden_size": "hidden size", "n_embd": "hidden size",
    "d_model": "hidden size", "dim": "hidden size", "intermediate_size": "feed-forward size",
    "d_ff": "feed-forward size", "n_inner": "feed-forward size", "ffn_dim": "feed-forward size",
    "num_attention_heads": "attention heads", "n_head": "attention heads", "num_heads": "attention heads",
    "n_heads": "attention heads", "num_key_value_heads": "key/value heads", "head_dim": "head size",
    "d_kv": "head size", "vocab_size": "vocabulary", "max_position_embeddings": "positions", "n_positions": "positions",
    "sliding_window": "sliding window", "layer_types": "kinds of the layers", "tie_word_embeddings": "tied embeddings",
    "rope_theta": "rotary base", "rope_parameters": "rotary positions", "rope_scaling": "scaling of rotary positions",
    "kv_lora_rank": "rank of compressed keys and values", "num_experts": "experts", "num_local_experts": "experts",
    "n_routed_experts": "experts", "num_experts_per_tok": "experts a token", "n_shared_experts": "shared experts",
    "moe_intermediate_size": "size of an expert", "hidden_act": "activation", "activation_function": "activation",
    "rms_norm_eps": "epsilon of the norms", "layer_norm_eps": "epsilon of the norms", "num_labels": "labels",
    "id2label": "labels", "bos_token_id": "first token", "eos_token_id": "last token", "pad_token_id": "padding token",
    "dtype": "dtype", "torch_dtype": "dtype", "quantization_config": "quantization",
    "attention_dropout": "dropout of attention", "is_decoder": "decoder",
}  # fmt: skip
_BOOKKEEPING = frozenset({"transformers_version", "_name_or_path", "_commit_hash", "use_cache", "_diffusers_version"})
_DEEPEST = 8
_OTHER_NAMES = {"torch_dtype": "dtype"}
_LABEL_MAPS = frozenset({"id2label", "label2id"})


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """One entry that two configs do not share.

    Attributes:
        key: with dots where it is nested: `text_config.num_hidden_layers`; both, where two types name it differently.
        label: in words, the key where there are none.
        before, after: as in JSON; None where the config has no such entry (or null).
        is_bookkeeping: it says nothing of the model, as the version that wrote it.
    """

    key: str
    label: str
    before: Any
    after: Any
    is_bookkeeping: bool = False


def config_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ConfigChange, ...]:
    """Return what differs: the sizes that have a name first, then the rest by key, bookkeeping last.

    An entry that is missing on one side is told with the other's value: the defaults are not known here. What two types
    call differently (`n_layer`, `num_hidden_layers`) is one change, and none where the values are the same.
    """
    changes = [
        ConfigChange(value.key, _label(value.key), value.before, value.after, _last(value.key) in _BOOKKEEPING)
        for value in value_changes("config.json", _comparable(before, 0), _comparable(after, 0))
    ]
    order = list(_LABELS)
    return tuple(
        sorted(_paired(changes), key=lambda change: (change.is_bookkeeping, _rank(change.key, order), change.key))
    )


def _paired(changes: Iterable[ConfigChange]) -> Iterator[ConfigChange]:
    """Join an entry that went with the one of another name that came for it: of one label, with values of one kind."""
    waiting: dict[tuple[str, type], ConfigChange] = {}
    for change in changes:
        value = change.before if change.after is None else change.after
        kind = (change.label, float if type(value) is int else type(value))
        other = waiting.pop(kind, None) if None in (change.before, change.after) else None
        if other is None or (other.before is None) == (change.before is None):
            if other is not None:
                yield other
            if None in (change.before, change.after) and change.label != change.key:
                waiting[kind] = change
            else:
                yield change
            continue
        gone, come = (other, change) if change.before is None else (change, other)
        if gone.before != come.after:
            yield replace(gone, key=f"{gone.key} / {come.key}", after=come.after)
    yield from waiting.values()


def _comparable(config: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """Without nulls, with one name for the dtype, and the labels as one value: a renamed one is one change."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        if key in _LABEL_MAPS and isinstance(value, Mapping):
            found[key] = list(value.values()) if key == "id2label" else list(value)
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            found[key] = _comparable(value, depth + 1)
        elif value is not None:
            found[_OTHER_NAMES.get(key, key)] = value
    return found


def _label(key: str) -> str:
    *above, last = key.split(".")
    label = _LABELS.get(last, last)
    part = next((name.removesuffix("_config") for name in reversed(above) if name.endswith("_config")), "")
    return f"{label} of {part}" if part else label


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _rank(key: str, order: list[str]) -> int:
    last = _last(key.partition(" / ")[0])
    return order.index(last) if last in order else len(order)
