"""CPU time to lay cards out: the first screen of a long one, the whole of it, and cards written to keep hubtui busy."""

from __future__ import annotations

import statistics
import time

from hubtui.cards.render import render, render_blocks
from tests.benchmarks.report import Figure

RUNS = 7
_WIDTH = 100
_SECTION = """## Section {0}

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
_HOSTILE = {
    "one line of code, 900 KB": "```python\n" + "x" * 900_000 + "\n```",
    "table of 500 × 10": "|" + "a|" * 10 + "\n|" + "-|" * 10 + "\n" + ("|" + "cell text|" * 10 + "\n") * 500,
    "list of 100,000 items": "- a\n" * 100_000,
    "brackets, 1 MB": ("[" * 500 + "\n\n") * 2_000,
    "unclosed tags, 1 MB": "<a " * 333_000,
    "nested quotes, 1 MB": (">" * 1_000 + "a\n\n") * 1_000,
}


def measure() -> list[Figure]:
    """Return the figures of laying cards out, in CPU time, which a busy machine changes least."""
    parts: list[str] = []
    while sum(map(len, parts)) < 100_000:
        parts.append(_SECTION.format(len(parts)))
    card = "\n".join(parts)
    render(card, _WIDTH)  # loads the lexers
    first = statistics.median(_first_screen(card) for _ in range(RUNS))
    whole = statistics.median(_whole(card) for _ in range(RUNS))
    figures = [
        Figure("card of 100 KB, first 60 lines, CPU", f"{first * 1000:.1f} ms", "≤ 30 ms", first <= 0.03),
        Figure("card of 100 KB, all lines, CPU", f"{whole:.2f} s", "≤ 0.5 s", whole <= 0.5),
    ]
    for name, hostile in _HOSTILE.items():
        seconds = _whole(hostile)
        figures.append(Figure(f"card: {name}, CPU", f"{seconds:.2f} s", "≤ 10 s", seconds <= 10))
    return figures


def _first_screen(card: str) -> float:
    start = time.process_time()
    next(render_blocks(card, _WIDTH))
    return time.process_time() - start


def _whole(card: str) -> float:
    start = time.process_time()
    render(card, _WIDTH)
    return time.process_time() - start
