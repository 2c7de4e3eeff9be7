"""A model's tensors on the screen: a line for each that is in sight, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.core.numbers import count_text, size_text
from hubtui.core.tensors import Tensors
from hubtui.ui.drawing import bar
from hubtui.ui.text import Line, Piece, cells, fit, plural, shorten, shorten_left
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.made_lines import Maker
from hubtui.ui.widgets.weights_outline import ABOUT, FILES, METADATA, TENSORS, Outline, OutlineRow, shape_text

_PARAMETERS, _SIZE, _SHORTEST = 8, 9, 18
_SHORTEST_SHAPE = 11
_STEP = 2
_MOST_KEY, _KIND = 44, 10
_SHARE_BAR = 24
_ITEMS = 6
_USUAL_NAME = 44


@dataclass(frozen=True, slots=True)
class _Columns:
    """Cells of each column for a width; no column for the file where there is one."""

    name: int
    dtype: int
    shape: int
    file: int

    @classmethod
    def of(cls, width: int, tensors: Tensors, names: int) -> _Columns:
        """Return the columns for a view, none wider than what stands in it needs."""
        numbers = len(str(len(tensors.files)))
        of_file = 2 * numbers + 3 if len(tensors.files) > 1 else 0
        found = {entry.tensor.dtype for entry in tensors.entries}
        together = sum(map(len, found)) + len(found) - 1
        most, widest = (7, 14) if width < 84 else (12, 18) if width < 104 else (20, 24)
        dtype = min(most, max(5, together))
        shapes = max((len(shape_text(shape)) for shape in {entry.tensor.shape for entry in tensors.entries}), default=0)
        shape = min(widest, max(_SHORTEST_SHAPE, shapes))
        room = width - _PARAMETERS - _SIZE - 2 - dtype - 2 - shape - of_file
        return cls(max(_SHORTEST, min(room, names)), dtype, shape, of_file)


class WeightsList(LinesView):
    """Shows the lines of an outline, and facts about the file that it began at."""

    def __init__(self, about: Maker | None = None) -> None:
        super().__init__()
        self._about = about
        self.outline: Outline | None = None
        self.rows: Sequence[OutlineRow] = ()
        self._columns = _Columns(_USUAL_NAME, 5, _SHORTEST_SHAPE, 0)
        self._made_for = 0
        self._widest = _USUAL_NAME

    def show(self, outline: Outline, *, cursor: int | None = None) -> None:
        """Show an outline, or show it again after something was opened or narrowed."""
        if outline is not self.outline:
            self.outline, self._widest = outline, _USUAL_NAME
        width = self.view_width
        self.rows = outline.rows(width, self._about(width - 4, self.inks) if self._about is not None else ())
        # columns that have moved to make room for a name stay where they are
        self._widest = max(self._widest, max(map(_name_cells, self.rows), default=0))
        self._lay_out(width)
        self.set_count(len(self.rows), cursor=cursor)

    def _lay_out(self, width: int) -> None:
        if self.outline is not None:
            self._made_for = width
            self._columns = _Columns.of(width, self.outline.tensors, self._widest)

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        if self.outline is not None and self.view_width != self._made_for:
            self.show(self.outline)

    @property
    def row(self) -> OutlineRow | None:
        """The line under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def row_of(self, key: str) -> int:
        """Return the line of what can be opened, 0 where it is not in sight."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), 0)

    def can_stop_at(self, index: int) -> bool:
        """Say whether there is something to do with a line, or to look at."""
        return self.rows[index].kind not in {"blank", "problem", "nothing"}

    def line(self, index: int, width: int) -> Line:
        """Return a line."""
        if width != self._made_for:  # a scroll bar came
            self._lay_out(width)
        row = self.rows[index]
        paint = {
            "node": self._node,
            "section": self._section,
            "dtype": self._dtype,
            "file": self._file,
            "other": self._file,
            "key": _key,
            "text": _text,
            "fact": _fact,
        }.get(row.kind, _words)
        return paint(row, width, self.inks)

    # -- kinds of lines

    def _node(self, row: OutlineRow, width: int, inks: Inks) -> Line:  # noqa: ARG002 - its columns are made for it
        node, total, columns = row.node, row.total, self._columns
        if node is None:
            return ()
        leaf = node.leaf
        indent = " " * (_STEP * row.depth + 1)
        mark = "  " if leaf else "▾ " if row.is_open else "▸ "
        times = f" × {node.repeats}" if node.repeats > 1 else ""
        room = columns.name - cells(indent) - 2 - cells(times)
        name: list[Piece] = [
            (indent, inks.text),
            (mark, inks.accent),
            (shorten_left(row.label, room), inks.text if leaf else inks.strong),
            (times, inks.accent),
        ]
        name.append((" " * max(0, columns.name - sum(cells(text) for text, _ in name)), inks.text))
        if leaf:
            shape = (shape_text(leaf.tensor.shape), inks.text)
        elif node.repeats > 1:
            shape = (f"{count_text(total.parameters // node.repeats)} each", inks.muted)
        else:
            counted = f"{total.tensors:,} {'tensor' if total.tensors == 1 else 'tensors'}"
            shape = (counted if len(counted) <= columns.shape else f"{total.tensors:,}", inks.muted)
        file = self._where(row) if columns.file else ""
        return [
            *name,
            *_sums(total.parameters, total.size_bytes, inks),
            (fit(" ".join(node.dtypes), columns.dtype) + "  ", inks.muted),
            (fit(shape[0], columns.shape), shape[1]),
            (fit(file, columns.file, "right"), inks.muted),
        ]

    def _where(self, row: OutlineRow) -> str:
        """The number of the file that holds it, or the first and the last."""
        if row.node is None or self.outline is None:
            return ""
        numbers = {self.outline.file_number(entry.file) for entry in row.node.entries}
        if row.node.repeats > 1:  # the others may lie elsewhere
            return ""
        low, high = min(numbers), max(numbers)
        return str(low) if low == high else f"{low}–{high}"

    def _section(self, row: OutlineRow, width: int, inks: Inks) -> Line:
        head: list[Piece] = [(" ▾ " if row.is_open else " ▸ ", inks.accent), (row.label, inks.strong)]
        used = 3 + cells(row.label)
        outline = self.outline
        if outline is None:
            return head
        if row.key == TENSORS and row.is_open:
            columns = self._columns
            return [
                *head,
                (" " * max(1, columns.name - used), inks.text),
                (fit("params", _PARAMETERS, "right") + fit("size", _SIZE, "right") + "  ", inks.muted),
                (fit("dtype", columns.dtype) + "  " + fit("shape", columns.shape), inks.muted),
                (fit("file", columns.file, "right"), inks.muted),
            ]
        words = ""
        if row.key == FILES:
            read, others = len(outline.tensors.files), len(outline.others)
            words = f"{read} read" + (f", {plural(others, 'other')} to choose from" if others else "")
        elif row.key == METADATA:
            words = plural(len(outline.tensors.metadata), "key")
        elif row.key == ABOUT:
            words = "size, hashes, last commit, scan"
        elif row.key == TENSORS:
            words = f"{outline.total.tensors:,}"
        return [*head, (f"   {shorten(words, max(1, width - used - 4))}", inks.muted)]

    def _dtype(self, row: OutlineRow, width: int, inks: Inks) -> Line:
        total = row.total
        longest = max(cells(other.label) for other in self.rows if other.kind == "dtype")
        counted = f"   {fit(row.label, longest)}  {total.tensors:>7,} {'tensor' if total.tensors == 1 else 'tensors'}"
        name = max(self._columns.name, cells(counted) + 1)
        room = min(_SHARE_BAR, width - name - _PARAMETERS - _SIZE - 9)
        share = f"{row.share:.0%}" if row.share >= 0.01 else "<1%"
        return [
            (counted[: 3 + longest], inks.strong),
            (fit(counted[3 + longest :], name - 3 - longest), inks.muted),
            *_sums(total.parameters, total.size_bytes, inks),
            (fit(share, 5, "right") + " ", inks.text),
            *(bar(row.share, room, inks) if room >= 6 else ()),
        ]

    def _file(self, row: OutlineRow, width: int, inks: Inks) -> Line:
        total = row.total
        is_read = row.kind == "file"
        number = f"{row.number:>{len(str(len(self.outline.tensors.files)))}}  " if is_read and self.outline else ""
        words = plural(total.tensors, "tensor") if is_read else "not read"
        room = self._columns.name - 3 - cells(number)
        return [
            ("   ", inks.text),
            (number, inks.faint),
            (fit(shorten_left(row.label, room - 1), room), inks.text if is_read else inks.muted),
            *_sums(total.parameters if is_read else None, total.size_bytes, inks),
            (shorten(words, max(1, width - self._columns.name - _PARAMETERS - _SIZE - 2)), inks.muted),
        ]


def _name_cells(row: OutlineRow) -> int:
    """Cells that a name in the tree takes, with what stands before and behind it."""
    if row.node is None:
        return 0
    times = len(f" × {row.node.repeats}") if row.node.repeats > 1 else 0
    return _STEP * row.depth + 4 + cells(row.label) + times


def _text(row: OutlineRow, width: int, inks: Inks) -> Line:
    """An item of an array, or a line of a long value."""
    number = f"{row.number:>5}  " if row.number >= 0 else "     "
    return [(" " * _STEP + number, inks.muted), (shorten(row.label, width - 9), inks.text)]


def _fact(row: OutlineRow, width: int, inks: Inks) -> Line:  # noqa: ARG001 - made for it
    return [("   ", inks.text), *row.pieces]


def _words(row: OutlineRow, width: int, inks: Inks) -> Line:  # noqa: ARG001 - short, or broken already
    ink = inks.warn if row.kind == "problem" else inks.muted
    return [(" ! " if row.kind == "problem" else " " * (3 + _STEP * row.depth), ink), (row.label, ink)]


def _sums(parameters: int | None, size: int, inks: Inks) -> list[Piece]:
    counted = count_text(parameters) if parameters is not None else ""
    return [
        (fit(counted, _PARAMETERS, "right"), inks.text),
        (fit(size_text(size), _SIZE, "right") + "  ", inks.text),
    ]


def _key(row: OutlineRow, width: int, inks: Inks) -> Line:
    """A key of the metadata, its type, its value."""
    value = row.value
    if value is None:
        return ()
    mark = ("▾ " if row.is_open else "▸ ") if row.key else "  "
    name = min(_MOST_KEY, max(_SHORTEST, width * 2 // 5))
    kind = f"[{value.kind}]" if value.length is not None else value.kind
    of_kind = _KIND if kind else 0
    first = value.text.partition("\n")[0]
    if value.length is not None and value.items:
        items = ", ".join(value.items[:_ITEMS])
        first = f"{value.length:,}: {items}" + (", …" if value.length > _ITEMS else "")
    room = max(1, width - 5 - name - of_kind)
    return [
        (" ", inks.text),
        (mark, inks.accent),
        (fit(row.label, name) + "  ", inks.muted),
        (fit(kind, of_kind), inks.muted),
        (shorten(first, room - 1) + ("…" if "\n" in value.text and cells(first) < room - 1 else ""), inks.text),
    ]
