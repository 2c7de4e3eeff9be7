"""`hubtui catalogue sync|status|drop`: metadata of the whole Hub on this machine."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from hubtui.cli.output import note, print_facts, print_json
from hubtui.cli.stopping import INTERRUPTED, stopped_by_interrupt
from hubtui.core.errors import CancelledError
from hubtui.core.models import CatalogueProgress, CatalogueStatus
from hubtui.core.numbers import age_text, size_text
from hubtui.core.ports import Services

_NOTE_EVERY_S = 2.0


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Do what the word after `catalogue` says."""
    catalogue = services.catalogue()
    if arguments.action == "drop":
        was_there = catalogue.status().bytes_on_disk > 0
        catalogue.drop()
        note("The local catalogue is gone." if was_there else "There is no local catalogue.")
    elif arguments.action == "sync":
        with stopped_by_interrupt() as stopped:
            try:
                catalogue.sync(_Teller(), stopped.is_set, arguments.source, full=arguments.full)
            except CancelledError as error:
                note(f"hubtui: {error}")
                return INTERRUPTED
            except KeyboardInterrupt:
                note("hubtui: The sync was stopped at once. `hubtui catalogue sync` goes on where it stopped.")
                return INTERRUPTED
    _print(catalogue.status(), as_json=arguments.json)
    return 0


def status_document(status: CatalogueStatus) -> dict[str, Any]:
    """Return `catalogue status --json`."""
    return asdict(status)


def _print(status: CatalogueStatus, *, as_json: bool) -> None:
    if as_json:
        print_json(status_document(status))
        return
    now = datetime.now(UTC)
    print_facts(
        {
            "models": f"{status.models:,}" if status.is_complete else "none",
            "as of": f"{status.synced:%Y-%m-%d %H:%M} UTC ({age_text(status.synced, now)})" if status.synced else "",
            "numbers": _numbers(status),
            "source": status.source,
            "not told": _untold(status),
            "on disk": size_text(status.bytes_on_disk),
            "under way": f"a sync was cut off after {status.fetched:,} entries" if status.is_interrupted else "",
            "next": status.next_step,
        }
    )


def _numbers(status: CatalogueStatus) -> str:
    """How old downloads and likes are, and what makes them new."""
    if status.filled is None:
        return ""
    first = " and ".join(f"{count:,} by {sort}" for sort, count in status.refreshed.items())
    return (
        f"a sync refreshes those of what changed and of the first {first} (what has left those goes behind them); "
        f"all others are as of {status.filled:%Y-%m-%d %H:%M} UTC, until `hubtui catalogue sync --full`"
    )


def _untold(status: CatalogueStatus) -> str:
    words = ", ".join("provider:" if name == "provider" else f"is:{name}" for name in status.untold)
    return f"{words} (not in the dump; `hubtui catalogue sync --full` asks the Hub)" if words else ""


class _Teller:
    """Tells on stderr where a sync stands, every few seconds and at each new stage."""

    def __init__(self) -> None:
        self._stage = ""
        self._told = 0.0

    def __call__(self, progress: CatalogueProgress) -> None:
        now = time.monotonic()
        if progress.stage == self._stage and now - self._told < _NOTE_EVERY_S:
            return
        self._stage, self._told = progress.stage, now
        if sys.stderr.isatty() or progress.done or progress.wait_s:
            note(_sentence(progress))


def _sentence(progress: CatalogueProgress) -> str:
    if progress.stage == "waiting":
        return f"The Hub's quota is used up: going on in {progress.wait_s:.0f} s."
    if progress.stage == "downloading":
        total = f" of {size_text(progress.total)}" if progress.total else ""
        return f"Downloading: {size_text(progress.done)}{total}."
    total = f" of {progress.total:,}" if progress.total else ""
    return f"{progress.stage.capitalize()}: {progress.done:,}{total} models."
