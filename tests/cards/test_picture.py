"""Pictures of strangers, decoded within limits."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from hubtui.cards.picture import PictureError, decode, fitted


def _file(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_the_pictures_that_cards_use_are_decoded(kind: str) -> None:
    picture = decode(_file(Image.new("RGB", (40, 20), (255, 0, 0)), kind))
    assert (picture.width, picture.height, picture.format) == (40, 20, kind)
    red, green, blue = picture.image.getpixel((5, 5))  # type: ignore[misc]  # of RGB it is three numbers
    assert red > 250
    assert max(green, blue) < 5


def test_what_is_transparent_stands_on_white() -> None:
    assert decode(_file(Image.new("RGBA", (4, 4), (255, 0, 0, 0)))).image.getpixel((0, 0)) == (255, 255, 255)
    assert decode(_file(Image.new("LA", (4, 4), (0, 0)))).image.getpixel((0, 0)) == (255, 255, 255)


def test_a_few_bytes_that_ask_for_gigabytes_are_refused() -> None:
    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")
    )
    with pytest.raises(PictureError, match="more pixels than"):
        decode(bomb)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 100,
        b"GIF89a" + b"\x00" * 40,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4,
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(PictureError):
        decode(content)


def test_a_picture_larger_than_any_screen_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PictureError, match="8,000 × 6,000 pixels"):
        decode(_file(Image.new("1", (8_000, 6_000))))


def test_a_cut_off_picture_is_refused() -> None:
    whole = _file(Image.effect_noise((200, 200), 60))
    with pytest.raises(PictureError):
        decode(whole[: len(whole) // 2])


def test_a_picture_fits_its_cells_and_keeps_its_shape() -> None:
    picture = decode(_file(Image.new("RGB", (400, 100))))
    assert fitted(picture, 40, 40).size == (40, 10)
    assert fitted(picture, 100, 10).size == (80, 20)
    assert fitted(picture, 1_000, 1_000).size == (400, 100)
    assert fitted(picture, 20, 20, cell=(10, 20)).size == (200, 50)
