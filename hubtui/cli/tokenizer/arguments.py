"""The arguments of `hubtui tokenize`."""

from __future__ import annotations

import argparse

from hubtui.cli.argument_types import count, token_ids, vocabulary_query


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
    instead.add_argument("--decode", type=token_ids, metavar="IDS", help="what ids say: 5,319,393")
    instead.add_argument(
        "--vocabulary",
        type=vocabulary_query,
        metavar="QUERY",
        help="tokens with a text, /regex/, 100-200, an id with its neighbours; '' for all",
    )
    instead.add_argument("--round-trip", action="store_true", help="whether TEXT comes back when it is decoded")
    instead.add_argument("--lengths", metavar="FILE", help="how long the lines of a file are in tokens, however large")
    with_vocabulary = parser.add_argument_group("with --vocabulary")
    with_vocabulary.add_argument("--limit", type=count, default=50, metavar="N", help="tokens at most (default: 50)")
