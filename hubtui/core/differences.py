"""What differs between two revisions of a model: files, values of JSON files, lines of text. No I/O."""

from __future__ import annotations

import difflib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hubtui.core.models import Commit, FileEntry, ModelFacts
from hubtui.core.untrusted import clean

Kind = Literal["added", "removed", "changed", "renamed"]
Relation = Literal["same", "ahead", "behind", "apart", "unknown"]

MOST_TEXT = 1 << 19
"""Characters of a file that are compared line by line; longer ones only as a whole."""

_MOST_LINES = 10_000
_MOST_SHOWN = 2_000
_LONGEST_LINE = 2_000
_LONGEST_VALUE = 80
_MOST_VALUES = 300
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that is not the same in both revisions; `before` is None for an added one, `after` for a removed one."""

    path: str
    kind: Kind
    before: FileEntry | None = None
    after: FileEntry | None = None

    @property
    def grown_bytes(self) -> int | None:
        """How many bytes more it has, None when a size is unknown."""
        sizes = [0 if entry is None else entry.size for entry in (self.before, self.after)]
        return None if sizes[0] is None or sizes[1] is None else sizes[1] - sizes[0]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value of a JSON file that is not the same in both revisions.

    Attributes:
        file: the file that states it.
        key: dotted path in it.
        before, after: JSON values, already clean; None for what was added or removed, see `kind`.
    """

    file: str
    key: str
    kind: Kind
    before: Any = None
    after: Any = None

    @property
    def sentence(self) -> str:
        """What changed, as `vocab_size 30522 → 30524`."""
        if self.kind == "added":
            return f"{self.key} {value_text(self.after)} added"
        if self.kind == "removed":
            return f"{self.key} {value_text(self.before)} removed"
        return f"{self.key} {value_text(self.before)} → {value_text(self.after)}"


@dataclass(frozen=True, slots=True)
class TextDiff:
    """How a text changed.

    Attributes:
        lines: unified diff, each line clean and without its end; empty when there is nothing to show.
        is_cut: more changed than `lines` shows.
        reason: why there is nothing to show, one sentence, else empty.
    """

    path: str
    lines: tuple[str, ...] = ()
    is_cut: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two revisions of a model.

    Attributes:
        relation: of `after` to `before`: `ahead` has more commits, `behind` fewer, `apart` both have some of their own.
        commits: those that only one of both has, newest first: of `after`, or of `before` when it is `behind`.
        notes: what could not be compared and why, a sentence each.
    """

    model: str
    before: ModelFacts
    after: ModelFacts
    files: tuple[FileChange, ...] = ()
    values: tuple[ValueChange, ...] = ()
    relation: Relation = "unknown"
    commits: tuple[Commit, ...] = ()
    notes: tuple[str, ...] = ()


def value_text(value: object) -> str:
    """Return a JSON value on one line of at most 80 characters."""
    text = clean(value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def file_changes(before: Sequence[FileEntry], after: Sequence[FileEntry]) -> tuple[FileChange, ...]:
    """Return the files that differ, by path; a file that went and one that came with the same hash were renamed."""
    old, new = ({file.path: file for file in files} for files in (before, after))
    gone = {key: file for file in before if file.path not in new and (key := _identity(file))}
    found: dict[str, FileChange] = {}
    renamed: set[str] = set()
    for path, file in new.items():
        if path in old:
            if not _is_same(old[path], file):
                found[path] = FileChange(path, "changed", old[path], file)
        elif (source := gone.pop(_identity(file), None)) is not None:
            renamed.add(source.path)
            found[path] = FileChange(path, "renamed", source, file)
        else:
            found[path] = FileChange(path, "added", None, file)
    for path, file in old.items():
        if path not in new and path not in renamed:
            found[path] = FileChange(path, "removed", file)
    return tuple(found[path] for path in sorted(found))


def _identity(file: FileEntry) -> str:
    return file.sha256 or file.blob_id


def _is_same(old: FileEntry, new: FileEntry) -> bool:
    """Compare by the hash that both state; by size where they have none in common."""
    for first, second in ((old.sha256, new.sha256), (old.blob_id, new.blob_id)):
        if first and second:
            return first == second
    return not (_identity(old) and _identity(new)) and old.size == new.size


def value_changes(file: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ValueChange, ...]:
    """Return the values that differ between two JSON objects, in the order of the keys; objects are looked into."""
    return tuple(_values(file, "", before, after, 0))


def _values(
    file: str, prefix: str, before: Mapping[str, Any], after: Mapping[str, Any], depth: int
) -> Iterator[ValueChange]:
    for key in dict.fromkeys((*before, *after)):
        name = f"{prefix}{key}"
        if key not in before:
            yield ValueChange(file, name, "added", after=after[key])
        elif key not in after:
            yield ValueChange(file, name, "removed", before=before[key])
        elif not _is_equal(before[key], after[key]):
            old, new = before[key], after[key]
            if isinstance(old, dict) and isinstance(new, dict) and depth < _DEEPEST:
                yield from _values(file, f"{name}.", old, new, depth + 1)
            else:
                yield ValueChange(file, name, "changed", old, new)


def _is_equal(old: object, new: object) -> bool:
    """Compare as JSON does: `true` is not 1, 1.0 is not worth telling from 1."""
    if isinstance(old, bool) is not isinstance(new, bool):
        return False
    return old == new


def cut(changes: Sequence[ValueChange]) -> tuple[tuple[ValueChange, ...], str]:
    """Return as many changes as anybody reads, and a sentence about the rest."""
    more = len(changes) - _MOST_VALUES
    return tuple(changes[:_MOST_VALUES]), f"{more:,} more values changed." if more > 0 else ""


def text_diff(path: str, before: str, after: str) -> TextDiff:
    """Return a unified diff of two texts, both cleaned line by line; bounded, whatever the texts are."""
    if max(len(before), len(after)) > MOST_TEXT:
        return TextDiff(path, reason=f"{path} is too long to be compared line by line.")
    if "\0" in before or "\0" in after:
        return TextDiff(path, reason=f"{path} is no text.")
    old, new = _lines(before), _lines(after)
    if max(len(old), len(new)) > _MOST_LINES:
        return TextDiff(path, reason=f"{path} has too many lines to be compared.")
    lines = [
        clean(line, multiline=True) for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    ]
    if not lines:
        return TextDiff(path, reason=f"{path} has the same text in both." if before == after else _INVISIBLE)
    return TextDiff(path, tuple(lines[:_MOST_SHOWN]), len(lines) > _MOST_SHOWN)


_INVISIBLE = "Only line ends differ."


def _lines(text: str) -> list[str]:
    return [
        line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}… ({len(line):,} characters, {_sum(line)})"
        for line in text.splitlines()
    ]


def _sum(line: str) -> str:
    """Tell long lines apart that begin alike."""
    return f"{zlib.crc32(line.encode('utf-8', 'replace')):08x}"
