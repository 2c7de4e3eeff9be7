from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubtui.core.models import Gated, ModelRow
from hubtui.core.query import Query, parse, to_text
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
        ("tag:4-bit is:warm", {("filter", "4-bit"), ("inference", "warm")}),
        ("provider:groq,together", {("inference_provider", "groq"), ("inference_provider", "together")}),
    ],
)
def test_what_the_hub_can_filter_is_left_to_the_hub(text: str, params: set[tuple[str, str]]) -> None:
    asked = set(plan(parse(text)).params)
    sort = "lastModified" if "sort" in text else "trendingScore"
    assert asked == params | {("sort", sort)}


@pytest.mark.parametrize(
    "text",
    [
        "-license:mit",
        "license:a,b,c,d,e",
        "-bert",
        "is:card",
        "-is:warm",
        "-provider:groq",
        "fits:yes",
        "size:<3B",
        "task:a",
    ],
)
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
        ("author:almanach", True),
        ("author:Almanach", False),
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


@pytest.mark.parametrize(
    ("text", "branches", "remaining"),
    [
        ("language:fr,en", ["filter=fr", "filter=en"], ""),
        ("task:fill-mask,translation bert", ["pipeline_tag=fill-mask", "pipeline_tag=translation"], ""),
        ("author:a,b -c", ["author=a", "author=b"], "-c"),
        ("is:gguf,onnx", ["filter=gguf", "filter=onnx"], ""),
        ("size:1B,8B", ["num_parameters=min:900M,max:1100M", "num_parameters=min:7200M,max:8800M"], "size:1B,8B"),
        (
            "language:fr,en license:mit,gemma",
            [
                "filter=fr&filter=license:mit",
                "filter=fr&filter=license:gemma",
                "filter=en&filter=license:mit",
                "filter=en&filter=license:gemma",
            ],
            "",
        ),
        ("language:fr,en,de app:vllm,jan", ["apps=vllm", "apps=jan"], "language:fr,en,de"),
        ("language:a1,fr,en,de,nl", [], "language:a1,fr,en,de,nl"),
        ("-language:fr,en is:cached,gguf", [], "-language:fr,en is:cached,gguf"),
        ("task:fill-mask task:summarization,translation", [], "task:summarization,translation"),
    ],
)
def test_few_alternatives_are_asked_as_listings_of_their_own(text: str, branches: list[str], remaining: str) -> None:
    text, remaining = text.replace("a1", "aa"), remaining.replace("a1", "aa")
    planned = plan(parse(text))
    assert ["&".join(f"{key}={value}" for key, value in branch) for branch in planned.branches] == branches
    assert to_text(Query(planned.remaining)) == remaining


def test_a_row_is_asked_for_more_only_when_the_search_needs_it() -> None:
    assert plan(parse("task:fill-mask is:warm provider:groq")).fields == ()
    assert plan(parse("is:card")).fields == ("siblings",)
    assert plan(parse("-is:warm -provider:groq")).fields == ("inference", "inferenceProviderMapping")


def test_the_smallest_come_first_only_among_those_of_known_size() -> None:
    assert plan(parse("sort:smallest")).params == (
        ("sort", "num_parameters"),
        ("direction", "1"),
        ("num_parameters", "min:1"),
    )
    assert plan(parse("sort:smallest size:<3B")).params[-1] == ("direction", "1")
    assert plan(parse("sort:largest")).params == (("sort", "num_parameters"),)


def test_a_row_is_judged_by_what_it_was_asked_for() -> None:
    row = replace(_ROW, has_card=False, is_warm=True, providers=("groq",))
    for text, holds in {
        "is:card": False,
        "-is:card": True,
        "is:warm": True,
        "provider:groq": True,
        "-provider:groq": False,
        "provider:all": True,
        "-provider:together": True,
        "tag:dataset:oscar": True,
        "tag:moe": False,
    }.items():
        found = plan(parse(text))
        assert replace(found, remaining=parse(text).parts).matches(row, _context()) is holds, text


def test_what_only_the_hub_knows_is_said_when_it_is_not_asked() -> None:
    assert [term.key for term in plan(parse("app:vllm bert"), by_hub=False).hub_only] == ["app"]
    planned = plan(parse("is:cached provider:groq is:warm"))
    assert [term.key for term in planned.hub_only] == ["provider", "is"]
    assert plan(parse("is:bookmarked provider:groq")).fields == ("inferenceProviderMapping",)
