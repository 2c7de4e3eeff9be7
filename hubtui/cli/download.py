"""`hubtui download MODEL [FILES…]`: bring files into the Hugging Face cache."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase

from hubtui.cli.output import note, print_json, print_line
from hubtui.cli.stopping import INTERRUPTED, stopped_by_interrupt
from hubtui.core.download_ports import Downloads
from hubtui.core.errors import CancelledError, CheckpointError, OfflineError, UsageError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.numbers import remaining_text, size_text
from hubtui.core.pace import Pace
from hubtui.core.ports import Services

_NOTE_EVERY_S = 2.0


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Download, check, and print where the files are."""
    facts = services.hub().facts(arguments.model, arguments.revision)
    downloads = services.downloads()
    files = _chosen(facts, arguments.files) if arguments.files else _needed(facts, downloads)
    plan = downloads.plan(facts, files)
    if plan.fits and (plan.left_bytes or plan.unsized):
        note(plan.sentence)
    with stopped_by_interrupt() as stopped:
        try:
            snapshot = downloads.fetch(facts, files, progress=_Teller(), is_cancelled=stopped.is_set)
        except CancelledError as error:
            note(f"hubtui: {error}")
            return INTERRUPTED
    if arguments.json:
        print_json(_document(facts, files, snapshot))
    else:
        print_line(snapshot.folder)
    return 0


def _needed(facts: ModelFacts, downloads: Downloads) -> tuple[FileEntry, ...]:
    """Return what a run needs; of what cannot be run here, the files have to be named.

    Raises:
        CheckpointError: it cannot be run here; the hint says how to have its files all the same.
    """
    try:
        return downloads.needed(facts, "run")
    except CheckpointError as error:
        ggufs = [file.path for file in facts.files if file.path.endswith(".gguf")]
        example = f"*{ggufs[0][ggufs[0].rfind('-') :]}" if len(ggufs) > 1 else ggufs[0] if ggufs else "*"
        size = f", {size_text(facts.size_bytes)}" if facts.size_bytes is not None and example == "*" else ""
        what = f"all {len(facts.files)} files{size}" if example == "*" else "that file"
        way = f"hubtui download {facts.id} '{example}' brings {what}." if facts.files else ""
        raise CheckpointError(error.message, hint=f"{error.hint} {way}".strip()) from error


def _chosen(facts: ModelFacts, patterns: Sequence[str]) -> tuple[FileEntry, ...]:
    """Return the files that the words name, in the repo's order.

    Raises:
        UsageError: a word names none.
    """
    chosen = set()
    for pattern in patterns:
        found = {file.path for file in facts.files if file.path == pattern or fnmatchcase(file.path, pattern)}
        if not found and facts.is_partial:
            raise OfflineError(f"Whether {facts.id} has a file {pattern} is not known without the Hub.")
        if not found:
            raise UsageError(f"{facts.id} has no file {pattern}.", hint=f"hubtui show {facts.id} lists its files.")
        chosen |= found
    return tuple(file for file in facts.files if file.path in chosen)


def _document(facts: ModelFacts, files: Sequence[FileEntry], snapshot: Snapshot) -> dict[str, object]:
    return {
        "model": facts.id,
        "revision": facts.revision,
        "commit": snapshot.commit or None,
        "folder": snapshot.folder,
        "files": [{"path": file.path, "size": file.size} for file in files],
        "fetched_bytes": snapshot.fetched_bytes,
        "seconds": snapshot.seconds,
    }


class _Teller:
    """Tells on stderr how far a download is, every few seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()
        self._pace = Pace()

    def __call__(self, progress: DownloadProgress) -> None:
        now = time.monotonic()
        self._pace = self._pace.after(now, progress.fetched_bytes)
        if now - self._told < _NOTE_EVERY_S or not sys.stderr.isatty():
            return
        self._told = now
        rate, left = self._pace.per_second, self._pace.seconds_left(progress.total_bytes - progress.done_bytes)
        speed = f", {size_text(int(rate))}/s" if rate else ""
        rest = f", {remaining_text(left)} left" if left else ""
        note(f"{progress.path}: {size_text(progress.done_bytes)} of {size_text(progress.total_bytes)}{speed}{rest}")
