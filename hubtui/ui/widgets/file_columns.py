"""What stands in the line of a file, a revision and a commit, and how wide."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rich.style import Style

from hubtui.core.models import Commit, FileEntry, Ref
from hubtui.core.numbers import age_text, size_text
from hubtui.ui import text
from hubtui.ui.text import CHOSEN_MARK, COMPARED_MARK, CURSOR_MARK, NEEDED_MARK, SCAN_MARKS, Line, Piece
from hubtui.ui.theme import Inks

_MARK, _FORMAT, _SIZE, _HERE, _SCAN, _WORD, _AGE = 2, 12, 8, 6, 3, 12, 5
_REF, _COMMIT = 14, 9
_LEAST_PATH, _LEAST_TITLE, _ROOMY_TITLE = 18, 16, 40


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the entries themselves.

    Attributes:
        needed: paths of the files that a run loads.
        chosen: paths of those that were chosen for the download.
        here: path → bytes on this machine.
        revision, commit: of the open model.
        compared: revision that was marked for a comparison, as its line names it.
        now: ages are counted from it; None leaves them out.
    """

    needed: Collection[str] = ()
    chosen: Collection[str] = ()
    here: Mapping[str, int] = field(default_factory=dict)
    revision: str = ""
    commit: str = ""
    compared: str = ""
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns of files are; 0 leaves one out."""

    path: int
    title: int
    word: int


def columns(width: int, longest: int) -> Columns:
    """Return the columns for a view of `width` cells whose longest path has `longest`.

    The path comes first; what it leaves goes to the title of the last commit, then to the scan's word.
    """
    room = width - _MARK - _FORMAT - _SIZE - _HERE - _SCAN - _AGE
    path = max(_LEAST_PATH, min(room, longest + 2))
    title = room - path
    if title < _LEAST_TITLE:
        return Columns(max(_LEAST_PATH, room), 0, 0)
    word = _WORD - _SCAN if title >= _ROOMY_TITLE else 0
    return Columns(path, title - word, word)


def file_line(entry: FileEntry, known: Known, wide: Columns, ink: Inks) -> Line:
    """Return the line of a file."""
    is_needed, is_chosen = entry.path in known.needed, entry.path in known.chosen
    mark = CHOSEN_MARK if is_chosen else NEEDED_MARK if is_needed else ""
    kind = {"pickle": ink.warn, "safetensors": ink.good}.get(entry.format, ink.muted)
    commit = entry.last_commit
    return [
        (text.fit(mark, _MARK), ink.accent),
        (text.fit(text.shorten_left(entry.path, wide.path - 1), wide.path), ink.text),
        (text.fit(entry.format, _FORMAT), kind),
        (text.fit(size_text(entry.size), _SIZE, "right"), ink.strong if is_needed or is_chosen else ink.text),
        _here(entry, known.here.get(entry.path), ink),
        *_scan(entry, wide.word, ink),
        (text.fit(f" {commit.title}" if commit and wide.title else "", wide.title), ink.muted),
        (text.fit(age_text(commit.date, known.now) if commit and known.now else "", _AGE, "right"), ink.muted),
    ]


def _here(entry: FileEntry, here: int | None, ink: Inks) -> Piece:
    """Say whether a file is on this machine: whole, or what part of it is."""
    if here is None:
        return (" " * _HERE, ink.muted)
    if entry.size is None or here >= entry.size:
        return (text.fit("here", _HERE, "right"), ink.good)
    return (text.fit(f"{here * 100 // max(1, entry.size)} %", _HERE, "right"), ink.warn)


def _scan(entry: FileEntry, word: int, ink: Inks) -> list[Piece]:
    status = entry.scan.status if entry.scan else ""
    style = scan_ink(status, ink)
    mark = SCAN_MARKS.get(status, "")
    return [(text.fit(f"  {mark}", _SCAN), style), (text.fit(f" {status}" if word else "", word), style)]


def scan_ink(status: str, ink: Inks) -> Style:
    """Return the colour of a scan's state."""
    return {"safe": ink.good, "unsafe": ink.bad, "caution": ink.warn, "suspicious": ink.warn}.get(status, ink.muted)


def ref_line(entry: Ref, known: Known, width: int, ink: Inks) -> Line:
    """Return the line of a branch, a tag or a pull request."""
    is_open = entry.name == known.revision
    room = max(10, width - _MARK - _REF - _COMMIT)
    return [
        _mark(ink, is_open=is_open, is_compared=known.compared == entry.name),
        (text.fit(entry.name, room), ink.strong if is_open else ink.text),
        (text.fit(entry.kind, _REF), ink.muted),
        (text.fit(entry.commit[:7], _COMMIT, "right"), ink.muted),
    ]


def commit_line(entry: Commit, known: Known, width: int, ink: Inks) -> Line:
    """Return the line of a commit."""
    is_open = entry.id == known.commit
    authors = ", ".join(entry.authors[:2])
    names = min(20, text.cells(authors)) + 2
    room = max(10, width - _MARK - _COMMIT - names - _AGE)
    return [
        _mark(ink, is_open=is_open, is_compared=known.compared == entry.id),
        (text.fit(entry.id[:7], _COMMIT), ink.muted),
        (text.fit(entry.title, room), ink.strong if is_open else ink.text),
        (text.fit(authors, names, "right"), ink.muted),
        (text.fit(age_text(entry.date, known.now) if known.now else "", _AGE, "right"), ink.muted),
    ]


def _mark(ink: Inks, *, is_open: bool, is_compared: bool) -> Piece:
    if is_compared:
        return (text.fit(COMPARED_MARK, _MARK), ink.warn)
    return (text.fit(CURSOR_MARK if is_open else "", _MARK), ink.accent)
