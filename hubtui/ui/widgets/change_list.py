"""What changed between two revisions, as one list: commits, files, values, what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, TypeAlias

from hubtui.core.differences import Comparison, FileChange, ValueChange
from hubtui.core.models import Commit
from hubtui.core.numbers import age_text, size_text
from hubtui.core.tokenizer_differences import FILES as TOKENIZER_FILES
from hubtui.ui import text
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.lines_view import LinesView

Entry: TypeAlias = Commit | FileChange | ValueChange | str
"""Something that changed, or the words of a heading; a text that begins with a blank is a remark."""

_MOST_COMMITS = 6
_KIND, _GROWN = 9, 10
_RELATIONS = {
    "ahead": "{after} has {count} more than {before}",
    "behind": "{after} lacks {count} of {before}",
    "apart": "Both have commits of their own; {count} only in {after}",
}


def entries_of(found: Comparison) -> list[Entry]:
    """Return the list: files first, for their texts stand beside them."""
    entries: list[Entry] = []
    if found.files:
        entries += [f"{text.plural(len(found.files), 'file')} changed   enter goes to its text", *found.files]
    for file in dict.fromkeys(change.file for change in found.values):
        values = [change for change in found.values if change.file == file]
        what = "tokenizer" if file in TOKENIZER_FILES else "configuration"
        entries += ["", f"{file}   {what}, {text.plural(len(values), 'difference')}", *values]
    entries += _commits(found)
    if found.notes:
        entries += ["", "Not compared", *(f" {note}" for note in found.notes)]
    return entries[1:] if entries and entries[0] == "" else entries


def _commits(found: Comparison) -> Iterator[Entry]:
    if not found.commits or found.relation not in _RELATIONS:
        return
    count = text.plural(len(found.commits), "commit")
    yield ""
    yield _RELATIONS[found.relation].format(
        count=count, before=short(found.before.revision), after=short(found.after.revision)
    )
    yield from found.commits[:_MOST_COMMITS]
    if len(found.commits) > _MOST_COMMITS:
        yield f" and {len(found.commits) - _MOST_COMMITS} older ones"


def short(revision: str) -> str:
    """Return a revision as it is said: of a commit its first digits."""
    return revision[:7] if len(revision) == 40 else revision


class ChangeList(LinesView):
    """Shows a comparison; the cursor says whose text stands beside it."""

    tells_moves: ClassVar[bool] = True

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now
        self.entries: list[Entry] = []

    def show(self, found: Comparison) -> None:
        """Show a comparison from its beginning."""
        self.entries = entries_of(found)
        self.set_count(len(self.entries), cursor=0)
        self.scroll_to(y=0, animate=False, force=True)

    @property
    def path(self) -> str:
        """Path of the file that the line under the cursor is about, empty for a commit."""
        entry = self.entries[self.cursor] if 0 <= self.cursor < len(self.entries) else ""
        if isinstance(entry, FileChange):
            return entry.path
        return entry.file if isinstance(entry, ValueChange) else ""

    def can_stop_at(self, index: int) -> bool:
        """Keep the cursor off headings."""
        return not isinstance(self.entries[index], str)

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of a line."""
        entry, ink = self.entries[index], self.inks
        if isinstance(entry, FileChange):
            return _file_line(entry, width, ink)
        if isinstance(entry, ValueChange):
            key, _, rest = entry.sentence.partition(" ")
            tone = {"added": ink.good, "removed": ink.bad}.get(entry.kind, ink.strong)
            return text.clip([(f"  {key} ", ink.muted), (rest, tone)], width)
        if isinstance(entry, Commit):
            age = age_text(entry.date, self._now)
            return text.spread([(f"  {entry.id[:7]}  ", ink.muted), (entry.title, ink.text)], [(age, ink.muted)], width)
        if entry.startswith(" "):
            return text.clip([(f" {entry}", ink.muted)], width)
        title, _, more = entry.partition("   ")
        return text.clip([(title, ink.strong), (f"   {more}" if more else "", ink.muted)], width)


def _file_line(change: FileChange, width: int, ink: Inks) -> Line:
    tone = {"added": ink.good, "removed": ink.bad}.get(change.kind, ink.warn)
    grown = change.grown_bytes
    size = f"{'+' if grown > 0 else '−'}{size_text(abs(grown))}" if grown else "same size" if grown == 0 else ""
    source = f"  from {change.before.path}" if change.kind == "renamed" and change.before else ""
    room = max(8, width - 2 - _KIND - _GROWN)
    path = text.shorten_left(change.path, room - 1) if not source else f"{change.path}{source}"
    return [
        ("  ", ink.text),
        (text.fit(change.kind, _KIND), tone),
        (text.fit(path, room), ink.text),
        (text.fit(size, _GROWN, "right"), ink.muted),
    ]
