"""Naming what to compare with, and the figures of a comparison."""

from __future__ import annotations

import pytest

from hubtui.core.tokenizer_comparison import (
    Fertility,
    MeasuredText,
    SharedVocabulary,
    TextPiece,
    TokenizerMeasure,
    differing,
    named,
    settings_rows,
)
from tests.fakes_model import INFO, NO_PAD


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("org/other", ("org/other", None)),
        ("org/other@v1.0", ("org/other", "v1.0")),
        (" gpt2@refs/pr/1 ", ("gpt2", "refs/pr/1")),
        ("@v1.0", ("org/mine", "v1.0")),
        ("https://hub/org/other", ("https://hub/org/other", None)),
        ("./a@b", ("./a@b", None)),
    ],
)
def test_a_model_or_a_revision_of_this_one_can_be_named(text: str, meant: tuple[str, str | None]) -> None:
    assert named(text, "org/mine") == meant


def test_added_tokens_count_as_tokens_but_not_for_words_and_characters() -> None:
    pieces = [TextPiece("a", 1, 0, 1), TextPiece("?", 2, 2, 4, is_unknown=True)]
    measure = TokenizerMeasure(INFO, [MeasuredText("a bc", pieces, 2)], [])
    assert (measure.n_tokens, measure.n_added, measure.n_unknown) == (4, 2, 1)
    assert (measure.per_word, measure.per_character) == (1.0, 0.5)
    assert TokenizerMeasure(INFO, [MeasuredText("", [], 2)], []).per_word is None


def test_languages_without_blanks_are_counted_by_characters() -> None:
    assert Fertility("en", 6, 3, 12, 0).value == 2
    assert Fertility("zh", 6, 1, 12, 0).value == 0.5


def test_only_settings_that_differ_are_told() -> None:
    assert [name for name, _ in differing(settings_rows([INFO, NO_PAD]))] == ["algorithm", "class", "pad"]
    assert not differing(settings_rows([INFO, INFO]))


def test_the_same_vocabulary_has_the_same_ids() -> None:
    assert SharedVocabulary(5, 5, 5, 0, 5, 5, 5).is_same
    assert not SharedVocabulary(5, 5, 5, 1, 5, 5, 5).is_same
