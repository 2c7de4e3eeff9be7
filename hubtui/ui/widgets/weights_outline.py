"""The lines about a model's tensors, some of them folded: types, files, metadata, and the tree by module name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hubtui.core.models import FileEntry
from hubtui.core.tensors import Entry, TensorNode, Tensors, Total, Value
from hubtui.ui.text import Line, wrap

ABOUT, FILES, METADATA, TENSORS = "about", "files", "metadata", "tensors"
_OPEN_AT_FIRST = 6
"""Modules at the top of the tree that are opened when there are no more of them."""

_SHORT = 6
"""Items of an array that its own line shows."""

_MOST_OPEN = 2_000
"""Tensors up to which all that narrowing leaves is opened."""

Kind = Literal["problem", "dtype", "section", "file", "other", "key", "text", "fact", "node", "nothing", "blank"]


@dataclass(slots=True, eq=False)
class OutlineRow:
    """One line.

    Attributes:
        kind: what stands in it.
        label: its name.
        key: what `toggle` takes, empty for a line that holds nothing.
        is_open: whether what it holds follows.
        depth: how deep it stands in the tree.
        node: of the tree.
        value: of the metadata.
        number: of a file among the shards, counted from 1; of an item of an array.
        share: of all bytes, 0 to 1.
        pieces: of a fact about the file that the list began at.
    """

    kind: Kind
    label: str = ""
    key: str = ""
    is_open: bool = False
    depth: int = 0
    node: TensorNode | None = None
    value: Value | None = None
    number: int = 0
    share: float = 0.0
    pieces: Line = ()
    _total: Total | None = None

    @property
    def total(self) -> Total:
        """Sums over a type, a file, or what is below a node: worked out when a line is first painted."""
        if self._total is None:
            self._total = self.node.total if self.node is not None else Total(self.label, 0, 0, 0)
        return self._total


class _Branch:
    """A node of the tree with its line, and what is below it, made when it is first opened."""

    __slots__ = ("_below", "_fold", "_label", "_rows", "depth", "is_leaf", "key", "node")

    def __init__(self, label: str, node: TensorNode, key: str, depth: int, *, fold: bool) -> None:
        self.node, self.key, self.depth = node, key, depth
        self.is_leaf = node.leaf is not None
        self._label, self._fold = label, fold
        self._rows: dict[bool, OutlineRow] = {}
        self._below: list[_Branch] | None = None

    @property
    def below(self) -> list[_Branch]:
        if self._below is None:
            self._below = _branches(self.node, self.key, self.depth + 1, fold=self._fold)
        return self._below

    def row(self, *, is_open: bool) -> OutlineRow:
        """The line, the same one each time: there may be twenty thousand."""
        if is_open not in self._rows:
            key = "" if self.is_leaf else self.key
            self._rows[is_open] = OutlineRow("node", self._label, key, is_open, self.depth + 1, self.node)
        return self._rows[is_open]


def _branches(node: TensorNode, key: str, depth: int, *, fold: bool) -> list[_Branch]:
    """Return what is below a node."""
    return [
        _Branch(name.replace("/.", "/") or "(itself)", branch, f"{key}/{name}", depth, fold=fold)
        for name, branch in node.branches(fold=fold)
    ]


class Outline:
    """Which lines there are; nothing is painted here.

    Args:
        tensors: what was read.
        others: weight files of the model that were not.
    """

    def __init__(self, tensors: Tensors, others: Sequence[FileEntry] = ()) -> None:
        self.tensors, self.others = tensors, tuple(others)
        self.words: tuple[str, ...] = ()
        self.fold = True
        # all that goes through every tensor is worked out here, which is done in a thread
        self._total, self._by_dtype, self._by_file = tensors.total, tensors.by_dtype(), tensors.by_file()
        self._hay = [
            f"{entry.name} {entry.tensor.dtype} {shape_text(entry.tensor.shape)} {entry.file}".lower()
            for entry in tensors.entries
        ]
        self._open: set[str] = set()  # sections and values
        self._narrowed: tuple[Entry, ...] | None = None
        self._whole = self._tree = self._top(tensors.entries)
        self._whole_open = {TENSORS}
        if len(self._tree) <= _OPEN_AT_FIRST:
            self._whole_open |= {branch.key for branch in self._tree if branch.node.repeats == 1}
        self._tree_open = self._whole_open
        self._numbers = {file.path: number for number, file in enumerate(tensors.files, 1)}

    @property
    def total(self) -> Total:
        """Sums over everything."""
        return self._total

    @property
    def found(self) -> Total | None:
        """Sums over what narrowing left, None when nothing narrows."""
        return None if self._narrowed is None else TensorNode("", self._narrowed).total

    def file_number(self, path: str) -> int:
        """Return which of the shards a file is, counted from 1."""
        return self._numbers[path]

    # -- what is open

    def toggle(self, key: str) -> None:
        """Open what is folded, or fold it."""
        opened = self._tree_open if key.startswith(TENSORS) else self._open
        opened ^= {key}

    def narrow(self, text: str) -> None:
        """Show only the tensors, and the keys of the metadata, that have all words of a text."""
        self.words = tuple(text.lower().split())
        if not self.words:
            self._narrowed = None
            self._tree, self._tree_open = self._whole, self._whole_open
            return
        entries = zip(self.tensors.entries, self._hay, strict=True)
        self._narrowed = tuple(entry for entry, hay in entries if all(word in hay for word in self.words))
        self._show_narrowed(self._narrowed)

    def _show_narrowed(self, entries: tuple[Entry, ...]) -> None:
        self._tree = self._top(entries)
        all_open = set(_all_keys(self._tree)) if len(entries) <= _MOST_OPEN else set()
        self._tree_open = {TENSORS, *all_open}

    def set_fold(self, *, fold: bool) -> None:
        """Let layers that are alike stand as one, or each by itself."""
        self.fold = fold
        self._whole = self._top(self.tensors.entries)
        if self._narrowed is None:
            self._tree = self._whole
        else:
            self._show_narrowed(self._narrowed)

    @property
    def by_dtype(self) -> tuple[Total, ...]:
        """Sums of each dtype, most bytes first."""
        return self._by_dtype

    def open_all(self) -> None:
        """Open every module; where all are open, fold them again. Half a second for twenty thousand tensors."""
        keys, opened = set(_all_keys(self._tree)), self._tree_open
        if keys <= opened:
            opened -= keys
        else:
            opened |= keys | {TENSORS}

    def _top(self, entries: tuple[Entry, ...]) -> list[_Branch]:
        return _branches(TensorNode("", entries), TENSORS, 0, fold=self.fold)

    # -- lines

    def rows(self, width: int, about: Sequence[Line] = ()) -> list[OutlineRow]:
        """Return the lines.

        Args:
            width: of the view; longer values are broken.
            about: facts about the file that the list began at.
        """
        found = [
            OutlineRow("problem", line) for words in self.tensors.problems for line in wrap(words, max(20, width - 4))
        ]
        found += [OutlineRow("blank")] if found else []
        if not self.words:
            found += [*self._dtypes(), *self._about(about), *self._files()]
        found += [*self._metadata(width), *self._tensors()]
        return found

    def _dtypes(self) -> Iterator[OutlineRow]:
        totals = self._by_dtype
        if len(totals) < 2:  # the line above the list says it
            return
        for total in totals:
            share = total.size_bytes / self._total.size_bytes if self._total.size_bytes else 0.0
            yield OutlineRow("dtype", total.name, share=share, _total=total)
        yield OutlineRow("blank")

    def _about(self, facts: Sequence[Line]) -> Iterator[OutlineRow]:
        if facts:
            yield self._section(ABOUT, "This file")
            if ABOUT in self._open:
                yield from (OutlineRow("fact", pieces=line) for line in facts)
                yield OutlineRow("blank")

    def _files(self) -> Iterator[OutlineRow]:
        if len(self.tensors.files) < 2 and not self.others:
            return
        yield self._section(FILES, "Files")
        if FILES not in self._open:
            return
        for total in self._by_file:
            yield OutlineRow("file", total.name, depth=1, number=self.file_number(total.name), _total=total)
        for other in self.others:
            yield OutlineRow("other", other.path, depth=1, _total=Total(other.path, 0, 0, other.size or 0))
        yield OutlineRow("blank")

    def _metadata(self, width: int) -> Iterator[OutlineRow]:
        values = {
            key: value
            for key, value in self.tensors.metadata.items()
            if all(word in f"{key} {value.kind} {value.text}".lower() for word in self.words)
        }
        if not values:
            return
        yield self._section(METADATA, "Metadata")
        if METADATA not in self._open and not self.words:
            return
        for key, value in values.items():
            name = f"{METADATA}/{key}"
            can_open = len(value.items) > _SHORT or "\n" in value.text or len(value.text) > width // 3
            yield OutlineRow("key", key, name if can_open else "", name in self._open, 1, value=value)
            if can_open and name in self._open:
                yield from _opened(value, width)
        yield OutlineRow("blank")

    def _tensors(self) -> Iterator[OutlineRow]:
        yield self._section(TENSORS, "Tensors")
        if TENSORS not in self._tree_open:
            return
        if not self._tree:
            yield OutlineRow("nothing", "No tensor has all of these words." if self.words else "There are none.")
        found: list[OutlineRow] = []
        self._add(self._tree, found)
        yield from found

    def _add(self, tree: list[_Branch], found: list[OutlineRow]) -> None:
        """Add the lines of some branches, and of what is below those that are open."""
        for branch in tree:
            is_open = not branch.is_leaf and branch.key in self._tree_open
            found.append(branch.row(is_open=is_open))
            if is_open:
                self._add(branch.below, found)

    def _section(self, key: str, label: str) -> OutlineRow:
        is_open = key in self._open or key in self._tree_open or (key == METADATA and bool(self.words))
        return OutlineRow("section", label, key, is_open)


def _all_keys(tree: list[_Branch]) -> Iterator[str]:
    for branch in tree:
        if not branch.is_leaf:
            yield branch.key
            yield from _all_keys(branch.below)


def _opened(value: Value, width: int) -> Iterator[OutlineRow]:
    """What a long value holds: the items of an array, or its lines."""
    if value.length is not None:
        for number, item in enumerate(value.items):
            yield OutlineRow("text", item, depth=2, number=number)
        if value.length > len(value.items):
            left = value.length - len(value.items)
            yield OutlineRow("nothing", f"{left:,} more, which are not kept", depth=2)
        return
    for line in value.text.split("\n"):
        for part in wrap(line, max(20, width - 8)) if line.strip() else [""]:
            yield OutlineRow("text", part, depth=2, number=-1)


def shape_text(shape: Sequence[int]) -> str:
    """Return a shape as `4096×11008`."""
    return "×".join(map(str, shape)) or "scalar"
