"""`hubtui tokenize MODEL --lengths FILE`: how long the lines of a file are in tokens."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, tokenizer_of, without_text
from hubtui.core.file_lengths import Bin, FileLengths
from hubtui.core.ports import Services
from hubtui.core.untrusted import reveal

_BAR = 40
_START = 48
_NOTE_EVERY_S = 2.0
_SHARES = (0.5, 0.9, 0.95, 0.99)


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Measure and print."""
    without_text(arguments, "--lengths")
    model, folder = tokenizer_of(arguments, services)
    found = asked(
        services,
        lambda inspector: inspector.file_lengths(
            model,
            folder,
            arguments.lengths,
            limit=arguments.max_length,
            special_tokens=not arguments.no_special_tokens,
            told=_Teller(),
        ),
    )
    if arguments.json:
        print_json(_document(model, found))
    else:
        _print(model, found)
    return 0


class _Teller:
    """Tells on stderr how far it is, every few seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, found: FileLengths) -> None:
        now = time.monotonic()
        if now - self._told >= _NOTE_EVERY_S and sys.stderr.isatty():
            self._told = now
            note(f"{found.done / max(1, found.size):.0%}, {found.n_lines:,} lines")


def _document(model: str, found: FileLengths) -> dict[str, Any]:
    return {
        "model": model,
        "file": found.path,
        "bytes": found.size,
        "lines": found.n_lines,
        "characters": found.n_characters,
        "tokens": found.n_tokens,
        "added_tokens_per_line": found.n_added,
        "tokens_per_character": found.tokens_per_character,
        "unknown": found.n_unknown,
        "unknown_share": found.unknown_share,
        "limit": found.limit,
        "over_limit": found.n_over if found.limit is not None else None,
        "share_over_limit": found.share_over,
        "percentiles": {f"p{share * 100:g}": found.percentile(share) for share in _SHARES},
        "longest": [{"line": one.number, "tokens": one.n_tokens, "start": one.start} for one in found.longest],
        "histogram": [{"from": one.low, "to": one.high, "lines": one.count} for one in found.bins()],
        "lengths": {str(length): found.lengths[length] for length in sorted(found.lengths)},
        "not_utf8": found.n_broken,
        "cut": found.n_cut,
    }


def _print(model: str, found: FileLengths) -> None:
    ratio = found.tokens_per_character
    facts = {
        "model": model,
        "file": found.path,
        "lines": f"{found.n_lines:,}",
        "tokens": f"{found.n_tokens:,}" + (f", {found.n_added} added to each line" if found.n_added else ""),
        "tokens per character": "" if ratio is None else f"{ratio:.3f}",
        "unknown": f"{found.n_unknown:,} ({found.unknown_share:.2%})",
        "limit": "none is stated" if found.limit is None else f"{found.limit:,} tokens",
        "over the limit": "" if found.limit is None else f"{found.n_over:,} lines ({found.share_over or 0:.2%})",
        "lengths": ", ".join(f"{share:.0%} ≤ {found.percentile(share):,}" for share in _SHARES),
    }
    print_facts(facts)
    if found.n_lines:
        print_line()
        _print_histogram(found.bins(), found.limit)
        print_line()
        longest = [[f"{one.n_tokens:,}", f"{one.number:,}", reveal(one.start[:_START])] for one in found.longest]
        print_table([["tokens", "line", "the longest lines begin"], *longest], right=frozenset({0, 1}))
    if found.n_broken:
        note(f"warning: {found.n_broken:,} lines are not UTF-8 and were read with � in place of what is broken.")
    if found.n_cut:
        note(f"warning: {found.n_cut:,} lines are longer than 1 MiB and were measured up to there only.")


def _print_histogram(bins: Sequence[Bin], limit: int | None) -> None:
    highest = max(one.count for one in bins)
    rows = []
    for one in bins:
        name = str(one.low) if one.low == one.high else f"{one.low}–{one.high}"
        bar = "█" * round(_BAR * one.count / highest) or ("▏" if one.count else "")
        mark = "over the limit" if limit is not None and one.low > limit and one.count else ""
        rows.append([name, f"{one.count:,}", bar, mark])
    print_table([["tokens", "lines", "", ""], *rows], right=frozenset({0, 1}))
