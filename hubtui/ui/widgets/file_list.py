"""The files of a revision, and the revisions that there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeAlias

from hubtui.core.models import Commit, FileEntry, ModelFacts, Ref
from hubtui.core.numbers import age_text, size_text
from hubtui.ui import text
from hubtui.ui.text import Line
from hubtui.ui.widgets.lines_view import LinesView

_FORMAT, _SIZE, _LFS = 12, 9, 5
_REF, _COMMIT, _AGE = 16, 9, 5

Entry: TypeAlias = FileEntry | Ref | Commit | str
"""A file, a branch, tag or pull request, a commit, or the words of a heading."""


class FileList(LinesView):
    """One list of sections: files, then branches, tags and pull requests, then commits."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.entries: list[Entry] = []
        self._needed: Collection[str] = ()
        self._facts: ModelFacts | None = None
        self._now: datetime | None = None

    def show(self, facts: ModelFacts, now: datetime) -> None:
        """Show the files of a model; ages are counted from `now`."""
        self._facts, self._now, self._needed = facts, now, ()
        count = text.plural(len(facts.files), "file")
        self.entries = [f"{count} · {size_text(facts.size_bytes)}", *facts.files]
        self.set_count(len(self.entries), cursor=1)
        self.scroll_to(y=0, animate=False, force=True)

    def mark_needed(self, paths: Collection[str], words: str) -> None:
        """Mark the files that a run would load, and say in the heading what that comes to."""
        self._needed = paths
        head = self.entries[0]
        self.entries[0] = f"{str(head).split('   ')[0]}   {words}"
        self.repaint()

    def add(self, heading: str, entries: Sequence[Ref] | Sequence[Commit]) -> None:
        """Add a section."""
        self.entries += ["", heading, *entries]
        self.set_count(len(self.entries))

    def add_note(self, lines: Sequence[str]) -> None:
        """Add words to the last section."""
        self.entries += [f"   {line}" for line in lines]
        self.set_count(len(self.entries))

    def can_stop_at(self, index: int) -> bool:
        """Keep the cursor off headings."""
        return not isinstance(self.entries[index], str)

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of a line."""
        entry = self.entries[index]
        if isinstance(entry, str):
            title, _, more = entry.partition("   ")
            return text.clip([(title, self.inks.strong), (f"   {more}" if more else "", self.inks.muted)], width)
        if isinstance(entry, FileEntry):
            return self._file(entry, width)
        return self._ref(entry, width) if isinstance(entry, Ref) else self._commit(entry, width)

    def _file(self, entry: FileEntry, width: int) -> Line:
        ink = self.inks
        is_needed = entry.path in self._needed
        room = max(10, width - 2 - _FORMAT - _SIZE - _LFS)
        kind = {"pickle": ink.warn, "safetensors": ink.good}.get(entry.format, ink.muted)
        return [
            ("● " if is_needed else "  ", ink.accent),
            (text.fit(text.shorten_left(entry.path, room - 1), room), ink.text),
            (text.fit(entry.format, _FORMAT), kind),
            (text.fit(size_text(entry.size), _SIZE, "right"), ink.strong if is_needed else ink.text),
            (f"{'LFS':>{_LFS}}" if entry.sha256 else " " * _LFS, ink.muted),
        ]

    def _ref(self, entry: Ref, width: int) -> Line:
        ink = self.inks
        is_open = self._facts is not None and entry.name == self._facts.revision
        room = max(10, width - 2 - _REF - _COMMIT)
        return [
            ("▸ " if is_open else "  ", ink.accent),
            (text.fit(entry.name, room), ink.strong if is_open else ink.text),
            (text.fit(entry.kind, _REF), ink.muted),
            (text.fit(entry.commit[:7], _COMMIT, "right"), ink.muted),
        ]

    def _commit(self, entry: Commit, width: int) -> Line:
        ink = self.inks
        is_open = self._facts is not None and entry.id == self._facts.commit
        authors = ", ".join(entry.authors[:2])
        names = min(20, text.cells(authors)) + 2
        room = max(10, width - 2 - _COMMIT - names - _AGE)
        return [
            ("▸ " if is_open else "  ", ink.accent),
            (text.fit(entry.id[:7], _COMMIT), ink.muted),
            (text.fit(entry.title, room), ink.strong if is_open else ink.text),
            (text.fit(authors, names, "right"), ink.muted),
            (text.fit(age_text(entry.date, self._now) if self._now else "", _AGE, "right"), ink.muted),
        ]
