"""A search as a query of the engine: the same rows as `core.query_plan` would keep, one by one, on this side."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import tantivy
from tantivy import FieldType, Occur

from hubtui.catalogue import schema
from hubtui.core.fit import Device, best_verdict, fit_of_row
from hubtui.core.models import ModelRow
from hubtui.core.query import Term, Word
from hubtui.core.query_keys import size_range

_ID_LETTERS = frozenset(string.ascii_lowercase + string.digits + "._-/")
_MOST_BYTES = 1 << 62


@dataclass(frozen=True, slots=True)
class Here:
    """What this machine knows about models, asked for when a search needs it.

    Attributes:
        cached: ids in the Hugging Face cache.
        bookmarks: bookmarked ids.
        devices: memory of this box.
    """

    cached: Callable[[], Collection[str]]
    bookmarks: Callable[[], Collection[str]]
    devices: Callable[[], Sequence[Device]]


@dataclass(frozen=True, slots=True)
class Translator:
    """Makes queries of one index.

    Attributes:
        forgiven: word in lower case → what is looked for instead, each of which suffices.
    """

    schema: tantivy.Schema
    here: Here
    forgiven: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def query(self, parts: Iterable[Word | Term]) -> tantivy.Query:
        """Return the query that all parts make; none of them is one that only the Hub can answer."""
        clauses = [(Occur.MustNot if part.negated else Occur.Must, self._part(part)) for part in parts]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _part(self, part: Word | Term) -> tantivy.Query:
        if isinstance(part, Word):
            word = part.text.casefold()
            return self._either(map(self._substring, self.forgiven.get(word, (word,))))
        return self._either(self._value(part.key, value) for value in part.values)

    def _value(self, key: str, value: str) -> tantivy.Query:  # noqa: PLR0911  a case a key
        if key in _TAG_OF:
            return self._tag(_TAG_OF[key] + value)
        match key:
            case "task" | "library":
                return self._term("facet", f"{key}:{value}")
            case "author":
                return self._term("tag", schema.AUTHOR + value)
            case "size":
                span = size_range(value)
                return self._range("parameters", span.low, span.high)
            case "gated":
                gated = self._term("tag", schema.GATED)
                return gated if value == "yes" else self._not(gated)
            case "fits":
                return self._fits(value)
            case "provider":
                return self._term("tag", schema.PROVIDER + value)
        return self._is(value)

    @staticmethod
    def _either(queries: Iterable[tantivy.Query]) -> tantivy.Query:
        found = list(queries)
        return found[0] if len(found) == 1 else tantivy.Query.boolean_query([(Occur.Should, query) for query in found])

    def _substring(self, word: str) -> tantivy.Query:
        if not _ID_LETTERS.issuperset(word):
            return tantivy.Query.empty_query()
        if len(word) < schema.GRAM:  # what begins with these letters, at any place of the id
            pattern = word.replace(".", r"\.") + ".{0,2}"
            return tantivy.Query.regex_query(self.schema, "gram", pattern)
        grams = schema.grams_of(word)
        if len(grams) == 1:
            return tantivy.Query.term_query(self.schema, "gram", word, "basic")
        return tantivy.Query.phrase_query(self.schema, "gram", list(grams))

    def _term(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, name, value, "basic")

    def _tag(self, tag: str) -> tantivy.Query:
        """A tag; what holds a control character is a term of hubtui's own, which no value may name."""
        return self._term("tag", tag) if tag.isprintable() else tantivy.Query.empty_query()

    def _is(self, value: str) -> tantivy.Query:
        if value == "cached":
            return self._any_of(self.here.cached())
        if value == "bookmarked":
            return self._any_of(self.here.bookmarks())
        return self._term("tag", schema.FLAG + value)

    def _any_of(self, models: Iterable[str]) -> tantivy.Query:
        return self._either(schema.model_query(self.schema, schema.key_of(model)) for model in models)

    def _fits(self, value: str) -> tantivy.Query:
        most = largest_fitting(self.here.devices())
        if most is None:
            return tantivy.Query.empty_query()
        if value == "yes":
            return self._range("weights", None, most) if most >= 0 else tantivy.Query.empty_query()
        return self._range("weights", most + 1, None)

    def _range(self, name: str, low: int | None, high: int | None) -> tantivy.Query:
        top = (1 << 63) - 1  # the bindings pass bounds as signed numbers
        return tantivy.Query.range_query(
            self.schema, name, FieldType.Unsigned, min(low or 0, top), top if high is None else min(high, top)
        )

    @staticmethod
    def _not(query: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.boolean_query([(Occur.Must, tantivy.Query.all_query()), (Occur.MustNot, query)])


_TAG_OF = {"tag": "", "language": "", "license": "license:", "dataset": "dataset:", "base": "base_model:"}
"""Key → what stands before its value in a tag."""


def largest_fitting(devices: Sequence[Device]) -> int | None:
    """Return the most bytes of weights that fit (or nearly) here, -1 when nothing does, None when nothing is known.

    A verdict only ever turns to `no` as the weights grow, so the bound is found by halving.
    """

    def fits(size: int) -> bool:
        row = ModelRow("x", parameters_by_dtype={"I8": size})  # a byte a weight
        return best_verdict(fit_of_row(row, devices)) in {"fits", "tight"}

    if best_verdict(fit_of_row(ModelRow("x", parameters_by_dtype={"I8": _MOST_BYTES}), devices)) == "unknown":
        return None
    if not fits(0):
        return -1
    low, high = 0, _MOST_BYTES
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
