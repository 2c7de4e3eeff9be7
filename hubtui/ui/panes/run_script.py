"""The Python that does what the Run tab does, in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.cards.model import Line as CardLine
from hubtui.core.results import RunOutcome, RunRequest
from hubtui.core.snippets import snippet
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.card_inks import painted


@dataclass(frozen=True, slots=True)
class Script:
    """A snippet: its text, and its lines in colour."""

    text: str
    lines: Sequence[CardLine]


def write(request: RunRequest, outcome: RunOutcome | None) -> Script:
    """Write the snippet of a run, or of a run to be; call it in a thread, for it imports the highlighter."""
    from hubtui.cards.code import code_lines  # noqa: PLC0415 - see above

    text = snippet(
        request.model,
        request.revision,
        request.task,
        request.inputs,
        outcome.parameters if outcome else request.parameters,
        head=outcome.head if outcome else "",
        device=outcome.device if outcome else request.device,
        dtype=request.dtype,
    )
    return Script(text, code_lines(text, "python"))


def script_lines(script: Script, inks: Inks) -> list[Line]:
    """Return the lines of a snippet, under a heading."""
    head: Line = [("The same in Python", inks.strong), ("   y copies it", inks.muted)]
    return [head, *(painted(line, inks) for line in script.lines)]
