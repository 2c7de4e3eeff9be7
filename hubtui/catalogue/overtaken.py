"""Models that are no longer among the first of the trending ones: a sync does not hear their new score."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import tantivy
from tantivy import FieldType

from hubtui.catalogue import codec, spool
from hubtui.catalogue.spool import Pass

_TOP = (1 << 63) - 1  # the bindings pass bounds as signed numbers


def documents(
    index: tantivy.Index, table: codec.TagTable, read_row: codec.ReadRow, pages: Path, walked: Pass
) -> Iterator[bytes]:
    """Yield the models that the index has before the last of the fresh ones, and the fresh pages have not, behind it.

    The Hub lists the models with the highest scores first, so one that it did not name has at most the score of the
    last one. What it has exactly comes with the next full sync; until then it is given the next lower score.

    Args:
        index: as it was before the sync.
        table: tag table of the index.
        read_row: reads a stored entry.
        pages: folder of the fresh pages.
        walked: the pass that fetched them.
    """
    last = walked.last_trending
    if last is None:
        return
    searcher = index.searcher()
    ahead = tantivy.Query.range_query(index.schema, "trending", FieldType.Unsigned, codec.trending_key(last + 1), _TOP)
    counted: Any = searcher.search(ahead, 1, count=True)  # the stubs leave `count` out
    number = int(counted.count)
    if not number:
        return
    fresh = {
        entry.get("id") for page in spool.entries(pages, walked.pages) for entry in page if isinstance(entry, dict)
    }
    for _, address in searcher.search(ahead, number, count=False).hits:
        data = searcher.doc(address).get_first("row")
        if not isinstance(data, bytes) or codec.stored_id(data) in fresh:
            continue
        row = read_row(codec.stored_entry(data, table))
        if row is not None:
            yield codec.document(msgspec.structs.replace(codec.record(row), trending=max(last - 1, 0)), table)
