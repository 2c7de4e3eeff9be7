"""The model's side alone, on fakes: `python -m tests.ui.model_app [MODEL] [TAB]`.

`HUBTUI_FAKE` chooses states: `nocard`, `gated`, `full` (disk), `ends` (downloads do at once), `partly` (cached),
`json` (a longer config.json), `nopad`, `notokenizer`, `holdrun`, `runfails`, `streams`, `light`, `ansi`.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from PIL import Image
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.pilot import Pilot

from hubtui.core.errors import GatedError, RunError, TokenizerError
from hubtui.core.ports import Services
from hubtui.ui import clock
from hubtui.ui.actions import bindings
from hubtui.ui.app import HubtuiApp
from hubtui.ui.messages import CopyRequested, FactsLoaded, Notice, OpenModel, PinToggled, RunStateChanged
from hubtui.ui.panes.model import ModelPane
from hubtui.ui.theme import THEMES
from tests.fake_rows import NOW
from tests.fakes import FakeHub, fake_services
from tests.fakes_build import FakeHeaders
from tests.fakes_files import FakeQueue
from tests.fakes_model import NO_PAD, FakeDownloads, FakeInference, FakeTokenizers

T = TypeVar("T")

CONFIG = json.dumps(
    {
        "architectures": ["CamembertForMaskedLM"],
        "hidden_size": 768,
        "id2label": {str(at): f"LABEL_{at}" for at in range(16)},
        "is_decoder": False,
    },
    indent=2,
)
CARD = (Path(__file__).parent / "card.md").read_text(encoding="utf-8")


class ModelApp(App[None]):
    """The model's side over the whole screen, with the bindings that the main screen has for it."""

    CSS_PATH = str(Path(sys.modules[HubtuiApp.__module__].__file__ or "").parent / "styles" / "app.tcss")
    BINDINGS: ClassVar[list[BindingType]] = bindings("main", "model")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, services: Services, model: str, tab: int = 1, theme: str = "dark") -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        self.animation_level = "none"
        self.model, self.tab = model, tab
        self.pane = ModelPane(services)
        self.said: list[object] = []
        self.shown = ""

    def compose(self) -> ComposeResult:
        yield self.pane

    def is_busy(self) -> bool:
        """What the pane said last about runs."""
        states = [event.is_busy for event in self.said if isinstance(event, RunStateChanged)]
        return bool(states) and states[-1]

    def text(self) -> str:
        """Everything on the screen, line by line."""
        width, height = self.size
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text[:width] for strip in strips[:height])

    def on_mount(self) -> None:
        self.pane.open(self.model)
        self.pane.show_tab(self.tab)

    def action_tab(self, number: int) -> None:
        self.pane.show_tab(number)

    def action_pin(self) -> None:
        self.pane.toggle_pin(self.model)

    def action_download(self) -> None:
        self.pane.download()

    def action_run(self) -> None:
        self.pane.run_model()

    def action_cancel_run(self) -> None:
        self.pane.cancel_run()

    def action_retry(self) -> None:
        self.pane.reload()

    def action_quit(self) -> None:  # type: ignore[override] # nothing to ask here
        self.exit()

    def on_open_model(self, event: OpenModel) -> None:
        self.said.append(event)
        self.pane.open(event.model, event.revision)

    def keep(self, event: CopyRequested | FactsLoaded | Notice | PinToggled | RunStateChanged) -> None:
        self.said.append(event)

    on_copy_requested = on_facts_loaded = on_notice = on_pin_toggled = on_run_state_changed = keep


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being fetched and everything is painted."""
    quiet = 0
    while quiet < 3:  # what a worker leaves behind may start another one
        await pilot.pause()
        running = [worker for worker in pilot.app.workers if not worker.is_finished]
        quiet = 0 if running else quiet + 1
        await pilot.app.workers.wait_for_complete(running)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for what only goes on for as long as a test lets it, such as a held run."""
    for _ in range(500):
        await pilot.pause(0.01)
        if condition():
            return
    raise AssertionError("it did not come to that")


def a_picture() -> bytes:
    """Return a small PNG with an edge and a slope in it."""
    image = Image.new("RGB", (48, 24), (16, 24, 48))
    for x in range(48):
        for y in range(24 - x // 2, 24):
            image.putpixel((x, y), (255 - 4 * x, 90 + 3 * x, 110))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def model_services(*states: str, hub: FakeHub | None = None, queue: FakeQueue | None = None) -> Services:
    """Return services of fakes in some states."""
    queue = queue or FakeQueue(ends="ends" in states or "gated" in states)
    hub = hub or FakeHub(card_text=None if "nocard" in states else CARD, images={"assets/loss.png": a_picture()})
    if "json" in states:
        hub.texts = {"config.json": CONFIG}
    downloads, inference = FakeDownloads(), FakeInference()
    tokenizers = FakeTokenizers(NO_PAD) if "nopad" in states else FakeTokenizers()
    if "gated" in states:
        downloads.error = GatedError(
            "The files of this model are behind a form.", hint="Ask for access on its page on the Hub, then press r."
        )
        queue.error = downloads.error
    if "full" in states:
        downloads.free_bytes = 90_000_000
    if "partly" in states:
        downloads.here = {"README.md": 2_345, "config.json": 640, "model.safetensors": 190_000_000}
    if "notokenizer" in states:
        tokenizers.error = TokenizerError(
            "This model has no tokenizer files.", hint="Its base model's tokenizer may fit: see the card."
        )
    if "holdrun" in states:
        inference.hold = "hard"
    if "runfails" in states:
        inference.error = RunError(
            "The weights hold NaN, so every answer would be made up.",
            hint="Try another revision.",
            log_tail="Loading weights\nRuntimeWarning: NaN in encoder.layer.0",
        )
    if "streams" in states:
        inference.deltas = ("Once upon a time, ", "there was a cheese ", "that could talk.")
    return fake_services(
        hub=hub,
        queue=queue,
        downloads=_always(downloads),
        tokenizers=_always(tokenizers),
        inference=_always(inference),
        headers=_always(FakeHeaders()),
    )


def _always(value: T) -> Callable[[], T]:
    return lambda: value


def main() -> None:
    """Open the model's side on fakes."""
    states = os.environ.get("HUBTUI_FAKE", "").split(",")
    clock.now = lambda: NOW
    model = sys.argv[1] if len(sys.argv) > 1 else "almanach/camembert-base"
    tab = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    theme = next((name for name in ("light", "ansi") if name in states), "dark")
    ModelApp(model_services(*states), model, tab, theme).run()


if __name__ == "__main__":
    main()
