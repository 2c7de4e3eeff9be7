"""What of a search the Hub filters itself, and what is left to be filtered on this side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hubtui.core import vocabulary
from hubtui.core.caveats import leaves_out_unknown_sizes
from hubtui.core.fit import Verdict
from hubtui.core.models import ModelRow
from hubtui.core.query import Query, Term, Word
from hubtui.core.query_keys import MOST_ALTERNATIVES, size_range


@dataclass(frozen=True, slots=True)
class RowContext:
    """What this machine knows about a row and a listing does not."""

    is_bookmarked: Callable[[str], bool]
    fit_of: Callable[[ModelRow], Verdict]


Params = tuple[tuple[str, str], ...]
"""Query parameters, the repeated ones repeated."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a search is answered.

    Attributes:
        params: query parameters of `GET /api/models`.
        branches: further parameters, one set for each listing whose rows are merged (`language:fr,en`); empty when a
            single listing answers.
        remaining: parts which each row must be checked for on this side.
        fields: what a row must be `expand`ed with for that, beside what every row has.
        hub_only: parts that only the Hub can answer; empty unless planned without it.
        only: the rows can only be among those `cached` or `bookmarked`: there is no need to page through the Hub.
    """

    params: Params = ()
    remaining: tuple[Word | Term, ...] = ()
    hub_only: tuple[Term, ...] = ()
    only: Literal["", "cached", "bookmarked"] = ""
    branches: tuple[Params, ...] = ()
    fields: tuple[str, ...] = ()

    def matches(self, row: ModelRow, context: RowContext) -> bool:
        """Say whether a row satisfies what remains."""
        return all(_holds(part, row, context) != part.negated for part in self.remaining)


def plan(query: Query, *, by_hub: bool = True, knows_providers: bool = False) -> Plan:
    """Divide a search between the Hub and this side.

    Args:
        query: the search.
        by_hub: off, everything remains on this side.
        knows_providers: the rows of this side say what providers serve, as those of the local catalogue do.
    """
    only = _only(query)
    if not by_hub or only:
        knows_providers |= by_hub and only == "bookmarked"  # their rows are asked for one by one
        hub_only = tuple(term for term in query.terms if _is_hub_only(term, knows_providers=knows_providers))
        rest = tuple(part for part in query.parts if part not in hub_only and not _is_sort(part))
        return Plan((), rest, hub_only, only, fields=_fields(rest))
    params: list[tuple[str, str]] = []
    remaining: list[Word | Term] = []
    search = " ".join(word.text for word in query.words if not word.negated)
    if search:
        params.append(("search", search))
    taken: set[str] = set()
    for part in query.parts:
        asked = _asked(part, taken)
        params.extend(asked)
        taken.update(name for name, _ in asked)
        if not _is_settled(part, asked):
            remaining.append(part)
    branches, divided = _divided(remaining, taken)
    rest = tuple(part for part in remaining if part not in divided or part.key == "size")
    return Plan((*params, *_order(query)), rest, branches=branches, fields=_fields(rest))


def _order(query: Query) -> Params:
    """The order; the smallest first only makes sense among those whose size is known, which any bound brings about."""
    asked = [("sort", vocabulary.SORTS[query.sort])]
    if query.sort in vocabulary.RISING_SORTS:
        asked.append(("direction", "1"))
        if leaves_out_unknown_sizes(query):
            asked.append(("num_parameters", "min:1"))
    return tuple(asked)


def _divided(remaining: Sequence[Word | Term], taken: set[str]) -> tuple[tuple[Params, ...], list[Term]]:
    """Divide a search with alternatives into listings, and say which terms that settles.

    An app comes first, for a row does not say which apps can run it.
    """
    branches: tuple[Params, ...] = ((),)
    divided: list[Term] = []
    terms = [part for part in remaining if isinstance(part, Term) and len(part.values) > 1 and not part.negated]
    for term in sorted(terms, key=lambda term: term.key != "app"):
        asked = [_parameter(replace(term, values=(value,))) for value in term.values]
        names = {pair[0] for pair in asked if pair is not None}
        is_free = names == {"filter"} or not names & (taken | {name for name, _ in branches[0]})
        if None in asked or not is_free or len(branches) * len(asked) > MOST_ALTERNATIVES:
            continue
        branches = tuple((*branch, pair) for branch in branches for pair in asked if pair is not None)
        divided.append(term)
    return (branches if divided else ()), divided


def _fields(remaining: Sequence[Word | Term]) -> tuple[str, ...]:
    """The fields that a row needs for what is checked on this side and that no other search asks for."""
    needed: dict[str, Callable[[Term], bool]] = {
        "siblings": lambda term: term.key == "is" and "card" in term.values,
        "inference": lambda term: term.key == "is" and "warm" in term.values,
        "inferenceProviderMapping": lambda term: term.key == "provider",
    }
    terms = [part for part in remaining if isinstance(part, Term)]
    return tuple(name for name, needs in needed.items() if any(needs(term) for term in terms))


def _is_hub_only(term: Term, *, knows_providers: bool) -> bool:
    if term.key == "app":
        return True
    return not knows_providers and (term.key == "provider" or (term.key == "is" and "warm" in term.values))


_PARAMETERS = {
    "task": ("pipeline_tag", ""),
    "author": ("author", ""),
    "app": ("apps", ""),
    "tag": ("filter", ""),
    "library": ("filter", ""),
    "language": ("filter", ""),
    "license": ("filter", "license:"),
    "dataset": ("filter", "dataset:"),
    "base": ("filter", "base_model:"),
}
"""Key → parameter of the Hub and what goes before the value. Of several `filter` values all are required."""


def _asked(part: Word | Term, taken: set[str]) -> list[tuple[str, str]]:
    """The parameters that make the Hub filter by a part, nothing where it cannot."""
    if isinstance(part, Word):
        return []
    if part.key == "provider" and not part.negated:  # the one parameter of which any value suffices
        asked = [("inference_provider", value) for value in part.values]
    else:
        single = _parameter(part) if len(part.values) == 1 else None
        asked = [single] if single else []
    return asked if all(name == "filter" or name not in taken for name, _ in asked) else []


def _parameter(term: Term) -> tuple[str, str] | None:
    """The parameter for a term of one value."""
    value = term.values[0]
    if term.key == "gated":
        return ("gated", "true" if (value == "yes") != term.negated else "false")
    if term.negated:
        return None
    if term.key == "size":
        return ("num_parameters", _bounds(value))
    if term.key == "is" and value == "warm":
        return ("inference", "warm")
    if term.key == "is":
        return ("filter", vocabulary.FORMATS[value]) if value in vocabulary.FORMATS else None
    name, prefix = _PARAMETERS.get(term.key, ("", ""))
    return (name, prefix + value) if name else None


def _is_settled(part: Word | Term, asked: list[tuple[str, str]]) -> bool:
    """Whether nothing of the part remains; a size always does, for the Hub's bounds are rounded outwards."""
    if isinstance(part, Word):
        return not part.negated
    return _is_sort(part) or (bool(asked) and part.key != "size")


def _bounds(value: str) -> str:
    """A size as the Hub writes it, `min:6B,max:128B`, in whole units and rounded outwards."""
    span = size_range(value)
    bounds = []
    if span.low is not None:
        unit, size = _unit(span.low)
        bounds.append(f"min:{span.low // size}{unit}")
    if span.high is not None:
        unit, size = _unit(span.high)
        bounds.append(f"max:{-(-span.high // size)}{unit}")
    return ",".join(bounds)


def _unit(count: int) -> tuple[str, int]:
    """The largest unit in which a count is whole or has four digits at least."""
    units = (("B", 10**9), ("M", 10**6), ("K", 10**3))
    return next(
        ((name, size) for name, size in units if count >= 1000 * size or (count and count % size == 0)), ("", 1)
    )


def _is_sort(part: Word | Term) -> bool:
    return isinstance(part, Term) and part.key == "sort"


def _only(query: Query) -> Literal["", "cached", "bookmarked"]:
    for term in query.terms:
        if term.key == "is" and not term.negated:
            if term.values == ("cached",):
                return "cached"
            if term.values == ("bookmarked",):
                return "bookmarked"
    return ""


def _holds(part: Word | Term, row: ModelRow, context: RowContext) -> bool:
    """Whether a part holds for a row, its minus left aside."""
    if isinstance(part, Word):
        return part.text.casefold() in row.id.casefold()
    if part.key == "is":
        return any(_is(value, row, context) for value in part.values)
    if part.key == "fits":
        verdict = context.fit_of(row)
        return verdict in {"fits", "tight"} if part.values[0] == "yes" else verdict == "no"
    return any(_CHECKS[part.key](row, value) for value in part.values)


def _is(state: str, row: ModelRow, context: RowContext) -> bool:
    if state == "cached":
        return row.is_cached
    if state == "bookmarked":
        return context.is_bookmarked(row.id)
    if state == "card":
        return row.has_card is True
    if state == "warm":
        return row.is_warm is True
    return state in row.formats


def _author(row: ModelRow, value: str) -> bool:
    """The Hub's `author` parameter takes the namespace as it is written."""
    namespace, slash, _ = row.id.partition("/")
    return bool(slash) and namespace == value


_CHECKS: dict[str, Callable[[ModelRow, str], bool]] = {
    "task": lambda row, value: row.pipeline_tag == value,
    "library": lambda row, value: row.library == value or value in row.tags,
    "language": lambda row, value: value in row.languages or value in row.tags,
    "license": lambda row, value: row.license == value or f"license:{value}" in row.tags,
    "author": _author,
    "dataset": lambda row, value: f"dataset:{value}" in row.tags,
    "base": lambda row, value: value in row.base_models or f"base_model:{value}" in row.tags,
    "tag": lambda row, value: value in row.tags,
    "provider": lambda row, value: bool(row.providers if value == "all" else value in row.providers),
    "size": lambda row, value: row.parameters in size_range(value),
    "gated": lambda row, value: bool(row.gated) == (value == "yes"),
}
