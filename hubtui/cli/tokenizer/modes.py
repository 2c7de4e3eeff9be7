"""What can be asked of a tokenizer instead of the tokens of a text."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from hubtui.cli.tokenizer import decoding, lengths, round_trips, vocabulary
from hubtui.core.ports import Services

MODES: Mapping[str, Callable[[argparse.Namespace, Services], int]] = {
    "decode": decoding.run,
    "vocabulary": vocabulary.run,
    "round_trip": round_trips.run,
    "lengths": lengths.run,
}
"""Name of the argument that asks for it → what answers and returns the exit code."""
