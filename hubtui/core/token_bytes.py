"""The bytes behind a token, for vocabularies that spell them."""

from __future__ import annotations

import re
from functools import cache

from hubtui.core.tokens import TokenizerInfo

_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>\Z")


def bytes_of(token: str, info: TokenizerInfo) -> bytes | None:
    """Return the bytes that a token spells, None where it spells characters.

    GPT-2's alphabet, SentencePiece's `<0xF0>`, and tokenizers such as ByT5's whose tokens are single bytes.
    """
    if found := _FALLBACK.match(token):
        return bytes([int(found[1], 16)])
    if info.byte_level:
        alphabet = _alphabet()
        codes = [alphabet.get(char, -1) for char in token]
        return None if -1 in codes else bytes(codes)
    if info.algorithm == "byte" and not info.fast and len(token) == 1 and ord(token) < 256:
        return bytes([ord(token)])
    return None


def spelled(data: bytes) -> str:
    """Return bytes as text, with those that are part of a character as ⟨f0 9f⟩."""
    parts: list[str] = []
    while data:
        try:
            parts.append(data.decode())
            break
        except UnicodeDecodeError as error:
            # what is cut off at the end is one part of a character, whatever the decoder blames
            parts.append(data[: error.start].decode())
            parts.append(f"⟨{data[error.start : error.end].hex(' ')}⟩")
            data = data[error.end :]
    return "".join(parts).replace("⟩⟨", " ")


@cache
def _alphabet() -> dict[str, int]:
    """Character → byte: what prints stands for itself, the rest for characters from U+0100 on (GPT-2's encoder.py)."""
    printing = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in printing]
    return {chr(byte): byte for byte in printing} | {chr(0x100 + at): byte for at, byte in enumerate(rest)}
