"""What overlays are made of: rows that were made beforehand, the rule over a text, and the line of their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from hubtui.ui.actions import BY_ID, keys_of
from hubtui.ui.text import Line, Piece, cells, clip, shorten_left
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.lines_view import LinesView


class Row(Protocol):
    """A line of an overlay, with whatever its owner does with it."""

    @property
    def pieces(self) -> Line:
        """What it says; nothing in a line that the cursor passes over."""


R = TypeVar("R", bound=Row)


class RowsView(LinesView, Generic[R]):
    """Shows rows as they were made; wider ones scroll sideways."""

    is_always_lit = True

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[R] = ()

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - made for the width of the overlay
        """Return the row at `index`."""
        return self.rows[index].pieces

    def can_stop_at(self, index: int) -> bool:
        """Say whether anything stands there."""
        return bool(self.rows[index].pieces)


def bound(rebound: Mapping[str, str], *actions: tuple[str, str]) -> list[tuple[str, str]]:
    """Return keys as they are bound, for a line of keys.

    Args:
        rebound: the user's own keys.
        actions: ids of actions with what they do here, several that go together with blanks between (`down up`).
    """
    found = []
    for names, does in actions:
        keys = [keys[0] for name in names.split() if (keys := keys_of(BY_ID[name], rebound))]
        found += [(" ".join(keys), does)] if keys else []
    return found


def keys_line(keys: Sequence[tuple[str, str]], inks: Inks) -> list[Piece]:
    """Return keys, each with what it does."""
    line: list[Piece] = [(" ", inks.text)]
    for key, does in keys:
        line += [(key, inks.key), (f" {does}  ", inks.muted)]
    return line


class KeysFoot(Bar):
    """The last line of an overlay: the keys that work there, see `bound`."""

    def __init__(self, *keys: tuple[str, str]) -> None:
        super().__init__()
        self.keys: Sequence[tuple[str, str]] = keys

    def pieces(self, width: int) -> Line:
        """Return the line."""
        return clip(keys_line(self.keys, self.inks), width)


class TextRule(Bar):
    """The rule over a text, with the name of what it is in it."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""

    def show(self, name: str) -> None:
        """Name what stands below."""
        self._name = name
        self.refresh()

    def pieces(self, width: int) -> Line:
        """Return the line."""
        name = f" {shorten_left(self._name, max(1, width - 4))} " if self._name else ""
        return [
            ("─", self.inks.faint),
            (name, self.inks.muted),
            ("─" * max(0, width - 1 - cells(name)), self.inks.faint),
        ]
