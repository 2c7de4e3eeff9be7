"""What to know of the results of a search before trusting that they are all there is."""

from __future__ import annotations

from collections.abc import Iterator

from hubtui.core import vocabulary
from hubtui.core.query import Query


def caveats(query: Query, *, by_hub: bool) -> tuple[str, ...]:
    """Return a sentence for each; `by_hub` when the Hub orders the results, not this machine."""
    return tuple(_caveats(query, by_hub=by_hub))


def _caveats(query: Query, *, by_hub: bool) -> Iterator[str]:
    if by_hub and leaves_out_unknown_sizes(query):
        yield "Models of unknown size are left out."
    asked = (value for term in query.terms if term.key == "license" for value in term.values)
    unknown = [f"“{value}”" for value in asked if value not in vocabulary.licenses()]
    if unknown:
        yield f"hubtui knows no licence {' or '.join(unknown)}."


def why_none(query: Query) -> str:
    """Return what may have kept a search from finding anything that a person would not think of; empty without."""
    authors = [value for term in query.terms if term.key == "author" and not term.negated for value in term.values]
    return "author: tells capitals from small letters, as the Hub does." if authors else ""


def leaves_out_unknown_sizes(query: Query) -> bool:
    """Say whether the Hub is to be asked for known sizes only, without which smallest first makes no sense."""
    is_bounded = any(term.key == "size" and not term.negated for term in query.terms)
    return query.sort in vocabulary.RISING_SORTS and not is_bounded
