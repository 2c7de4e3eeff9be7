"""Messages as bytes: msgpack with a four-byte big-endian length before each frame, decoded into the typed schema."""

from __future__ import annotations

import struct
from typing import Generic, TypeVar

import msgspec

from hubtui.engine.messages import Message

MAX_FRAME_BYTES = 256 << 20
"""Longest frame that either side accepts: a batch of a million tokens is below it, a runaway child is not."""

_LENGTH = struct.Struct(">I")
_ENCODER = msgspec.msgpack.Encoder()

M = TypeVar("M")


class WireError(ValueError):
    """The bytes are no message of the schema, or the frame is longer than allowed."""


def encode(message: Message, *, max_bytes: int = MAX_FRAME_BYTES) -> bytes:
    """Return the frame of a message.

    Raises:
        WireError: it is longer than `max_bytes`, or holds what msgpack cannot say (a lone surrogate, a foreign type).
    """
    try:
        body = _ENCODER.encode(message)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"This {type(message).__name__} cannot be sent: {error}") from error
    if len(body) > max_bytes:
        raise WireError(f"This {type(message).__name__} is {len(body):,} bytes long, more than {max_bytes:,}.")
    return _LENGTH.pack(len(body)) + body


class FrameReader(Generic[M]):
    """Collects bytes as they come and gives whole messages.

    Args:
        schema: union of the message types that may come.
        max_bytes: longest frame; a longer one is refused before it is collected.
    """

    def __init__(self, schema: object, *, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._decoder: msgspec.msgpack.Decoder[M] = msgspec.msgpack.Decoder(schema)
        self._max_bytes = max_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[M]:
        """Return the messages that are whole with `data`.

        Raises:
            WireError: the frame is too long or does not fit the schema; nothing after it can be read.
        """
        self._buffer += data
        messages: list[M] = []
        start = 0
        while len(self._buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            if length > self._max_bytes:
                raise WireError(f"A message of {length:,} bytes was announced, more than {self._max_bytes:,}.")
            end = start + _LENGTH.size + length
            if len(self._buffer) < end:
                break
            messages.append(self._decode(bytes(memoryview(self._buffer)[start + _LENGTH.size : end])))
            start = end
        del self._buffer[:start]
        return messages

    def _decode(self, body: bytes) -> M:
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise WireError(f"A message could not be read: {error}") from error
