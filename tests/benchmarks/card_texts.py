"""The cards that the benchmarks read: real ones, and made up ones that are long, wide or keep hubtui busy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SECTION = """## Section {0}

The model was **pretrained** on [a corpus](https://data.example/{0}) of `{0}` documents, see <b>table</b> and $x_{0}^2$.
It may write wrong facts; its outputs carry the bias of the web, as [others](https://paper.example) have found before.

| task | score | note |
|:-----|------:|------|
| a    | {0}.5 | best of three runs |
| b    | 12.25 | *zero-shot* |

```python
from transformers import pipeline

fill = pipeline("fill-mask", model="demo/{0}")  # downloads it
print(fill("Paris is the <mask>."))
```

- one item, with a second line of text that has to be wrapped because it is longer than the page is wide, by far
  - nested item {0}
"""
HOSTILE: Mapping[str, str] = {
    "one line of code, 900 KB": "```python\n" + "x" * 900_000 + "\n```",
    "table of 500 × 10": "|" + "a|" * 10 + "\n|" + "-|" * 10 + "\n" + ("|" + "cell text|" * 10 + "\n") * 500,
    "list of 100,000 items": "- a\n" * 100_000,
    "brackets, 1 MB": ("[" * 500 + "\n\n") * 2_000,
    "unclosed tags, 1 MB": "<a " * 333_000,
    "nested quotes, 1 MB": (">" * 1_000 + "a\n\n") * 1_000,
}
"""Name → card; the first three are what a real card may come to."""

REAL = Path(__file__).parents[3] / "shared" / "data" / "cards"
"""Real cards, where they are at hand."""


def long_card(size: int) -> str:
    """Return a card of at least `size` characters with everything that cards have."""
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        parts.append(SECTION.format(len(parts)))
    return "\n".join(parts)


def read_cards() -> dict[str, str]:
    """Return the cards that must be read without a stall: name → text."""
    cards = {"1 MB": long_card(1_000_000)} | dict(list(HOSTILE.items())[:3])
    real = sorted(REAL.glob("*.md")) if REAL.is_dir() else []
    return cards | {path.name: path.read_text("utf-8", "replace") for path in real}
