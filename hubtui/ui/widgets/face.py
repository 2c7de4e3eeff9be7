"""The face of a state in which there is nothing else to show: loading, empty, error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual import events
from textual.message import Message
from textual.reactive import reactive

from hubtui.core.errors import HubtuiError
from hubtui.ui.text import Line, Piece, wrap
from hubtui.ui.widgets.bar import Bar

_MARGIN = 2
_WIDEST = 76


@dataclass(frozen=True, slots=True)
class FaceState:
    """What a face says.

    Attributes:
        kind: which state it is.
        what: one sentence.
        why: the reason or the next step, in words.
        keys: keys that help here, each with what it does: `("r", "retry")`.
    """

    kind: Literal["loading", "empty", "error"]
    what: str
    why: str = ""
    keys: tuple[tuple[str, str], ...] = ()


def error_face(error: HubtuiError, *, can_retry: bool = True) -> FaceState:
    """Return the face of an error: what happened, the next step, and `r` where asking again makes sense."""
    return FaceState("error", error.message, error.hint, (("r", "retry"),) if can_retry else ())


class Face(Bar):
    """Shows a `FaceState`: still, without a spinner."""

    DEFAULT_CSS = "Face { height: 1fr; }"

    state: reactive[FaceState] = reactive(FaceState("loading", ""))

    def __init__(self, state: FaceState | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        if state is not None:
            self.set_reactive(Face.state, state)

    def line(self, y: int, width: int) -> Line:
        """Return line `y` of the face."""
        lines = self._lines(width)
        return lines[y - 1] if 0 < y <= len(lines) else ()

    def _lines(self, width: int) -> list[list[Piece]]:
        state, inks = self.state, self.inks
        room = max(10, min(width - _MARGIN - 4, _WIDEST))
        mark, style = {"loading": ("…", inks.muted), "empty": ("○", inks.accent), "error": ("✗", inks.bad)}[state.kind]
        indent = " " * _MARGIN
        first, *rest = wrap(state.what, room)
        words = inks.muted if state.kind == "loading" else inks.strong
        lines: list[list[Piece]] = [[(f"{indent}{mark} ", style), (first, words)]]
        lines += [[(f"{indent}  {text}", words)] for text in rest]
        if state.why:
            lines += [[(f"{indent}  {text}", inks.text)] for text in wrap(state.why, room)]
        if state.keys:
            keys: list[Piece] = [(indent + "  ", inks.text)]
            for key, label in state.keys:
                keys += [(key, inks.key), (f" {label}   ", inks.muted)]
            lines += [[], keys]
        return lines


class WaitingFace(Face, can_focus=True):
    """Stands in the place of a list and holds the focus for it, so that enter is not lost while the list loads."""

    class Entered(Message):
        """The first line of the list is wanted."""

    def on_key(self, event: events.Key) -> None:
        """Take enter for the list to come."""
        if event.key == "enter":
            event.stop()
            self.post_message(self.Entered())
