"""Tensors of made-up checkpoints: a Llama of 8 billion parameters in four shards, and a GGUF file."""

from __future__ import annotations

import math
from collections.abc import Iterable

from hubtui.core.tensors import Entry, TensorFile, Tensors, Value
from hubtui.core.weights import Tensor

_HIDDEN, _WIDE, _WORDS, _LAYERS = 4_096, 14_336, 128_256, 32
_BLOCKS = {"Q4_K": (256, 144), "Q6_K": (256, 210), "F32": (1, 4)}
_LAYER = {
    "input_layernorm": (_HIDDEN,),
    "self_attn.q_proj": (_HIDDEN, _HIDDEN),
    "self_attn.k_proj": (1_024, _HIDDEN),
    "self_attn.v_proj": (1_024, _HIDDEN),
    "self_attn.o_proj": (_HIDDEN, _HIDDEN),
    "post_attention_layernorm": (_HIDDEN,),
    "mlp.gate_proj": (_WIDE, _HIDDEN),
    "mlp.up_proj": (_WIDE, _HIDDEN),
    "mlp.down_proj": (_HIDDEN, _WIDE),
}


def _file(path: str, tensors: Iterable[tuple[str, Tensor]], header_bytes: int) -> TensorFile:
    entries = tuple(Entry(name, tensor, path) for name, tensor in tensors)
    return TensorFile(path, header_bytes + sum(entry.tensor.size_bytes for entry in entries), header_bytes, entries)


def _bf16(*shape: int) -> Tensor:
    return Tensor("BF16", shape, 2 * math.prod(shape))


def _llama() -> Tensors:
    names = [("model.embed_tokens.weight", _bf16(_WORDS, _HIDDEN))]
    for layer in range(_LAYERS):
        names += [(f"model.layers.{layer}.{name}.weight", _bf16(*shape)) for name, shape in _LAYER.items()]
    names += [("model.norm.weight", _bf16(_HIDDEN)), ("lm_head.weight", _bf16(_WORDS, _HIDDEN))]
    files = tuple(
        _file(f"model-0000{number}-of-00004.safetensors", names[start : start + 73], 9_000)
        for number, start in enumerate(range(0, len(names), 73), 1)
    )
    return Tensors("meta/llama", "c" * 40, "safetensors", files, {"format": Value("pt")}, reads=5, read_bytes=1_049_000)


def _quantized(kind: str, *shape: int) -> Tensor:
    elements, size = _BLOCKS[kind]
    return Tensor(kind, shape, math.prod(shape) // elements * size)


def _gguf() -> Tensors:
    names = [
        ("token_embd.weight", _quantized("Q6_K", 2_560, 262_144)),
        ("output_norm.weight", _quantized("F32", 2_560)),
    ]
    for layer in range(34):
        down = "Q6_K" if layer % 2 else "Q4_K"
        names += [
            (f"blk.{layer}.attn_norm.weight", _quantized("F32", 2_560)),
            (f"blk.{layer}.attn_q.weight", _quantized("Q4_K", 2_560, 2_048)),
            (f"blk.{layer}.ffn_down.weight", _quantized(down, 10_240, 2_560)),
        ]
    template = "{{ bos_token }}\n{%- for message in messages -%}\n{{ message['content'] }}\n{%- endfor -%}"
    metadata = {
        "general.architecture": Value("gemma3", "string"),
        "general.file_type": Value("15", "uint32"),
        "gemma3.block_count": Value("34", "uint32"),
        "gemma3.context_length": Value("131072", "uint32"),
        "gemma3.attention.layer_norm_rms_epsilon": Value("1e-06", "float32"),
        "tokenizer.ggml.add_bos_token": Value("true", "bool"),
        "tokenizer.chat_template": Value(template, "string"),
        "tokenizer.ggml.tokens": Value(
            "262,144 × string: ▁0, ▁1, …", "string", 262_144, tuple(f"▁{number}" for number in range(512))
        ),
    }
    file = _file("gemma-4b-Q4_K_M.gguf", names, 6_000_000)
    return Tensors("maker/gemma-GGUF", "c" * 40, "gguf", (file,), metadata, reads=3, read_bytes=6_400_000)


LLAMA, GEMMA_GGUF = _llama(), _gguf()
