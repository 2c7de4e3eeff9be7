"""Pinned models side by side."""

from __future__ import annotations

from hubtui.core.errors import ModelNotFoundError
from hubtui.core.fit import Device, fit_of_facts
from hubtui.ui.panes.compare_table import Column, table
from hubtui.ui.panes.opened import Learned, OpenedModel
from tests.fake_rows import NOW, ROWS, facts_of
from tests.fakes_model import INFO
from tests.ui.inks import inks_of

_INKS = inks_of("dark")
_CPU = Device("CPU", "cpu", 32_000_000_000, 20_000_000_000)


def _column(at: int, learned: Learned | None = None) -> Column:
    facts = facts_of(ROWS[at])
    return Column(facts.id, OpenedModel(facts, fit_of_facts(facts, [_CPU])), learned=learned or Learned())


def _rows(columns: list[Column], width: int = 100) -> dict[str, str]:
    lines = ["".join(words for words, _ in line) for line in table(columns, width, NOW, _INKS)]
    return {line[2:15].strip(): line for line in lines}


def test_only_facts_that_differ_are_marked() -> None:
    rows = _rows([_column(0), _column(2)])
    assert rows["licence"].startswith("≠")
    assert rows["parameters"].startswith("≠")
    assert rows["task"].startswith(" ")


def test_what_is_not_known_of_one_model_is_no_difference() -> None:
    rows = _rows([_column(0, Learned(tokenizer=INFO)), _column(2)])
    assert "Unigram" in rows["tokenizer"]
    assert "–" in rows["tokenizer"]
    assert rows["tokenizer"].startswith(" ")


def test_a_model_that_cannot_be_had_leaves_the_others_readable() -> None:
    rows = _rows([_column(0), Column("gone/model", error=ModelNotFoundError("There is no model gone/model."))])
    assert "fill-mask" in rows["task"]
    assert "There is no model" in rows["task"]


def test_more_models_than_fit_make_the_table_wider_instead_of_unreadable() -> None:
    lines = table([_column(at) for at in range(8)], 80, NOW, _INKS)
    head = "".join(words for words, _ in lines[0])
    assert "camembert-base" in head
    assert len(head) > 80
