"""A line of switches: each shows its key, its name and its value, and can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.ui.text import Line, Piece, hit, width_of
from hubtui.ui.widgets.painted import Painted

_GAP = 2


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch; `name` is what a click posts, `key` what is shown as its key (empty for none).

    Attributes:
        is_on: the value is not the plain one, and stands out.
    """

    name: str
    label: str
    value: str
    key: str = ""
    is_on: bool = False


class Switches(Painted):
    """Shows switches one after another, on as many lines as they need.

    Args:
        last_at_right: the last one stands at the right edge, before the field that it is the label of.
        id: Textual's name of the widget.
    """

    def __init__(self, *, last_at_right: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._last_at_right = last_at_right
        self._switches: tuple[Switch, ...] = ()

    def show(self, switches: Sequence[Switch]) -> None:
        """Show these switches."""
        if tuple(switches) != self._switches:
            self._switches = tuple(switches)
            self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines."""
        lines: list[list[Piece]] = [[]]
        for switch in self._switches:
            pieces = self._pieces(switch)
            if lines[-1] and width_of(lines[-1]) + _GAP + width_of(pieces) > width:
                lines.append([])
            is_pushed = self._last_at_right and switch is self._switches[-1]
            gap = width - width_of(lines[-1]) - width_of(pieces) if is_pushed else _GAP if lines[-1] else 0
            lines[-1] += [(" " * gap, self.inks.text), *pieces]
        return list(lines)

    def _pieces(self, switch: Switch) -> list[Piece]:
        ink = self.inks
        pieces: list[Piece] = [(switch.key, hit(ink.key, switch.name)), (" ", ink.text)] if switch.key else []
        pieces.append((switch.label, hit(ink.muted, switch.name)))
        value = ink.strong if switch.is_on else ink.text
        return [*pieces, (f" {switch.value}" if switch.value else "", hit(value, switch.name))]
