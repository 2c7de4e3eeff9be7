"""What truncation will drop is told before it does, and what a line costs is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubtui.core.tokens import TextStatistics, TokenizeOptions, TokenWindow
from hubtui.demo import repos
from hubtui.worker.tokenizers.cutting import dropped_range
from hubtui.worker.tokenizers.live import LiveView
from hubtui.worker.tokenizers.reference import load_auto
from hubtui.worker.tokenizers.statistics import statistics_of

_REPOS = Path(next(iter(repos.__path__)))


@pytest.mark.parametrize(
    "name", ["demo/tiny-bert-en", "demo/tiny-camembert-fr", "demo/tiny-gpt2-stories", "demo/tiny-t5-en-fr"]
)
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("limit", [3, 7, 12])
def test_the_tokens_that_are_marked_are_those_that_autotokenizer_drops(name: str, side: str, limit: int) -> None:
    loaded = load_auto("m", _REPOS / name / "main", None)
    tokenizer = loaded.tokenizer
    tokenizer.truncation_side = side
    text = "the small dragon looked at the moon and said nothing at all to the knight"
    whole = tokenizer(text, return_special_tokens_mask=True)
    cut = tokenizer(text, truncation=True, max_length=limit)["input_ids"]
    dropped = dropped_range(whole["special_tokens_mask"], limit, side)
    assert [number for at, number in enumerate(whole["input_ids"]) if at not in dropped] == cut


def test_a_text_within_the_limit_loses_nothing() -> None:
    assert not dropped_range([1, 0, 0, 1], 4, "right")
    assert not dropped_range([1, 0, 0, 1], None, "right")


def test_words_of_several_tokens_are_counted_as_split() -> None:
    offsets = [(0, 0), (0, 3), (3, 7), (7, 10), (10, 11), (0, 0)]
    assert statistics_of("the dragon.", offsets, [1, 0, 0, 0, 0, 1]) == TextStatistics(11, 11, 4, 2, 1, 0)


def test_a_character_that_tokens_share_is_counted_once() -> None:
    found = statistics_of("🧀 é", [(0, 1), (0, 1), (0, 1), (1, 2), (2, 3), (2, 3)], [0] * 6)
    assert (found.split_clusters, found.n_bytes, found.characters) == (2, 7, 3)


def test_the_token_under_the_text_cursor_is_found_and_the_windows_go_there() -> None:
    live = LiveView(load_auto("m", _REPOS / "demo/tiny-bert-en" / "main", None))
    text = "the small dragon\n" + "the moon " * 400
    view = live.type(1, text, TokenizeOptions(), TokenWindow(rows=20, pieces=90, caret=(1, 9 * 300 + 5)))
    assert view.hand is not None
    row = view.rows[view.hand - view.window.first_row]
    assert row.sequence == 1
    assert row.start <= 9 * 300 + 5 < row.end
    assert row in view.pieces
    assert {row.id - 1, row.id + 1} <= set(view.neighbours)
    again = live.look(2, TokenWindow(rows=20, pieces=90, hand=0))
    assert again is not None
    assert (again.hand, again.window.first_piece) == (0, 0)
