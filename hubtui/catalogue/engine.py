"""Answers from an index: pages and counts. Shared by threads; the engine lets other threads run while it searches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import tantivy

from hubtui.catalogue import codec, schema
from hubtui.catalogue.nearest import nearest
from hubtui.catalogue.place import State
from hubtui.catalogue.translate import Here, Translator
from hubtui.core.caveats import caveats
from hubtui.core.errors import OfflineError, UsageError
from hubtui.core.models import ModelRow, Page
from hubtui.core.query import Query, Term, Word
from hubtui.core.query_plan import plan
from hubtui.core.vocabulary import RISING_SORTS, nearest_to_app

Parts = Sequence[Word | Term]

_TOLD = {
    "card": "which models have a card (is:card)",
    "warm": "which models a provider serves (is:warm)",
    "provider": "which provider serves which model (provider:)",
}
"""What a dump may not tell → what that is, and the words of a search that need it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One index as it was when opened.

    Attributes:
        state: of the catalogue that the index belongs to.
        read_row: makes a row of a stored one.
        here: what this machine knows about models.
    """

    index: tantivy.Index
    searcher: tantivy.Searcher
    table: codec.TagTable
    state: State
    read_row: codec.ReadRow
    here: Here

    def page(self, query: Query, cursor: str | None, page_size: int) -> Page:
        """Return one page with the exact number of all matches.

        Raises:
            OfflineError: a part cannot be answered here.
            UsageError: the cursor is none.
        """
        start = _start(cursor)
        parts, sort = self._parts(query), query.sort
        make = Translator(self.index.schema, self.here)
        found = self._found(make.query(parts), sort, start, page_size)
        if not _total(found):
            make = self._forgiving(parts)
            if make.forgiven:
                found = self._found(make.query(parts), sort, start, page_size)
        rows = [self._row(address) for _, address in found.hits]
        total = _total(found)
        following = start + len(found.hits)
        cached = self.here.cached()
        return Page(
            rows=tuple(replace(row, is_cached=row.id in cached) for row in rows if row is not None),
            cursor=str(following) if found.hits and following < total else None,
            looked_at=len(rows),
            skipped=rows.count(None),
            total=total,
            caveats=caveats(query, by_hub=False),
            as_of=self._as_of,
            forgiven={
                word.text: make.forgiven[word.text.casefold()]
                for word in _plain(parts)
                if word.text.casefold() in make.forgiven
            },
        )

    def row(self, model: str) -> tuple[ModelRow, datetime] | None:
        """Return one model, and when the Hub was last asked for changes."""
        key = schema.model_query(self.index.schema, schema.key_of(model))
        rows = (self._row(address) for _, address in self.searcher.search(key, 10, count=False).hits)
        found = next((row for row in rows if row is not None and row.id == model), None)
        return (found, self._as_of) if found is not None else None

    @property
    def _as_of(self) -> datetime:
        return datetime.fromtimestamp(self.state.synced, UTC)

    def counts(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        """Return key → value → how many there would be with that value chosen, the most frequent first.

        A key's own values in force are left out of its counts, those it excludes are not.

        Raises:
            OfflineError: a part cannot be answered here.
        """
        parts = self._parts(query)
        make = Translator(self.index.schema, self.here)
        is_any, found = self._counted(parts, make)
        if not is_any and not self._count(make.query(parts)):
            _, found = self._counted(parts, self._forgiving(parts))
        return found

    def _parts(self, query: Query) -> Parts:
        planned = plan(query, by_hub=False, knows_providers=True)
        if planned.hub_only:
            apps = [app for term in planned.hub_only for app in term.values]
            near = " or ".join(dict.fromkeys(map(nearest_to_app, apps)))
            raise OfflineError(
                f"Only the Hub knows what runs in an app, so app:{','.join(apps)} is not answered here.",
                hint=f"The nearest to it here is {near}.",
            )
        self._refuse_untold(planned.remaining)
        return planned.remaining

    def _refuse_untold(self, parts: Parts) -> None:
        """Refuse what the dump that the catalogue was filled from does not tell, rather than find nothing."""
        terms = (part for part in parts if isinstance(part, Term))
        for name in (name for term in terms for name in (term.values if term.key == "is" else (term.key,))):
            if name in self.state.untold:
                raise OfflineError(
                    f"This catalogue was filled from {self.state.source}, which does not tell {_TOLD[name]}.",
                    hint="Leave it out, or fill the catalogue from the Hub: `hubtui catalogue sync --full`.",
                )

    def _counted(self, parts: Parts, make: Translator) -> tuple[bool, dict[str, dict[str, int]]]:
        """The counts, and whether any model that has a facet matches the whole query."""
        asked = [("", parts)]
        for key in schema.FACETS:
            others = [part for part in parts if not _chooses(part, key)]
            if len(others) < len(parts):
                asked.append((f"{key}:", others))
        with ThreadPoolExecutor(len(asked)) as pool:  # the engine works without Python's lock
            whole, *own = pool.map(lambda pair: self._values(make.query(pair[1]), pair[0]), asked)
        is_any = any(whole.values())
        for found in own:
            whole |= {key: values for key, values in found.items() if values}
        return is_any, whole

    def _forgiving(self, parts: Parts) -> Translator:
        """A translator that looks for what may have been meant by each word which, given the filters, is in no id."""
        strict = Translator(self.index.schema, self.here)
        words = list(_plain(parts))
        filters = [part for part in parts if part not in words]
        missing = [word for word in words if not self._count(strict.query([*filters, word]))]
        others = strict.query([part for part in parts if part not in missing])
        near = {word.text.casefold(): self._nearest(word.text.casefold(), others) for word in missing}
        return replace(strict, forgiven={word: meant for word, meant in near.items() if meant})

    def _nearest(self, word: str, others: tantivy.Query) -> tuple[str, ...]:
        return nearest(word, others, self.index.schema, self._ids)

    def _ids(self, query: tantivy.Query, limit: int) -> list[str]:
        hits = self.searcher.search(query, limit, count=False, order_by_field="downloads").hits
        return [codec.stored_id(self._stored(address)) for _, address in hits]

    def _found(self, query: tantivy.Query, sort: str, start: int, size: int) -> tantivy.SearchResult:
        order = tantivy.Order.Asc if sort in RISING_SORTS else tantivy.Order.Desc
        name = sort if sort in schema.SORTS else "parameters"  # the models of unknown size come last in both orders
        return self.searcher.search(query, size, count=True, order_by_field=name, offset=start, order=order)

    def _count(self, query: tantivy.Query) -> int:
        return _total(self.searcher.search(query, 1, count=True))

    def _row(self, address: tantivy.DocAddress) -> ModelRow | None:
        return self.read_row(codec.stored_entry(self._stored(address), self.table))

    def _stored(self, address: tantivy.DocAddress) -> bytes:
        data = self.searcher.doc(address).get_first("row")
        if not isinstance(data, bytes):
            raise ValueError("a stored row is missing")  # noqa: TRY004  the file is wrong, not a caller
        return data

    def _values(self, query: tantivy.Query, prefix: str = "") -> dict[str, dict[str, int]]:
        """Values and how many match, most first: walking terms is several times as fast as an aggregation here."""
        found: dict[str, dict[str, int]] = {key: {} for key in schema.FACETS}
        for term, count in self.searcher.terms_with_prefix("facet", prefix, query):
            key, _, value = term.partition(":")
            if count:
                found[key][value] = count
        return found


def _total(found: Any) -> int:  # noqa: ANN401  the stubs leave `count` out
    """How many documents match in all."""
    return int(found.count)


def _chooses(part: Word | Term, key: str) -> bool:
    return isinstance(part, Term) and part.key == key and not part.negated


def _plain(parts: Parts) -> Iterable[Word]:
    return (part for part in parts if isinstance(part, Word) and not part.negated)


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isdecimal() and len(cursor) < 12):
        raise UsageError(f"“{cursor}” is no cursor of the catalogue.")
    return int(cursor)
