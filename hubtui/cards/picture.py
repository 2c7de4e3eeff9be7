"""Images of cards, decoded within limits: a picture is a stranger's file like any other."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
MOST_PIXELS = 40_000_000
"""Of a picture that is decoded: a file of some bytes can ask for gigabytes."""

_LARGEST = (1_600, 1_600)  # what is kept: no terminal shows more
_BACKGROUND = (255, 255, 255)  # behind what is transparent: most pictures of cards are drawn for white pages


class PictureError(Exception):
    """A file is no picture that can be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in RGB: its first frame, at most 1,600 pixels a side.

    Attributes:
        width, height: pixels of the file's own.
        format: `PNG`, `JPEG`, `GIF`, `WEBP` or `BMP`.
    """

    image: Image.Image
    width: int
    height: int
    format: str


def decode(content: bytes) -> Picture:
    """Return the picture in a file; call it in a thread.

    Raises:
        PictureError: it is none, broken, of another format, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's doubts about a file are not the user's
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                width, height = opened.size
                _refuse_huge(width, height)
                opened.draft("RGB", _LARGEST)
                opened.thumbnail(_LARGEST)
                upright = ImageOps.exif_transpose(opened)
                return Picture(_opaque(upright), width, height, opened.format or "")
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError("The picture has more pixels than are decoded.") from error
    except Exception as error:  # a hostile file can make a decoder raise anything
        raise PictureError("The file is no picture that can be shown (PNG, JPEG, GIF, WebP, BMP).") from error


def _refuse_huge(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PictureError(f"The picture has {width:,} × {height:,} pixels, which is more than is decoded.")


def _opaque(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    page = Image.new("RGB", layer.size, _BACKGROUND)
    page.paste(layer, mask=layer.getchannel("A"))
    return page


def fitted(picture: Picture, columns: int, rows: int, *, cell: tuple[int, int] = (1, 2)) -> Image.Image:
    """Return the picture as large as some cells allow, never larger than it is.

    Args:
        picture: what to show.
        columns: cells across.
        rows: cells down.
        cell: pixels of one cell, across and down.
    """
    width, height = picture.image.size
    scale = min(columns * cell[0] / width, rows * cell[1] / height, 1.0)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return picture.image.resize(size, Image.Resampling.LANCZOS)
