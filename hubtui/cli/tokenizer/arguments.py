"""The arguments of `hubtui tokenize`."""

from __future__ import annotations

import argparse

from hubtui.cli.argument_types import count


def add(parser: argparse.ArgumentParser) -> None:
    """Add what to encode and how; a question of `modes.MODES` is a flag of its own."""
    parser.add_argument(
        "texts", metavar="TEXT", nargs="*", help="a sequence each; none or -: standard input, one a line"
    )
    parser.add_argument("--file", metavar="F", help="a file, one sequence a line")
    parser.add_argument("--pair", metavar="TEXT", help="second text of each sequence")
    parser.add_argument("--padding", choices=("longest", "max_length", "none"), default="none")
    parser.add_argument("--truncation", action="store_true", help="cut at --max-length, or at the model's limit")
    parser.add_argument("--max-length", type=count, metavar="N", help="in tokens (default: the model's limit)")
    parser.add_argument("--no-special-tokens", action="store_true", help="without [CLS], </s> and the like")
    instead = parser.add_argument_group("instead of tokens").add_mutually_exclusive_group()
    instead.add_argument(
        "--against",
        metavar="MODEL[@REVISION]",
        nargs="+",
        action="extend",
        help="what other tokenizers make of the same texts; @REVISION alone: another revision of MODEL",
    )
