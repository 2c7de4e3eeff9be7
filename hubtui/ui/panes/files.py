"""The Files tab: what a revision holds, what a run would load, and the revisions to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from hubtui.core.errors import CancelledError, HubtuiError
from hubtui.core.models import Commit, DownloadProgress, FileEntry, Ref, Snapshot
from hubtui.core.numbers import duration_text, size_text
from hubtui.core.ports import Services
from hubtui.ui import clock, text
from hubtui.ui.messages import Notice, OpenModel
from hubtui.ui.panes.opened import OpenedModel
from hubtui.ui.panes.tab import BusyChanged, ModelTab, Progressed, progress_words
from hubtui.ui.text import Line
from hubtui.ui.widgets.file_list import FileList
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.text_lines import TextLines
from hubtui.ui.work import start

_TEXT_FORMATS = frozenset({"config", "card", "code", "text", "tokenizer"})
_PREVIEW_BYTES = 256 << 10
_COMMITS = 30


class FilesTab(ModelTab):
    """The list of files and revisions, a preview in its place, and a line about the download."""

    key_context: ClassVar[str] = "files"
    DEFAULT_CSS = """
    FilesTab { layout: vertical; }
    FilesTab > FileList, FilesTab > TextLines { padding: 0 0 0 1; height: 1fr; }
    FilesTab > Lines { padding: 0 1; }
    FilesTab > TextLines, FilesTab > #preview-title { display: none; }
    FilesTab.-preview > TextLines, FilesTab.-preview > #preview-title { display: block; }
    FilesTab.-preview > FileList { display: none; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._since: datetime | None = None
        self._snapshot: Snapshot | None = None
        self._has_failed = False

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield FileList()
        yield Lines(id="preview-title")
        yield TextLines()
        yield Lines(id="download-state")

    @property
    def list(self) -> FileList:
        """The list of files and revisions."""
        return self.query_one(FileList)

    def focus_first(self) -> None:
        """Let keys move through what is in sight."""
        (self.query_one(TextLines) if self.has_class("-preview") else self.list).focus()

    # -- what there is

    def show(self, opened: OpenedModel) -> None:
        """List the files of another model, then what a run would load and the revisions."""
        super().show(opened)
        self._stop()
        self._snapshot = None
        self._say()
        self._leave_preview()
        self.list.show(opened.facts, clock.now())
        self._look_up()

    def _look_up(self) -> None:
        facts = self.facts
        self._has_failed = False
        start(
            self, "needed", lambda: self.services.downloads().needed(facts, "run"), self._needed, self._nothing_needed
        )
        if facts.folder:
            self.list.add("Revisions   a local folder has none", ())
            return

        def history() -> tuple[tuple[Ref, ...], tuple[Commit, ...]]:
            hub = self.services.hub()
            return hub.refs(facts.id), hub.commits(facts.id, facts.revision, limit=_COMMITS)

        start(self, "history", history, self._history, self._no_history)

    def _needed(self, files: tuple[FileEntry, ...]) -> None:
        sizes = [entry.size for entry in files]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        self.list.mark_needed(
            {entry.path for entry in files}, f"● a run loads {text.plural(len(files), 'file')}, {size_text(total)}"
        )

    def _nothing_needed(self, error: HubtuiError) -> None:
        del error  # the Run tab tells it in full
        self.list.mark_needed((), "not to be run here: 4 says why")

    def _history(self, found: tuple[tuple[Ref, ...], tuple[Commit, ...]]) -> None:
        refs, commits = found
        self.list.add("Branches, tags, pull requests   enter opens that revision", refs)
        self.list.add(f"Newest commits of {self.facts.revision}", commits)

    def _no_history(self, error: HubtuiError) -> None:
        self._has_failed = True
        self.list.add("Revisions", ())
        self.list.add_note(text.wrap(f"{error} r tries again.", max(30, self.size.width - 6)))

    def retry(self) -> bool:
        """Ask again for the revisions, where that failed."""
        if not self._has_failed:
            return False
        self.list.show(self.facts, clock.now())
        self._look_up()
        return True

    @on(FileList.Chosen)
    def _chosen(self, event: FileList.Chosen) -> None:
        event.stop()
        entry = self.list.entries[event.index]
        if isinstance(entry, FileEntry):
            self._preview(entry)
        elif isinstance(entry, Ref):
            self.post_message(OpenModel(self.facts.id, entry.name))
        elif isinstance(entry, Commit):
            self.post_message(OpenModel(self.facts.id, entry.id))

    # -- one file

    def _preview(self, entry: FileEntry) -> None:
        if entry.format not in _TEXT_FORMATS:
            self.post_message(Notice(f"{entry.path} is not text ({entry.format}, {size_text(entry.size)})."))
            return
        facts = self.facts

        def read() -> str:
            return self.services.hub().read_text(facts, entry.path, max_bytes=_PREVIEW_BYTES)

        start(self, "preview", read, lambda content: self._show_preview(entry, content), self._no_preview)

    def _show_preview(self, entry: FileEntry, content: str) -> None:
        inks = self.list.inks
        cut = f" · the first {size_text(_PREVIEW_BYTES)}" if (entry.size or 0) > _PREVIEW_BYTES else ""
        title: Line = [(entry.path, inks.strong), (f"   {size_text(entry.size)}{cut} · esc back", inks.muted)]
        self.query_one("#preview-title", Lines).show(title, [])
        had_focus = self.has_focus_within
        self.add_class("-preview")
        view = self.query_one(TextLines)
        view.show(content)
        if had_focus:
            view.focus()

    def _no_preview(self, error: HubtuiError) -> None:
        self.post_message(Notice(str(error), "error"))

    @on(TextLines.Left)
    def _leave_preview(self) -> None:
        if self.has_class("-preview"):
            self.remove_class("-preview")
            self.list.focus()

    # -- the download

    @property
    def is_busy(self) -> bool:
        """Whether a download goes on."""
        return self._since is not None

    def download(self) -> None:
        """Begin to download what a run needs, or stop the download."""
        if self._since is not None:
            self._stop()
            self._say([("download stopped", self.list.inks.muted)])
            return
        self._since = clock.now()
        self._say([("looking up the files", self.list.inks.muted)])
        self.post_message(BusyChanged())
        self.await_work("download", self.fetch_files(self.facts, "run"), self._downloaded, self._not_downloaded)

    def _stop(self) -> None:
        if self._since is None:
            return
        self._since = None
        self.workers.cancel_group(self, "download")
        self.post_message(BusyChanged())

    def on_progressed(self, event: Progressed) -> None:
        """Tell how far the download is, how fast and how long it will take."""
        if self._since is None:
            return
        inks = self.list.inks
        words = progress_words(event.progress) + _pace(event.progress, (clock.now() - self._since).total_seconds())
        self._say(text.spread([(words, inks.text)], [("d", inks.key), (" stops", inks.muted)], self.size.width - 2))

    def _downloaded(self, snapshot: Snapshot) -> None:
        self._since, self._snapshot = None, snapshot
        self.post_message(BusyChanged())
        inks = self.list.inks
        if self.facts.folder:
            words = "these files are on this machine already"
        elif snapshot.fetched_bytes:
            words = f"downloaded {size_text(snapshot.fetched_bytes)} in {duration_text(snapshot.seconds)}"
        else:
            words = "everything that a run needs is in the cache"
        room = max(0, self.size.width - 6 - text.cells(words))
        self._say(
            [("✓ ", inks.good), (words, inks.text), (f"  {text.shorten_left(snapshot.folder, room)}", inks.muted)]
        )

    def _not_downloaded(self, error: HubtuiError) -> None:
        self._since = None
        self.post_message(BusyChanged())
        inks = self.list.inks
        if isinstance(error, CancelledError):
            self._say([("download stopped", inks.muted)])
            return
        lines = [f"✗ {error.message}", *([f"  {error.hint}"] if error.hint else [])]
        self._say(*([(part, inks.bad)] for line in lines for part in text.wrap(line, self.size.width - 2)))

    def _say(self, *lines: Line) -> None:
        self.query_one("#download-state", Lines).show(*lines)

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return where the downloaded files are."""
        return [("the snapshot folder", self._snapshot.folder)] if self._snapshot else ()


def _pace(progress: DownloadProgress, elapsed_s: float) -> str:
    """Return speed and time left once there is something to tell: ` · 12 MB/s · 30 s left`."""
    if elapsed_s < 0.5 or not progress.fetched_bytes:
        return ""
    speed = progress.fetched_bytes / elapsed_s
    left = (progress.total_bytes - progress.done_bytes) / speed
    return f" · {size_text(int(speed))}/s · {duration_text(left)} left"
