"""The Files tab: what a revision holds, what a run would load, and the revisions to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from hubtui.core.errors import HubtuiError
from hubtui.core.models import Commit, FileEntry, Ref
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services
from hubtui.core.shards import lists_tensors
from hubtui.core.tree import walk
from hubtui.ui import clock, text
from hubtui.ui.actions import bindings
from hubtui.ui.messages import Notice, OpenModel
from hubtui.ui.panes.card_images import show_picture
from hubtui.ui.panes.download_state import Downloading
from hubtui.ui.panes.file_page import FilePage, file_facts, is_picture
from hubtui.ui.panes.opened import OpenedModel
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.widgets.file_list import FileList
from hubtui.ui.widgets.narrowing import Narrowing
from hubtui.ui.work import start

_COMMITS = 30
_OFFLINE = (
    "hubtui is offline: last commits, scans and revisions are the Hub's to tell. Start without --offline to see them."
)
_FROM_CACHE = (
    "The Hub did not answer, so these are the files in the cache: last commits, scans and revisions are not known. "
    "r asks again."
)
_OF_LIST = frozenset({"choose_file", "choose_files", "narrow", "mark", "delete_cached"})


class Detailed(Message, bubble=False):
    """More came to be known of the files of a model; sent from a thread."""

    def __init__(self, opened: OpenedModel, files: tuple[FileEntry, ...]) -> None:
        super().__init__()
        self.opened, self.files = opened, files


class FilesTab(ModelTab):
    """The list of files and revisions, a file in its place, and lines about the downloads."""

    key_context: ClassVar[str] = "files"
    BINDINGS: ClassVar[list[BindingType]] = bindings("files")
    DEFAULT_CSS = """
    FilesTab { layout: vertical; }
    FilesTab > FileList { padding: 0 0 0 1; height: 1fr; }
    FilesTab > Downloading { padding: 0 1; }
    FilesTab > FilePage, FilesTab > Narrowing { display: none; }
    FilesTab.-preview > FilePage, FilesTab.-narrow > Narrowing { display: block; }
    FilesTab.-preview > FileList, FilesTab.-preview > Narrowing { display: none; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.downloading = Downloading(services)
        self._has_failed = False
        self._compared = ""
        self._notes: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Narrowing(placeholder="words of paths or formats", compact=True)
        yield FileList()
        yield FilePage()
        yield self.downloading

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
        self._compared = ""
        self._close_narrowing()
        self._leave_preview()
        self._notes = {}
        self.list.show(opened.facts, clock.now())
        self._look_up()
        self._look_here()
        self.downloading.turn_to(opened.facts)

    def _look_up(self) -> None:
        facts, opened = self.facts, self.opened
        self._has_failed = False
        start(
            self, "needed", lambda: self.services.downloads().needed(facts, "run"), self._needed, self._nothing_needed
        )
        if facts.folder or opened is None:
            self.list.add("Revisions   a local folder has none", ())
            return
        if facts.from_cache:
            self._note("details", _OFFLINE if self.services.settings.offline else _FROM_CACHE)
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
        self._note("details", f"Last commits and scans are not known: {error} r tries again.")

    def _note(self, subject: str, words: str) -> None:
        """Say something below the files, in place of what was said of the same before; nothing takes it away."""
        self._notes[subject] = words
        self.list.say([line for each in self._notes.values() if each for line in self._wrapped(each)])

    def _look_here(self) -> None:
        facts = self.facts
        start(self, "here", lambda: self.services.downloads().presence(facts), self._here, self._not_here)

    def _here(self, here: Mapping[str, int]) -> None:
        self._note("here", "")
        self.list.know_here(here)

    def _not_here(self, error: HubtuiError) -> None:
        self._has_failed = True
        self._note("here", f"What of these is in the cache is not known: {error} r tries again.")

    def _needed(self, files: tuple[FileEntry, ...]) -> None:
        sizes = [entry.size for entry in files]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        self.list.mark_needed(
            {entry.path for entry in files}, f"○ a run loads {text.plural(len(files), 'file')}, {size_text(total)}"
        )
        self.downloading.weigh(files, only_if_too_large=True)

    def _nothing_needed(self, error: HubtuiError) -> None:
        del error  # the Run tab tells it in full
        self.list.mark_needed((), "not to be run here: 4 says why")

    def _history(self, found: tuple[tuple[Ref, ...], tuple[Commit, ...]]) -> None:
        refs, commits = found
        self.list.add("Branches, tags, pull requests   enter opens · m on two compares", refs)
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
        self._notes = {}
        self.list.say(())
        self.list.clear_sections()
        self._look_up()
        self._look_here()
        return True

    @on(FileList.Chosen)
    def _opened(self, event: FileList.Chosen) -> None:
        event.stop()
        entry = self.list.entries[event.index]
        if isinstance(entry, FileEntry) and is_picture(entry):
            facts, hub = self.facts, self.services.hub
            show_picture(self, self.services, entry.path, "", lambda: hub().image(facts, entry.path))
        elif isinstance(entry, FileEntry) and lists_tensors(entry.path):
            self._show_weights(entry)
        elif isinstance(entry, FileEntry):
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

    def _show_weights(self, entry: FileEntry) -> None:
        from hubtui.ui.screens.weights import WeightsScreen  # noqa: PLC0415 - when it is first opened

        about = partial(file_facts, entry, clock.now())
        self.app.push_screen(WeightsScreen(self.services, self.facts, entry.path, about))

    @on(FilePage.Left)
    def _leave_preview(self) -> None:
        if self.has_class("-preview"):
            self.remove_class("-preview")
            self.list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Leave the keys of the list alone while a file stands in its place."""
        return action not in _OF_LIST or not self.has_class("-preview")

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
        self.downloading.hush()
        if paths and not self.facts.folder:
            self.downloading.weigh(self.list.chosen)

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

    # -- revisions

    def action_mark(self) -> None:
        """Mark the revision under the cursor; with another one marked, compare the two."""
        entry = self.list.at_cursor()
        if not isinstance(entry, Ref | Commit):
            self.post_message(Notice("Go down to a branch, tag or commit, then mark two of them to compare."))
            return
        revision = entry.name if isinstance(entry, Ref) else entry.id
        before, self._compared = self._compared, "" if self._compared else revision
        self.list.compare_with(self._compared)
        if before and before != revision:
            from hubtui.ui.screens.comparison import ComparisonScreen  # noqa: PLC0415 - when it is first opened

            self.app.push_screen(ComparisonScreen(self.services, self.facts.id, before, revision))

    def action_delete_cached(self) -> None:
        """Offer to delete revisions of the model from the cache."""
        from hubtui.ui.screens.cache_deletion import CacheDeletion  # noqa: PLC0415 - when it is first asked for

        def say(words: str, is_error: bool) -> None:
            self.post_message(Notice(words, "error" if is_error else "information"))

        if self.facts.folder:
            say("A local folder is not in the cache.", False)
        else:
            CacheDeletion(self, self.services, say, self._look_here).begin(self.facts.id, self.facts.commit)

    # -- downloads

    def download(self) -> None:
        """Download the chosen files, or without any what a run needs."""
        self.downloading.begin(self.list.chosen)

    @on(Downloading.Begun)
    def _begun(self, event: Downloading.Begun) -> None:
        event.stop()
        self.list.choose(())

    @on(Downloading.Ended)
    def _ended(self, event: Downloading.Ended) -> None:
        event.stop()
        self._look_here()

    def action_pause(self) -> None:
        """Pause the download, go on with it, or try it again."""
        self.downloading.pause()

    def cancel_download(self) -> bool:
        """Stop the download that is meant; say whether there was any."""
        return self.downloading.cancel()

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return where the downloaded files are."""
        item = self.downloading.meant
        return [("the snapshot folder", item.snapshot.folder)] if item is not None and item.snapshot else ()
