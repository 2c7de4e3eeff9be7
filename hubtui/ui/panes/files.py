"""The Files tab: what a revision holds, what a run would load, and the revisions to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from hubtui.core.downloads import DownloadItem, DownloadPlan, DownloadState
from hubtui.core.errors import HubtuiError
from hubtui.core.models import Commit, FileEntry, Ref
from hubtui.core.numbers import size_text
from hubtui.core.ports import DownloadQueue, Services
from hubtui.core.tree import walk
from hubtui.ui import clock, text
from hubtui.ui.actions import bindings
from hubtui.ui.messages import Notice, OpenModel
from hubtui.ui.panes.download_words import download_lines, is_going_on, meant
from hubtui.ui.panes.file_page import FilePage
from hubtui.ui.panes.opened import OpenedModel
from hubtui.ui.panes.tab import BusyChanged, ModelTab
from hubtui.ui.text import Line
from hubtui.ui.widgets.file_list import FileList
from hubtui.ui.widgets.narrowing import Narrowing
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

_COMMITS = 30
_LOOK_S = 0.5


class Detailed(Message, bubble=False):
    """More came to be known of the files of a model; sent from a thread."""

    def __init__(self, opened: OpenedModel, files: tuple[FileEntry, ...]) -> None:
        super().__init__()
        self.opened, self.files = opened, files


class QueueChanged(Message, bubble=False):
    """A download began, ended or was paused; sent from any thread."""

    def can_replace(self, message: Message) -> bool:
        """Let one stand for several that nobody has seen yet."""
        return isinstance(message, QueueChanged)


class FilesTab(ModelTab):
    """The list of files and revisions, a file in its place, and lines about the downloads."""

    key_context: ClassVar[str] = "files"
    BINDINGS: ClassVar[list[BindingType]] = bindings("files")
    DEFAULT_CSS = """
    FilesTab { layout: vertical; }
    FilesTab > FileList { padding: 0 0 0 1; height: 1fr; }
    FilesTab > Lines, FilesTab > Narrowing { padding: 0 1; }
    FilesTab > FilePage, FilesTab > Narrowing { display: none; }
    FilesTab.-preview > FilePage, FilesTab.-narrow > Narrowing { display: block; }
    FilesTab.-preview > FileList, FilesTab.-preview > Narrowing { display: none; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._queue: DownloadQueue | None = None
        self._timer: Timer | None = None
        self._items: tuple[DownloadItem, ...] = ()
        self._has_failed = False
        self._said: tuple[Line, ...] = ()
        self._compared = ""

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Narrowing(placeholder="words of paths or formats", compact=True)
        yield FileList()
        yield FilePage()
        yield Lines(id="download-state")

    @property
    def list(self) -> FileList:
        """The list of files and revisions."""
        return self.query_one(FileList)

    def focus_first(self) -> None:
        """Let keys move through what is in sight."""
        if self.has_class("-preview"):
            self.query_one(FilePage).focus_text()
        else:
            self.list.focus()

    # -- what there is

    def show(self, opened: OpenedModel) -> None:
        """List the files of another model, then what is known of them and the revisions."""
        super().show(opened)
        self._said, self._compared = (), ""
        self._close_narrowing()
        self._leave_preview()
        self.list.show(opened.facts, clock.now())
        self._look_up()
        self._look_here()
        self._tell()

    def _look_up(self) -> None:
        facts, opened = self.facts, self.opened
        self._has_failed = False
        start(
            self, "needed", lambda: self.services.downloads().needed(facts, "run"), self._needed, self._nothing_needed
        )
        if facts.folder or opened is None:
            self.list.add("Revisions   a local folder has none", ())
            return

        def details() -> None:
            hub = self.services.hub()
            for files in walk(lambda cursor: hub.tree(facts, cursor=cursor), facts.files, quota=lambda: hub.quota):
                if self.opened is not opened:
                    return
                self.post_message(Detailed(opened, files))

        def history() -> tuple[tuple[Ref, ...], tuple[Commit, ...]]:
            hub = self.services.hub()
            return hub.refs(facts.id), hub.commits(facts.id, facts.revision, limit=_COMMITS)

        start(self, "details", details, lambda _: None, self._no_details)
        start(self, "history", history, self._history, self._no_history)

    def on_detailed(self, event: Detailed) -> None:
        """Show what came to be known."""
        if event.opened is self.opened:
            self.list.know(event.files)

    def _no_details(self, error: HubtuiError) -> None:
        self._has_failed = True
        self.list.say(self._wrapped(f"Last commits and scans are not known: {error} r tries again."))

    def _look_here(self) -> None:
        facts = self.facts
        start(self, "here", lambda: self.services.downloads().presence(facts), self.list.know_here, lambda _: None)

    def _needed(self, files: tuple[FileEntry, ...]) -> None:
        sizes = [entry.size for entry in files]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        self.list.mark_needed(
            {entry.path for entry in files}, f"○ a run loads {text.plural(len(files), 'file')}, {size_text(total)}"
        )
        self._weigh(files, only_if_too_large=True)

    def _nothing_needed(self, error: HubtuiError) -> None:
        del error  # the Run tab tells it in full
        self.list.mark_needed((), "not to be run here: 4 says why")

    def _history(self, found: tuple[tuple[Ref, ...], tuple[Commit, ...]]) -> None:
        refs, commits = found
        self.list.add("Branches, tags, pull requests   enter opens one, m on two compares them", refs)
        self.list.add(f"Newest commits of {self.facts.revision}", commits)

    def _no_history(self, error: HubtuiError) -> None:
        self._has_failed = True
        self.list.add("Revisions", (), self._wrapped(f"{error} r tries again."))

    def _wrapped(self, words: str) -> Sequence[str]:
        return text.wrap(words, max(30, self.size.width - 6))

    def retry(self) -> bool:
        """Ask again for what could not be had."""
        if self.has_class("-preview"):
            return self.query_one(FilePage).retry()
        if not self._has_failed:
            return False
        self.list.say(())
        self.list.clear_sections()
        self._look_up()
        return True

    @on(FileList.Chosen)
    def _opened(self, event: FileList.Chosen) -> None:
        event.stop()
        entry = self.list.entries[event.index]
        if isinstance(entry, FileEntry):
            had_focus = self.has_focus_within
            self.add_class("-preview")
            page = self.query_one(FilePage)
            page.open(entry, self, clock.now())
            if had_focus:
                page.focus_text()
        elif isinstance(entry, Ref):
            self.post_message(OpenModel(self.facts.id, entry.name))
        elif isinstance(entry, Commit):
            self.post_message(OpenModel(self.facts.id, entry.id))

    @on(FilePage.Left)
    def _leave_preview(self) -> None:
        if self.has_class("-preview"):
            self.remove_class("-preview")
            self.list.focus()

    # -- choosing and narrowing

    def action_choose_file(self) -> None:
        """Choose the file under the cursor, or leave it out."""
        entry = self.list.at_cursor()
        if isinstance(entry, FileEntry):
            self._choose({file.path for file in self.list.chosen} ^ {entry.path})
            self.list.move_to(self.list.cursor + 1)

    def action_choose_files(self) -> None:
        """Choose all files in sight; none when they are all chosen."""
        seen = {file.path for file in self.list.in_sight()}
        chosen = {file.path for file in self.list.chosen}
        self._choose(chosen - seen if seen <= chosen else chosen | seen)

    def _choose(self, paths: set[str]) -> None:
        self.list.choose(paths)
        self._said = ()
        if paths and not self.facts.folder:
            self._weigh(self.list.chosen)
        self._tell()

    def action_narrow(self) -> None:
        """Let the user type words that files must have."""
        self.add_class("-narrow")
        self.query_one(Narrowing).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        if event.value != self.list.words:
            self.list.narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the files that are left."""
        event.stop()
        if not event.value.strip():
            self._close_narrowing()
        self.list.focus()

    @on(Narrowing.Left)
    def _end_narrowing(self, event: Narrowing.Left) -> None:
        event.stop()
        self._close_narrowing()
        self.list.focus()

    def _close_narrowing(self) -> None:
        self.remove_class("-narrow")
        self.query_one(Narrowing).value = ""
        self.list.narrow("")

    # -- downloads

    @property
    def is_busy(self) -> bool:
        """Whether a download goes on or waits."""
        return is_going_on(self._items)

    def _weigh(self, files: Sequence[FileEntry], *, only_if_too_large: bool = False) -> None:
        """Say before a download what it takes; of what was not chosen, only that the disk is too small for it."""
        facts = self.facts

        def told(plan: DownloadPlan) -> None:
            if facts is self.facts and not (plan.fits and only_if_too_large):
                self._say_plan(plan)

        start(self, "plan", lambda: self.services.downloads().plan(facts, files), told, lambda _: None)

    def _say_plan(self, plan: DownloadPlan) -> None:
        inks = self.list.inks
        ink = inks.muted if plan.fits else inks.warn
        lines = text.wrap(plan.sentence if plan.fits else f"! {plan.sentence}", max(30, self.size.width - 2))
        self._said = tuple([(line, ink)] for line in lines)
        self._tell()

    def download(self) -> None:
        """Put the chosen files, or without any what a run needs, into the queue; a paused download goes on."""
        facts, chosen = self.facts, self.list.chosen
        if facts.folder:
            self._say("these files are on this machine already")
            return

        def add() -> DownloadPlan:
            downloads = self.services.downloads()
            files = chosen or downloads.needed(facts, "run")
            plan = downloads.plan(facts, files)
            if plan.fits:
                self._join().add(facts, files)
            return plan

        def added(plan: DownloadPlan) -> None:
            self._said = ()
            if plan.fits:
                self.list.choose(())
                self._tell()
            else:
                self._say_plan(plan)

        self._say("looking up the files")
        start(self, "download", add, added, self._not_begun)

    def _not_begun(self, error: HubtuiError) -> None:
        inks = self.list.inks
        lines = [f"✗ {error.message}", *([f"  {error.hint}"] if error.hint else [])]
        self._said = tuple([(part, inks.bad)] for line in lines for part in text.wrap(line, self.size.width - 2))
        self._tell()

    def _join(self) -> DownloadQueue:
        """Return the queue, which this tab listens to from now on; called in a thread."""
        if self._queue is None:
            queue = self.services.queue()
            queue.listen(self._queue_changed)
            self._queue = queue
        return self._queue

    def _queue_changed(self) -> None:
        self.post_message(QueueChanged())

    def on_queue_changed(self) -> None:
        """Tell where the downloads stand, and look again while one runs."""
        was_busy, before = self.is_busy, {item.number: item.state for item in self._items}
        self._look()
        if self._timer is None:
            self._timer = self.set_interval(_LOOK_S, self._look, pause=True)
        if any(item.state is DownloadState.RUNNING for item in self._items):
            self._timer.resume()
        else:
            self._timer.pause()
        if was_busy != self.is_busy:
            self.post_message(BusyChanged())
        if any(item.state.is_over and before.get(item.number) is not item.state for item in self._items):
            self._look_here()

    def _look(self) -> None:
        self._items = self._queue.items() if self._queue is not None else ()
        self._tell()

    def _say(self, words: str) -> None:
        self._said = ([(words, self.list.inks.muted)],)
        self._tell()

    def _tell(self) -> None:
        """Show what is to be said, above it the downloads."""
        lines = download_lines(self._items, self.facts, max(20, self.size.width - 2), self.list.inks)
        self.query_one("#download-state", Lines).show(*lines, *self._said)

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        if self.opened is not None:
            self._tell()

    def action_pause(self) -> None:
        """Pause the download, go on with it, or try it again."""
        item = meant(self._items, self.facts)
        if item is None or item.state.is_over or self._queue is None:
            self.post_message(Notice("There is no download to pause."))
        elif item.state in {DownloadState.PAUSED, DownloadState.FAILED}:
            self._queue.resume(item.number)
        else:
            self._queue.pause(item.number)

    def cancel_download(self) -> bool:
        """Stop the download that is meant; say whether there was any."""
        item = meant(self._items, self.facts)
        if item is None or item.state.is_over or self._queue is None:
            return False
        # a paused one deletes what it kept: that is for a thread
        queue, number = self._queue, item.number
        start(self, "cancel", lambda: queue.cancel(number), lambda _: None, lambda _: None, exclusive=False)
        return True

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return where the downloaded files are."""
        item = meant(self._items, self.facts)
        return [("the snapshot folder", item.snapshot.folder)] if item is not None and item.snapshot else ()
