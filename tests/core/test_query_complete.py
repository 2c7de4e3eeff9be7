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


def test_a_name_that_is_typed_with_its_blanks_is_still_completed() -> None:
    assert _applied("bert task:Fill M", 16) == "bert task:fill-mask"
    assert _texts("task:text c") == ["text-classification"]
    assert _texts("license:apache l") == ["apache-2.0"]
    assert "base:" in _texts("language:fr b"), "fr stands by itself: a new part begins behind it"
    assert _texts("task:nothing l") == ["library:", "language:", "license:"]


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


def test_of_equally_good_values_the_most_frequent_come_first_with_their_counts() -> None:
    counts = {"task": {"text-ranking": 5, "text-generation": 900, "fill-mask": 3}}
    first, second, *rest = complete("task:text-", 10, counts)
    assert [(first.text, first.count), (second.text, second.count)] == [("text-generation", 900), ("text-ranking", 5)]
    assert {entry.count for entry in rest} == {None}
    assert complete("fill", 4, counts)[-1].count == 3, "also where the key was not typed"


def test_values_of_an_open_key_come_from_what_was_counted() -> None:
    counts = {
        "author": {"Qwen": 900, "quantum lab": 7},
        "task": {"no-such-task": 9},
        "license": {"apache2": 4, "own-7": 1},
    }
    assert [entry.text for entry in complete("author:q", 8, counts)] == ["Qwen", '"quantum lab"']
    assert "no-such-task" not in [entry.text for entry in complete("task:no", 7, counts)]
    offered = [entry.text for entry in complete("license:", 8, counts)]
    assert "own-7" in offered
    assert "apache2" not in offered, "it would be refused when typed"


@given(
    st.dictionaries(
        st.sampled_from(sorted(KEYS)), st.dictionaries(st.text(max_size=6), st.integers(0, 9), max_size=5), max_size=3
    )
)
def test_every_counted_suggestion_can_be_read(counts: dict[str, dict[str, int]]) -> None:
    for key in counts:
        for entry in complete(f"{key}:", len(key) + 1, counts):
            parse(f"{key}:{entry.text}")
