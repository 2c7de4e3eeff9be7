"""The floor of every start-up figure: the smallest Textual program there is."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Floor(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("Hello READY")


if __name__ == "__main__":
    Floor().run()
