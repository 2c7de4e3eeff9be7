"""The tensors of a model as the headers of its weight files list them: totals, and a tree by their dotted names.

Strings in these values come from strangers; the room that makes them (`hub`) passes every one through
`core.untrusted.clean`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hubtui.core.numbers import ranges_text
from hubtui.core.weights import Tensor

_DEEPEST = 32  # parts of a name; more stay together in the last one
_LAYER = re.compile(r"^(.*?\.)?(\d+)(?=\.)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A tensor with its name and the path of its file; a name in a folder (diffusers) begins with `folder/.`."""

    name: str
    tensor: Tensor
    file: str

    @property
    def own_name(self) -> str:
        """The name that the file gives it."""
        folder = self.file.rpartition("/")[0]
        return self.name.removeprefix(f"{folder}/.") if folder else self.name


@dataclass(frozen=True, slots=True)
class TensorFile:
    """One weight file: a whole checkpoint, or a shard of one.

    Attributes:
        path: in the repo.
        size_bytes: of the file.
        header_bytes: of its header.
        tensors: in the header's order.
    """

    path: str
    size_bytes: int
    header_bytes: int
    tensors: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the metadata.

    Attributes:
        text: in words; of an array its length and first items.
        kind: GGUF's name of its type, of the items of an array; empty in safetensors, where all are text.
        length: of an array, else None.
        items: of an array, as many as are kept.
    """

    text: str
    kind: str = ""
    length: int | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """Sums over the tensors of a dtype, a layer or a file."""

    name: str
    tensors: int
    parameters: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class TensorNode:
    """A part of the tree: a tensor, or everything whose names begin alike. Its children are made when asked for.

    Attributes:
        name: the last part of its dotted name; `0–31` or `0, 2–5` stands for numbered neighbours that are
            alike.
        entries: the tensors below it; of alike neighbours, those of the first one.
        repeats: how many alike neighbours it stands for.
        depth: parts of the names that are above its children, and `start`, characters of the names.
    """

    name: str
    entries: tuple[Entry, ...]
    repeats: int = 1
    depth: int = 0
    start: int = 0

    @property
    def leaf(self) -> Entry | None:
        """The tensor that it is, None when it holds others."""
        return self.entries[0] if len(self.entries) == 1 and self.start > len(self.entries[0].name) else None

    @property
    def total(self) -> Total:
        """Sums over everything below, of all alike neighbours together."""
        one, times = _total(self.name, (entry.tensor for entry in self.entries)), self.repeats
        return Total(self.name, one.tensors * times, one.parameters * times, one.size_bytes * times)

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Dtypes of the tensors below, in the order in which they come."""
        return tuple(dict.fromkeys(entry.tensor.dtype for entry in self.entries))

    def children(self, *, fold: bool = False) -> tuple[TensorNode, ...]:
        """Return what is below it: numbered children in the order of their numbers, others in that of the files.

        Args:
            fold: let numbered neighbours that hold the same names, shapes and dtypes stand as one (`0–31`, `0, 2–5`).
        """
        if self.leaf is not None:
            return ()
        groups: dict[str, list[Entry]] = {}
        for entry in self.entries:
            end = entry.name.find(".", self.start) if self.depth < _DEEPEST else -1
            groups.setdefault(entry.name[self.start : None if end < 0 else end], []).append(entry)
        names = list(groups)
        if all(map(_is_number, names)):
            names.sort(key=int)
        depth = self.depth + 1
        nodes = [TensorNode(name, tuple(groups[name]), 1, depth, self.start + len(name) + 1) for name in names]
        return tuple(_folded(nodes) if fold else nodes)

    def branches(self, *, fold: bool = False) -> tuple[tuple[str, TensorNode], ...]:
        """Return the children with their names; what alone is below a child stands with it (`attn.q_proj.weight`)."""
        found = []
        for child in self.children(fold=fold):
            name, last = child.name, child
            while last.repeats == 1 and last.leaf is None and len(below := last.children(fold=fold)) == 1:
                last = below[0]
                name += f".{last.name}"
            found.append((name, last))
        return tuple(found)

    @property
    def shape(self) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
        """What alike neighbours have in common: the rest of each name, dtype and shape."""
        return tuple((entry.name[self.start :], entry.tensor.dtype, entry.tensor.shape) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Tensors:
    """All tensors of one revision, of one format.

    Attributes:
        format: `safetensors` or `gguf`.
        files: the shards, or one file.
        metadata: `__metadata__` of safetensors, or GGUF's keys.
        problems: sentences about shards that could not be read or do not fit together.
        reads: how often files were read for this, and `read_bytes`, how much of them.
    """

    model: str
    commit: str
    format: str
    files: tuple[TensorFile, ...]
    metadata: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    reads: int = field(default=0, compare=False)
    read_bytes: int = field(default=0, compare=False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every tensor, shard by shard."""
        return tuple(entry for file in self.files for entry in file.tensors)

    @property
    def total(self) -> Total:
        """Sums over everything. Quantized weights count as what they are packed in."""
        return _total("", (entry.tensor for entry in self.entries))

    def by_dtype(self) -> tuple[Total, ...]:
        """Return the sums of each dtype, most bytes first."""
        groups: dict[str, list[Tensor]] = {}
        for entry in self.entries:
            groups.setdefault(entry.tensor.dtype, []).append(entry.tensor)
        totals = [_total(dtype, tensors) for dtype, tensors in groups.items()]
        return tuple(sorted(totals, key=lambda total: -total.size_bytes))

    def by_layer(self) -> tuple[Total, ...]:
        """Return the sums of each layer (`model.layers.0`), and of what is in none by its first two names.

        Layers are in their order, among the rest in that of the files.
        """
        groups: dict[str, list[Tensor]] = {}
        for entry in self.entries:
            groups.setdefault(layer_of(entry.name), []).append(entry.tensor)
        names = sorted(groups, key=natural_key)
        return tuple(_total(name, groups[name]) for name in names)

    def by_file(self) -> tuple[Total, ...]:
        """Return the sums of each file."""
        return tuple(_total(file.path, (entry.tensor for entry in file.tensors)) for file in self.files)

    @property
    def tree(self) -> TensorNode:
        """The root of the tree by dotted names."""
        return TensorNode("", self.entries)


def layer_of(name: str) -> str:
    """Return the layer that a tensor belongs to: up to the first number in its name, else its first names."""
    found = _LAYER.match(name)
    if found:
        return found[0]
    parts = name.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 else parts[0]


def natural_key(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sort key of a dotted name that puts layer 10 after layer 9."""
    return tuple((0, int(part)) if _is_number(part) else (1, part) for part in name.split("."))


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) < 10


def _total(name: str, tensors: Iterable[Tensor]) -> Total:
    count = parameters = size = 0
    for tensor in tensors:
        count += 1
        parameters += tensor.count
        size += tensor.size_bytes
    return Total(name, count, parameters, size)


def _folded(nodes: list[TensorNode]) -> list[TensorNode]:
    """Numbered neighbours that are alike as one, at the place of the first; an odd one among them stays apart."""
    runs: dict[object, list[TensorNode]] = {}
    for node in nodes:
        runs.setdefault(node.shape if _is_number(node.name) else node.name, []).append(node)
    return [
        run[0]
        if len(run) == 1
        else replace(run[0], name=ranges_text([int(node.name) for node in run]), repeats=len(run))
        for run in runs.values()
    ]
