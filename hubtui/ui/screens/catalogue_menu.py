"""The catalogue of the Hub on this machine: who answers searches, syncing it in the background, dropping it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from hubtui.core.errors import CancelledError, HubtuiError
from hubtui.core.models import CatalogueProgress, CatalogueStatus
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services
from hubtui.ui import clock, work
from hubtui.ui.messages import Severity
from hubtui.ui.panes.search import SearchPane
from hubtui.ui.screens.picker import Entry, Picker
from hubtui.ui.text import ago, plural, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHAT_IT_IS = (
    "Names and facts of all models of the Hub, kept on this machine: answers as you type, exact counts, typing errors "
    "forgiven, no calls of the quota, and it works offline."
)


class CatalogueMenu:
    """Opens the menu and keeps what goes on behind it.

    Args:
        screen: where the menu opens, and whose workers sync.
        services: the catalogue among them.
        search: the pane whose searches it may answer.
        say: puts a line at the edge of the screen.
    """

    class Progressed(Message):
        """A sync came further, or ended; sent from its thread."""

        def __init__(self, progress: CatalogueProgress | None) -> None:
            super().__init__()
            self.progress = progress

        def can_replace(self, message: Message) -> bool:
            """Let a newer state stand for an older one that nobody has seen yet."""
            return isinstance(message, CatalogueMenu.Progressed)

    def __init__(
        self, screen: Screen[None], services: Services, search: SearchPane, say: Callable[[str, Severity], None]
    ) -> None:
        self._screen, self._services, self._search, self._say = screen, services, search, say
        self._stop: threading.Event | None = None
        self.progress: CatalogueProgress | None = None

    @property
    def is_syncing(self) -> bool:
        """Whether a sync goes on."""
        return self._stop is not None

    @property
    def words(self) -> str:
        """What the top line says of the catalogue: a sync that goes on, or how old that is which answers."""
        if self.is_syncing:
            return f"catalogue: {progress_words(self.progress)}"
        status = self._search.finder.status
        if not self._search.finder.by_catalogue or status is None:
            return ""
        return f"catalogue, {whole(status.models)} models, {_age(status)}"

    def open(self) -> None:
        """Show what the catalogue holds and what can be done with it."""
        self._search.learn_catalogue(self._show)

    def _show(self) -> None:
        status = self._search.finder.status or CatalogueStatus()
        picker = Picker(
            "The catalogue", self._entries(status), note=_note(status, is_offline=self._services.settings.offline)
        )
        acts: Mapping[str, Callable[[], None]] = {
            "hub": lambda: self._use(catalogue=False),
            "catalogue": lambda: self._use(catalogue=True),
            "sync": lambda: self.sync(full=False),
            "full": lambda: self.sync(full=True),
            "stop": self.stop,
            "drop": self._drop,
        }

        def answered(name: str | None) -> None:
            if name is not None:
                acts[name]()

        self._screen.app.push_screen(picker, answered)

    def _entries(self, status: CatalogueStatus) -> list[Entry]:
        entries: list[Entry] = []
        if self._search.finder.by_catalogue:
            if not self._services.settings.offline:
                entries.append(Entry("hub", "ask the Hub", "searches go to the Hub again"))
        elif status.is_complete:
            entries.append(Entry("catalogue", "search here", "the catalogue answers searches"))
        if self.is_syncing:
            entries.append(Entry("stop", "stop the sync", "the next one goes on where it stopped"))
        elif not self._services.settings.offline:
            entries.append(Entry("sync", "sync", _sync_words(status, is_demo=self._services.settings.is_demo)))
            if status.is_complete:
                entries.append(Entry("full", "sync all of it", "also forgets models that are gone from the Hub"))
        if (status.is_complete or status.is_interrupted) and not self.is_syncing:
            entries.append(Entry("drop", "drop", f"frees {size_text(status.bytes_on_disk)}"))
        return entries

    def _use(self, *, catalogue: bool) -> None:
        self._search.answer_by(catalogue=catalogue)
        self._say("The catalogue answers searches." if catalogue else "The Hub answers searches.", "information")

    def sync(self, *, full: bool) -> None:
        """Sync in the background; searches go on meanwhile."""
        if self.is_syncing:
            return
        stop = self._stop = threading.Event()

        def told(progress: CatalogueProgress) -> None:
            self._screen.post_message(self.Progressed(progress))

        def call() -> CatalogueStatus:
            return self._services.catalogue().sync(told, stop.is_set, full=full)

        work.start(self._screen, "catalogue-sync", call, self._synced, self._failed)
        self._screen.post_message(self.Progressed(CatalogueProgress("listing")))

    def stop(self) -> None:
        """Stop the sync; the next one goes on where it stopped."""
        if self._stop is not None:
            self._stop.set()

    def _synced(self, status: CatalogueStatus) -> None:
        was_there = self._search.finder.has_catalogue
        self._ended()
        held = f"The catalogue holds {plural(status.models, 'model')}"
        if was_there:
            self._say(f"{held}.", "information")
        else:
            self._search.answer_by(catalogue=True)
            self._say(f"{held} and answers searches; C gives them back to the Hub.", "information")

    def _failed(self, error: HubtuiError) -> None:
        self._ended()
        if isinstance(error, CancelledError):
            self._say("The sync was stopped; the next one goes on from there.", "information")
        else:
            self._say(str(error), "error")

    def _ended(self) -> None:
        self._stop = None
        self._screen.post_message(self.Progressed(None))
        self._search.learn_catalogue()

    def _drop(self) -> None:
        def done(_: None) -> None:
            self._search.answer_by(catalogue=False)
            self._say("The catalogue was dropped.", "information")
            self._search.learn_catalogue()

        work.start(
            self._screen,
            "catalogue-drop",
            lambda: self._services.catalogue().drop(),
            done,
            lambda error: self._say(str(error), "error"),
        )


def progress_words(progress: CatalogueProgress | None) -> str:
    """Return how far a sync is: `listing 12,000 of 35,000`, `waiting 2 min for the quota`."""
    if progress is None:
        return "starting"
    if progress.stage == "waiting":
        return f"waiting {progress.wait_s:.0f} s for the Hub's quota"
    is_bytes = progress.stage == "downloading"
    done = size_text(progress.done) if is_bytes else whole(progress.done)
    if progress.total is None:
        return f"{progress.stage} {done}"
    return f"{progress.stage} {done} of {size_text(progress.total) if is_bytes else whole(progress.total)}"


def _age(status: CatalogueStatus) -> str:
    return f"{ago(status.synced, clock.now())}" if status.synced else "of unknown age"


def _note(status: CatalogueStatus, *, is_offline: bool) -> str:
    if status.is_complete:
        held = (
            f"{plural(status.models, 'model')} of {status.source}, {_age(status)}, {size_text(status.bytes_on_disk)}."
        )
        return f"{held} {status.next_step}".strip()
    online = " Start hubtui without --offline to fill it." if is_offline else ""
    if status.is_interrupted:
        return f"{_WHAT_IT_IS} A sync was cut off after {whole(status.fetched)} models.{online}"
    return f"{_WHAT_IT_IS} There is none yet.{online}"


def _sync_words(status: CatalogueStatus, *, is_demo: bool) -> str:
    if status.is_interrupted:
        return "goes on where the last sync was cut off"
    if status.is_complete:
        return "fetches what changed since"
    return "fetches all models" if is_demo else "some 2,500 calls: half an hour, 400 MB"
