from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core import tasks, vocabulary
from hubtui.core.errors import QueryError
from hubtui.core.query import (
    Query,
    Term,
    Word,
    parse,
    part_text,
    to_text,
    value_of,
    with_term,
    with_words,
    without,
    without_part,
)
from hubtui.core.query_keys import KEYS, format_count, parse_count, size_range

_PLAIN = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(lambda text: text.strip())
_SIZES = st.builds(
    lambda form, low, high: form.format(low=min(low, high), high=max(low, high)),
    st.sampled_from(["<{high}M", ">={low}K", "{low}..{high}", "{low}B", "..{high}M", "{low}.5M.."]),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _terms(key: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    most = 1 if KEYS[key].is_single else 3
    signs = st.sampled_from(["", "-"]) if KEYS[key].is_negatable else st.just("")
    listed = st.lists(values.map(_quoted), min_size=1, max_size=most)
    return st.builds(lambda sign, found: f"{sign}{key}:{','.join(found)}", signs, listed)


_PARTS = st.one_of(
    st.builds(lambda sign, text: sign + _quoted(text), st.sampled_from(["", "-"]), _PLAIN),
    st.from_regex(r"-?[a-z0-9._]{1,10}", fullmatch=True),
    *(_terms(key, _PLAIN) for key in ("author", "dataset", "base", "license", "language")),
    _terms("task", st.sampled_from([*tasks.all_ids(), "Fill-Mask", "Text Generation"])),
    _terms("library", st.sampled_from(sorted(vocabulary.libraries()))),
    _terms("size", _SIZES),
    _terms("is", st.sampled_from(["cached", "bookmarked", "safetensors", "GGUF"])),
)
_QUERIES = st.lists(_PARTS, max_size=6).map(" ".join)


@given(_QUERIES)
def test_a_search_survives_being_printed_and_read_again(text: str) -> None:
    query = parse(text)
    printed = to_text(query)
    assert parse(printed) == query
    assert to_text(parse(printed)) == printed, "the printed text is canonical"


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from([*KEYS, ":", "-", '"', ",", " ", "a", "<", "1B", ".."])).map("".join)
)
def test_whatever_is_typed_is_read_or_refused_at_a_place_inside_the_text(text: str) -> None:
    refused: QueryError | None = None
    try:
        query = parse(text)
    except QueryError as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.position < len(text)
        assert refused.message
    else:
        assert parse(to_text(query)) == query


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("  bert   large ", "bert large"),
        ("task:Fill-Mask", "task:fill-mask"),
        ('task:"fill mask",TEXT-GENERATION', "task:fill-mask,text-generation"),
        ("TASK:fill-mask", "task:fill-mask"),
        ("language:French", "language:fr"),
        ("language:zz", "language:zz"),
        ('license:"MIT License"', "license:mit"),
        ("library:Transformers", "library:transformers"),
        ("size:1500m..8b", "size:1.5B..8B"),
        ("size:..8B", "size:<=8B"),
        ("size:<3B", "size:<3B"),
        ("size:124439808", "size:124.439808M"),
        ("-library:gguf -tiny", "-library:gguf -tiny"),
        ('"a:b" -"-x"', '"a:b" -"-x"'),
        ("author:a,a,b", "author:a,b"),
        ("bert bert", "bert"),
        ('author:"a b","c,d"', 'author:"a b","c,d"'),
        ("base:almanach/camembert-base", "base:almanach/camembert-base"),
    ],
)
def test_a_search_has_one_spelling(text: str, canonical: str) -> None:
    assert to_text(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "position", "suggestion"),
    [
        ("bert tsk:fill-mask", 5, "task:"),
        ("task:fil-mask", 5, "fill-mask"),
        ("task:fill-mask,tex-generation", 15, "text-generation"),
        ("library:transfomers", 8, "transformers"),
        ("sort:download", 5, "downloads"),
        ("is:cashed", 3, "cached"),
        ("gated:7", 6, ""),
        ("fits:ye", 5, "yes"),
        ("size:8B..1B", 5, "1B..8B"),
        ("size:big", 5, ""),
        ("size:<0", 5, ""),
        ("task:", 4, ""),
        ("author:a,,b", 8, ""),
        ("sort:likes sort:downloads", 11, ""),
        ("sort:likes,downloads", 11, ""),
        ("-sort:likes", 0, ""),
        ("a -", 2, ""),
        (":)", 0, ""),
        ('bert "open', 5, ""),
        ('author:"a"b', 10, ""),
        ('""', 0, ""),
    ],
)
def test_what_is_wrong_is_named_at_its_place_with_the_nearest_valid_word(
    text: str, position: int, suggestion: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.suggestion) == (position, suggestion)


def test_the_filter_panel_edits_only_the_term_it_shows() -> None:
    query = parse("bert task:fill-mask -license:mit language:fr")
    assert (
        to_text(with_term(query, "task", ["text-generation"])) == "bert task:text-generation -license:mit language:fr"
    )
    assert to_text(with_term(query, "license", ["apache-2.0"])).endswith("language:fr license:apache-2.0")
    assert to_text(with_term(query, "license", [], negated=True)) == "bert task:fill-mask language:fr"
    assert to_text(with_term(query, "sort", ["likes"])).endswith("sort:likes")
    assert to_text(with_words(query, "roberta  large")) == "roberta large task:fill-mask -license:mit language:fr"
    assert value_of(query, "license") == ()
    assert value_of(query, "license", negated=True) == ("mit",)


def test_taking_a_value_away_keeps_the_others() -> None:
    query = parse("language:fr,en bert")
    assert to_text(without(query, "language", "fr")) == "language:en bert"
    assert to_text(without(without(query, "language", "fr"), "language", "en")) == "bert"
    assert to_text(without(query, "language")) == "bert"
    assert to_text(without_part(query, Word("bert"))) == "language:fr,en"


def test_a_panel_cannot_write_a_search_that_could_not_be_typed() -> None:
    for key, values, negated in (("tsk", ["x"], False), ("sort", ["likes", "downloads"], False), ("app", ["x"], True)):
        with pytest.raises(QueryError):
            with_term(Query(), key, values, negated)


def test_a_chip_shows_its_part_as_it_is_typed() -> None:
    assert part_text(Term("language", ("fr", "en"), negated=True)) == "-language:fr,en"


def test_the_order_is_trending_until_another_is_asked_for() -> None:
    assert parse("bert").sort == "trending"
    assert parse("bert sort:likes").sort == "likes"


@given(st.integers(0, 10**15))
def test_a_number_of_weights_is_printed_exactly(count: int) -> None:
    assert parse_count(format_count(count)) == count


def test_a_bare_size_means_what_model_names_mean_by_it() -> None:
    assert 6_738_415_616 in size_range("7B")  # Llama-2-7b
    assert 8_030_261_248 not in size_range("7B")  # Llama-3.1-8B
    assert 3_000_000_000 not in size_range("<3B")
    assert 3_000_000_000 in size_range("<=3B")
    assert None not in size_range(">1")
