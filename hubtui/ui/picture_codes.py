"""How a terminal is given a picture: Kitty's protocol, Sixel, or half blocks, which every terminal draws.

Nothing is asked of the terminal: an answer would come in between the user's keys, and over a slow line late. What it
can do is known by the name it gives itself, or said in the config file (`images`).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style

from hubtui.ui.text import Piece

if TYPE_CHECKING:
    from PIL.Image import Image

Way = Literal["kitty", "sixel", "blocks"]

CELL_PIXELS = (10, 20)
"""Pixels of a cell that Sixel pictures are scaled for, where the terminal does not say: those of a VT340."""

_SIXEL_TERMINALS = ("foot", "mlterm", "contour", "yaft")
_SIXEL_PROGRAMS = frozenset({"WezTerm", "iTerm.app", "mintty"})
_KITTY_PROGRAMS = frozenset({"ghostty"})
_KITTY_TERMINALS = ("xterm-kitty", "xterm-ghostty")
_CHUNK = 4_096  # characters of base64 that one message of Kitty's protocol may hold
_PLACEHOLDER = "\U0010eeee"
# the diacritics that name a row of a picture, in the order of Kitty's protocol; the terminal counts the columns itself
_ROWS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352\u0357\u035b\u0363\u0364"
    "\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f\u0483\u0484\u0485\u0486\u0487\u0592\u0593\u0594"
    "\u0595\u0597\u0598\u0599\u059c\u059d\u059e\u059f\u05a0\u05a1\u05a8\u05a9\u05ab\u05ac\u05af\u05c4\u0610\u0611\u0612"
    "\u0613\u0614\u0615\u0616\u0617\u0657\u0658\u0659\u065a\u065b\u065d\u065e"
)
MOST_ROWS = len(_ROWS)
"""Lines that a picture may take in Kitty's protocol."""


def way(wanted: str, environ: Mapping[str, str]) -> Way:
    """Return how to show pictures: as the settings want it, else as the terminal's name allows.

    Inside tmux and screen it is half blocks, for these pass nothing else on by themselves.
    """
    if wanted in {"kitty", "sixel", "blocks"}:
        return wanted  # type: ignore[return-value]  # just checked
    terminal, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if "TMUX" in environ or terminal.startswith(("tmux", "screen")):
        return "blocks"
    if terminal in _KITTY_TERMINALS or program in _KITTY_PROGRAMS or "KITTY_WINDOW_ID" in environ:
        return "kitty"
    return "sixel" if terminal.startswith(_SIXEL_TERMINALS) or program in _SIXEL_PROGRAMS else "blocks"


def block_lines(image: Image, *, in_colour: bool) -> list[list[Piece]]:
    """Return a picture as lines of half blocks: each cell shows two pixels, one above the other.

    Without colour it is drawn in five shades of grey.
    """
    width, height = image.size
    pixels = image.convert("RGB" if in_colour else "L").tobytes()
    lines: list[list[Piece]] = []
    for y in range(0, height, 2):
        lower = min(y + 1, height - 1)
        if in_colour:
            lines.append([_half_block(pixels, 3 * (y * width + x), 3 * (lower * width + x)) for x in range(width)])
        else:
            shades = (pixels[y * width + x] + pixels[lower * width + x] for x in range(width))
            lines.append([("".join(" ░▒▓█"[shade * 5 // 511] for shade in shades), Style.null())])
    return lines


def _half_block(pixels: bytes, upper: int, lower: int) -> Piece:
    top, bottom = pixels[upper : upper + 3], pixels[lower : lower + 3]
    return "▀", Style(color=Color.from_triplet(ColorTriplet(*top)), bgcolor=Color.from_triplet(ColorTriplet(*bottom)))


def kitty_message(image: Image, number: int, columns: int, rows: int) -> str:
    """Return what gives Kitty a picture and a place of some cells for it, shown where `kitty_lines` are painted."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    parts = [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)]
    messages = []
    for index, part in enumerate(parts):
        first = f"a=T,U=1,f=100,t=d,i={number},c={columns},r={rows},q=2," if index == 0 else "q=2,"
        messages.append(f"\x1b_G{first}m={int(index < len(parts) - 1)};{part}\x1b\\")
    return "".join(messages)


def kitty_lines(number: int, columns: int, rows: int) -> list[list[Piece]]:
    """Return the cells that a picture given with `kitty_message` is drawn over; its number is their colour."""
    style = Style(color=Color.from_triplet(ColorTriplet(number >> 16 & 255, number >> 8 & 255, number & 255)))
    return [[((_PLACEHOLDER + _ROWS[row]) + _PLACEHOLDER * (columns - 1), style)] for row in range(rows)]


def kitty_removal(number: int) -> str:
    """Return what makes Kitty forget a picture."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def sixel_message(image: Image, column: int, row: int) -> str:
    """Return what draws a picture from a cell on (counted from 0) and puts the cursor back."""
    from textual_image._sixel import image_to_sixels  # noqa: PLC0415 - its public door asks the terminal

    return f"\x1b7\x1b[{row + 1};{column + 1}H{image_to_sixels(image)}\x1b8"
