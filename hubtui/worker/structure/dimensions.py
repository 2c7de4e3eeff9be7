"""The sizes of a model in the field's terms, from the config as transformers completes it and the modules it builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hubtui.core.structure import Dimensions, attention_kind, layer_kind
from hubtui.core.untrusted import clean

_MOST_LAYERS = 4_096
_OTHER_THAN_TEXT = ("vision", "visual", "image", "audio", "speech")
_LEARNED = ("position_embedding", "embed_position", "pos_embed", "wpe", "pos_emb")
_ATTENTION = ("attention", "attn", "mla")  # LongCat's is called LongcatFlashMLA
_RELATIVE = ("relative_attention_bias", "rel_embeddings", "relative_position_bias", "relative_positional")


@dataclass(frozen=True, slots=True)
class _Source:
    """One part of a model: its config, the prefix of its own entries (BART's `encoder_`), and its modules by path."""

    name: str
    config: Any
    prefix: str
    modules: Mapping[str, Any]

    def number(self, *names: str) -> int | None:
        """The first of some entries that is a count."""
        for name in names:
            value = getattr(self.config, name, None)
            if type(value) is int and value > 0:
                return value
        return None

    def holds(self, words: Iterable[str]) -> bool:
        return any(word in path for path in self.modules for word in words)

    def has_class(self, *words: str) -> bool:
        return any(word in type(module).__name__.lower() for module in self.modules.values() for word in words)


def dimensions(config: Any, model: Any) -> tuple[Dimensions, ...]:  # noqa: ANN401 - any config, any model
    """Return the sizes of each part of a model."""
    return tuple(_described(source) for source in _sources(config, dict(model.named_modules())))


def active_parameters(model: Any, parts: Iterable[Dimensions], total: int) -> int:  # noqa: ANN401 - any model
    """Return the parameters that one token passes through: of the routed experts only those that it is sent to."""
    routed = next(((part.experts, part.active_experts) for part in parts if part.experts and part.active_experts), None)
    if routed is None:
        return total
    experts, active = routed
    idle, seen = 0, set()
    for path, module in model.named_modules():
        if path.rpartition(".")[2] == "experts":
            for parameter in module.parameters():
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    idle += parameter.numel() * (experts - min(active, experts)) // experts
    return total - idle


def is_tied(model: Any) -> bool | None:  # noqa: ANN401 - any model
    """Say whether the output layer is the input embedding, None without an output layer over a vocabulary."""
    try:
        output, embedding = model.get_output_embeddings(), model.get_input_embeddings()
    except (AttributeError, NotImplementedError):  # models of pictures and sound have none
        return None
    weights = getattr(output, "weight", None), getattr(embedding, "weight", None)
    return None if None in weights else weights[0] is weights[1]


def _sources(config: Any, modules: Mapping[str, Any]) -> list[_Source]:  # noqa: ANN401 - any config
    nested = {name: getattr(config, name, None) for name in getattr(config, "sub_configs", {})}
    parts = {
        name.removesuffix("_config"): part
        for name, part in nested.items()
        if getattr(part, "hidden_size", None) or getattr(part, "num_hidden_layers", None)
    }
    if parts:
        own = [] if getattr(config, "hidden_size", None) is None else [_Source("", config, "", modules)]
        return own + [_Source(name, part, "", _modules_of(name, modules)) for name, part in parts.items()]
    if getattr(config, "is_encoder_decoder", False):
        return [_Source(name, config, f"{name}_", _modules_of(name, modules)) for name in ("encoder", "decoder")]
    return [_Source("", config, "", modules)]


def _modules_of(part: str, modules: Mapping[str, Any]) -> Mapping[str, Any]:
    """The modules whose path names a part; where none does, all that name no picture or sound."""
    named = {path: module for path, module in modules.items() if part in path.split(".")[:3] or f"{part}_" in path}
    if named:
        return named
    return {path: module for path, module in modules.items() if not any(word in path for word in _OTHER_THAN_TEXT)}


def _described(source: _Source) -> Dimensions:
    prefix = source.prefix
    decoder = ("num_decoder_layers",) if prefix == "decoder_" else ()
    layers = source.number(f"{prefix}layers", *decoder, "num_hidden_layers", "num_layers")
    hidden = source.number("hidden_size", "d_model")
    has_attention = source.has_class(*_ATTENTION)
    heads = source.number(f"{prefix}attention_heads", "num_attention_heads", "num_heads") if has_attention else None
    latent = source.number("kv_lora_rank")
    key_values = _key_value_heads(source, heads)
    kinds = _layer_kinds(source, layers or 0, has_attention=has_attention)
    experts = source.number("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts")
    experts = experts if experts and experts > 1 else None
    position_kind = _position_kind(source)
    return Dimensions(
        part=source.name,
        model_type=clean(str(getattr(source.config, "model_type", "")))[:60],
        layers=layers,
        heads=heads,
        key_value_heads=key_values,
        head_size=_head_size(source, heads, hidden, is_latent=latent is not None),
        hidden_size=hidden,
        intermediate_size=_intermediate(source, is_uniform=heads is not None and hidden is not None),
        vocab_size=None if source.name in _OTHER_THAN_TEXT else source.number("vocab_size"),
        positions=_positions(source),
        position_kind=position_kind,
        rope=_rope(source) if position_kind == "rotary" else "",
        attention=attention_kind(heads, key_values, is_latent=latent is not None) if has_attention else "none",
        layer_kinds=kinds,
        window=_window(source) if {"sliding", "chunked"} & set(kinds) else None,
        state_size=source.number("state_size", "mamba_d_state", "ssm_state_size") if "recurrent" in kinds else None,
        experts=experts,
        active_experts=source.number("num_experts_per_tok", "num_experts_per_token", "top_k_experts", "moe_topk")
        if experts
        else None,
        shared_experts=source.number("n_shared_experts", "num_shared_experts") if experts else None,
        expert_size=source.number("moe_intermediate_size", "expert_intermediate_size") if experts else None,
    )


def _key_value_heads(source: _Source, heads: int | None) -> int | None:
    config = source.config
    if heads is None:
        return None
    # Falcon 7B and GPT-BigCode have one head of keys and values; Falcon's later kind states their number
    if getattr(config, "multi_query", False) is True and not getattr(config, "new_decoder_architecture", False):
        return 1
    stated = source.number("num_key_value_heads", "num_kv_heads")
    if source.prefix:
        return heads  # of BART and Whisper, which fill the other entry in for one side only
    return stated or heads


def _head_size(source: _Source, heads: int | None, hidden: int | None, *, is_latent: bool) -> int | None:
    if is_latent:
        parts = source.number("qk_nope_head_dim"), source.number("qk_rope_head_dim")
        return (parts[0] or 0) + (parts[1] or 0) or None
    if heads is None:
        return None
    return source.number("head_dim", "d_kv", "attention_head_size") or (hidden // heads if hidden else None)


def _intermediate(source: _Source, *, is_uniform: bool) -> int | None:
    """As the config says, else the widest matrix of the first feed-forward layer, if all layers are as wide."""
    stated = source.number(f"{source.prefix}ffn_dim", "intermediate_size", "ffn_dim", "d_ff", "n_inner", "d_inner")
    if stated is not None or not is_uniform:
        return stated
    for path, module in source.modules.items():
        if path.rpartition(".")[2] in {"mlp", "ffn", "feed_forward"}:
            return max((max(p.shape) for p in module.parameters() if p.dim() == 2), default=None)
    return None


def _positions(source: _Source) -> int | None:
    side = {"encoder_": "max_source_positions", "decoder_": "max_target_positions"}.get(source.prefix, "")
    return source.number(side, "max_position_embeddings", "n_positions", "max_seq_len", "seq_length")


def _position_kind(source: _Source) -> str:
    nested = getattr(source.config, "attn_config", None)
    if getattr(source.config, "alibi", False) or getattr(nested, "alibi", False) or source.config.model_type == "bloom":
        return "ALiBi"
    if getattr(source.config, "rope_parameters", None) or source.has_class("rotary"):
        return "rotary"
    names = [*source.modules, *(name for module in source.modules.values() for name in module._parameters)]  # noqa: SLF001 - its own alone
    if any(word in name for name in names for word in _RELATIVE):
        return "relative"
    if any("pos_conv" in name for name in names):
        return "convolutional"
    tables = [module for path, module in source.modules.items() if any(word in path for word in _LEARNED)]
    trained = [parameter.requires_grad for module in tables for parameter in module.parameters()]
    if source.has_class("sinusoidal") or (trained and not any(trained)):  # Whisper's encoder keeps its table fixed
        return "sinusoidal"
    return "learned" if any(word in name for name in names for word in _LEARNED) else "none"


def _rope(source: _Source) -> str:
    """Base and scaling of rotary positions in words, per kind of layer where they differ."""
    stated = getattr(source.config, "rope_parameters", None)
    if not isinstance(stated, Mapping):
        return ""
    kinds = {key: value for key, value in stated.items() if isinstance(value, Mapping)}
    if kinds:
        return "; ".join(f"{layer_kind(clean(str(key)))}: {_rope_words(value)}" for key, value in kinds.items())[:200]
    return _rope_words(stated)


def _rope_words(rope: Mapping[str, Any]) -> str:
    base, kind, factor = rope.get("rope_theta"), rope.get("rope_type"), rope.get("factor")
    words = [f"base {base:,.0f}"] if isinstance(base, (int, float)) else []
    if isinstance(kind, str) and kind != "default":
        words.append(clean(kind)[:30] + (f" × {factor:g}" if isinstance(factor, (int, float)) else ""))
    return ", ".join(words)


def _layer_kinds(source: _Source, layers: int, *, has_attention: bool) -> tuple[str, ...]:
    layers = min(layers, _MOST_LAYERS)
    for name in ("layer_types", "layers_block_type", "attention_layers"):
        stated = getattr(source.config, name, None)
        names = [kind for kind in stated if isinstance(kind, str)] if isinstance(stated, (list, tuple)) else []
        if names and len(names) == layers:
            return tuple(layer_kind(clean(kind)[:40]) for kind in names)
    if not has_attention:
        is_recurrent = source.number("state_size", "mamba_d_state", "ssm_state_size") is not None
        return ("recurrent",) * layers if is_recurrent else ()
    is_sliding = _window(source) is not None and getattr(source.config, "use_sliding_window", True) is not False
    return ("sliding" if is_sliding else "full",) * layers


def _window(source: _Source) -> int | None:
    # ModernBERT's `sliding_window` is half of it; GPT-Neo's `window_size` counts tokens, Swin's patches
    own = ("window_size",) if getattr(source.config, "attention_layers", None) else ()
    return source.number("local_attention", "sliding_window", "attention_chunk_size", *own)
