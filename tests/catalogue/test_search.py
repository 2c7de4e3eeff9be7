"""Every search of the catalogue against the same search done row by row in Python."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubtui.catalogue import codec
from hubtui.catalogue.service import LocalCatalogue
from hubtui.core.errors import OfflineError, UsageError
from hubtui.core.fit import best_verdict, fit_of_row
from hubtui.core.models import ModelRow
from hubtui.core.ordering import rank_of
from hubtui.core.query import Query, parse
from hubtui.core.query_keys import KEYS
from hubtui.core.query_plan import RowContext, plan
from tests.catalogue.helpers import DEVICES, Bench, FakeListing, make_entries, rows_of

ENTRIES = make_entries(400)
ROWS = rows_of(ENTRIES)
CACHED = frozenset(row.id for row in ROWS[::7])
BOOKMARKS = frozenset(row.id for row in ROWS[::11])


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> LocalCatalogue:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    bench = Bench(folder, FakeListing(list(ENTRIES), 1000), cached=CACHED, bookmarks=BOOKMARKS)
    bench.sync()
    return bench.catalogue()


def expected(query: Query) -> list[ModelRow]:
    from dataclasses import replace

    context = RowContext(BOOKMARKS.__contains__, lambda row: best_verdict(fit_of_row(row, DEVICES)))
    rows = [replace(row, is_cached=row.id in CACHED) for row in ROWS]
    planned = plan(query, by_hub=False, knows_providers=True)
    found = [row for row in rows if planned.matches(row, context)]
    return sorted(found, key=lambda row: rank(row, query.sort))


def rank(row: ModelRow, sort: str) -> float:
    """What comes first has the least; equals are settled as the index does."""
    return rank_of(sort)(row)[0] if sort in {"largest", "smallest"} else -codec.sort_keys(codec.record(row))[sort]


def values_of(key: str) -> list[str]:
    """Values that some rows have, and one that none has."""
    row_values = {
        "task": [row.pipeline_tag for row in ROWS if row.pipeline_tag],
        "library": ["transformers", "gguf", "safetensors", "keras"],
        "language": [language for row in ROWS for language in row.languages],
        "license": [*(row.license for row in ROWS if row.license), "none-such"],
        "author": [author for row in ROWS for name in [row.id.partition("/")[0]] for author in (name, name.upper())],
        "dataset": [tag[8:] for row in ROWS for tag in row.tags if tag.startswith("dataset:")],
        "base": [base for row in ROWS for base in row.base_models],
        "tag": [tag for row in ROWS for tag in row.tags],
        "is": list(KEYS["is"].choices()),
        "provider": ["all", *(name for row in ROWS for name in row.providers), "replicate", "nscale"],
        "size": ["<1B", ">=70B", "1B..8B", "7B", ">100M", "494032768", "<=67M"],
    }
    return row_values.get(key) or list(KEYS[key].choices())


def texts(seed: int, count: int) -> Iterator[str]:
    pick = random.Random(seed)
    keys = [key for key in KEYS if key not in {"app", "sort"}]
    letters = [row.id for row in ROWS]
    for _ in range(count):
        parts = []
        for _ in range(pick.randrange(3)):
            model = pick.choice(letters)
            start, length = pick.randrange(len(model)), pick.choice((1, 1, 2, 3, 4, 6, 12, len(model)))
            word = model[start : start + length].strip("-") or "a"
            parts.append(pick.choice(("", "", "-")) + pick.choice((word, word.upper())))
        for key in pick.sample(keys, pick.randrange(3)):
            values = [pick.choice(values_of(key)) for _ in range(1 if KEYS[key].is_single else pick.choice((1, 1, 2)))]
            parts.append(pick.choice(("", "", "-")) + f"{key}:" + ",".join(f'"{value}"' for value in values))
        parts.append(f"sort:{pick.choice(list(KEYS['sort'].choices()))}")
        yield " ".join(parts)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in {"app", "sort"}])
def test_each_filter_finds_what_it_finds_row_by_row(catalogue: LocalCatalogue, key: str) -> None:
    for value in dict.fromkeys(values_of(key)[:12]):
        for text in (f'{key}:"{value}"', f'-{key}:"{value}"'):
            check(catalogue, text)


@pytest.mark.parametrize("seed", range(4))
def test_any_mixture_finds_what_it_finds_row_by_row(catalogue: LocalCatalogue, seed: int) -> None:
    for text in texts(seed, 60):
        check(catalogue, text)


def check(catalogue: LocalCatalogue, text: str) -> None:
    query = parse(text)
    page = catalogue.search(query, page_size=1000)
    if page.forgiven:
        return
    wanted = expected(query)
    assert {row.id: row for row in page.rows} == {row.id: row for row in wanted}, text
    ranks = [rank(row, query.sort) for row in page.rows]
    assert ranks == [rank(row, query.sort) for row in wanted], text
    assert page.total == len(wanted), text


@pytest.mark.parametrize("sort", list(KEYS["sort"].choices()))
def test_pages_neither_repeat_nor_skip_a_model_where_many_are_equal(catalogue: LocalCatalogue, sort: str) -> None:
    query = parse(f"sort:{sort}")
    whole = [row.id for row in catalogue.search(query, page_size=1000).rows]
    paged: list[str] = []
    cursor: str | None = None
    while True:
        page = catalogue.search(query, cursor=cursor, page_size=37)
        paged += [row.id for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break
    assert paged == whole
    assert len(set(paged)) == len(ROWS)


@pytest.mark.parametrize("text", ["", "license:mit", "language:fr,de -task:text-generation", "task:fill-mask a"])
def test_counts_say_how_many_there_would_be_with_the_value_chosen(catalogue: LocalCatalogue, text: str) -> None:
    query = parse(text)
    counts = catalogue.counts(query)
    assert set(counts) == {"task", "library", "license", "language"}
    for key, values in counts.items():
        rest = " ".join(part for part in text.split() if not part.startswith(f"{key}:"))
        for value, count in list(values.items())[:15]:
            assert count == len(expected(parse(f'{rest} {key}:"{value}"'))), (key, value)
    tasks = [row.pipeline_tag for row in expected(query) if row.pipeline_tag]
    if "task:" not in text:
        assert counts["task"] == Counter(tasks)
    assert list(counts["license"].values()) == sorted(counts["license"].values(), reverse=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("camenbert", "camembert"), ("mistarl", "mistral"), ("Qwem2", "qwen2"), ("roberta-bsae", "roberta-base")],
)
def test_a_typing_error_is_forgiven_and_named(catalogue: LocalCatalogue, typed: str, meant: str) -> None:
    page = catalogue.search(parse(typed), page_size=1000)
    assert meant in page.forgiven[typed]
    assert {row.id for row in page.rows} >= {row.id for row in ROWS if meant in row.id.casefold()} != set()
    assert sum(catalogue.counts(parse(typed))["task"].values()) > 0


def test_a_word_that_stands_in_some_id_is_never_replaced(catalogue: LocalCatalogue) -> None:
    page = catalogue.search(parse("bert"), page_size=1000)
    assert not page.forgiven
    assert all("bert" in row.id.casefold() for row in page.rows)


def test_nonsense_finds_nothing_and_is_not_replaced(catalogue: LocalCatalogue) -> None:
    for text in ("xqzxqzxqz", "naïve", "日本語", "a" * 300):
        page = catalogue.search(parse(text))
        assert (page.rows, page.total, page.forgiven) == ((), 0, {})


def test_some_models_have_what_the_tests_of_cards_and_providers_look_for() -> None:
    assert {row.has_card for row in ROWS} == {True, False}
    assert sum(row.is_warm is True for row in ROWS) > 3
    assert max(len(row.providers) for row in ROWS) > 1


@pytest.mark.parametrize(
    "text",
    [
        "is:card -is:warm",
        "-is:card,warm",
        "is:warm,gguf -provider:groq",
        "provider:groq,together sort:likes",
        "-provider:all is:card license:mit",
        "-provider:groq,novita provider:all",
    ],
)
def test_cards_and_providers_are_known_beside_anything_else(catalogue: LocalCatalogue, text: str) -> None:
    check(catalogue, text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("app:ollama provider:all", "is:gguf"),
        ("app:mlx-lm", "library:mlx"),
        ("app:jan,ollama,vllm", "is:gguf or library:transformers task:text-generation"),
    ],
)
def test_what_only_the_hub_can_answer_is_said_with_the_nearest_that_is_answered_here(
    catalogue: LocalCatalogue, text: str, near: str
) -> None:
    for ask in (catalogue.search, catalogue.counts):
        with pytest.raises(OfflineError, match=f"Only the Hub.*app:.*nearest.*{near}") as refused:
            ask(parse(text))
        assert refused.value.hint.endswith(f"is {near}.")
    check(catalogue, near.partition(" or ")[0])


@pytest.mark.parametrize("sort", ["trending", "downloads", "likes", "updated", "created"])
def test_each_sort_is_the_hubs_own_order(catalogue: LocalCatalogue, sort: str) -> None:
    ranks = [rank_of(sort)(row) for row in catalogue.search(parse(f"sort:{sort}"), page_size=1000).rows]
    assert ranks == sorted(ranks)


def test_nothing_is_cached_on_a_machine_without_a_cache(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeListing(ENTRIES[:20]))
    bench.sync()
    assert bench.catalogue().search(parse("is:cached")).total == 0
    assert bench.catalogue().search(parse("-is:cached,bookmarked")).total == 20


def test_the_bytes_counted_for_a_fit_are_those_of_the_fit() -> None:
    for row in ROWS:
        assert codec.weights_of(codec.record(row)) == fit_of_row(row, ()).weights_bytes, row.id


def test_a_foreign_cursor_is_refused(catalogue: LocalCatalogue) -> None:
    with pytest.raises(UsageError):
        catalogue.search(Query(), cursor="https://hub.test/?cursor=x")


def test_an_author_is_taken_letter_for_letter_as_the_hub_takes_it(catalogue: LocalCatalogue) -> None:
    author = next(name for row in ROWS if (name := row.id.partition("/")[0]) != name.upper())
    assert catalogue.search(parse(f"author:{author}")).total
    assert catalogue.search(parse(f"author:{author.upper()}")).total == 0


@pytest.mark.parametrize("sort", ["trending", "downloads", "likes"])
def test_of_equals_the_older_come_first_as_they_do_on_the_hub(tmp_path: Path, sort: str) -> None:
    same = {"downloads": 7, "likes": 7, "trendingScore": 7}
    bench = Bench(tmp_path / "equals", FakeListing([entry | same for entry in ENTRIES[:60]]))
    bench.sync()
    found = bench.catalogue().search(parse(f"sort:{sort}"), page_size=100).rows
    created = [row.created for row in found if row.created]
    assert len(created) == 60
    assert created == sorted(created)
    assert list(found) == sorted(found, key=rank_of(sort))


def test_a_tag_cannot_pretend_to_be_an_author(catalogue: LocalCatalogue) -> None:
    author = ROWS[0].id.partition("/")[0]
    assert catalogue.search(parse(f'dataset:"\x01{author}"')).total == 0


def test_one_model_is_found_by_its_id_and_only_by_it(catalogue: LocalCatalogue) -> None:
    from dataclasses import replace

    found = catalogue.row(ROWS[9].id)
    assert found is not None
    assert (found[0], found[1].tzinfo is not None) == (replace(ROWS[9], is_cached=False), True)
    assert catalogue.row(ROWS[9].id.upper()) is None
    assert catalogue.row("nobody/nothing") is None
