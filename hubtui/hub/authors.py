"""Organisation or user: `/api/organizations/{name}/overview`, and `/api/users/{name}/overview` where it is none."""

from __future__ import annotations

from typing import Any, Literal

from hubtui.core import listed
from hubtui.core.authors import Author
from hubtui.core.errors import HubError, HubUnreachableError, OfflineError, RateLimitedError
from hubtui.hub.http import HubHttp

_KINDS: tuple[tuple[str, Literal["organisation", "user"]], ...] = (
    ("organizations", "organisation"),
    ("users", "user"),
)


class Authors:
    """Asks once a session for each namespace: one request for an organisation, two for a user."""

    def __init__(self, http: HubHttp) -> None:
        self._http = http
        self._known: dict[str, Author | None] = {}

    def of(self, name: str) -> Author | None:
        """Return who owns a namespace, None when the Hub knows nobody of that name.

        Raises:
            HubError: the Hub cannot be asked.
        """
        if name not in self._known:
            self._known[name] = self._asked(name)
        return self._known[name]

    def _asked(self, name: str) -> Author | None:
        for plural, kind in _KINDS:
            try:
                document, _ = self._http.get_json(f"{self._http.endpoint}/api/{plural}/{name}/overview")
            except (HubUnreachableError, OfflineError, RateLimitedError):
                raise
            except HubError:
                continue  # the name is of the other kind
            if isinstance(document, dict):
                return _author(name, kind, document)
        return None


def _author(name: str, kind: Literal["organisation", "user"], document: dict[str, Any]) -> Author:
    return Author(
        name,
        kind,
        listed.text(document.get("fullname")),
        listed.count(document.get("numModels")),
        listed.count(document.get("numFollowers")),
    )
