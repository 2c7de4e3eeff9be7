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
        self.by_catalogue = False
        self.status: CatalogueStatus | None = None

    @property
    def has_catalogue(self) -> bool:
        """Whether there is a catalogue that answers."""
        return self.status is not None and self.status.is_complete

    def learn(self) -> Counts:
        """Read what the catalogue holds and return its counts; offline it answers from then on, if there is one."""
        self.status = status = self._services.catalogue().status()
        self.by_catalogue = status.is_complete and (self.by_catalogue or self._services.settings.offline)
        return self.counts(Query())

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
