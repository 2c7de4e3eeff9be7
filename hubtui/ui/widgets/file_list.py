"""The files of a revision, and the revisions that there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from hubtui.core.models import Commit, FileEntry, ModelFacts, Ref
from hubtui.core.numbers import size_text
from hubtui.ui import text
from hubtui.ui.text import Line
from hubtui.ui.widgets.file_columns import Columns, Known, columns, commit_line, file_line, ref_line
from hubtui.ui.widgets.lines_view import LinesView

Entry: TypeAlias = FileEntry | Ref | Commit | str
"""A file, a branch, tag or pull request, a commit, or the words of a heading."""


@dataclass(slots=True)
class _Section:
    """Revisions under a heading, and words below them."""

    heading: str
    entries: Sequence[Ref] | Sequence[Commit]
    notes: list[str] = field(default_factory=list)


class FileList(LinesView):
    """One list of sections: files, then branches, tags and pull requests, then commits."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.entries: list[Entry] = []
        self.known = Known()
        self._files: Sequence[FileEntry] = ()
        self._sections: list[_Section] = []
        self._words = ""
        self._needed_words = ""
        self._notes: list[str] = []

    # -- what is shown

    def show(self, facts: ModelFacts, now: datetime) -> None:
        """Show the files of a model; ages are counted from `now`."""
        self.known = Known(revision=facts.revision, commit=facts.commit, now=now)
        self._files, self._sections, self._notes, self._words = facts.files, [], [], ""
        self._needed_words = ""
        self._rebuild()
        self.set_count(len(self.entries), cursor=1)
        self.scroll_to(y=0, animate=False, force=True)

    def know(self, files: Sequence[FileEntry]) -> None:
        """Show the same files with more of what is known about them."""
        self._files = files
        self._rebuild()

    def know_here(self, here: Mapping[str, int]) -> None:
        """Show which files are on this machine: path → bytes."""
        self.known = replace(self.known, here=here)
        self.repaint()

    def mark_needed(self, paths: Collection[str], words: str) -> None:
        """Mark the files that a run would load, and say in the heading what that comes to."""
        self.known = replace(self.known, needed=paths)
        self._needed_words = words
        self._rebuild()

    def say(self, notes: Sequence[str]) -> None:
        """Put words below the files."""
        self._notes = list(notes)
        self._rebuild()

    def add(self, heading: str, entries: Sequence[Ref] | Sequence[Commit], notes: Sequence[str] = ()) -> None:
        """Add a section, with words below its entries."""
        self._sections.append(_Section(heading, entries, list(notes)))
        self._rebuild()

    def clear_sections(self) -> None:
        """Take the revisions away, for they are asked for again."""
        self._sections = []
        self._rebuild()

    # -- choosing

    @property
    def chosen(self) -> tuple[FileEntry, ...]:
        """The files that were chosen, in the repo's order, whether a filter hides them or not."""
        return tuple(entry for entry in self._files if entry.path in self.known.chosen)

    def choose(self, paths: Collection[str]) -> None:
        """Choose these files and no others."""
        self.known = replace(self.known, chosen=frozenset(paths))
        self._rebuild()

    def in_sight(self) -> tuple[FileEntry, ...]:
        """Return the files that the filter leaves."""
        words = self._words.lower().split()
        return tuple(entry for entry in self._files if all(word in _searched(entry) for word in words))

    @property
    def words(self) -> str:
        """The filter's words."""
        return self._words

    def narrow(self, words: str) -> None:
        """Show only the files whose path or format holds all the words."""
        self._words = words
        self._rebuild(keep_cursor=False)

    def compare_with(self, commit: str) -> None:
        """Mark the revision that another one is to be compared with; an empty text takes the mark away."""
        self.known = replace(self.known, compared=commit)
        self.repaint()

    def at_cursor(self) -> Entry | None:
        """Return what stands under the cursor."""
        return self.entries[self.cursor] if 0 <= self.cursor < len(self.entries) else None

    # -- lines

    def _rebuild(self, *, keep_cursor: bool = True) -> None:
        before = self.at_cursor()
        files = self.in_sight()
        notes = [f"   {line}" for line in self._notes]
        if self._words and not files:
            notes.insert(0, "   No file has these words; esc takes them away.")
        self.entries = [self._heading(files), *files, *notes]
        for section in self._sections:
            self.entries += ["", section.heading, *section.entries, *(f"   {note}" for note in section.notes)]
        at = next((at for at, entry in enumerate(self.entries) if _is_same(entry, before)), None)
        self.set_count(len(self.entries), cursor=at if keep_cursor else 1)

    def _heading(self, files: Sequence[FileEntry]) -> str:
        count = text.plural(len(self._files), "file")
        sizes = [entry.size for entry in self._files]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        if self._words:
            return f"{len(files)} of {count}   with “{self._words}”"
        if self.known.chosen:
            chosen = sum(entry.size or 0 for entry in self.chosen)
            return f"{count} · {size_text(total)}   ● {len(self.chosen)} chosen, {size_text(chosen)}"
        return f"{count} · {size_text(total)}   {self._needed_words}"

    def can_stop_at(self, index: int) -> bool:
        """Keep the cursor off headings."""
        return not isinstance(self.entries[index], str)

    @property
    def _columns(self) -> Columns:
        return columns(self.view_width, max((text.cells(entry.path) for entry in self._files), default=0))

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of a line."""
        entry = self.entries[index]
        if isinstance(entry, str):
            title, _, more = entry.partition("   ")
            return text.clip([(title, self.inks.strong), (f"   {more}" if more else "", self.inks.muted)], width)
        if isinstance(entry, FileEntry):
            return file_line(entry, self.known, self._columns, self.inks)
        if isinstance(entry, Ref):
            return ref_line(entry, self.known, width, self.inks)
        return commit_line(entry, self.known, width, self.inks)


def _searched(entry: FileEntry) -> str:
    return f"{entry.path} {entry.format}".lower()


def _is_same(entry: Entry, before: Entry | None) -> bool:
    """Say whether an entry is the one the cursor stood on: a file may have come to be known better."""
    if isinstance(entry, FileEntry) and isinstance(before, FileEntry):
        return entry.path == before.path
    return not isinstance(entry, str) and entry == before
