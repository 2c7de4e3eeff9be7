"""The text of a file, coloured by its language, with the long values of JSON folded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from hubtui.cards.code import code_lines
from hubtui.cards.model import Line as CodeLine
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, cells, plural
from hubtui.ui.widgets.card_inks import painted
from hubtui.ui.widgets.lines_view import LinesView

_LONGEST = 1000
"""Characters of a line that are shown: minified files have lines of megabytes."""

_FOLDED_FROM = 12
"""Lines of a JSON value from which on it is folded at first."""


@dataclass(frozen=True, slots=True)
class FileText:
    """A text ready to be shown.

    Attributes:
        lines: coloured lines.
        folds: line on which a value at the top of a JSON file begins → line on which it ends.
        is_laid_out: the file has it all on one line, which was broken up.
    """

    lines: Sequence[CodeLine]
    folds: Mapping[int, int]
    is_laid_out: bool = False


def read(untrusted: str, path: str) -> FileText:
    """Return a file's text in colours; takes a while, so call it in a thread."""
    suffix = path.rsplit(".", 1)[-1].lower() if "." in path else ""
    laid_out = _lay_out(untrusted) if suffix == "json" else None
    content = untrusted if laid_out is None else laid_out
    lines = [line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …" for line in content.splitlines()]
    coloured = code_lines("\n".join(line.replace("\t", "    ") for line in lines), suffix)
    return FileText(coloured, _folds(lines) if suffix == "json" else {}, laid_out is not None)


def _lay_out(untrusted: str) -> str | None:
    """Break JSON that stands on one line into many; None for any other, and for what was cut."""
    if untrusted.strip().count("\n"):
        return None
    try:
        return json.dumps(json.loads(untrusted), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _folds(lines: Sequence[str]) -> dict[int, int]:
    """Find the objects and lists that are values at the top, by their indent: each goes to the line that closes it."""
    indents = [len(line) - len(line.lstrip()) for line in lines]
    top = next((indent for indent in indents if indent), 0)
    folds: dict[int, int] = {}
    begun = -1
    for at, line in enumerate(lines):
        if not top or indents[at] != top:
            continue
        if begun >= 0 and line.lstrip()[:1] in {"}", "]"}:
            folds[begun] = at
            begun = -1
        elif line.rstrip()[-1:] in {"{", "["}:
            begun = at
    return folds


class TextOfFile(LinesView):
    """Shows a text without wrapping it; escape posts `Left`."""

    key_context: ClassVar[str] = "files-text"
    BINDINGS: ClassVar[list[BindingType]] = bindings("files-text")

    class Left(Message):
        """The text was left."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._text = FileText((), {})
        self._folded: set[int] = set()
        self._shown: list[int] = []

    def show(self, text: FileText) -> None:
        """Show a text from its beginning."""
        self._text = text
        self._folded = {at for at, end in text.folds.items() if end - at >= _FOLDED_FROM}
        self._lay()
        self.move_to(0)
        self.scroll_to(y=0, animate=False, force=True)

    def _lay(self) -> None:
        hidden = {line for at in self._folded for line in range(at + 1, self._text.folds[at] + 1)}
        self._shown = [at for at in range(len(self._text.lines)) if at not in hidden]
        widest = max((sum(cells(span.text) for span in line) for line in self._text.lines), default=0)
        self.set_count(len(self._shown), width=widest + self._gutter + 12)

    @property
    def _gutter(self) -> int:
        return len(str(len(self._text.lines))) + 2

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - lines are not wrapped
        """Return the pieces of a line, its number first."""
        at, ink = self._shown[index], self.inks
        number = (f"{at + 1:>{self._gutter - 2}}  ", ink.muted)
        pieces = painted(self._text.lines[at], ink)
        if at not in self._folded:
            return [number, *pieces]
        end = self._text.folds[at]
        closing = "".join(span.text for span in self._text.lines[end]).strip()
        return [number, *pieces, (f" … {plural(end - at - 1, 'line')} ", ink.accent), (closing, ink.muted)]

    def action_fold(self) -> None:
        """Fold or open the value under the cursor, or around it."""
        at = self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else -1
        begin = next((begin for begin, end in self._text.folds.items() if begin <= at <= end), None)
        if begin is None:
            return
        self._folded ^= {begin}
        self._lay()
        self.move_to(self._shown.index(begin))

    def action_fold_all(self) -> None:
        """Fold every value, or open all when some are folded."""
        at = self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else 0
        self._folded = set() if self._folded else set(self._text.folds)
        self._lay()
        self.move_to(max((index for index, line in enumerate(self._shown) if line <= at), default=0))

    def action_leave(self) -> None:
        """Leave the text."""
        self.post_message(self.Left())
