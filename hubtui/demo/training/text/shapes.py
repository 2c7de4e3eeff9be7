"""Pictures of 32×32 pixels for the image classifier: a coloured shape on a noisy ground."""

import random
from typing import cast

from PIL import Image, ImageDraw

KINDS = ("circle", "square", "triangle", "star")
COLOURS = {"red": (214, 48, 49), "green": (46, 160, 67), "blue": (45, 98, 214), "yellow": (240, 200, 40)}
LABELS = tuple(f"{colour} {kind}" for colour in COLOURS for kind in KINDS)
SIZE = 32
_STAR = (
    (0, -1),
    (0.24, -0.31),
    (0.95, -0.31),
    (0.38, 0.12),
    (0.59, 0.81),
    (0, 0.38),
    (-0.59, 0.81),
    (-0.38, 0.12),
    (-0.95, -0.31),
    (-0.24, -0.31),
)
_TRIANGLE = ((0, -1), (0.95, 0.8), (-0.95, 0.8))


def picture(rng: random.Random, label: int) -> Image.Image:
    """Return a picture of a label (a position in `LABELS`) at a random place and size, on a light or a dark ground."""
    colour, kind = LABELS[label].split()
    scale = 4  # drawn larger and shrunk, so that edges are smooth
    ground = rng.choice([(245, 245, 240), (225, 228, 235), (60, 62, 70), (20, 20, 24), (200, 190, 175)])
    image = Image.new("RGB", (SIZE * scale, SIZE * scale), tuple(_near(value, 10, rng) for value in ground))
    radius = rng.uniform(8, 14)
    x, y = (rng.uniform(radius + 1, SIZE - radius - 1) * scale for _ in range(2))
    ink = tuple(_near(value, 22, rng) for value in COLOURS[colour])
    _draw(ImageDraw.Draw(image), kind, (x, y), radius * scale, ink)
    image = image.resize((SIZE, SIZE), Image.Resampling.BOX)
    for _ in range(rng.randrange(20)):
        at = rng.randrange(SIZE), rng.randrange(SIZE)
        image.putpixel(at, tuple(_near(value, 40, rng) for value in _rgb(image, at)))
    return image


def _draw(
    draw: ImageDraw.ImageDraw, kind: str, centre: tuple[float, float], radius: float, ink: tuple[int, ...]
) -> None:
    x, y = centre
    if kind == "circle":
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    elif kind == "square":
        half = radius * 0.85
        draw.rectangle((x - half, y - half, x + half, y + half), fill=ink)
    else:
        corners = _STAR if kind == "star" else _TRIANGLE
        draw.polygon([(x + dx * radius, y + dy * radius) for dx, dy in corners], fill=ink)


def _rgb(image: Image.Image, at: tuple[int, int]) -> tuple[int, int, int]:
    red, green, blue = cast("tuple[int, int, int]", image.getpixel(at))
    return red, green, blue


def _near(value: int, spread: int, rng: random.Random) -> int:
    return max(0, min(255, value + rng.randint(-spread, spread)))
