"""`hubtui tokenize MODEL --round-trip TEXT…`: whether a text comes back as it was."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from hubtui.cli.output import print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, texts_of, tokenizer_of
from hubtui.core.errors import UsageError
from hubtui.core.ports import Services
from hubtui.core.round_trips import Difference, RoundTrip, changed_signs, shown, verdict
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Encode, decode, compare and print; 1 when a text does not come back."""
    if arguments.pair is not None:
        raise UsageError("--round-trip takes texts without --pair.")
    texts = texts_of(arguments)
    model, folder = tokenizer_of(arguments, services)
    trips = asked(services, lambda inspector: inspector.round_trips(model, folder, texts))
    if arguments.json:
        print_json({"model": model, "texts": [_document(trip) for trip in trips]})
    else:
        _print(trips)
    return 0 if all(trip.is_equal for trip in trips) else 1


def _document(trip: RoundTrip) -> dict[str, Any]:
    difference = None if trip.difference is None else asdict(trip.difference)
    if difference is not None:
        difference["cause"] = difference["cause"] or None
        difference["reason"] = difference["reason"] or None
    return {
        "text": trip.text,
        "decoded": trip.decoded,
        "equal": trip.is_equal,
        "n_tokens": trip.n_tokens,
        "n_unknown": trip.n_unknown,
        "first_difference": difference,
    }


def _print(trips: list[RoundTrip]) -> None:
    said = verdict(trips)
    print_line(f"{'✓' if all(trip.is_equal for trip in trips) else '✗'} {said[0].upper()}{said[1:]}.")
    for number, trip in enumerate(trips, 1):
        if trip.difference is not None:
            print_line()
            print_line(f"line {number}, character {trip.difference.place + 1}")
            _print_difference(trip.difference)


def _print_difference(difference: Difference) -> None:
    before = reveal(difference.before)
    signs = changed_signs(difference.expected, difference.got)
    rows = [
        ["  text", before + shown(difference.expected), signs[0]],
        ["  decoded", before + shown(difference.got), signs[1]],
        ["", " " * len(before) + "^", ""],
    ]
    print_table(rows)
    if difference.reason:
        print_line(f"  {difference.reason}")
