"""Models that are no longer among the first of the trending ones: what a sync asks for does not tell their new score."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import tantivy
from tantivy import FieldType

from hubtui.catalogue import codec, spool

_TOP = (1 << 63) - 1  # the bindings pass bounds as signed numbers


def documents(
    index: tantivy.Index, table: codec.TagTable, read_row: codec.ReadRow, pages: Path, count: int, last: int
) -> Iterator[bytes]:
    """Yield the models that the index has before the last of the fresh ones, and the fresh pages have not, behind it.

    The Hub lists the models with the highest scores first, so one that it did not name has at most the score of the
    last one. What it has exactly comes with the next full sync; until then it is given the next lower score.

    Args:
        index: as it was before the sync.
        table: tag table of the index.
        read_row: reads a stored entry.
        pages: folder of the fresh pages, of which `count` count.
        last: the score of the last trending model that was asked for.
    """
    searcher = index.searcher()
    ahead = tantivy.Query.range_query(index.schema, "trending", FieldType.Unsigned, codec.trending_key(last + 1), _TOP)
    number = int(searcher.search(ahead, 1, count=True).count)
    if not number:
        return
    fresh = {entry.get("id") for page in spool.entries(pages, count) for entry in page if isinstance(entry, dict)}
    for _, address in searcher.search(ahead, number, count=False).hits:
        data = searcher.doc(address).get_first("row")
        if not isinstance(data, bytes) or codec.stored_id(data) in fresh:
            continue
        row = read_row(codec.stored_entry(data, table))
        if row is not None:
            yield codec.document(msgspec.structs.replace(codec.record(row), trending=max(last - 1, 0)), table)
