"""`make screenshots`: drives the real program on the demo Hub and saves what it shows."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.start import own_environment
from tests.screenshots.picture import save
from tests.terminal import Terminal

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
COLUMNS, ROWS = 120, 36
CAMEMBERT = "demo/tiny-camembert-fr"
RUN, ESCAPE = "\x12", "\x1b"


def _start(terminal: Terminal) -> None:
    terminal.wait_for("Trending")


def _search(terminal: Terminal) -> None:
    terminal.wait_for("Trending")
    terminal.send("/")
    terminal.send("tiny")
    terminal.wait_for("shown")
    terminal.settle()
    terminal.send("\r")
    terminal.settle()
    terminal.send("j")  # the camembert comes second
    terminal.settle()
    terminal.send("\r")
    terminal.wait_for("tokens ·")


def _card(terminal: Terminal) -> None:
    _search(terminal)
    terminal.wait_for("permissive")
    terminal.send("1")
    terminal.settle()
    terminal.send("z")


def _tokens(terminal: Terminal) -> None:
    _search(terminal)
    terminal.send("3")
    terminal.wait_for("CamembertTokenizer", timeout=60)
    terminal.send("e")
    terminal.send(", et le roquefort aussi")
    terminal.settle()


def _run(terminal: Terminal) -> None:
    _search(terminal)
    terminal.send("4")
    terminal.wait_for("<mask>")
    terminal.send(RUN)
    terminal.wait_for("délicieux", timeout=120)
    terminal.settle(1)


SHOTS: dict[str, tuple[str, Callable[[Terminal], None]]] = {
    "start": ("The start page", _start),
    "search": ("Search results, with the card of the model under the cursor", _search),
    "card": ("A model card over the whole width", _card),
    "tokens": ("Text tokenized while it is typed: pieces, ids, padding", _tokens),
    "run": ("Inference on the selected checkpoint, with scores, times and the Python that does the same", _run),
}


def main(names: list[str]) -> int:
    for name in names or list(SHOTS):
        title, steps = SHOTS[name]
        with tempfile.TemporaryDirectory() as home:
            command = [str(Path(sys.executable).with_name("hubtui")), "demo"]
            with Terminal(command, columns=COLUMNS, rows=ROWS, environment=own_environment(Path(home))) as terminal:
                steps(terminal)
                terminal.settle(1)
                save(terminal.screen, FOLDER, name, title)
        print(FOLDER / f"{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
