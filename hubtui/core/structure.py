"""How a model is built, as its config alone tells: modules, sizes, heads. The shape of what the worker answers.

Strings in these values come from a config and from transformers; the worker passes those of the config through
`core.untrusted.clean`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

_KINDS = {
    "full_attention": "full", "attention": "full", "global": "full",
    "sliding_attention": "sliding", "local": "sliding", "chunked_attention": "chunked",
    "linear_attention": "recurrent", "mamba": "recurrent", "recurrent": "recurrent", "conv": "convolution",
}  # fmt: skip
_LONGEST_PERIOD = 12


@dataclass(frozen=True, slots=True)
class Weight:
    """A parameter of a module; `is_tied` when it is one that was counted before (shared embeddings)."""

    name: str
    shape: tuple[int, ...]
    is_tied: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the tree.

    Attributes:
        name: its attribute; `0–31` or `0, 2–5` stands for numbered neighbours that are alike.
        kind: its class.
        parameters: of it and everything below, of all alike neighbours together, each parameter counted once.
        weights: its own parameters, of one of the neighbours.
        repeats: how many alike neighbours it stands for.
    """

    name: str
    kind: str
    parameters: int
    weights: tuple[Weight, ...] = ()
    children: tuple[Module, ...] = ()
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """Some modules by their first name, and their parameters; a layer (`model.layers.0`) with its class."""

    name: str
    parameters: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The sizes of one part of a model; None where it has no such thing or does not say.

    Attributes:
        part: `encoder`, `decoder`, `text`, `vision`, `audio`, …; empty for a model of one part.
        key_value_heads: as many as `heads` with multi-head attention, 1 with multi-query attention.
        head_size: of queries and keys.
        intermediate_size: of the feed-forward layers.
        positions: the longest input in tokens, patches or frames that its positions are made for.
        position_kind: `rotary`, `learned`, `relative`, `ALiBi`, `sinusoidal`, `convolutional`, `none`.
        rope: base and scaling of rotary positions in words.
        attention: `MHA`, `GQA`, `MQA`, `MLA`, or `none`.
        layer_kinds: of each layer: `full`, `sliding`, `chunked`, `recurrent` (state space or linear attention), …
        window: tokens that a sliding layer sees.
        state_size: of a state space.
        experts, active_experts: of a mixture of experts; `shared_experts` answer besides the active ones.
        expert_size: intermediate size of one expert.
    """

    part: str = ""
    model_type: str = ""
    layers: int | None = None
    heads: int | None = None
    key_value_heads: int | None = None
    head_size: int | None = None
    hidden_size: int | None = None
    intermediate_size: int | None = None
    vocab_size: int | None = None
    positions: int | None = None
    position_kind: str = ""
    rope: str = ""
    attention: str = ""
    layer_kinds: tuple[str, ...] = ()
    window: int | None = None
    state_size: int | None = None
    experts: int | None = None
    active_experts: int | None = None
    shared_experts: int | None = None
    expert_size: int | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """A model as it is built from its config.

    Attributes:
        head: the class that was built, `LlamaForCausalLM`.
        auto_classes: the Auto classes that give it.
        dtype: that the config states, empty when it does not.
        parameters: each counted once, however often it is used.
        active_parameters: that one token passes through; as many as `parameters` without experts.
        is_tied: the output layer is the input embedding; None for a model without such an output.
        layers: every layer of its stacks, by its whole name.
    """

    model: str
    model_type: str
    head: str
    auto_classes: tuple[str, ...]
    dtype: str
    parameters: int
    active_parameters: int
    is_tied: bool | None
    dimensions: tuple[Dimensions, ...]
    tree: Module
    layers: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A class that a config can be loaded as, beside the body (what AutoModel gives).

    Attributes:
        name: of the class.
        task: the Hub's task id, empty when the class does not tell.
        is_stored: config.json names it: its weights are in the checkpoint.
        is_body: it is what AutoModel gives.
        parameters: None when it cannot be built; `problem` says why.
        added, dropped: parts that it has beyond the body, and parts of the body that it lacks.
    """

    name: str
    auto_classes: tuple[str, ...]
    task: str = ""
    is_stored: bool = False
    is_body: bool = False
    parameters: int | None = None
    added: tuple[Part, ...] = ()
    dropped: tuple[Part, ...] = ()
    problem: str = ""

    @property
    def head_parameters(self) -> int:
        """Parameters of the head alone; 0 when it shares the input embedding."""
        return sum(part.parameters for part in self.added)


def attention_kind(heads: int | None, key_value_heads: int | None, *, is_latent: bool = False) -> str:
    """Return `MHA`, `GQA`, `MQA` or `MLA` from the numbers of heads (Ainslie et al. 2023), empty when unknown."""
    if is_latent:
        return "MLA"
    if heads is None:
        return ""
    if key_value_heads is None or key_value_heads == heads:
        return "MHA"
    return "MQA" if key_value_heads == 1 else "GQA"


def layer_kind(name: str) -> str:
    """Return transformers' name of a kind of layer as a word for people."""
    return _KINDS.get(name, name.replace("_", " "))


def layer_pattern(kinds: Sequence[str]) -> str:
    """Return the kinds of the layers in words: `all full`, `5 sliding + 1 full, repeated`, `28 recurrent, 4 full`."""
    if not kinds:
        return ""
    if len(set(kinds)) == 1:
        return f"all {kinds[0]}"
    period = next(
        (
            size
            for size in range(2, min(_LONGEST_PERIOD, len(kinds) // 2) + 1)
            if all(kind == kinds[index % size] for index, kind in enumerate(kinds))
        ),
        0,
    )
    if period:
        return " + ".join(f"{len(list(run))} {kind}" for kind, run in groupby(kinds[:period])) + ", repeated"
    return ", ".join(f"{list(kinds).count(kind)} {kind}" for kind in dict.fromkeys(kinds))
