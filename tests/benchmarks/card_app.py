"""Opens one card in the model's side and prints how long it kept a reader waiting, as JSON.

`python -m tests.benchmarks.card_app NAME [markdown]`; with `markdown` the card's beginning in Textual's own widget.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Markdown

from hubtui.core.models import ModelFacts
from hubtui.ui.widgets.card_view import CardView
from hubtui.ui.widgets.lines_view import LinesView
from tests.benchmarks.card_texts import read_cards
from tests.fakes import FakeHub
from tests.ui.model_app import ModelApp, model_services, settled

BEGINNING = 10_000
"""Characters that Textual's own widget is given: it takes 12 s for 100 KB."""

_SIZE = (120, 40)
_TICK_S = 0.001
_PAGES = 20
_FACTS_S = 0.3


class _Watch:
    """How long the event loop was away at most, and when the first line of the card was painted."""

    def __init__(self) -> None:
        self.worst = 0.0
        self.came = 0.0
        self.painted = 0.0
        self.is_over = False

    async def tick(self) -> None:
        last = time.perf_counter()
        while not self.is_over:
            await asyncio.sleep(_TICK_S)
            now = time.perf_counter()
            self.worst, last = max(self.worst, now - last - _TICK_S), now


@asynccontextmanager
async def _watched() -> AsyncGenerator[_Watch]:
    watch = _Watch()
    ticking = asyncio.create_task(watch.tick())
    yield watch
    watch.is_over = True
    await ticking


@dataclass
class _SlowHub(FakeHub):
    """Sends the card when it is let: a real one takes longer than the facts take to be painted."""

    sent: threading.Event = field(default_factory=threading.Event)

    def card(self, facts: ModelFacts) -> str | None:
        """Wait, then return the card."""
        self.sent.wait()
        return super().card(facts)


def _note_first_line(watch: _Watch) -> None:
    paint = LinesView.render_line

    def noted(self: LinesView, y: int) -> Strip:
        if isinstance(self, CardView) and self.count and not watch.painted:
            watch.painted = time.perf_counter()
        return paint(self, y)

    LinesView.render_line = noted  # type: ignore[method-assign] # the benchmark looks over its shoulder


async def _reader(card: str) -> dict[str, float]:
    hub = _SlowHub(card_text="# warm\n\n```python\nx = 1\n```\n")
    hub.sent.set()
    app = ModelApp(model_services(hub=hub), "almanach/camembert-base")
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)  # imports are the program's start, not this card's
        async with _watched() as watch:
            hub.card_text = card
            hub.sent.clear()
            app.pane.reload()
            await asyncio.sleep(_FACTS_S)
            _note_first_line(watch)
            watch.came = time.perf_counter()
            hub.sent.set()
            await _until_whole(pilot)
            opened = watch.worst
            for key in ["pagedown"] * _PAGES + ["G", "pageup", "l", "g", "t", "escape", "slash", "e", "enter", "n"]:
                await pilot.press(key)
            await settled(pilot)
        assert app.query_one(CardView).count
        return {"first_s": watch.painted - watch.came, "open_s": opened, "stall_s": watch.worst}


async def _until_whole(pilot: Pilot[None]) -> None:
    while True:
        await asyncio.sleep(0.02)
        if (
            not [worker for worker in pilot.app.workers if not worker.is_finished]
            and pilot.app.query_one(CardView).count
        ):
            return


class _MarkdownApp(App[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Markdown("# warm\n\n```python\nx = 1\n```\n")


async def _textual(card: str) -> dict[str, float]:
    app = _MarkdownApp()
    async with app.run_test(size=_SIZE) as pilot:
        await pilot.pause()
        async with _watched() as watch:
            start = time.perf_counter()
            await app.query_one(Markdown).update(card[:BEGINNING])
            await pilot.pause()
            first = time.perf_counter() - start
            for _ in range(_PAGES):
                await pilot.press("pagedown")
        return {"first_s": first, "open_s": watch.worst, "stall_s": watch.worst}


def main() -> None:
    """Open the card and print the figures."""
    card = read_cards()[sys.argv[1]]
    print(json.dumps(asyncio.run(_textual(card) if "markdown" in sys.argv[2:] else _reader(card))))


if __name__ == "__main__":
    main()
