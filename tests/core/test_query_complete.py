from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.errors import QueryError
from hubtui.core.query import parse
from hubtui.core.query_complete import complete
from hubtui.core.query_keys import KEYS


def _texts(text: str, cursor: int | None = None) -> list[str]:
    return [entry.text for entry in complete(text, len(text) if cursor is None else cursor)]


def _applied(text: str, cursor: int, index: int = 0) -> str:
    entry = complete(text, cursor)[index]
    return text[: entry.start] + entry.text + text[entry.end :]


def test_an_empty_line_offers_every_key() -> None:
    assert _texts("") == [f"{key}:" for key in KEYS]


def test_the_beginning_of_a_key_offers_the_key() -> None:
    assert _texts("bert lic") == ["license:"]
    assert _texts("-lang") == ["language:"]
    assert _texts("-so") == [], "sort: cannot be excluded"


def test_a_word_that_begins_a_task_offers_the_task() -> None:
    assert "task:fill-mask" in _texts("fill")


def test_values_beginning_with_what_was_typed_come_first() -> None:
    assert _texts("task:text-")[0].startswith("text-")
    assert _texts("task:fill-mask,summ") == ["summarization"]
    assert _texts("language:Fren")[0] == "fr"
    assert "trending" in _texts("sort:")
    assert _texts("author:x") == []
    assert _texts("nokey:x") == []


def test_a_suggestion_replaces_only_the_word_under_the_cursor() -> None:
    assert _applied("bert tas fr", 8) == "bert task: fr"
    assert _applied("task:fill fr", 9) == "task:fill-mask fr"
    assert _applied("task:fi,summarization fr", 7) == "task:fill-mask,summarization fr"
    assert _applied('license:"mi', 11) == "license:mit"


@given(st.text(st.sampled_from('task:fil-"\\, lang<1B'), max_size=20), st.integers(-3, 25))
def test_completing_never_fails_and_stays_inside_the_text(text: str, cursor: int) -> None:
    for entry in complete(text, cursor):
        assert 0 <= entry.start <= entry.end <= len(text)


def test_every_suggested_value_can_be_read() -> None:
    for key in KEYS:
        for entry in complete(f"{key}:", len(key) + 1):
            try:
                parse(f"{key}:{entry.text}")
            except QueryError as error:  # pragma: no cover - the message is the point
                raise AssertionError(f"{key}:{entry.text} {error}") from error
