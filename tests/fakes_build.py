"""Fakes of what reads how a model is built: tensors of a small Llama, its modules and its heads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hubtui.core.errors import CancelledError, HubtuiError
from hubtui.core.gguf import GgufSizes
from hubtui.core.models import ModelFacts
from hubtui.core.structure import Dimensions, Head, Module, Part, Structure, Weight
from hubtui.core.tensors import Entry, TensorFile, Tensors, Value
from hubtui.core.weights import Tensor

LAYERS = 2
HIDDEN, WIDE, WORDS = 64, 160, 1_000


def _tensor(*shape: int) -> Tensor:
    count = 1
    for size in shape:
        count *= size
    return Tensor("BF16", shape, 2 * count)


TENSORS: Mapping[str, Tensor] = {
    "model.embed_tokens.weight": _tensor(WORDS, HIDDEN),
    **{
        f"model.layers.{layer}.{name}.weight": tensor
        for layer in range(LAYERS)
        for name, tensor in {
            "self_attn.q_proj": _tensor(HIDDEN, HIDDEN),
            "self_attn.k_proj": _tensor(HIDDEN // 2, HIDDEN),
            "mlp.up_proj": _tensor(WIDE, HIDDEN),
            "mlp.down_proj": _tensor(HIDDEN, WIDE),
            "input_layernorm": _tensor(HIDDEN),
        }.items()
    },
    "model.norm.weight": _tensor(HIDDEN),
}
"""Name → tensor of a Llama of two layers, with tied embeddings."""


@dataclass
class FakeHeaders:
    """Lists the same tensors in two shards for every model, or those that were `found`; `error` fails it."""

    error: HubtuiError | None = None
    problems: tuple[str, ...] = ()
    asked: list[tuple[str, str]] = field(default_factory=list)
    sizes: GgufSizes = field(default_factory=dict)
    found: Tensors | None = None
    gate: threading.Event | None = None

    def tensors(
        self,
        facts: ModelFacts,
        path: str = "",
        *,
        progress: Callable[[int, int], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Tensors:
        """Tell of two files, then give them."""
        self.asked.append((facts.id, path))
        if self.error is not None:
            raise self.error
        if self.gate is not None:
            if progress is not None:
                progress(3, 30)
            self.gate.wait(10)
        if self.found is not None:
            return self.found
        names = list(TENSORS)
        files = []
        for number, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), 1):
            if is_cancelled is not None and is_cancelled():
                raise CancelledError("The reading of headers was stopped.")
            if progress is not None:
                progress(number, 2)
            size = sum(TENSORS[name].size_bytes for name in part)
            path = f"model-0000{number}-of-00002.safetensors"
            files.append(TensorFile(path, size + 800, 800, tuple(Entry(name, TENSORS[name], path) for name in part)))
        return Tensors(
            facts.id, facts.commit, "safetensors", tuple(files), {"format": Value("pt")}, self.problems, 3, 2_048
        )

    def gguf_sizes(self, facts: ModelFacts) -> GgufSizes:
        """Return the sizes that were set."""
        self.asked.append((facts.id, "sizes"))
        if self.error is not None:
            raise self.error
        return self.sizes


_LAYER = sum(tensor.count for name, tensor in TENSORS.items() if ".layers.0." in name)
_BODY = sum(tensor.count for tensor in TENSORS.values())

STRUCTURE = Structure(
    model="demo/tiny-llama",
    model_type="llama",
    head="LlamaForCausalLM",
    auto_classes=("AutoModelForCausalLM",),
    dtype="bfloat16",
    parameters=_BODY,
    active_parameters=_BODY,
    is_tied=True,
    dimensions=(
        Dimensions(
            model_type="llama",
            layers=LAYERS,
            heads=4,
            key_value_heads=2,
            head_size=16,
            hidden_size=HIDDEN,
            intermediate_size=WIDE,
            vocab_size=WORDS,
            positions=2_048,
            position_kind="rotary",
            rope="base 10,000",
            attention="GQA",
            layer_kinds=("full",) * LAYERS,
        ),
    ),
    tree=Module(
        "",
        "LlamaForCausalLM",
        _BODY,
        children=(
            Module(
                "model",
                "LlamaModel",
                _BODY,
                children=(
                    Module("embed_tokens", "Embedding", WORDS * HIDDEN, (Weight("weight", (WORDS, HIDDEN)),)),
                    Module(
                        "layers",
                        "ModuleList",
                        LAYERS * _LAYER,
                        children=(Module("0–1", "LlamaDecoderLayer", LAYERS * _LAYER, repeats=LAYERS),),
                    ),
                    Module("norm", "LlamaRMSNorm", HIDDEN, (Weight("weight", (HIDDEN,)),)),
                ),
            ),
            Module("lm_head", "Linear", 0, (Weight("weight", (WORDS, HIDDEN), is_tied=True),)),
        ),
    ),
    layers=tuple(Part(f"model.layers.{layer}", _LAYER, "LlamaDecoderLayer") for layer in range(LAYERS)),
)

HEADS: Sequence[Head] = (
    Head("LlamaModel", ("AutoModel",), "feature-extraction", is_body=True, parameters=_BODY),
    Head("LlamaForCausalLM", ("AutoModelForCausalLM",), "text-generation", is_stored=True, parameters=_BODY),
    Head(
        "LlamaForSequenceClassification",
        ("AutoModelForSequenceClassification",),
        "text-classification",
        parameters=_BODY + 2 * HIDDEN,
        added=(Part("score", 2 * HIDDEN),),
    ),
)


@dataclass
class FakeStructures:
    """Builds the same small Llama of every config; `error` fails it."""

    error: HubtuiError | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def build(self, model: str, config: Mapping[str, Any], *, head: str = "") -> Structure:
        """Return the Llama under the name of the model."""
        del config
        self.asked.append((model, head))
        if self.error is not None:
            raise self.error
        return replace(STRUCTURE, model=model, head=head or STRUCTURE.head)

    async def heads(self, model: str, config: Mapping[str, Any]) -> tuple[Head, ...]:
        """Return its heads."""
        del config
        self.asked.append((model, "*"))
        if self.error is not None:
            raise self.error
        return tuple(HEADS)

    async def close(self) -> None:
        """Nothing to end."""
