"""The bytes behind pieces: byte-level BPE writes each byte as a printable character, byte fallback as `<0xC3>`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_FALLBACK = re.compile(r"<0x([0-9A-F]{2})>")


@cache
def byte_characters() -> Mapping[str, int]:
    """Return the alphabet of byte-level BPE: character → the byte that it stands for, 256 of them.

    Printable bytes of Latin-1 stand for themselves, the others follow from U+0100 on, so that a space is `Ġ` and a
    newline `Ċ` (OpenAI's GPT-2, `encoder.py: bytes_to_unicode`).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + at): byte for at, byte in enumerate(others)}


def byte_level_bytes(piece: str) -> bytes | None:
    """Return the bytes of a piece of byte-level BPE; None for one that is not of that alphabet (an added token)."""
    alphabet = byte_characters()
    found = [alphabet.get(char) for char in piece]
    return None if None in found else bytes(byte for byte in found if byte is not None)


def fallback_byte(piece: str) -> bytes | None:
    """Return the byte of a byte-fallback piece such as `<0xC3>`, None for any other piece."""
    found = _FALLBACK.fullmatch(piece)
    return bytes((int(found[1], 16),)) if found else None


def bytes_text(data: bytes) -> str | None:
    """Return what bytes say in UTF-8, None where they begin or end inside a character."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def hex_text(data: bytes) -> str:
    """Return bytes as they are read: `c3 a9`."""
    return data.hex(" ")
