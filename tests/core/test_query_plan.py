from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubtui.core.models import Gated, ModelRow
from hubtui.core.query import parse
from hubtui.core.query_plan import RowContext, plan

if TYPE_CHECKING:
    from hubtui.core.fit import Verdict

_ROW = ModelRow(
    "almanach/camembert-base",
    pipeline_tag="fill-mask",
    library="transformers",
    license="mit",
    languages=("fr",),
    parameters=110_622_000,
    formats=("safetensors", "pickle"),
    tags=("transformers", "fr", "license:mit", "dataset:oscar", "base_model:a/b"),
    base_models=("a/b",),
    is_cached=True,
)


def _context(verdict: Verdict = "fits") -> RowContext:
    return RowContext({"almanach/camembert-base"}.__contains__, lambda _: verdict)


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("bert base", {("search", "bert base")}),
        ("task:fill-mask", {("pipeline_tag", "fill-mask")}),
        ("license:mit dataset:oscar", {("filter", "license:mit"), ("filter", "dataset:oscar")}),
        ("base:a/b language:fr", {("filter", "base_model:a/b"), ("filter", "fr")}),
        ("gated:no", {("gated", "false")}),
        ("-gated:no", {("gated", "true")}),
        ("size:1B..8B", {("num_parameters", "min:1B,max:8B")}),
        ("size:<3B", {("num_parameters", "max:3000M")}),
        ("size:>1.23456B", {("num_parameters", "min:1234M")}),
        ("is:safetensors", {("filter", "safetensors")}),
        ("app:vllm provider:groq", {("apps", "vllm"), ("inference_provider", "groq")}),
        ("author:google", {("author", "google")}),
        ("sort:updated", set()),
    ],
)
def test_what_the_hub_can_filter_is_left_to_the_hub(text: str, params: set[tuple[str, str]]) -> None:
    asked = set(plan(parse(text)).params)
    sort = "lastModified" if "sort" in text else "trendingScore"
    assert asked == params | {("sort", sort)}


@pytest.mark.parametrize("text", ["-license:mit", "license:mit,apache-2.0", "-bert", "fits:yes", "size:<3B", "task:a"])
def test_what_the_hub_cannot_filter_remains_for_this_side(text: str) -> None:
    text = text.replace("task:a", "task:fill-mask task:summarization")
    assert plan(parse(text)).remaining


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("camembert", True),
        ("CamemBERT -large", True),
        ("gpt2", False),
        ("task:fill-mask,summarization", True),
        ("-task:fill-mask", False),
        ("library:transformers license:mit language:fr", True),
        ("author:Almanach", True),
        ("-author:google", True),
        ("dataset:oscar base:a/b", True),
        ("dataset:c4", False),
        ("size:<1B", True),
        ("size:>1B", False),
        ("size:110M", True),
        ("gated:no", True),
        ("-gated:no", False),
        ("is:cached is:bookmarked is:pickle", True),
        ("is:gguf,onnx", False),
        ("-is:cached", False),
        ("fits:yes", True),
        ("fits:no", False),
    ],
)
def test_rows_are_filtered_on_this_side_as_the_hub_would(text: str, holds: bool) -> None:
    assert plan(parse(text), by_hub=False).matches(_ROW, _context()) is holds


def test_a_row_whose_fit_is_unknown_neither_fits_nor_not() -> None:
    for text in ("fits:yes", "fits:no"):
        assert not plan(parse(text)).matches(_ROW, _context("unknown"))
    assert plan(parse("fits:yes")).matches(_ROW, _context("tight"))


def test_a_row_of_unknown_size_is_not_of_any_size() -> None:
    row = ModelRow("a/b", gated=Gated.MANUAL)
    assert not plan(parse("size:<3B")).matches(row, _context())
    assert plan(parse("gated:yes"), by_hub=False).matches(row, _context())


def test_only_what_is_here_is_looked_at_when_only_that_is_asked_for() -> None:
    assert plan(parse("is:cached bert")).only == "cached"
    assert plan(parse("is:bookmarked")).only == "bookmarked"
    assert plan(parse("is:cached,safetensors")).only == ""
    assert plan(parse("-is:cached")).only == ""


def test_what_only_the_hub_knows_is_said_when_it_is_not_asked() -> None:
    assert [term.key for term in plan(parse("app:vllm bert"), by_hub=False).hub_only] == ["app"]
