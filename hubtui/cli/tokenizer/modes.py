"""What can be asked of a tokenizer instead of the tokens of a text."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from hubtui.core.ports import Services


def _against(arguments: argparse.Namespace, services: Services) -> int:
    from hubtui.cli.tokenizer.against import run  # noqa: PLC0415 - one question of several

    return run(arguments, services)


MODES: Mapping[str, Callable[[argparse.Namespace, Services], int]] = {"against": _against}
"""Name of the argument that asks for it → what answers and returns the exit code."""
