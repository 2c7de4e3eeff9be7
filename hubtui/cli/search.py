"""`hubtui search QUERY`: one page of models, or as many as asked for."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from hubtui.cli.documents import row_document
from hubtui.cli.output import note, print_json, print_table
from hubtui.core.fit import Fit, best_verdict, fit_of_row
from hubtui.core.models import ModelRow
from hubtui.core.numbers import age_text, count_text
from hubtui.core.ports import Hub, Services
from hubtui.core.query import Query, parse

PAGE_SIZE = 100
MAX_EMPTY_PAGES = 20
"""Pages without a match after which a search that is filtered on this side gives up, to spare the quota."""


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the rows that match."""
    query = parse(" ".join(arguments.query))
    rows = _rows(services.hub(), query, arguments.limit)
    devices = services.box.devices()
    fits = [fit_of_row(row, devices) for row in rows]
    if arguments.json:
        print_json([row_document(row, fit) for row, fit in zip(rows, fits, strict=True)])
    elif rows:
        _print(rows, fits)
    else:
        note("No model matches. Take a word or a filter away.")
    return 0


def _rows(hub: Hub, query: Query, limit: int) -> list[ModelRow]:
    rows: list[ModelRow] = []
    cursor: str | None = None
    empty = looked_at = 0
    while len(rows) < limit:
        page = hub.search(query, cursor=cursor, page_size=min(PAGE_SIZE, max(limit, 1)))
        rows += page.rows
        looked_at += page.looked_at
        cursor = page.cursor
        empty = 0 if page.rows else empty + 1
        if page.skipped:
            note(f"{page.skipped} entries of the Hub's answer could not be read and were left out.")
        if cursor is None:
            break
        if empty == MAX_EMPTY_PAGES:
            note(f"Stopped after {looked_at} models looked at: {len(rows)} match. A narrower search goes further.")
            break
    return rows[:limit]


def _print(rows: list[ModelRow], fits: list[Fit]) -> None:
    now = datetime.now(UTC)
    header = ["model", "task", "parameters", "downloads", "likes", "updated", "licence", "fit"]
    table = [
        [
            row.id + (" (gated)" if row.gated else ""),
            row.pipeline_tag,
            count_text(row.parameters),
            count_text(row.downloads),
            count_text(row.likes),
            age_text(row.updated, now),
            row.license,
            best_verdict(fit),
        ]
        for row, fit in zip(rows, fits, strict=True)
    ]
    print_table([header, *table], right=frozenset({2, 3, 4, 5}))
