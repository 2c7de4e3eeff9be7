from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from hubtui.core.gguf import GgufHeader, read_gguf, read_gguf_sizes
from hubtui.core.weights import WeightsError
from tests.demo.samples import gguf_bytes


def _read(content: bytes) -> GgufHeader:
    return read_gguf(lambda offset, length: content[offset : offset + length], len(content))


def test_a_gguf_header_tells_architecture_tokens_and_parameters() -> None:
    values: dict[str, object] = {
        "general.architecture": "llama",
        "llama.context_length": 4096,
        "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>"],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 9,
        "tokenizer.chat_template": "{{ messages }}",
    }
    header = _read(gguf_bytes(values, {"a": (32, 4), "b": (64,)}))
    assert (header.architecture, header.context_length) == ("llama", 4096)
    assert (header.bos_token, header.eos_token, header.chat_template) == ("<s>", "", "{{ messages }}")
    assert header.parameters == {"Q8_0": 192}
    assert header.metadata["tokenizer.ggml.eos_token_id"] == 9


def test_long_vocabularies_and_arrays_of_every_kind_are_stepped_over() -> None:
    body = b"GGUF" + struct.pack("<IQQ", 3, 0, 5)

    def key(name: str) -> bytes:
        return struct.pack("<Q", len(name)) + name.encode()

    body += key("floats") + struct.pack("<IIQ", 9, 6, 700_000) + bytes(2_800_000)
    body += key("nested") + struct.pack("<IIQ", 9, 9, 1) + struct.pack("<IQ", 0, 3) + b"abc"
    words = b"".join(key(f"token{number}") for number in range(100_000))
    body += key("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 100_000) + words
    body += key("tokenizer.ggml.bos_token_id") + struct.pack("<IQ", 10, 99_999)
    body += key("general.architecture") + struct.pack("<I", 8) + key("bert")
    asked: list[int] = []

    def read(offset: int, length: int) -> bytes:
        asked.append(length)
        return body[offset : offset + length]

    header = read_gguf(read, len(body))
    assert (header.bos_token, header.architecture) == ("token99999", "bert")
    assert len(asked) < 8, "read in small pieces, which is slow over a network"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGML" + bytes(20),
        b"GGUF" + struct.pack("<IQQ", 1, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 62),
        b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 99),
        b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 99, 1),
        b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 6, 1 << 61),
        b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 9) + struct.pack("<IQ", 9, 1) * 9,
        b"GGUF" + struct.pack("<IQQQ1sI", 3, 1, 0, 1, b"t", 99),
        b"GGUF" + struct.pack("<IQQQ1sI8QIQ", 3, 1, 0, 1, b"t", 8, *[1 << 60] * 8, 0, 0),
        b"GGUF" + struct.pack("<IQQQ1sIQIQ", 3, 1, 0, 1, b"t", 1, 64, 0, 0),
        b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 8, 1 << 40),
    ],
    ids=range(14),
)
def test_absurd_gguf_headers_are_refused(content: bytes) -> None:
    with pytest.raises(WeightsError):
        _read(content)


def _tensor(name: bytes, offset: int) -> bytes:
    return struct.pack(f"<Q{len(name)}sIQIQ", len(name), name, 1, 8, 0, offset)


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        (_tensor(b"a", 0) + _tensor(b"a", 32), "twice"),
        (_tensor(b"a", 0) + _tensor(b"b", 16), "share the same bytes"),
        (_tensor(b"a", 0) + _tensor(b"b", 4_096), "cut short"),
    ],
)
def test_tensors_that_cannot_be_where_they_are_said_to_be_are_refused(tensors: bytes, words: str) -> None:
    with pytest.raises(WeightsError, match=words):
        _read(b"GGUF" + struct.pack("<IQQ", 3, 2, 0) + tensors + bytes(512))


def test_a_key_that_stands_twice_is_refused() -> None:
    entry = struct.pack("<Q1sII", 1, b"k", 4, 7)
    with pytest.raises(WeightsError, match="states 'k' twice"):
        _read(b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + entry * 2)


def test_arrays_are_told_in_short() -> None:
    header = _read(gguf_bytes({"tokenizer.ggml.tokens": [f"t{number}" for number in range(50)]}, {"w": (64,)}))
    array = header.arrays["tokenizer.ggml.tokens"]
    assert (array.kind, array.length, array.first[:2]) == ("string", 50, ("t0", "t1"))
    assert header.tensors["w"].size_bytes == 68


def test_what_describes_the_model_is_read_without_its_vocabulary() -> None:
    words = [f"token-{number}" for number in range(60_000)]
    values: dict[str, object] = {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": words,
        "llama.context_length": 64,
    }
    content = gguf_bytes(values, {"w": (64,)})
    asked: list[int] = []

    def read(offset: int, length: int) -> bytes:
        asked.append(length)
        return content[offset : offset + length]

    sizes = read_gguf_sizes(read)
    assert sizes == {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": 60_000,
    }
    assert sum(asked) < len(content) / 4
    late = {"tokenizer.ggml.tokens": words[:600], **values, "tokenizer.ggml.merges": ["a b"]}
    del late["tokenizer.ggml.model"]
    found = read_gguf_sizes(_reader(gguf_bytes(late, {})))
    assert (found["tokenizer.ggml.tokens"], found["llama.context_length"]) == (60_000, 64), "keys may stand anywhere"
    assert found["tokenizer.ggml.merges"] == ("a b",)


def test_sizes_of_each_layer_are_read_whole() -> None:
    key, counts = b"llama.attention.head_count_kv", (0, 8, 0)
    body = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", len(key)) + key
    body += struct.pack("<IIQ3I", 9, 4, 3, *counts)
    assert read_gguf_sizes(_reader(body)) == {key.decode(): counts}
    with pytest.raises(WeightsError, match="not GGUF"):
        read_gguf_sizes(_reader(b"GGML" + bytes(40)))


def _reader(content: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, length: content[offset : offset + length]
