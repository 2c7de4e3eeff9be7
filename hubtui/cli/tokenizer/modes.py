"""What can be asked of a tokenizer instead of the tokens of a text."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import cast

from hubtui.core.ports import Services

Mode = Callable[[argparse.Namespace, Services], int]


def _answer(module: str, arguments: argparse.Namespace, services: Services) -> int:
    """Run a module of this room, which is imported when it is asked for: it is one of several."""
    return cast("Mode", import_module(f"hubtui.cli.tokenizer.{module}").run)(arguments, services)


MODES: Mapping[str, Mode] = {
    "pad_doctor": partial(_answer, "pads"),
    "stages": partial(_answer, "stages"),
    "chat": partial(_answer, "chat"),
    "decode": partial(_answer, "decoding"),
    "vocabulary": partial(_answer, "vocabulary"),
    "round_trip": partial(_answer, "round_trips"),
    "lengths": partial(_answer, "lengths"),
    "against": partial(_answer, "against"),
}
"""Name of the argument that asks for it → what answers and returns the exit code."""
