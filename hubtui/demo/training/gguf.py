"""Writes a Llama checkpoint as one GGUF file, byte by byte, after the specification of version 3.

Layout: magic, version, counts, metadata key by key, tensor descriptions, padding, tensor data; all little-endian.
"""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

ALIGNMENT = 32
_UINT32, _FLOAT32, _BOOL, _STRING, _ARRAY, _INT32 = 4, 6, 7, 8, 9, 5
_F32, _F16 = 0, 1
_NORMAL, _CONTROL = 1, 3  # token types of the tokenizer section
Value = str | int | float | bool | Sequence[str] | Sequence[int]
_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def write_gguf(folder: Path, target: Path, name: str) -> None:
    """Write the Llama checkpoint in `folder` to `target`: matrices as F16, norms as F32, the tokenizer as metadata."""
    model = LlamaForCausalLM.from_pretrained(folder)
    metadata = _model_facts(model.config, name) | _tokenizer_facts(folder)
    tensors = dict(_tensors(model))
    head = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)))
    for key, value in metadata.items():
        head += _text(key) + _typed(value)
    offset, data = 0, bytearray()
    for tensor_name, tensor in tensors.items():
        kind = _F32 if tensor.ndim == 1 else _F16
        content = tensor.to(torch.float32 if kind == _F32 else torch.float16).numpy().tobytes()
        # the fastest dimension comes first, the other way round than in torch
        head += _text(tensor_name) + struct.pack(
            f"<I{tensor.ndim}QIQ", tensor.ndim, *reversed(tensor.shape), kind, offset
        )
        data += content + bytes(-len(content) % ALIGNMENT)
        offset = len(data)
    target.write_bytes(bytes(head) + bytes(-len(head) % ALIGNMENT) + bytes(data))


def _model_facts(config: LlamaConfig, name: str) -> dict[str, Value]:
    rope: Mapping[str, Any] = config.rope_parameters or {}
    return {
        "general.architecture": "llama",
        "general.name": name,
        "general.alignment": ALIGNMENT,
        "general.file_type": 1,  # mostly F16
        "llama.context_length": config.max_position_embeddings,
        "llama.embedding_length": config.hidden_size,
        "llama.block_count": config.num_hidden_layers,
        "llama.feed_forward_length": config.intermediate_size,
        "llama.attention.head_count": config.num_attention_heads,
        "llama.attention.head_count_kv": config.num_key_value_heads or config.num_attention_heads,
        "llama.attention.layer_norm_rms_epsilon": float(config.rms_norm_eps),
        "llama.rope.dimension_count": config.hidden_size // config.num_attention_heads,
        "llama.rope.freq_base": float(rope["rope_theta"]),
        "llama.vocab_size": config.vocab_size,
    }


def _tokenizer_facts(folder: Path) -> dict[str, Value]:
    saved = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    vocab: Mapping[str, int] = saved["model"]["vocab"]
    special = {token["content"] for token in saved["added_tokens"] if token["special"]}
    tokens = sorted(vocab, key=lambda token: vocab[token])
    template = (folder / "chat_template.jinja").read_text(encoding="utf-8")
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [_CONTROL if token in special else _NORMAL for token in tokens],
        "tokenizer.ggml.merges": [" ".join(merge) for merge in saved["model"]["merges"]],
        "tokenizer.ggml.bos_token_id": vocab["<s>"],
        "tokenizer.ggml.eos_token_id": vocab["</s>"],
        "tokenizer.ggml.padding_token_id": vocab["<pad>"],
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": template,
    }


def _tensors(model: LlamaForCausalLM) -> Iterable[tuple[str, Tensor]]:
    state, config = model.state_dict(), model.config
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads or config.num_attention_heads}
    yield "token_embd.weight", state["model.embed_tokens.weight"]
    for layer in range(config.num_hidden_layers):
        for theirs, ours in _NAMES.items():
            weight = state[f"model.layers.{layer}.{theirs}.weight"]
            if ours in heads:
                weight = _interleaved(weight, heads[ours])
            yield f"blk.{layer}.{ours}.weight", weight
    yield "output_norm.weight", state["model.norm.weight"]


def _interleaved(weight: Tensor, heads: int) -> Tensor:
    """Return query or key weights with the two rotary halves of each head interleaved, as llama.cpp rotates them."""
    rows, columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns).contiguous()


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _typed(value: Value) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", _BOOL, value)
    if isinstance(value, int):
        return struct.pack("<II", _UINT32, value)
    if isinstance(value, float):
        return struct.pack("<If", _FLOAT32, value)
    if isinstance(value, str):
        return struct.pack("<I", _STRING) + _text(value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + b"".join(_text(str(item)) for item in value)
    return struct.pack("<IIQ", _ARRAY, _INT32, len(value)) + struct.pack(
        f"<{len(value)}i", *(int(item) for item in value)
    )
