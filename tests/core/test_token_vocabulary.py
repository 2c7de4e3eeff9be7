"""What is typed to look for tokens."""

from __future__ import annotations

import pytest

from hubtui.core.errors import UsageError
from hubtui.core.token_vocabulary import VocabularyQuery, parse_ids, parse_query


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", VocabularyQuery()),
        (" ", VocabularyQuery("text", " ")),
        ("the", VocabularyQuery("text", "the", any_case=True)),
        (" the", VocabularyQuery("text", " the", any_case=True)),
        ("The", VocabularyQuery("text", "The")),
        ("/^ing$/", VocabularyQuery("regex", "^ing$")),
        (" /a/b/i ", VocabularyQuery("regex", "a/b", any_case=True)),
        ("/", VocabularyQuery("text", "/", any_case=True)),
        ("//", VocabularyQuery("text", "//", any_case=True)),
        ("100-200", VocabularyQuery("range", ids=(100, 200))),
        ("100 – 200", VocabularyQuery("range", ids=(100, 200))),
        ("100..200", VocabularyQuery("range", ids=(100, 200))),
        ('"100-200"', VocabularyQuery("text", "100-200")),
        ("5", VocabularyQuery("near", ids=(5,))),
        ("5 319 393", VocabularyQuery("ids", ids=(5, 319, 393))),
        ("[5, 319, 393]", VocabularyQuery("ids", ids=(5, 319, 393))),
        ("5,319,\n393,", VocabularyQuery("ids", ids=(5, 319, 393))),
        ("v2", VocabularyQuery("text", "v2", any_case=True)),
        ("99999999999999999999", VocabularyQuery("near", ids=(2**31 - 1,))),
    ],
)
def test_what_is_typed_is_looked_for_as_it_was_meant(typed: str, query: VocabularyQuery) -> None:
    assert parse_query(typed) == query


def test_what_makes_no_sense_is_refused_with_the_next_step() -> None:
    with pytest.raises(UsageError, match="runs backwards"):
        parse_query("9-3")
    with pytest.raises(UsageError, match="no token ids"):
        parse_ids("five")
    with pytest.raises(UsageError, match="more than the 100,000"):
        parse_ids("1 " * 100_001)
