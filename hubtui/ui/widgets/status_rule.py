"""The rule over the results, with how many there are written into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hubtui.ui.text import Line, Piece, clip, width_of
from hubtui.ui.widgets.bar import Bar

Tone = Literal["muted", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class RuleText:
    """What stands in the rule: a count at the left; at the right what goes on, in the colour of `tone`."""

    left: str = ""
    right: str = ""
    tone: Tone = "muted"


class StatusRule(Bar):
    """A muted rule with words in it."""

    def __init__(self) -> None:
        super().__init__()
        self._said = RuleText()

    def show(self, said: RuleText) -> None:
        """Say something else."""
        if said != self._said:
            self._said = said
            self.refresh()

    def pieces(self, width: int) -> Line:
        """Return the rule."""
        said, inks = self._said, self.inks
        tone = {"muted": inks.muted, "warn": inks.warn, "bad": inks.bad}[said.tone]
        left: list[Piece] = [("─", inks.faint), (f" {said.left} ", inks.muted)] if said.left else []
        room = width - width_of(left) - 3
        right = clip([(f" {said.right} ", tone)], room) if said.right and room > 8 else []
        rest = width - width_of(left) - width_of(right) - bool(right)
        return [*left, ("─" * rest, inks.faint), *right, ("─" * bool(right), inks.faint)]
