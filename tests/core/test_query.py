from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

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
    switched,
    to_text,
    value_of,
    with_term,
    with_words,
    without,
    without_part,
)
from hubtui.core.query_keys import KEYS, format_count, parse_count, size_range
from hubtui.core.query_plan import plan

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
    most = KEYS[key].most or 3
    signs = st.sampled_from(["", "-"]) if KEYS[key].is_negatable else st.just("")
    listed = st.lists(values.map(_quoted), min_size=1, max_size=most)
    return st.builds(lambda sign, found: f"{sign}{key}:{','.join(found)}", signs, listed)


_PARTS = st.one_of(
    st.builds(lambda sign, text: sign + _quoted(text), st.sampled_from(["", "-"]), _PLAIN),
    st.from_regex(r"-?[a-z0-9._]{1,10}", fullmatch=True),
    *(_terms(key, _PLAIN) for key in ("author", "dataset", "base", "tag")),
    _terms("license", st.sampled_from([*vocabulary.licenses(), "MIT License", "x-own-7"])),
    _terms("language", st.sampled_from([*vocabulary.languages(), "French", "zh-Hant", "tlh"])),
    _terms("app", st.sampled_from([*vocabulary.apps(), "vLLM"])),
    _terms("provider", st.sampled_from(sorted(vocabulary.providers()))),
    *(_terms(key, st.sampled_from(sorted(KEYS[key].choices()))) for key in ("gated", "fits", "sort")),
    _terms("task", st.sampled_from([*tasks.all_ids(), "Fill-Mask", "Text Generation"])),
    _terms("library", st.sampled_from(sorted(vocabulary.libraries()))),
    _terms("size", _SIZES),
    _terms("is", st.sampled_from(["cached", "bookmarked", "safetensors", "GGUF", "card", "warm"])),
)
_QUERIES = st.lists(
    _PARTS,
    max_size=6,
    unique_by=lambda part: _key(part) if KEYS.get(_key(part)) and KEYS[_key(part)].stands_once else part,
).map(" ".join)


def _key(part: str) -> str:
    return part.lstrip("-").partition(":")[0]


def _refusal(text: str) -> QueryError | None:
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


def _corrected(text: str, error: QueryError) -> str:
    """The text with the suggestion in the place of the wrong word, as the search line does it."""
    rest = text[error.position :]
    wrong = re.match(r"[^\s:]*:" if error.suggestion.endswith(":") else r'"[^"]*"|[^\s,]*', rest)
    assert wrong is not None
    return text[: error.position] + error.suggestion + rest[wrong.end() :]


def _misspelt(word: str, at: int, how: str) -> str:
    at %= len(word)
    changed = {
        "lost": word[:at] + word[at + 1 :],
        "twice": word[:at] + word[at] + word[at:],
        "wrong": word[:at] + "j" + word[at + 1 :],
    }
    return changed[how]


_CLOSED = {key: sorted(KEYS[key].choices()) for key in ("task", "library", "app", "provider", "sort", "is")}


@given(
    st.sampled_from([(key, value) for key, values in _CLOSED.items() for value in values if len(value) > 3]),
    st.integers(0, 40),
    st.sampled_from(["lost", "twice", "wrong"]),
)
def test_a_misspelt_value_is_accepted_as_another_or_named_with_one_that_can_be_read(
    term: tuple[str, str], at: int, how: str
) -> None:
    key, value = term
    text = f"bert {key}:{_misspelt(value, at, how)} size:<3B"
    error = _refusal(text)
    if error is not None:
        assert error.position == len(f"bert {key}:")
        assert error.suggestion, text
        parse(_corrected(text, error))


@given(
    st.sampled_from([key for key in KEYS if len(key) > 2]),
    st.integers(0, 20),
    st.sampled_from(["lost", "twice", "wrong"]),
)
def test_a_misspelt_key_is_named_with_one_that_can_be_read(key: str, at: int, how: str) -> None:
    value = next(iter(KEYS[key].choices()), "x")
    wrong = _misspelt(key, at, how)
    text = f"bert {wrong}:{value}"
    error = _refusal(text)
    if error is not None and wrong not in KEYS:
        assert (error.position, error.suggestion[-1:]) == (5, ":"), text
        if error.suggestion == f"{key}:":
            parse(_corrected(text, error))


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
        ("language:zh-Hant", "language:zh-Hant"),
        ("task:NER,sentiment-analysis", "task:token-classification,text-classification"),
        ("license:own-terms-7", "license:own-terms-7"),
        ("app:vLLM,LM-Studio", "app:vllm,lmstudio"),
        ("-provider:groq provider:together", "-provider:groq provider:together"),
        ("tag:4-bit tag:region:us", "tag:4-bit tag:region:us"),
        ("is:card -is:warm sort:smallest", "is:card -is:warm sort:smallest"),
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
        ("license:apache2", 8, "apache-2.0"),
        ("language:Frnch", 9, "fr"),
        ("language:Qwxzvish", 9, ""),
        ("app:olama", 4, "ollama"),
        ("app:vllm,ollama,jan,tgi,msty", 24, ""),
        ("app:vllm app:jan", 9, ""),
        ("provider:grok", 9, "groq"),
        ("fits:ye", 5, "yes"),
        ("size:8B..1B", 5, "1B..8B"),
        ("size:big", 5, ""),
        ("bert task:Fill Mask fr", 10, "fill-mask"),
        ("library:Sentence Transformers", 8, "sentence-transformers"),
        ("size:< 3B", 5, "<3B"),
        ("task:fill-mask,Text Classification", 15, "text-classification"),
        ("license:gpl3 of some kind or other", 8, "gpl"),
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


def test_a_name_with_blanks_is_refused_with_its_word_and_how_to_quote_it() -> None:
    with pytest.raises(QueryError) as caught:
        parse("task:Fill Mask camembert")
    assert 'task:"Fill Mask"' in caught.value.hint
    assert "task:fill-mask" in caught.value.hint
    assert caught.value.end == len("task:Fill Mask")
    assert parse('task:"Fill Mask" camembert') == parse("task:fill-mask camembert")


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


def _tags(shared_data: Path, name: str) -> list[str]:
    return list(json.loads((shared_data / "api" / name).read_text("utf-8")))


def test_every_task_library_and_app_that_the_hub_names_can_be_asked_for(shared_data: Path) -> None:
    pipelines = json.loads((shared_data / "api" / "pipeline_data.json").read_text("utf-8"))
    for task in (*_tags(shared_data, "tasks.json"), *pipelines):
        assert ("pipeline_tag", task) in plan(parse(f"task:{task}")).params
    for task, entry in pipelines.items():
        assert parse(f'task:"{entry["name"]}"') == parse(f"task:{task}"), "a label says the same as its id"
    for library in _tags(shared_data, "model_libraries.json"):
        assert ("filter", library) in plan(parse(f"library:{library}")).params
    for app in _tags(shared_data, "local_apps.json"):
        assert ("apps", app) in plan(parse(f"app:{app}")).params


def test_every_filter_of_the_hubs_own_command_has_its_counterpart() -> None:
    from huggingface_hub import HfApi

    counterparts = {
        "search": "bert", "author": "author:google", "filter": "tag:4-bit", "apps": "app:vllm", "gated": "gated:no",
        "inference": "is:warm", "inference_provider": "provider:groq", "pipeline_tag": "task:fill-mask",
        "num_parameters": "size:1B..8B", "sort": "sort:likes", "trained_dataset": "dataset:oscar",
        "emissions_thresholds": "tag:co2_eq_emissions",
    }  # fmt: skip
    not_filters = {"self", "limit", "expand", "full", "cardData", "fetch_config", "token"}
    assert set(inspect.signature(HfApi.list_models).parameters) - not_filters == set(counterparts)
    as_filter = {"trained_dataset", "emissions_thresholds"}
    for name, text in counterparts.items():
        asked = {key for key, _ in plan(parse(text)).params}
        assert ("filter" if name in as_filter else name) in asked
        assert name == "num_parameters" or not plan(parse(text)).remaining


@pytest.mark.parametrize(
    ("before", "value", "negated", "after"),
    [
        ("tag:moe", "gptq", False, "tag:moe,gptq"),
        ("tag:4-bit tag:moe", "gptq", False, "tag:4-bit tag:moe tag:gptq"),
        ("tag:4-bit tag:moe", "moe", False, "tag:4-bit"),
        ("tag:4-bit,moe bert", "moe", False, "tag:4-bit bert"),
        ("-tag:moe", "moe", False, "tag:moe"),
        ("tag:moe", "moe", True, "-tag:moe"),
    ],
)
def test_switching_a_value_never_turns_all_of_into_any_of(before: str, value: str, negated: bool, after: str) -> None:
    assert to_text(switched(parse(before), "tag", value, negated=negated)) == after
