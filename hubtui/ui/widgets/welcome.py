"""What stands at the right before a model is open: what hubtui does, and the keys to begin with."""

from __future__ import annotations

from collections.abc import Mapping

from hubtui.ui.actions import BY_ID, keys_of
from hubtui.ui.text import Line, Piece, fit, wrap
from hubtui.ui.widgets.bar import Bar

_STEPS = (
    ("search", "words, task:, language:, size:<3B, fits:yes"),
    ("read", "the card: training data, limits, bias, licence"),
    ("tokenize", "your text: pieces, ids, special tokens, padding"),
    ("run", "the checkpoint on this box, and see its answer"),
    ("compare", "candidates side by side"),
    ("keep", "copy the snippet, download, bookmark"),
)
_KEYS = ("search", "filters", "open", "card", "tokens", "run-tab", "palette", "help")
_WIDEST = 64


class Welcome(Bar):
    """The invitation."""

    DEFAULT_CSS = "Welcome { height: 1fr; padding: 1 3; }"

    def __init__(self, rebound: Mapping[str, str]) -> None:
        super().__init__()
        self._rebound = rebound

    def line(self, y: int, width: int) -> Line:
        """Return line `y`."""
        lines = self._lines(min(width, _WIDEST))
        return lines[y] if y < len(lines) else ()

    def _lines(self, width: int) -> list[list[Piece]]:
        inks = self.inks
        sentence = (
            "Which checkpoint of the Hub fits your task, your box and your text? Find out without leaving the terminal."
        )
        lines: list[list[Piece]] = [[(text, inks.text)] for text in wrap(sentence, width)]
        lines.append([])
        for number, (step, text) in enumerate(_STEPS, 1):
            lines.append([(f"{number} ", inks.accent), (fit(step, 11), inks.strong), (text, inks.muted)])
        lines += [[], [("Keys to begin with", inks.strong)]]
        for name in _KEYS:
            action = BY_ID[name]
            keys = keys_of(action, self._rebound)
            lines.append([(fit(keys[0] if keys else "", 8), inks.key), (action.help, inks.muted)])
        return lines
