"""Bytes of what a model computes on the way: the peak of one pass over a whole prompt, beside weights and cache.

A pass holds one layer's intermediate values at a time, so the peak is that of the widest step, not their sum. The terms
are those of Korthikanti et al. 2022 ("Reducing Activation Recomputation in Large Transformer Models", section 4.1)
without what only training keeps; which values live together was measured on transformers 5.23 with the memory profile
of torch (tests/worker/test_activations.py), for attention as transformers chooses it: fused (SDPA) where the type has
it, else with every score written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hubtui.core.fit.cache import ENCODERS, Cache, head_size, key_value_heads, read_cache, writes
from hubtui.core.fit.configs import TextConfig, positive
from hubtui.core.fit.layers import CHUNKED, HYBRID, LINEAR, SLIDING, layer_kinds

KORTHIKANTI = "Korthikanti et al. 2022, Reducing Activation Recomputation, section 4.1"
DAO = "Dao et al. 2022, FlashAttention, section 3.1"
SDPA = "transformers integrations.sdpa_attention"

_STREAMS = 4.3
"""Hidden states that live beside a feed-forward step: the residual, its norm in 32 bits, the result, the positions."""

_WITHOUT_SDPA = frozenset({
    "big_bird", "bigbird_pegasus", "bloom", "canine", "codegen", "convbert", "deberta", "deberta-v2", "falcon",
    "flaubert", "fnet", "funnel", "gemma2", "gpt_neo", "gpt_neox_japanese", "gpt_oss", "gptj", "granite_swa",
    "granitemoe_swa", "ibert", "layoutlmv3", "led", "longformer", "longt5", "luke", "megatron-bert", "mpnet", "mpt",
    "mvp", "nystromformer", "prophetnet", "rembert", "roformer", "splinter", "squeezebert", "trocr", "vaultgemma",
    "wavlm", "xglm", "xlm", "xlnet",
})  # fmt: skip
"""Types whose `_supports_sdpa` is false in transformers 5.23, and Falcon, whose own call of SDPA is not fused."""

_SCORE_COPIES: Mapping[str, float] = {"bloom": 4.1, "falcon": 2.4, "deberta": 5.6, "deberta-v2": 5.6, "gemma2": 2.3}
"""Copies of all scores that types hold at once which do not hold three."""

_BIASED = frozenset({"longt5", "mt5", "t5", "udop", "umt5"})
"""Types which add a learned bias to the scores, written out for every head and pair of tokens."""

_UNGATED = frozenset({
    "apertus", "arcee", "bart", "bigbird_pegasus", "biogpt", "blenderbot", "blenderbot-small", "bloom", "codegen",
    "ctrl", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_neox_japanese", "gptj", "jais2", "led",
    "m2m_100", "marian", "mbart", "mpt", "mvp", "nanochat", "nemotron", "nemotron_h", "opt", "pegasus", "persimmon",
    "phi", "plbart", "prophetnet", "starcoder2", "t5", "trocr", "whisper", "xglm",
})  # fmt: skip
"""Decoders whose feed-forward part has one matrix in, not two of which one is a gate."""

_FUSED_GATES = frozenset({"glm", "glm4", "glm4v_text", "modernbert", "modernbert-decoder", "phi3", "phi4_multimodal"})
"""Types whose gate and input are two halves of one product, so that both live until the step is over."""

_GELU_OF_STEPS = frozenset({"gelu_new", "gelu_fast", "gelu_python"})
"""Activation functions that transformers computes term by term, each term as large as the input."""

_NEW_GELU = frozenset({"albert", "bigbird_pegasus", "codegen", "gpt2", "gpt_neo", "gptj", "phi"})
"""Types whose default is `gelu_new`."""


@dataclass(frozen=True, slots=True)
class Activations:
    """The sizes that decide on a pass; numbers a token unless it says otherwise.

    Attributes:
        hidden: of the stream between the layers.
        feed_forward: of the widest moment of a feed-forward step, experts included.
        attention: queries, keys, values and what comes out.
        repeated: keys and values once more for every head, which a mask makes necessary.
        recurrent, recurrent_bytes: of a recurrent layer, in the model's dtype and in 32 bits.
        heads: of attention; 0 where nothing attends.
        scores: `fused` are never written out, `eager` are; `biased` ones are fused but for a learned bias, and `latent`
            ones but on the CPU, whose fused kernel wants keys and values of one size.
        copies: of all scores at once, where they are written out.
        window: tokens from which a mask is needed even without padding.
        answers: size of an answer, such as the vocabulary.
        answers_everywhere: it is given for every token (fill-mask), not for the last alone.
        cache: what is cached; of a model that does not write, what is held during the pass all the same.
        is_held: whether it does not write.
    """

    hidden: int
    feed_forward: float
    attention: int
    repeated: int
    recurrent: int
    recurrent_bytes: int
    heads: int
    scores: str
    copies: float
    window: int | None
    answers: int
    answers_everywhere: bool
    cache: Cache
    is_held: bool

    def bytes(self, context: int, batch: int, width: float, *, on_cpu: bool = False) -> int:
        """Return the peak of a pass over `batch` prompts of `context` tokens, at `width` bytes a number.

        Several prompts are taken to be of different lengths, so that they are padded and need a mask.
        """
        tokens, pairs = context * batch, context * context * batch
        is_masked = bool(self.heads) and (batch > 1 or (self.window is not None and context >= self.window))
        repeated = self.repeated if is_masked and self.scores != "eager" else 0
        # a mask is true or false a pair; a kernel wants it as numbers of the model's dtype while it works
        mask = pairs if is_masked else 0
        widest = max(
            tokens * width * (self.attention + repeated) + pairs * self._by_pair(width, on_cpu) + mask * width,
            tokens * width * self.feed_forward,
            tokens * (width * self.recurrent + self.recurrent_bytes),
        )
        stream = tokens * width * _STREAMS * self.hidden
        # sampling takes the last answers in 32 bits
        answers = tokens * self.answers * width if self.answers_everywhere else batch * self.answers * (width + 4)
        held = (self.cache.bytes(context, batch, width) or 0) if self.is_held else 0
        return int(max(stream + mask + widest + self.cache.uncut(context, batch, width), answers) + held)

    def _by_pair(self, width: float, on_cpu: bool) -> float:
        """Return the bytes of scores a pair of tokens; the softmax is in 32 bits whatever the model's dtype."""
        if self.scores == "eager" or (self.scores == "latent" and on_cpu):
            return self.heads * self.copies / 3 * (2 * width + 4)
        return self.heads * 2 * width if self.scores == "biased" else 0

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the formula is from."""
        return (KORTHIKANTI, SDPA if self.scores == "eager" else DAO)


def read_activations(config: Mapping[str, Any]) -> Activations | None:
    """Return the sizes of a pass, None where config.json does not state them."""
    text = TextConfig(config)
    hidden, heads = text.size("hidden"), text.size("heads") or 0
    feed_forward = _feed_forward(text)
    kinds = layer_kinds(text) or ()
    recurrent = _recurrent(text) if LINEAR in kinds or HYBRID in kinds else (0, 0)
    if hidden is None or recurrent is None or (feed_forward is None and not recurrent[0]):
        return None
    attends = bool(heads) and set(kinds) != {LINEAR}
    size, kv_heads = head_size(text) or 0, key_value_heads(text) or 0
    has_writer = writes(config)
    is_decoder = text.is_known and text.model_type not in ENCODERS and not text.is_encoder_decoder
    cache = read_cache(config if has_writer or not is_decoder else {**config, "architectures": ["ForCausalLM"]})
    return Activations(
        hidden=hidden,
        feed_forward=feed_forward or 0,
        attention=2 * (heads + kv_heads) * size + _expanded(text, heads),
        repeated=2 * heads * size if kv_heads < heads else 0,
        recurrent=recurrent[0],
        recurrent_bytes=recurrent[1],
        heads=heads if attends else 0,
        scores=_scores(text),
        copies=_SCORE_COPIES.get(text.model_type, 3),
        window=_window(text, kinds),
        answers=(text.size("vocabulary") or 0) if has_writer or _fills(config) else 0,
        answers_everywhere=_fills(config),
        cache=cache,
        is_held=is_decoder and not has_writer,
    )


def _fills(config: Mapping[str, Any]) -> bool:
    names = config.get("architectures")
    return isinstance(names, list) and any(str(name).endswith(("MaskedLM", "PreTraining")) for name in names)


def _scores(text: TextConfig) -> str:
    if text.model_type in _BIASED:
        return "biased"
    if text.number("kv_lora_rank"):
        return "latent"
    return "eager" if text.model_type in _WITHOUT_SDPA else "fused"


def _window(text: TextConfig, kinds: Sequence[str]) -> int | None:
    if SLIDING in kinds:
        return text.size("window")
    return text.number("attention_chunk_size") if CHUNKED in kinds else None


def _expanded(text: TextConfig, heads: int) -> int:
    """Return what latent attention expands its compressed keys and values to, for every head."""
    if not text.number("kv_lora_rank"):
        return 0
    parts = ("qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim")
    return 2 * heads * sum(text.number(name) or 0 for name in parts)


def _feed_forward(text: TextConfig) -> float | None:
    """Return the numbers a token at the widest moment of the feed-forward step, None when its size is not stated."""
    hidden, dense = text.size("hidden"), _dense(text)
    experts = _experts(text)
    routed = experts.at_work * (4 * experts.size + 2 * (hidden or 0)) if experts else 0
    if dense is None:
        return routed or None
    if text.model_type in _FUSED_GATES:
        return max(routed, 4 * dense)
    is_gated = text.is_known and text.model_type not in _UNGATED and text.model_type not in ENCODERS
    stated = text.get("hidden_act", "activation_function", "activation")
    has_new_gelu = str(stated) in _GELU_OF_STEPS or (stated is None and text.model_type in _NEW_GELU)
    steps = 4.5 if has_new_gelu else 2
    return max(routed, (3 if is_gated else steps) * dense)


def _dense(text: TextConfig) -> int | None:
    """Return the feed-forward size; families that leave it out take four times the hidden size."""
    stated, hidden = text.size("intermediate"), text.size("hidden")
    if stated is not None or hidden is None:
        return stated
    known = text.is_known and text.model_type not in {"mamba", "mamba2", "falcon_mamba"}
    return hidden * (text.number("expansion_ratio") or 4) if known else None


@dataclass(frozen=True, slots=True)
class Experts:
    """A mixture of experts: how many are held, how many work on a token, and the feed-forward size of one."""

    held: int
    at_work: int
    size: int


def read_experts(config: Mapping[str, Any]) -> Experts | None:
    """Return the mixture of experts that a config.json describes, None for a dense model."""
    return _experts(TextConfig(config))


def _experts(text: TextConfig) -> Experts | None:
    nested = text.raw.get("ffn_config")
    inner = nested if isinstance(nested, Mapping) else {}
    held = text.number("num_local_experts", "n_routed_experts", "num_experts")
    held = held or positive(inner.get("moe_num_experts"))
    at_work = text.number("num_experts_per_tok", "num_experts_per_token", "moe_topk", "top_k_experts")
    at_work = at_work or positive(inner.get("moe_top_k"))
    size = text.number("moe_intermediate_size", "expert_ffn_hidden_size") or positive(inner.get("ffn_hidden_size"))
    size = size or text.size("intermediate")
    if not (held and at_work and size) or held < 2:
        return None
    return Experts(held, min(at_work, held), size)


def _recurrent(text: TextConfig) -> tuple[int, int] | None:
    """Return numbers and bytes a token of a recurrent layer, as transformers computes it without extra kernels.

    Mamba holds three products of channels and states in 32 bits (`MambaMixer.slow_forward`); Mamba-2 four squares of a
    chunk a head (`torch_forward`); DeltaNet two of its chunks of 64 (`torch_chunk_gated_delta_rule`);
    a short convolution nothing but its input, three times as wide.
    """
    hidden = text.size("hidden")
    if hidden is None:
        return None
    if text.model_type.startswith("lfm2"):
        return 4 * hidden, 0
    inner = text.number("mamba_d_ssm") or (text.number("expand", "mamba_expand") or 2) * hidden
    if text.model_type in {"mamba", "falcon_mamba", "jamba", "zamba"}:
        return 10 * inner, 3 * 4 * inner * (text.number("state_size", "mamba_d_state") or 16)
    heads = text.number("mamba_n_heads", "n_mamba_heads", "mamba_num_heads", "num_heads")
    if text.model_type in {"mamba2", "bamba", "granitemoehybrid", "falcon_h1", "zamba2", "nemotron_h"} and heads:
        return 5 * inner, 4 * 4 * heads * (text.number("chunk_size", "mamba_chunk_size") or 256)
    value_heads = text.number("linear_num_value_heads") or text.size("heads") or 0
    sizes = (text.number("linear_key_head_dim") or 128) + (text.number("linear_value_head_dim") or 128)
    return 6 * hidden, 4 * value_heads * (5 * sizes + 2 * 64)
