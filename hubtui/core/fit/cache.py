"""Bytes of keys, values and recurrent states that a model keeps while it writes, kind by kind of layer.

Counted is what transformers holds after a prefill and between two tokens (`cache_utils.DynamicCache`, which `generate`
makes unless told otherwise). Servers that page their cache (vLLM) hold the same numbers a token.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hubtui.core.fit.configs import TextConfig, positive
from hubtui.core.fit.layers import CHUNKED, FULL, HYBRID, INDEXED, LINEAR, NONE, SLIDING, layer_kinds
from hubtui.core.fit.states import State, state_of

CROSS = "cross_attention"

_LABELS: Mapping[str, str] = {
    FULL: "full attention", SLIDING: "sliding window", CHUNKED: "chunked attention", INDEXED: "sparse attention",
    LINEAR: "recurrent state", "latent": "compressed (MLA)", CROSS: "cross-attention",
}  # fmt: skip

POPE = "Pope et al. 2022, Efficiently Scaling Transformer Inference, section 3.3"
AINSLIE = "Ainslie et al. 2023, GQA"
DEEPSEEK = "DeepSeek-AI 2024, DeepSeek-V2, section 2.1; transformers modeling_deepseek_v3"
CACHE_UTILS = "transformers cache_utils.DynamicCache"


_STATELESS = State(0)


@dataclass(frozen=True, slots=True)
class CachedLayers:
    """Layers of one kind.

    Attributes:
        kind: in words.
        layers: how many.
        values: numbers kept a token and layer.
        most_tokens: what a layer keeps at most, None when it keeps all.
        state: what a layer keeps a sequence beside that.
        fixed_tokens: what a layer keeps whatever the context, as cross-attention to a spectrogram does.
        window: tokens that a layer sees, where it keeps another number of them.
    """

    kind: str
    layers: int
    values: int = 0
    most_tokens: int | None = None
    state: State = _STATELESS
    fixed_tokens: int | None = None
    window: int | None = None

    def tokens(self, context: int) -> int:
        """Return the tokens that a layer holds of a context."""
        if self.fixed_tokens is not None:
            return self.fixed_tokens
        return context if self.most_tokens is None else min(context, self.most_tokens)

    def bytes(self, context: int, batch: int, width: float) -> int:
        """Return what the layers hold, at `width` bytes a number of the model's dtype."""
        values = self.values * self.tokens(context) + self.state.values
        return int(self.layers * batch * (values * width + self.state.float_bytes))


@dataclass(frozen=True, slots=True)
class Cache:
    """What a model keeps while it writes.

    Attributes:
        layers: by kind; empty for a model that does not write.
        is_known: whether hubtui can count it; `notes` says why not.
        notes: what is peculiar about it, one sentence each.
        sources: where the formula is from.
    """

    layers: tuple[CachedLayers, ...] = ()
    is_known: bool = True
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def bytes(self, context: int, batch: int, width: float) -> int | None:
        """Return the bytes at a context, None when they are not known."""
        return sum(group.bytes(context, batch, width) for group in self.layers) if self.is_known else None

    def uncut(self, context: int, batch: int, width: float) -> int:
        """Return what windows let go only with the token after the prompt.

        `DynamicSlidingWindowLayer.update` keeps the window as a view of the whole prompt's keys and values.
        """
        cut = [group for group in self.layers if group.most_tokens is not None]
        return sum(
            int(group.layers * batch * group.values * max(0, context - group.tokens(context)) * width) for group in cut
        )


def kv_cache_bytes(config: Mapping[str, Any], context: int, batch: int, width: float) -> int | None:
    """Return the bytes that `read_cache` counts, 0 for a model that does not write, None for one it cannot count."""
    return read_cache(config).bytes(context, batch, width)


def read_cache(config: Mapping[str, Any]) -> Cache:
    """Return what the model of a config.json keeps while it writes."""
    if not writes(config):
        return Cache(notes=("It does not write text, so it keeps no keys and values.",))
    text = TextConfig(config)
    if not text.is_known or text.lacks_text_part:
        name = f"the type {text.model_type}" if text.model_type else "this type of model"
        return _unknown(f"What {name} keeps while it writes is not known to hubtui, and not counted.")
    kinds = layer_kinds(text)
    if kinds is None:
        return _unknown("The config does not say what each layer keeps while it writes; it is not counted.")
    groups = _groups(text, kinds)
    if groups is None:
        return _unknown("The config lacks the sizes of what its layers keep while it writes; it is not counted.")
    return Cache(tuple(groups), True, tuple(_notes(text)), tuple(_sources(text)))


def writes(config: Mapping[str, Any]) -> bool:
    """Say whether the model produces text token by token; one that names no architecture does if its type can."""
    names = config.get("architectures")
    if not isinstance(names, list) or not names:
        return bool(config.get("is_decoder")) or str(config.get("model_type")) not in ENCODERS
    heads = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "MTModel", "ForSpeechSeq2Seq")
    return any(str(name).endswith(heads) for name in names)


ENCODERS = frozenset({
    "albert", "beit", "bert", "bert-generation", "big_bird", "camembert", "canine", "clip", "convnext",
    "data2vec-text", "deberta", "deberta-v2", "deit", "detr", "dinov2", "distilbert", "electra", "ernie", "esm",
    "flaubert", "funnel", "hubert", "layoutlm", "layoutlmv2", "layoutlmv3", "longformer", "luke", "megatron-bert",
    "mobilebert", "modernbert", "mpnet", "nystromformer", "resnet", "roberta", "roberta-prelayernorm", "roformer",
    "segformer", "siglip", "squeezebert", "swin", "vit", "wav2vec2", "wavlm", "xlm-roberta", "xlm-roberta-xl", "xmod",
    "yolos",
})  # fmt: skip
"""Types of which a checkpoint without `architectures` reads and does not write."""


def _unknown(why: str) -> Cache:
    return Cache((), False, (why,))


def _groups(text: TextConfig, kinds: Sequence[str]) -> list[CachedLayers] | None:
    if "per_layer_config" in text.raw and text.model_type not in _WIDER_GLOBALLY:
        return None
    values = values_per_token(text)
    attends = bool(set(kinds) - {LINEAR, NONE})
    if values is None and attends:
        return None
    counts = Counter(kinds)
    per_layer = 2 if text.model_type == "longcat_flash" else 1  # two attentions in each of its layers
    groups = []
    for kind in (FULL, SLIDING, CHUNKED, INDEXED, HYBRID):
        if counts[kind]:
            extra = (text.number("index_head_dim") or 0) if kind == INDEXED else 0
            most = _most_tokens(text, kind)
            if most == 0:
                return None
            label = _LABELS["latent" if text.number("kv_lora_rank") else FULL if kind == HYBRID else kind]
            own = (_global_values(text) if kind == FULL else None) or values or 0
            groups.append(CachedLayers(label, counts[kind] * per_layer, own + extra, most))
    recurrent = counts[LINEAR] + counts[HYBRID]
    state = state_of(text) if recurrent else None
    if recurrent and state is None:
        return None
    if state is not None:
        groups.append(CachedLayers(_LABELS[LINEAR], recurrent, state=state))
    if text.is_encoder_decoder and values:
        groups.append(
            CachedLayers(_LABELS[CROSS], len(kinds), values, fixed_tokens=text.number("max_source_positions"))
        )
        limit = text.number("max_target_positions")
        groups[0] = replace(groups[0], most_tokens=limit) if limit else groups[0]
    return groups


def _most_tokens(text: TextConfig, kind: str) -> int | None:
    """Tokens that such a layer keeps; None for all, 0 where the config does not say.

    `DynamicSlidingWindowLayer` keeps one less than the window: the token being written is the last one.
    """
    if kind not in {SLIDING, CHUNKED}:
        return None
    window = text.number("attention_chunk_size") if kind == CHUNKED else text.size("window")
    if text.model_type == "modernbert-decoder":
        local = text.number("local_attention")
        window = local // 2 if local else None
    return max(window - 1, 1) if window else 0


def values_per_token(text: TextConfig) -> int | None:
    """Return the numbers that a layer with attention keeps a token, None where sizes are missing.

    Keys and values of each key/value head; for multi-head latent attention the compressed vector and the rotary key.
    """
    rank = text.number("kv_lora_rank")
    if rank:
        rotary = text.number("qk_rope_head_dim")
        return rank + rotary if rotary else None
    heads, width = key_value_heads(text), head_size(text)
    return 2 * heads * width if heads and width else None


_WIDER_GLOBALLY = frozenset({"gemma4_text", "gemma4_unified_text"})


def _global_values(text: TextConfig) -> int | None:
    """Return what a full layer of Gemma 4 keeps a token: its heads are wider than those of the windows."""
    if text.model_type not in _WIDER_GLOBALLY:
        return None
    stated = text.raw.get("per_layer_config")
    if isinstance(stated, Mapping):
        own = next(iter(stated.values()), None)
        wide = own if isinstance(own, Mapping) else {}
        heads, width = positive(wide.get("num_key_value_heads")), positive(wide.get("head_dim"))
    else:
        fewer = text.number("num_global_key_value_heads") if text.get("attention_k_eq_v") else None
        heads, width = fewer, text.number("global_head_dim") or 512
    heads = heads or text.key_value_heads
    return 2 * heads * width if heads and width else None


def head_size(text: TextConfig) -> int | None:
    """Return the numbers of a head; Zamba's attention reads the hidden states and the embeddings side by side."""
    if text.model_type in {"zamba", "zamba2"}:
        hidden, heads = text.size("hidden"), text.size("heads")
        return text.number("attention_head_dim") or (2 * hidden // heads if hidden and heads else None)
    return text.width


def key_value_heads(text: TextConfig) -> int | None:
    """Return the heads of keys and values: one for multi-query attention, a few for grouped-query, else all."""
    if text.model_type == "falcon":
        return _falcon(text)
    if text.model_type == "gpt_bigcode":
        return 1 if text.get("multi_query") is not False else text.size("heads")
    nested = text.raw.get("attn_config")
    if text.model_type == "dbrx" and isinstance(nested, Mapping):
        return positive(nested.get("kv_n_heads")) or 1
    return text.key_value_heads


def _falcon(text: TextConfig) -> int | None:
    """Falcon 7B has one head of keys and values; the 40B kind spreads its groups over all heads before it caches."""
    if text.get("new_decoder_architecture") is True:
        return text.size("heads")
    return 1 if text.get("multi_query") is not False else text.size("heads")


def _notes(text: TextConfig) -> list[str]:
    found = []
    if text.number("kv_lora_rank"):
        found.append("The cache holds the compressed keys and values, as transformers 5 and vLLM keep them.")
    if text.model_type == "gpt_neo":
        found.append("Its local layers keep every token in transformers, so all layers are counted in full.")
    if text.is_encoder_decoder:
        found.append("Its decoder is counted with as many tokens as its input; each beam of a search is a sequence.")
    if text.model_type == "falcon" and text.get("new_decoder_architecture") is True:
        found.append("Its few key/value heads are spread over all heads before they are kept; vLLM keeps the few.")
    if text.outer.get("use_cache") is False:
        found.append("Its config switches the cache off: transformers then keeps none, and writes the slower.")
    if text.model_type == "mllama_text_model":
        found.append("What its cross-attention keeps of a picture is not counted.")
    return found


def _sources(text: TextConfig) -> list[str]:
    if text.number("kv_lora_rank"):
        found = [DEEPSEEK]
    else:
        found = [POPE, AINSLIE] if key_value_heads(text) != text.size("heads") else [POPE]
    return [*found, CACHE_UTILS]
