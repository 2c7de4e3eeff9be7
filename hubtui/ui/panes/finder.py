"""Who answers searches: the Hub, or the catalogue of it on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubtui.core.query import Query

if TYPE_CHECKING:
    from hubtui.core.models import CatalogueStatus, Page, Quota
    from hubtui.core.ports import Services
    from hubtui.core.query_complete import Counts


class Finder:
    """Asks the one that was chosen. Its calls block, all but the attributes.

    Attributes:
        by_catalogue: the catalogue answers.
        status: what the catalogue holds, None before `learn`.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._chosen: bool | None = None
        self.by_catalogue = False
        self.status: CatalogueStatus | None = None

    @property
    def has_catalogue(self) -> bool:
        """Whether there is a catalogue that answers."""
        return self.status is not None and self.status.is_complete

    @property
    def words(self) -> str:
        """Who answers searches, where there is a choice: nothing without a catalogue."""
        if not self.has_catalogue:
            return ""
        if self._services.settings.offline:
            return "offline the catalogue answers searches"
        return f"{'the catalogue' if self.by_catalogue else 'the Hub'} answers searches, C changes that"

    def learn(self) -> Counts:
        """Read what the catalogue holds and return its counts; if there is one, it answers when chosen, or offline."""
        self.status = status = self._services.catalogue().status()
        if self._chosen is None:
            self._chosen = self._services.memory.asks_catalogue()
        self.by_catalogue = status.is_complete and (self._chosen or self._services.settings.offline)
        return self.counts(Query())

    def choose(self, *, catalogue: bool) -> None:
        """Let the catalogue answer from now on, or the Hub; does not block, `remember` does."""
        self._chosen = self.by_catalogue = catalogue

    def remember(self) -> None:
        """Keep the choice for the next time.

        Raises:
            LocalStateError: it cannot be written.
        """
        self._services.memory.ask_catalogue(bool(self._chosen))

    def page(self, query: Query, cursor: str | None, *, by_catalogue: bool) -> tuple[Page, Quota | None]:
        """Return one page of results, and what is left of the quota.

        The pages of one search all come from where its first one came from.
        """
        if by_catalogue:
            return self._services.catalogue().search(query, cursor=cursor), None
        hub = self._services.hub()
        return hub.search(query, cursor=cursor), hub.quota

    def counts(self, query: Query) -> Counts:
        """Return key → value → how many models there would be with that value; nothing without a catalogue."""
        return self._services.catalogue().counts(query) if self.has_catalogue else {}
