"""The lines below the files: what a download would take, and where those of the queue stand."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.message import Message
from textual.timer import Timer

from hubtui.core.downloads import DownloadItem, DownloadPlan, DownloadState
from hubtui.core.errors import HubtuiError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.ports import Services
from hubtui.ui import text
from hubtui.ui.messages import Notice, QueueChanged
from hubtui.ui.panes.download_words import download_lines, error_lines, meant
from hubtui.ui.text import Line
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

_LOOK_S = 0.5
_FOLDER = 28


class Downloading(Lines):
    """Puts downloads into the queue, pauses and stops them, and tells how they go."""

    class Begun(Message):
        """Files were put into the queue."""

    class Ended(Message):
        """A download is over or paused: other files may be on this machine than before."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._facts: ModelFacts | None = None
        self._queue = services.queue()
        self._timer: Timer | None = None
        self._items: tuple[DownloadItem, ...] = ()
        self._said: tuple[Line, ...] = ()

    def on_mount(self) -> None:
        """Hear of the queue, which may be at work already."""
        self._queue.listen(lambda: self.post_message(QueueChanged()))

    @property
    def meant(self) -> DownloadItem | None:
        """The download that the keys act on."""
        return meant(self._items, self._facts) if self._facts else None

    def turn_to(self, facts: ModelFacts) -> None:
        """Tell of another model; the queue goes on."""
        self._facts = facts
        self.hush()
        self.on_queue_changed()
        start(self, "recall", self._queue.recall, lambda _: None, self._not_recalled)

    def hush(self) -> None:
        """Tell of the queue alone."""
        self._said = ()
        self._tell()

    # -- before and at the beginning

    def weigh(self, files: Sequence[FileEntry], *, only_if_too_large: bool = False) -> None:
        """Say before a download what it takes; of what was not chosen, only that the disk is too small for it."""
        facts = self._facts
        if facts is None:
            return

        def told(plan: DownloadPlan) -> None:
            if facts is not self._facts:
                return
            if plan.fits and only_if_too_large:
                self.hush()
            else:
                self._say_plan(plan)

        def failed(error: HubtuiError) -> None:
            if facts is self._facts:
                self._say_wrapped(f"! What a download would take is not known: {error}", self.inks.warn)

        start(self, "plan", lambda: self._services.downloads().plan(facts, files), told, failed)

    def begin(self, chosen: Sequence[FileEntry]) -> None:
        """Put the chosen files, or without any what a run needs, into the queue; a paused download goes on."""
        facts = self._facts
        if facts is None or facts.folder:
            self._say([("these files are on this machine already", self.inks.muted)])
            return

        def add() -> DownloadPlan:
            downloads = self._services.downloads()
            files = tuple(chosen) or downloads.needed(facts, "run")
            plan = downloads.plan(facts, files)
            if plan.fits:
                self._queue.add(facts, files)
            return plan

        def added(plan: DownloadPlan) -> None:
            if plan.fits:
                self.hush()
                self.post_message(self.Begun())
            else:
                self._say_plan(plan)

        self._say([("looking up the files", self.inks.muted)])
        start(self, "download", add, added, self._not_begun)

    def _say_plan(self, plan: DownloadPlan) -> None:
        sentence = plan.sentence.replace(plan.folder, text.shorten_left(plan.folder, _FOLDER))
        if plan.fits:
            self._say_wrapped(sentence, self.inks.muted)
        else:
            self._say_wrapped(f"! {sentence} Choose fewer files, or free some space: D deletes.", self.inks.warn)

    def _say_wrapped(self, words: str, ink: Style) -> None:
        self._say(*([(line, ink)] for line in text.wrap(words, self._room)))

    def _not_recalled(self, error: HubtuiError) -> None:
        self.post_message(Notice(f"Downloads of earlier sessions are not known: {error}", "warning"))

    def _not_begun(self, error: HubtuiError) -> None:
        self._say(*error_lines(error, self._room, self.inks))

    # -- while it goes on

    def on_queue_changed(self) -> None:
        """Tell where the downloads stand, and look again while one runs."""
        before = {item.number: item.state for item in self._items}
        self._look()
        if self._timer is None:
            self._timer = self.set_interval(_LOOK_S, self._look, pause=True)
        if any(item.state is DownloadState.RUNNING for item in self._items):
            self._timer.resume()
        else:
            self._timer.pause()
        if any(not item.state.is_going_on and before.get(item.number) is not item.state for item in self._items):
            self.post_message(self.Ended())

    def _look(self) -> None:
        self._items = self._queue.items()
        self._tell()

    def pause(self) -> None:
        """Pause the download, go on with it, or try it again."""
        item = self.meant
        if item is None or item.state.is_over:
            self.post_message(Notice("There is no download to pause."))
        elif item.state in {DownloadState.PAUSED, DownloadState.FAILED}:
            self._queue.resume(item.number)
        else:
            self._queue.pause(item.number)

    def cancel(self) -> bool:
        """Stop the download that is meant; say whether there was any."""
        item = self.meant
        if item is None or item.state.is_over:
            return False
        number = item.number

        def failed(error: HubtuiError) -> None:
            self.post_message(Notice(f"The download could not be stopped: {error}", "error"))

        # a paused one deletes what it kept: that is for a thread
        start(self, "cancel", lambda: self._queue.cancel(number), lambda _: None, failed, exclusive=False)
        return True

    # -- what is shown

    @property
    def _room(self) -> int:
        return max(30, self.size.width)

    def _say(self, *lines: Line) -> None:
        self._said = lines
        self._tell()

    def _tell(self) -> None:
        if self._facts is not None:
            self.show(*download_lines(self._items, self._facts, self._room, self.inks), *self._said)

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self._tell()
