"""What the five tabs of the model pane share: values come in, workers fetch, the main loop changes widgets."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from textual.message import Message
from textual.widget import Widget

from hubtui.core.downloads import DownloadItem
from hubtui.core.errors import HubtuiError
from hubtui.core.models import FileEntry, ModelFacts, Snapshot
from hubtui.core.ports import Services
from hubtui.ui.panes.opened import Learned, OpenedCard, OpenedModel
from hubtui.ui.work import in_thread, own_fault

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Progressed(Message, bubble=False):
    """A download that this tab waits for got further, or was paused; sent from any thread."""

    def __init__(self, item: DownloadItem) -> None:
        super().__init__()
        self.item = item

    def can_replace(self, message: Message) -> bool:
        """Let a newer state stand for an older one that nobody has seen yet."""
        return isinstance(message, Progressed)


class BusyChanged(Message):
    """A tab began or ended a run."""


class ModelTab(Widget):
    """One tab: it is handed the open model, then its card, and keeps its own state between visits."""

    key_context: ClassVar[str] = "model"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.opened: OpenedModel | None = None
        self.card: OpenedCard | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something goes on here that quitting would lose."""
        return False

    @property
    def facts(self) -> ModelFacts:
        """Facts of the open model.

        Raises:
            LookupError: no model was opened yet.
        """
        if self.opened is None:
            raise LookupError
        return self.opened.facts

    def show(self, opened: OpenedModel) -> None:
        """Begin with another model, or another revision of it."""
        self.opened, self.card = opened, None

    def show_card(self, card: OpenedCard) -> None:
        """Take the card of the open model, which comes after the facts."""
        self.card = card

    def show_pins(self, pins: Sequence[str], learned: Mapping[str, Learned]) -> None:
        """Take the pinned models, in the order of pinning, and what this session found out about models."""

    def focus_first(self) -> None:
        """Put the focus where keys are most useful."""

    def retry(self) -> bool:
        """Try again what failed in this tab; say whether there was anything."""
        return False

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what can be copied here: (what it is, the text)."""
        return ()

    def await_work(
        self, group: str, work: Coroutine[Any, Any, T], done: Callable[[T], None], failed: Callable[[HubtuiError], None]
    ) -> None:
        """Run a coroutine of a service; `done` or `failed` is called on the loop, unless newer work replaced this.

        As `ui.work.start`, for calls that do not block.
        """

        async def follow() -> None:
            try:
                result = await work
            except HubtuiError as error:
                failed(error)
            except Exception as error:  # noqa: BLE001 - logged, and told to the user
                _log.exception("%s failed", group)
                failed(own_fault(error))
            else:
                done(result)

        self.run_worker(follow(), group=group, exclusive=True, exit_on_error=False)

    async def fetch_files(self, facts: ModelFacts, purpose: str, besides: Sequence[FileEntry] = ()) -> Snapshot:
        """Bring the files that a purpose needs, and some besides; the Files tab shows it like any other download.

        Progress comes as `Progressed`. Cancelling stops it: the download of a run is then paused, and a tokenizer's
        forgotten, unless the user asked for the same files.
        """
        stop = threading.Event()
        queue = self.services.queue()

        def told(item: DownloadItem) -> None:
            self.post_message(Progressed(item))

        def bring() -> Snapshot:
            wanted = (*self.services.downloads().needed(facts, purpose), *besides)
            return queue.bring(facts, wanted, told=told, is_cancelled=stop.is_set, stays=purpose == "run")

        try:
            return await in_thread(bring)
        finally:
            stop.set()
