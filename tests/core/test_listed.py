from __future__ import annotations

from datetime import UTC, datetime

from hubtui.core import listed


def test_dates_in_any_form_are_utc_or_nothing() -> None:
    assert listed.date("2024-02-19T10:57:45.000Z") == datetime(2024, 2, 19, 10, 57, 45, tzinfo=UTC)
    assert listed.date("2024-02-19T10:57:45") == datetime(2024, 2, 19, 10, 57, 45, tzinfo=UTC)
    assert listed.date("yesterday") is None
    assert listed.date(7) is None


def test_a_tag_that_is_no_word_costs_only_itself() -> None:
    assert listed.tags(["gguf", None, ["en"], "", "gguf", "\x07"]) == ("gguf", "\u2407")
    assert listed.tags("gguf") == ()


def test_formats_are_told_by_the_tags_before_the_task_the_safest_first() -> None:
    assert listed.formats_of(("pytorch", "safetensors", "fill-mask", "gguf"), "fill-mask") == ("safetensors", "pickle")
    assert listed.formats_of(("pytorch", "gguf"), "") == ("pickle", "gguf")


def test_the_size_of_a_gguf_file_counts_where_no_other_is_stated() -> None:
    assert listed.parameters({"parameters": {"BF16": 7, "?": None}, "total": 0}, {"total": 9}) == ({"BF16": 7}, 7)
    assert listed.parameters(None, {"total": 9.0}) == ({}, 9)
    assert listed.parameters([], {"total": -1}) == ({}, None)
