"""Which kind of cache each layer of a decoder keeps, read from config.json.

The kinds are transformers' own (`cache_utils.DYNAMIC_LAYER_TYPE_MAPPING`), and so are the rules: a config states
`layer_types`, or the configuration class of its type derives them (`models/*/configuration_*.py`), or, for all other
types, `cache_utils.get_layer_types_and_kwargs` infers them from `sliding_window` and `attention_chunk_size`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hubtui.core.fit.configs import TextConfig

FULL = "full_attention"
SLIDING = "sliding_attention"
CHUNKED = "chunked_attention"
INDEXED = "indexed_attention"
LINEAR = "linear_attention"
HYBRID = "hybrid"
NONE = "none"

_OLD_NAMES: Mapping[str, str] = {
    "attention": FULL, "mamba": LINEAR, "conv": LINEAR, "recurrent": LINEAR, "deepseek_sparse_attention": INDEXED,
    "moe": NONE, "mlp": NONE,
}  # fmt: skip
_KNOWN = frozenset({FULL, SLIDING, CHUNKED, INDEXED, LINEAR, HYBRID, NONE})
_MOST_LAYERS = 4096


def layer_kinds(config: TextConfig) -> Sequence[str] | None:
    """Return the kind of every layer, None where the config does not say or names a kind that is not known."""
    stated = config.get("layer_types", "layers_block_type")
    layers = config.size("layers")
    rule = _RULES.get(config.model_type)
    if isinstance(stated, list) and stated and config.model_type not in _UNHEEDED:
        kinds = [_OLD_NAMES.get(str(entry), str(entry)) for entry in stated]
    elif (layers or 0) > _MOST_LAYERS or (rule is None and layers is None):
        return None
    else:
        layers = layers or 0
        kinds = rule(config, layers) if rule else _inferred(config, layers)
    if not kinds or not _KNOWN.issuperset(kinds):
        return None
    shared = min(config.number("num_kv_shared_layers") or 0, len(kinds))
    return [*kinds[: len(kinds) - shared], *[NONE] * shared]


def _inferred(config: TextConfig, layers: int) -> list[str]:
    if config.size("window"):
        return [SLIDING] * layers
    return [CHUNKED if config.number("attention_chunk_size") else FULL] * layers


def _last_of(every: int, *names: str, other: str = SLIDING) -> Callable[[TextConfig, int], list[str]]:
    """The last of each group of layers attends to everything, the others do not."""

    def rule(config: TextConfig, layers: int) -> list[str]:
        period = config.number(*names) or every
        return [other if (index + 1) % period else FULL for index in range(layers)]

    return rule


def _first_of(every: int, *names: str) -> Callable[[TextConfig, int], list[str]]:
    def rule(config: TextConfig, layers: int) -> list[str]:
        period = config.number(*names) or every
        return [SLIDING if index % period else FULL for index in range(layers)]

    return rule


def _upper_window(config: TextConfig, layers: int) -> list[str]:
    """Qwen2: the layers from `max_window_layers` upwards, where `use_sliding_window` is set."""
    is_used = config.get("use_sliding_window") or config.model_type == "dots1"
    if not (is_used and config.size("window")):
        return [FULL] * layers
    first = config.get("max_window_layers")
    return [SLIDING if isinstance(first, int) and index >= first else FULL for index in range(layers)]


def _switched_window(config: TextConfig, layers: int) -> list[str]:
    """Qwen3-MoE: all layers, where `use_sliding_window` is set."""
    return [SLIDING if config.get("use_sliding_window") and config.size("window") else FULL] * layers


def _alternating_window(config: TextConfig, layers: int) -> list[str]:
    """Qwen2-MoE: every other of the lower layers, where `use_sliding_window` is set."""
    most = config.get("max_window_layers")
    has_window = config.get("use_sliding_window") and isinstance(most, int)
    return [SLIDING if has_window and index % 2 == 0 and index < most else FULL for index in range(layers)]


def _stated_window(config: TextConfig, layers: int) -> list[str]:
    return [SLIDING if config.size("window") else FULL] * layers


def _exaone(config: TextConfig, layers: int) -> list[str]:
    pattern = config.get("sliding_window_pattern")
    if isinstance(pattern, str):
        return []  # such files state layer_types too
    return _last_of(4, "sliding_window_pattern")(config, layers) if config.size("window") else [FULL] * layers


def _without_positions(config: TextConfig, layers: int) -> list[str]:
    """Llama 4: layers with rotary positions look at their chunk, the others at everything."""
    stated = config.get("no_rope_layers")
    if isinstance(stated, list) and stated:
        return [CHUNKED if has_rope else FULL for has_rope in stated]
    return _last_of(4, "no_rope_layer_interval", other=CHUNKED)(config, layers)


def _jamba(config: TextConfig, layers: int) -> list[str]:
    period, offset = config.number("attn_layer_period"), config.get("attn_layer_offset")
    return [FULL if period and index % period == offset else LINEAR for index in range(layers)]


def _listed(*names: str) -> Callable[[TextConfig, int], list[str]]:
    """The layers with attention are listed by their index; without a list (LFM2) or with none (Bamba)."""

    def rule(config: TextConfig, layers: int) -> list[str]:
        indexes = config.get(*names)
        if not isinstance(indexes, list):
            return [FULL if config.model_type.startswith("lfm2") else LINEAR] * layers
        return [FULL if index in indexes else LINEAR for index in range(layers)]

    return rule


def _zamba(config: TextConfig, layers: int) -> list[str]:
    period, offset = config.number("attn_layer_period"), config.get("attn_layer_offset")
    rest = [HYBRID if period and index % period == offset else LINEAR for index in range(layers - 3)]
    return [LINEAR, LINEAR, HYBRID, *rest]


def _griffin(config: TextConfig, layers: int) -> list[str]:
    """RecurrentGemma repeats `block_types`; its attention is always local."""
    blocks = config.get("block_types")
    if not isinstance(blocks, list) or not blocks:
        blocks = ["recurrent", "recurrent", "attention"]
    return [SLIDING if blocks[index % len(blocks)] == "attention" else LINEAR for index in range(layers)]


def _ends_full(config: TextConfig, layers: int) -> list[str]:
    """Gemma 4: five windows, one full layer; the last layer is full whatever the pattern."""
    return [*_last_of(6)(config, layers)[:-1], FULL]


def _around_pictures(config: TextConfig, layers: int) -> list[str]:
    """Llama 3.2 Vision: cross-attention to a picture takes the place of some layers, and keeps no text."""
    pictures = config.get("cross_attention_layers")
    if not isinstance(pictures, list):
        return []
    return [NONE if index in pictures else FULL for index in range(layers)]


def _kimi(config: TextConfig, layers: int) -> list[str]:
    stated = config.get("linear_attn_config")
    full = stated.get("full_attn_layers") if isinstance(stated, Mapping) else None
    if not isinstance(full, list):  # the type's default does not follow its checkpoints: the fifth, the ninth, …
        return [LINEAR if not index or index % 4 else FULL for index in range(layers)]
    return [FULL if index + 1 in full else LINEAR for index in range(layers)]  # counted from 1 in the file


def _spelled(config: TextConfig, _layers: int) -> list[str]:
    """Nemotron-H spells its layers: M for Mamba-2, * for attention, - and E for what keeps nothing."""
    pattern = config.get("hybrid_override_pattern")
    letters = {"M": LINEAR, "*": FULL, "-": NONE, "E": NONE}
    return [letters.get(letter, "") for letter in pattern] if isinstance(pattern, str) else []


def _all(kind: str) -> Callable[[TextConfig, int], list[str]]:
    return lambda _config, layers: [kind] * layers


_QWEN2 = ("qwen2", "qwen3", "qwen2_vl_text", "qwen2_5_vl_text", "qwen2_5_omni_text", "dots1")
_RULES: Mapping[str, Callable[[TextConfig, int], list[str]]] = {
    **dict.fromkeys(_QWEN2, _upper_window),
    **dict.fromkeys(("qwen3_moe", "qwen3_omni_moe_text", "qwen3_vl_moe_text"), _switched_window),
    "qwen2_moe": _alternating_window,
    **dict.fromkeys(("gemma2", "vaultgemma", "gpt_oss", "t5_gemma_module"), _last_of(2)),
    "gemma3_text": _last_of(6, "sliding_window_pattern", "_sliding_window_pattern"),
    "gemma3n_text": _last_of(5),
    **dict.fromkeys(("gemma4_text", "gemma4_unified_text"), _ends_full),
    "mllama_text_model": _around_pictures,
    **dict.fromkeys(("cohere2", "olmo3"), _last_of(4, "sliding_window_pattern")),
    "afmoe": _last_of(4, "global_attn_every_n_layers"),
    "exaone4": _exaone,
    "ministral": _stated_window,
    "modernbert-decoder": _first_of(3, "global_attn_every_n_layers"),
    **dict.fromkeys(("cwm", "granite_swa", "granitemoe_swa"), _first_of(4)),
    "smollm3": _all(FULL),
    "llama4_text": _without_positions,
    **dict.fromkeys(("deepseek_v32", "glm_moe_dsa"), _all(INDEXED)),
    **dict.fromkeys(("mamba", "mamba2", "falcon_mamba", "granitemoehybrid"), _all(LINEAR)),
    "jamba": _jamba,
    "bamba": _listed("attn_layer_indices"),
    **dict.fromkeys(("lfm2", "lfm2_moe"), _listed("full_attn_idxs")),
    "falcon_h1": _all(HYBRID),
    "zamba": _zamba,
    "zamba2": lambda _config, _layers: [],  # its default is one list of 54, and every file states its own
    "recurrent_gemma": _griffin,
    **dict.fromkeys(
        ("qwen3_next", "qwen3_5_text", "qwen3_5_moe_text", "olmo_hybrid"),
        _last_of(4, "full_attention_interval", other=LINEAR),
    ),
    "kimi_linear": _kimi,
    "nemotron_h": _spelled,
}
_UNHEEDED = frozenset({"mamba", "mamba2", "falcon_mamba", "jamba", "falcon_h1", "bamba", "recurrent_gemma"})
"""Types whose kinds follow from other entries, whatever a file says besides (`layers_block_type` is a property)."""
