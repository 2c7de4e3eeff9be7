"""A line of switches: each shows its key, its name and its value, and can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.ui.text import Line, Piece, hit, width_of
from hubtui.ui.widgets.painted import Painted


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
    """Shows switches one after another, on as many lines as they need."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
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
            if lines[-1] and width_of(lines[-1]) + 3 + width_of(pieces) > width:
                lines.append([])
            gap = [("   ", self.inks.text)] if lines[-1] else []
            lines[-1] += [*gap, *pieces]
        return list(lines)

    def _pieces(self, switch: Switch) -> list[Piece]:
        ink = self.inks
        pieces: list[Piece] = [(switch.key, hit(ink.key, switch.name)), (" ", ink.text)] if switch.key else []
        pieces.append((switch.label, hit(ink.muted, switch.name)))
        value = ink.strong if switch.is_on else ink.text
        return [*pieces, (f" {switch.value}", hit(value, switch.name))]
