"""`hubtui search QUERY`: one page of models, or as many as asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hubtui.cli.documents import row_document
from hubtui.cli.output import note, print_json, print_table
from hubtui.core.caveats import why_none
from hubtui.core.fit import Fit, best_verdict, fit_of_row
from hubtui.core.models import ModelRow, Page, Quota
from hubtui.core.numbers import age_text, count_text, plural
from hubtui.core.pacing import why_rest
from hubtui.core.ports import Catalogue, Hub, Services
from hubtui.core.query import Query, parse
from hubtui.core.query_plan import plan

PAGE_SIZE = 100
MAX_EMPTY_PAGES = 20
"""Pages without a match after which a search that is filtered on this side gives up, to spare the quota."""


@dataclass(slots=True)
class _Found:
    """Rows that match, and how many were looked at for them."""

    rows: list[ModelRow] = field(default_factory=list)
    looked_at: int = 0
    skipped: int = 0
    caveats: dict[str, None] = field(default_factory=dict)


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the rows that match."""
    query = parse(" ".join(arguments.query))
    found = _found(*_source(arguments, services), query, arguments.limit)
    rows = found.rows[: arguments.limit]
    devices = services.box.devices()
    fits = [fit_of_row(row, devices) for row in rows]
    if arguments.json:
        print_json([row_document(row, fit) for row, fit in zip(rows, fits, strict=True)])
    elif rows:
        _print(rows, fits)
    else:
        said = ("No model matches.", why_none(query), "Take a word or a filter away.")
        note(" ".join(filter(None, said)))
    for caveat in found.caveats:
        note(caveat)
    if found.skipped:
        entries = plural(found.skipped, "entry", "entries")
        note(f"{entries} of the Hub's answer could not be read and left out.")
    if plan(query).remaining and found.looked_at:
        shown = f", {len(rows):,} shown" if len(rows) < len(found.rows) else ""
        models = plural(found.looked_at, "model")
        note(f"Looked at {models}: {len(found.rows):,} match{shown}.")
    return 0


def _source(arguments: argparse.Namespace, services: Services) -> tuple[Hub | Catalogue, Callable[[], Quota | None]]:
    """What answers, and its quota: the Hub; the catalogue when told so or offline, if there is one; else the cache."""
    hub = services.hub()
    if not (arguments.catalogue or services.settings.offline):
        return hub, lambda: hub.quota
    catalogue = services.catalogue()
    status = catalogue.status()
    if arguments.catalogue or status.is_complete:
        if status.synced is not None:
            age = age_text(status.synced, datetime.now(UTC))
            note(f"From the local catalogue: {status.models:,} models as of {status.synced:%Y-%m-%d} ({age}).")
        return catalogue, lambda: None
    note(f"From the Hugging Face cache of this machine. {status.next_step}")
    return hub, lambda: None


def _found(source: Hub | Catalogue, quota: Callable[[], Quota | None], query: Query, limit: int) -> _Found:
    """Fetch pages until there are enough rows, the list ends, or going on would cost too much of the quota."""
    found = _Found()
    cursor: str | None = None
    barren = 0
    page_size = PAGE_SIZE if plan(query).remaining else min(PAGE_SIZE, limit)
    while len(found.rows) < limit:
        page = source.search(query, cursor=cursor, page_size=page_size)
        if cursor is None:
            _tell_forgiven(page)
        found.rows += page.rows
        found.caveats.update(dict.fromkeys(page.caveats))
        found.looked_at += page.looked_at
        found.skipped += page.skipped
        cursor = page.cursor
        barren = 0 if page.rows else barren + 1
        if cursor is None or len(found.rows) >= limit:
            break
        if why := why_rest(quota(), barren, MAX_EMPTY_PAGES):
            note(f"Stopped before the end of the list: {why} A narrower search goes further.")
            break
    return found


def _tell_forgiven(page: Page) -> None:
    for word, meant in page.forgiven.items():
        note(f"No model has “{word}” in its name: these are for {' or '.join(meant)}.")


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
