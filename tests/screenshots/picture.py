"""A terminal's screen as a picture: SVG for the README, PNG for whoever cannot show SVG."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pyte
from PIL import Image, ImageDraw, ImageFont
from pyte.screens import Char

FOREGROUND, BACKGROUND = "#d7dae0", "#16181d"
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 9, 19, 15
MARGIN = 12
FONT_FAMILY = "ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace"
# pyte's names of the 16 colours (it calls yellow brown)
NAMED = {
    "black": "#2b2f38",
    "red": "#e06c75",
    "green": "#98c379",
    "brown": "#e5c07b",
    "blue": "#61afef",
    "magenta": "#c678dd",
    "cyan": "#56b6c2",
    "white": "#d7dae0",
    "brightblack": "#5c6370",
    "brightred": "#ef7f88",
    "brightgreen": "#a9d48a",
    "brightbrown": "#f0cf8f",
    "brightblue": "#7cc0f7",
    "brightmagenta": "#d394e6",
    "brightcyan": "#6fc9d4",
    "brightwhite": "#ffffff",
}
_FONTS = (
    "DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "LiberationMono-Regular.ttf",
    "Menlo.ttc",
)


def svg(screen: pyte.Screen, title: str) -> str:
    """Return the screen as an SVG document; `title` is read out by screen readers."""
    width = screen.columns * CELL_WIDTH + 2 * MARGIN
    height = screen.lines * CELL_HEIGHT + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}"/>',
        f'<g font-family="{FONT_FAMILY}" font-size="{FONT_SIZE}" xml:space="preserve">',
    ]
    for row in range(screen.lines):
        parts += _svg_row(screen, row)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def png(screen: pyte.Screen) -> Image.Image:
    """Return the screen as a picture, twice the size of the SVG's units.

    Raises:
        OSError: no monospaced font is installed.
    """
    scale = 2
    font = _font(FONT_SIZE * scale)
    size = (screen.columns * CELL_WIDTH + 2 * MARGIN, screen.lines * CELL_HEIGHT + 2 * MARGIN)
    image = Image.new("RGB", (size[0] * scale, size[1] * scale), BACKGROUND)
    draw = ImageDraw.Draw(image)
    for row in range(screen.lines):
        for column in range(screen.columns):
            char = screen.buffer[row][column]
            foreground, background = _colours(char)
            left = (MARGIN + column * CELL_WIDTH) * scale
            top = (MARGIN + row * CELL_HEIGHT) * scale
            if background != BACKGROUND:
                draw.rectangle((left, top, left + CELL_WIDTH * scale - 1, top + CELL_HEIGHT * scale - 1), background)
            if char.data.strip():
                draw.text((left, top + 2 * scale), char.data, foreground, font, stroke_width=int(char.bold) / 2)
            if char.underscore:
                line = top + (CELL_HEIGHT - 2) * scale
                draw.line((left, line, left + CELL_WIDTH * scale, line), foreground, scale)
    return image


def _svg_row(screen: pyte.Screen, row: int) -> list[str]:
    """Return one row as runs of cells that look alike."""
    parts = []
    column = 0
    while column < screen.columns:
        first = screen.buffer[row][column]
        look = _look(first)
        end = column + 1
        while end < screen.columns and _look(screen.buffer[row][end]) == look:
            end += 1
        text = "".join(screen.buffer[row][index].data for index in range(column, end))
        parts += _svg_run(text, first, (column, end), row)
        column = end
    return parts


def _svg_run(text: str, char: Char, columns: tuple[int, int], row: int) -> list[str]:
    foreground, background = _colours(char)
    left, top = MARGIN + columns[0] * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
    width = (columns[1] - columns[0]) * CELL_WIDTH
    parts = []
    if background != BACKGROUND:
        parts.append(f'<rect x="{left}" y="{top}" width="{width}" height="{CELL_HEIGHT}" fill="{background}"/>')
    if text.strip() or char.underscore:
        style = (' font-weight="bold"' if char.bold else "") + (
            ' text-decoration="underline"' if char.underscore else ""
        )
        style += ' font-style="italic"' if char.italics else ""
        baseline = top + CELL_HEIGHT - 5
        parts.append(
            f'<text x="{left}" y="{baseline}" textLength="{width}" lengthAdjust="spacingAndGlyphs" '
            f'fill="{foreground}"{style}>{escape(text)}</text>'
        )
    return parts


def _look(char: Char) -> tuple[object, ...]:
    return (*_colours(char), char.bold, char.italics, char.underscore)


def _colours(char: Char) -> tuple[str, str]:
    """Return (foreground, background) as hex."""
    pair = _hex(char.fg, FOREGROUND), _hex(char.bg, BACKGROUND)
    return pair[::-1] if char.reverse else pair


def _hex(name: str, default: str) -> str:
    if name == "default":
        return default
    return NAMED.get(name) or f"#{name}"


def _font(size: int) -> ImageFont.FreeTypeFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    raise OSError("No monospaced font was found; install DejaVu Sans Mono.")


def save(screen: pyte.Screen, folder: Path, name: str, title: str) -> None:
    """Write `name.svg` and `name.png`."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.svg").write_text(svg(screen, title), encoding="utf-8")
    png(screen).quantize(128).save(folder / f"{name}.png", optimize=True)
