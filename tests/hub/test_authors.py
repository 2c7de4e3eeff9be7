"""Who owns a namespace."""

from __future__ import annotations

from typing import Any

import pytest

from hubtui.core.authors import Author
from hubtui.core.errors import HubError, HubUnreachableError
from hubtui.core.settings import Settings
from hubtui.hub.authors import Authors
from hubtui.hub.client import HubClient


class _Http:
    """Answers by the end of an address; what is not set is not there."""

    endpoint = "https://hub.test"

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get_json(self, url: str) -> tuple[Any, None]:
        self.asked.append(url)
        found = self.answers.get(url.removeprefix("https://hub.test/api/").removesuffix("/overview"))
        if isinstance(found, Exception):
            raise found
        if found is None:
            raise HubError("HTTP 404")
        return found, None


def _authors(http: _Http) -> Authors:
    return Authors(http)  # type: ignore[arg-type] # it asks for nothing else


def test_the_demo_hub_tells_organisations_from_users(demo_settings: Settings) -> None:
    hub = HubClient(demo_settings)
    found = hub.author("atelier")
    assert found is not None
    assert (found.name, found.kind) == ("atelier", "organisation")
    assert found.models
    user = hub.author("demo-user")
    assert user is not None
    assert (user.kind, user.full_name) == ("user", "Demo User")
    assert hub.author("nobody-of-that-name") is None
    assert hub.author("../../x") is None


def test_an_author_is_asked_for_once_a_session() -> None:
    http = _Http({"users/ada": {"fullname": "Ada\x1b[2J", "numModels": 3, "numFollowers": "many"}})
    authors = _authors(http)
    assert authors.of("ada") == authors.of("ada") == Author("ada", "user", "Ada␛[2J", 3, None)
    assert len(http.asked) == 2


@pytest.mark.parametrize("document", [[], "x", 3])
def test_an_answer_of_a_wrong_type_is_nobody(document: object) -> None:
    assert _authors(_Http({"organizations/ada": document})).of("ada") is None


def test_a_hub_that_does_not_answer_is_told_and_asked_again_later() -> None:
    http = _Http({"organizations/ada": HubUnreachableError("The Hub does not answer.")})
    authors = _authors(http)
    with pytest.raises(HubUnreachableError):
        authors.of("ada")
    http.answers = {"organizations/ada": {"fullname": "Ada Ltd"}}
    found = authors.of("ada")
    assert found is not None
    assert found.kind == "organisation"
