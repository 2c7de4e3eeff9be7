"""The hand-written GGUF file, read back by the reader of transformers."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers.integrations.gguf.reader import GgufHeader, read_gguf_metadata

REPOS = Path(__file__).parents[3] / "hubtui/demo/repos"
GGUF = REPOS / "atelier/llama-chat-gguf/main/tiny-llama-chat-f16.gguf"
BASE = REPOS / "demo/tiny-llama-chat/main"


def tensors() -> dict[str, torch.Tensor]:
    """Return every tensor of the file in the shape that torch gives it."""
    header, content = GgufHeader.from_file(str(GGUF)), GGUF.read_bytes()
    found = {}
    for info in header.tensors:
        start = header.data_start + info.offset
        kind = torch.float32 if info.ggml_type == 0 else torch.float16
        flat = torch.frombuffer(bytearray(content[start : start + info.nbytes]), dtype=kind)
        found[info.name] = flat.reshape(info.shape).float()
    return found


def rotated_in_halves(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Undo the interleaving of the rotary halves, as readers of GGUF do."""
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def test_the_header_says_what_a_reader_needs() -> None:
    metadata, names = read_gguf_metadata(str(GGUF), ("tokenizer.ggml.tokens",))
    assert metadata["general.architecture"] == "llama"
    assert metadata["llama.block_count"] == 2
    assert metadata["tokenizer.ggml.model"] == "gpt2"
    assert metadata["tokenizer.ggml.tokens"][:3] == ["<pad>", "<s>", "</s>"]
    assert len(metadata["tokenizer.ggml.tokens"]) == metadata["llama.vocab_size"]
    assert "<|assistant|>" in metadata["tokenizer.chat_template"]
    assert {"token_embd.weight", "output_norm.weight", "blk.1.ffn_down.weight"} <= set(names)


def test_every_weight_is_that_of_the_chat_model_rounded_to_half() -> None:
    base, found = load_file(BASE / "model.safetensors"), tensors()
    heads = {"attn_q": 4, "attn_k": 2}
    pairs = {
        "token_embd.weight": "model.embed_tokens.weight",
        "output_norm.weight": "model.norm.weight",
        "blk.0.attn_q.weight": "model.layers.0.self_attn.q_proj.weight",
        "blk.1.attn_k.weight": "model.layers.1.self_attn.k_proj.weight",
        "blk.1.ffn_down.weight": "model.layers.1.mlp.down_proj.weight",
    }
    for ours, theirs in pairs.items():
        part = ours.split(".")[-2]
        weight = rotated_in_halves(found[ours], heads[part]) if part in heads else found[ours]
        assert torch.allclose(weight, base[theirs], atol=2e-3), ours
    assert sum(tensor.numel() for tensor in found.values()) == sum(tensor.numel() for tensor in base.values())


def test_data_is_aligned_as_the_header_promises() -> None:
    header = GgufHeader.from_file(str(GGUF))
    assert header.data_start % 32 == 0
    assert all(info.offset % 32 == 0 for info in header.tensors)
    last = max(header.tensors, key=lambda info: info.offset)
    assert GGUF.stat().st_size - header.data_start - last.offset - last.nbytes < 32
