"""The floor of every keystroke: a bare Textual Input."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input


class Echo(App[None]):
    def compose(self) -> ComposeResult:
        yield Input(placeholder="READY")


if __name__ == "__main__":
    Echo().run()
