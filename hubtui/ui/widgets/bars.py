"""The top line and the bottom line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.message import Message
from textual.reactive import reactive

from hubtui.ui.actions import BY_ID, keys_of
from hubtui.ui.text import Line, Piece, cells, hit, spread, whole, width_of
from hubtui.ui.widgets.bar import Bar

if TYPE_CHECKING:
    from hubtui.core.models import Quota


@dataclass(frozen=True, slots=True)
class TopState:
    """What the top line says.

    Attributes:
        place: `demo`, or the host of the Hub.
        shown: how many results are in the list, None on the start page.
        pins: models pinned for comparison.
        catalogue: what there is to say of the catalogue on this machine.
    """

    place: str = ""
    shown: int | None = None
    is_offline: bool = False
    quota: Quota | None = None
    pins: int = 0
    catalogue: str = ""


class TopLine(Bar):
    """hubtui · where it looks · how much it shows · offline · calls left."""

    state: reactive[TopState] = reactive(TopState())

    def pieces(self, width: int) -> Line:
        """Return the line; the quota is lit when little of it is left."""
        state, inks = self.state, self.inks
        left: list[Piece] = [(" hubtui", inks.strong + inks.accent), (f"  {state.place}", inks.muted)]
        right = self._joined(state)
        if width_of([*left, *right]) + 2 > width:  # the rule over the results says how many there are
            right = self._joined(replace(state, shown=None))
        return spread(left, right, width)

    def _joined(self, state: TopState) -> list[Piece]:
        right: list[Piece] = []
        for text, style in self._facts(state):
            right += [(" · ", self.inks.faint)] * bool(right) + [(text, style)]
        return [*right, (" ", self.inks.text)]

    def _facts(self, state: TopState) -> list[Piece]:
        inks = self.inks
        facts: list[Piece] = []
        if state.pins:
            facts.append((f"{state.pins} pinned", inks.accent))
        if state.shown is not None:
            facts.append((f"{whole(state.shown)} shown", inks.text))
        if state.catalogue:
            facts.append((state.catalogue, inks.accent))
        if state.is_offline:
            facts.append(("offline", inks.warn))
        elif state.quota is not None:
            is_low = state.quota.remaining * 5 < state.quota.limit
            calls = f"{whole(state.quota.remaining)}/{whole(state.quota.limit)} calls left"
            facts.append((calls, inks.warn if is_low else inks.muted))
        return facts


class KeyLine(Bar):
    """The few keys that matter where the focus is; each can be clicked."""

    actions: reactive[Sequence[str]] = reactive(tuple)

    def __init__(self, rebound: Mapping[str, str], *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._rebound = rebound

    def pieces(self, width: int) -> Line:
        """Return as many keys as there is room for; help and quit keep their place at the end."""
        items = [self._item(name) for name in self.actions]
        while len(items) > 2 and sum(_width(item) for item in items) + 1 > width:
            del items[-3]
        return [(" ", self.inks.text), *(piece for item in items for piece in item)]

    def _item(self, name: str) -> list[Piece]:
        action = BY_ID[name]
        keys = keys_of(action, self._rebound)
        return [
            (keys[0] if keys else "", hit(self.inks.key, name)),
            (f" {action.label}", hit(self.inks.muted, name)),
            ("  ", self.inks.text),
        ]


def _width(item: Sequence[Piece]) -> int:
    return sum(cells(text) for text, _ in item)


class RoomNeeded(Bar):
    """What is shown on a terminal that is too small for anything else."""

    DEFAULT_CSS = "RoomNeeded { height: 1fr; }"

    class Met(Message):
        """The terminal has grown: there is room again."""

    def on_hide(self) -> None:
        """Tell that the rest of the screen is back."""
        self.post_message(self.Met())

    def line(self, y: int, width: int) -> Line:  # noqa: ARG002 - it is as wide as it is
        """Ask for room."""
        size = self.app.size
        texts = ("hubtui needs 60×20 cells.", f"This terminal has {size.width}×{size.height}.")
        return [(f" {texts[y]}", self.inks.text)] if y < len(texts) else ()


class Divider(Bar):
    """The vertical rule between the two sides."""

    DEFAULT_CSS = "Divider { width: 1; height: 1fr; }"

    def line(self, y: int, width: int) -> Line:  # noqa: ARG002 - every line is the same
        """Return one cell of the rule."""
        return [("│", self.inks.faint)]
