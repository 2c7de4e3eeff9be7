"""What a GGUF file needs beside its weights, from its metadata: cache, states and buffers as llama.cpp makes them.

Keys: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. What is kept: llama.cpp `src/llama-kv-cache.cpp` (keys
and values of `n_embd_k_gqa` and `n_embd_v_gqa` numbers a token and layer, in 16 bits unless told otherwise),
`src/llama-kv-cache-iswa.cpp` (layers with a window), `src/llama-memory-recurrent.cpp` and `src/llama-hparams.cpp`
(states, in 32 bits), `src/models/*.cpp` (which layer is of which kind).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from hubtui.core.fit.cache import Cache, CachedLayers
from hubtui.core.fit.states import State
from hubtui.core.gguf import VOCABULARY, GgufSizes

LLAMA_CPP = "llama.cpp, src/llama-kv-cache.cpp, llama-kv-cache-iswa.cpp and llama-hparams.cpp"
BUFFERS = "llama.cpp, the compute buffer that it prints, of 512 tokens"

_AT_A_TIME = 512  # `n_ubatch`, unless told otherwise
_PADDING = 256  # of the cells of a cache for windows
_MOST_LAYERS = 512
_LARGEST = 1 << 30  # a stranger wrote the file
_FLOAT32 = 4

_READERS = frozenset({
    "bert", "dream", "eurobert", "gemma-embedding", "jina-bert-v2", "jina-bert-v3", "llada", "llada-moe",
    "modern-bert", "neo-bert", "nomic-bert", "nomic-bert-moe", "rnd1", "t5encoder", "wavtokenizer-dec",
})  # fmt: skip
"""Architectures that llama.cpp runs without a cache."""

_RECURRENT = frozenset({"arwkv7", "mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7"})
"""Architectures that keep nothing but states."""

_INTERVAL = frozenset({"qwen3next", "qwen35", "qwen35moe"})
"""Architectures of which every fourth layer attends unless the file says otherwise."""

_PERIODS: Mapping[str, int] = {
    "afmoe": 4, "cohere2": 4, "exaone-moe": 4, "exaone4": 4, "gemma2": 2, "gemma3": 6, "gemma3n": 5, "gpt-oss": 2,
    "llama4": 4, "olmo2": 4, "plamo3": 8, "smallthinker": 4,
}  # fmt: skip
"""Architecture → of how many layers the last attends to everything, where the file does not say."""

_FULL, _SLIDING, _LATENT, _STATE = "full attention", "sliding window", "compressed (MLA)", "recurrent state"


@dataclass(frozen=True, slots=True)
class ComputeBuffer:
    """What llama.cpp computes in: it takes 512 tokens at a time, in 32 bits whatever the weights are packed in.

    Attributes:
        hidden: of the stream between the layers.
        feed_forward: of a feed-forward step, the active experts together.
        answers: size of the vocabulary.
    """

    hidden: int
    feed_forward: int
    answers: int

    def bytes(self, context: int, batch: int, width: float, *, on_cpu: bool = False) -> int:  # noqa: ARG002 - as of torch
        """Return the larger of what the last step holds (answers) and a layer does (with the mask, 16 and 32 bits)."""
        tokens = min(context * batch, _AT_A_TIME)
        last = _FLOAT32 * (self.answers + self.hidden)
        layer = _FLOAT32 * (2 * self.feed_forward + 3 * self.hidden) + 6 * context
        return tokens * max(last, layer)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the formula is from."""
        return (BUFFERS,)


@dataclass(frozen=True, slots=True)
class GgufNeeds:
    """What a GGUF file needs beside its weights; no buffers where it does not state the sizes."""

    cache: Cache
    buffers: ComputeBuffer | None
    max_length: int | None


def read_needs(sizes: GgufSizes) -> GgufNeeds:
    """Return what the metadata of a GGUF file (`core.gguf.read_gguf_sizes`) says of its needs."""
    keys = _Keys(sizes)
    hidden = keys.number("embedding_length")
    dense, expert = max(keys.each("feed_forward_length", 0), default=0), keys.number("expert_feed_forward_length") or 0
    used = keys.number("expert_used_count") or 0
    wide = max(dense, used * (expert or dense)) or 4 * (hidden or 0)
    answers = keys.number("vocab_size") or _count(sizes.get(VOCABULARY)) or 0
    buffers = ComputeBuffer(hidden, wide, answers) if hidden else None
    return GgufNeeds(_cache(keys), buffers, keys.number("context_length"))


class _Keys:
    """The keys of the architecture that the file names."""

    def __init__(self, sizes: GgufSizes) -> None:
        self._sizes = sizes
        self.architecture = str(sizes.get("general.architecture", ""))
        stated = self.number("block_count") or 0
        self.layers = max(0, stated - (self.number("nextn_predict_layers") or 0)) if stated <= _MOST_LAYERS else 0

    def get(self, name: str) -> object:
        return self._sizes.get(f"{self.architecture}.{name}")

    def number(self, name: str) -> int | None:
        """A count above 0; of a list the largest."""
        value = self.get(name)
        found = [count for item in (value if isinstance(value, tuple) else (value,)) if (count := _count(item))]
        return max(found, default=None)

    def each(self, name: str, otherwise: int) -> list[int]:
        """The count of each layer, which is stated once for all or as a list."""
        value = self.get(name)
        if isinstance(value, tuple):
            counts = [_count(item) or 0 for item in value[: self.layers]]
            return counts + [counts[-1] if counts else otherwise] * (self.layers - len(counts))
        return [(_count(value) or 0) if value is not None else otherwise] * self.layers


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST else None


def _cache(keys: _Keys) -> Cache:
    if keys.architecture in _READERS or keys.get("attention.causal") is False:
        return Cache(notes=("It does not write text, so it keeps no keys and values.",))
    if not keys.layers or keys.architecture == "t5":
        return Cache(
            (), False, (f"What llama.cpp keeps of {keys.architecture or 'this file'} is not known to hubtui.",)
        )
    layers = _layers(keys)
    if layers is None:
        return Cache((), False, ("The GGUF file lacks the sizes of what its layers keep; it is not counted.",))
    notes = ["Cache and buffers are counted as llama.cpp makes them, from the metadata of the GGUF file."]
    if any(group.window for group in layers):
        notes.append(f"Layers with a window keep {_AT_A_TIME} tokens beyond it, which are computed together.")
    return Cache(layers, True, tuple(notes), (LLAMA_CPP,))


def _layers(keys: _Keys) -> tuple[CachedLayers, ...] | None:
    recurrent = _recurrent(keys)
    state = _state(keys) if any(recurrent) else None
    if recurrent and any(recurrent) and state is None:
        return None
    sliding, window = _windows(keys)
    most = -(-(window + _AT_A_TIME) // _PADDING) * _PADDING
    heads = _key_value_heads(keys)
    shared_from = _shared_from(keys)
    groups: Counter[tuple[str, int]] = Counter()
    for layer in range(keys.layers):
        attends = heads[layer] and layer < shared_from and (keys.architecture == "falcon-h1" or not recurrent[layer])
        if not attends:
            continue
        values = _values(keys, heads[layer], is_sliding=sliding[layer])
        if values is None:
            return None
        kind = _LATENT if _is_latent(keys) else _SLIDING if sliding[layer] else _FULL
        groups[kind, values] += 1
    found = [
        CachedLayers(kind, count, values, *((most, _NOTHING, None, window) if kind == _SLIDING else ()))
        for (kind, values), count in groups.items()
    ]
    if state is not None:
        found.append(CachedLayers(_STATE, sum(recurrent), state=state))
    return tuple(found) or None


_NOTHING = State(0)


def _key_value_heads(keys: _Keys) -> list[int]:
    return keys.each("attention.head_count_kv", keys.number("attention.head_count") or 0)


def _values(keys: _Keys, heads: int, *, is_sliding: bool) -> int | None:
    """Numbers that a layer keeps a token: keys and values of its heads, with MLA the compressed vector alone."""
    all_heads, hidden = keys.number("attention.head_count"), keys.number("embedding_length")
    even = hidden // all_heads if hidden and all_heads else None
    swa = "_swa" if is_sliding else ""
    key = keys.number(f"attention.key_length{swa}") or keys.number("attention.key_length") or even
    value = keys.number(f"attention.value_length{swa}") or keys.number("attention.value_length") or even
    if key is None or value is None:
        return None
    return heads * (key if _is_latent(keys) else key + value)


def _is_latent(keys: _Keys) -> bool:
    """Say whether the file is made for compressed keys and values; older ones of DeepSeek are not."""
    return keys.number("attention.key_length_mla") is not None


def _shared_from(keys: _Keys) -> int:
    """The layer from which on others' keys and values are used."""
    if keys.architecture == "gemma3n":
        return 20
    return keys.layers - (keys.number("attention.shared_kv_layers") or 0)


def _windows(keys: _Keys) -> tuple[list[bool], int]:
    """Which layers see a window, and how many tokens; a window that llama.cpp does not heed counts for nothing."""
    window = keys.number("attention.sliding_window") or 0
    if keys.architecture == "llama4" and keys.get("attention.sliding_window") != 0:
        window = 8192
    pattern = keys.get("attention.sliding_window_pattern")
    if isinstance(pattern, tuple) and pattern and window:
        return [bool(pattern[layer % len(pattern)]) for layer in range(keys.layers)], window
    period = _count(pattern) or _PERIODS.get(keys.architecture)
    if not window or period is None:
        return [False] * keys.layers, 0
    full = 0 if keys.architecture == "smallthinker" else period - 1
    return [layer % period != full for layer in range(keys.layers)], window


def _recurrent(keys: _Keys) -> list[bool]:
    """Which layers keep a state."""
    if keys.architecture in _RECURRENT or keys.architecture == "falcon-h1":
        return [True] * keys.layers
    if not any(keys.number(name) for name in ("ssm.inner_size", "shortconv.l_cache", "kda.head_dim", "wkv.head_size")):
        return [False] * keys.layers
    stated = keys.get("attention.recurrent_layers")
    if isinstance(stated, tuple) and len(stated) >= keys.layers:
        return [bool(entry) for entry in stated[: keys.layers]]
    if keys.architecture in _INTERVAL:
        every = keys.number("full_attention_interval") or 4
        return [(layer + 1) % every != 0 for layer in range(keys.layers)]
    heads = _key_value_heads(keys)
    # of Nemotron-H the layers that only feed forward have no heads either
    forward = keys.each("feed_forward_length", 0) if keys.architecture.startswith("nemotron_h") else [0] * keys.layers
    return [not heads[layer] and not forward[layer] for layer in range(keys.layers)]


def _state(keys: _Keys) -> State | None:
    """What a recurrent layer keeps a sequence (`n_embd_r` and `n_embd_s`), None where sizes are missing."""
    hidden = keys.number("embedding_length") or 0
    kernel = keys.number("ssm.conv_kernel") or 1
    if size := keys.number("wkv.head_size"):
        numbers = (keys.number("token_shift_count") or 2) * hidden + hidden * size
    elif taps := keys.number("shortconv.l_cache"):
        numbers = hidden * (taps - 1)
    elif size := keys.number("kda.head_dim"):
        inner = (keys.number("attention.head_count") or 0) * size
        numbers = 3 * (kernel - 1) * inner + inner * size
    else:
        inner, state = keys.number("ssm.inner_size") or 0, keys.number("ssm.state_size") or 0
        numbers = (kernel - 1) * (inner + 2 * (keys.number("ssm.group_count") or 0) * state) + inner * state
    return State(0, numbers * _FLOAT32) if numbers else None
