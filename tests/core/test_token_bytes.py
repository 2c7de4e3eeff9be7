"""The bytes that a token spells."""

from __future__ import annotations

from dataclasses import replace

from hubtui.core.token_bytes import bytes_of, spelled
from tests.fakes_model import INFO

BYTES = replace(INFO, byte_level=True)


def test_the_alphabet_of_gpt2_is_read_back() -> None:
    assert bytes_of("Ġcheese", BYTES) == b" cheese"
    assert bytes_of("Ã©", BYTES) == "é".encode()
    assert bytes_of("Ċ", BYTES) == b"\n"
    assert bytes_of("not one of them: é ü 漢", BYTES) is None


def test_fallback_bytes_are_read_in_any_vocabulary() -> None:
    assert bytes_of("<0xF0>", INFO) == b"\xf0"
    assert bytes_of("▁fromage", INFO) is None


def test_a_tokenizer_of_bytes_has_a_byte_a_token() -> None:
    assert bytes_of("Ã", replace(INFO, algorithm="byte", fast=False)) == b"\xc3"


def test_a_part_of_a_character_is_spelled_as_bytes() -> None:
    assert spelled(" é".encode() + b"\xf0\x9f") == " é⟨f0 9f⟩"
    assert spelled(b"\xa9 a") == "⟨a9⟩ a"
