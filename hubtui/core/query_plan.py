"""What of a search the Hub filters itself, and what is left to be filtered on this side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hubtui.core import vocabulary
from hubtui.core.fit import Verdict
from hubtui.core.models import ModelRow
from hubtui.core.query import Query, Term, Word
from hubtui.core.query_keys import size_range


@dataclass(frozen=True, slots=True)
class RowContext:
    """What this machine knows about a row and a listing does not."""

    is_bookmarked: Callable[[str], bool]
    fit_of: Callable[[ModelRow], Verdict]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a search is answered.

    Attributes:
        params: query parameters of `GET /api/models`, the repeated ones repeated.
        remaining: parts which each row must be checked for on this side.
        hub_only: parts that only the Hub can answer (apps, providers); empty unless planned without it.
        only: the rows can only be among those `cached` or `bookmarked`: there is no need to page through the Hub.
    """

    params: tuple[tuple[str, str], ...] = ()
    remaining: tuple[Word | Term, ...] = ()
    hub_only: tuple[Term, ...] = ()
    only: Literal["", "cached", "bookmarked"] = ""

    def matches(self, row: ModelRow, context: RowContext) -> bool:
        """Say whether a row satisfies what remains."""
        return all(_holds(part, row, context) != part.negated for part in self.remaining)


def plan(query: Query, *, by_hub: bool = True) -> Plan:
    """Divide a search between the Hub and this side; with `by_hub` off everything remains on this side."""
    only = _only(query)
    if not by_hub or only:
        hub_only = tuple(term for term in query.terms if term.key in {"app", "provider"})
        rest = tuple(part for part in query.parts if part not in hub_only and not _is_sort(part))
        return Plan((), rest, hub_only, only)
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
    return Plan((*params, ("sort", vocabulary.SORTS[query.sort])), tuple(remaining))


_PARAMETERS = {
    "task": ("pipeline_tag", ""),
    "author": ("author", ""),
    "app": ("apps", ""),
    "provider": ("inference_provider", ""),
    "library": ("filter", ""),
    "language": ("filter", ""),
    "license": ("filter", "license:"),
    "dataset": ("filter", "dataset:"),
    "base": ("filter", "base_model:"),
}
"""Key → parameter of the Hub and what goes before the value. Of several `filter` values all are required."""


def _asked(part: Word | Term, taken: set[str]) -> list[tuple[str, str]]:
    """The parameter that makes the Hub filter by a part, nothing where it cannot."""
    asked = None if isinstance(part, Word) else _parameter(part)
    return [asked] if asked and (asked[0] == "filter" or asked[0] not in taken) else []


def _parameter(term: Term) -> tuple[str, str] | None:
    value = term.values[0]
    if term.key == "gated":
        return ("gated", "true" if (value == "yes") != term.negated else "false")
    if term.negated or len(term.values) > 1:
        return None
    if term.key == "size":
        return ("num_parameters", _bounds(value))
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
    return state in row.formats


def _author(row: ModelRow, value: str) -> bool:
    namespace, slash, _ = row.id.partition("/")
    return bool(slash) and namespace.casefold() == value.casefold()


_CHECKS: dict[str, Callable[[ModelRow, str], bool]] = {
    "task": lambda row, value: row.pipeline_tag == value,
    "library": lambda row, value: row.library == value or value in row.tags,
    "language": lambda row, value: value in row.languages or value in row.tags,
    "license": lambda row, value: row.license == value or f"license:{value}" in row.tags,
    "author": _author,
    "dataset": lambda row, value: f"dataset:{value}" in row.tags,
    "base": lambda row, value: value in row.base_models or f"base_model:{value}" in row.tags,
    "size": lambda row, value: row.parameters in size_range(value),
    "gated": lambda row, value: bool(row.gated) == (value == "yes"),
}
