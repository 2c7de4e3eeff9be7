"""The arguments of `hubtui tokenize`."""

from __future__ import annotations

import argparse
from typing import get_args

from hubtui.cli.argument_types import count, number, token_ids, vocabulary_query
from hubtui.core.tokens import Side, TruncationStrategy


def add(parser: argparse.ArgumentParser) -> None:
    """Add what to encode and how; a question of `modes.MODES` is a flag of its own."""
    parser.add_argument(
        "texts", metavar="TEXT", nargs="*", help="a sequence each; none or -: standard input, one a line"
    )
    parser.add_argument("--file", metavar="F", help="a file, one sequence a line")
    pairs = parser.add_mutually_exclusive_group()
    pairs.add_argument("--pair", metavar="TEXT", help="second text of each sequence")
    pairs.add_argument("--pairs", action="store_true", help="texts go two by two: the second is the pair of the first")
    parser.add_argument("--padding", choices=("longest", "max_length", "none"), default="none")
    parser.add_argument("--padding-side", choices=get_args(Side), help="default: the tokenizer's own")
    parser.add_argument("--pad-to-multiple-of", type=count, metavar="N", help="round the padded length up")
    parser.add_argument("--truncation", action="store_true", help="cut at --max-length, or at the model's limit")
    parser.add_argument("--truncation-side", choices=get_args(Side), help="the side that is cut; implies --truncation")
    parser.add_argument(
        "--truncation-strategy",
        choices=get_args(TruncationStrategy),
        help="which text of a pair is cut (default: longest_first); implies --truncation",
    )
    parser.add_argument(
        "--stride",
        type=number,
        metavar="N",
        help="give what is cut off too, in windows that share N tokens; implies --truncation",
    )
    parser.add_argument("--max-length", type=count, metavar="N", help="in tokens (default: the model's limit)")
    parser.add_argument("--no-special-tokens", action="store_true", help="without [CLS], </s> and the like")
    instead = parser.add_argument_group("instead of tokens").add_mutually_exclusive_group()
    instead.add_argument("--pad-doctor", action="store_true", help="what is wrong with the pad token, and the remedy")
    instead.add_argument("--stages", action="store_true", help="what each stage of the tokenizer does to each text")
    instead.add_argument(
        "--chat", metavar="F", help="what the chat template makes of a conversation: a JSON file, - standard input"
    )
    instead.add_argument("--decode", type=token_ids, metavar="IDS", help="what ids say: 5,319,393")
    instead.add_argument(
        "--vocabulary",
        type=vocabulary_query,
        metavar="QUERY",
        help="tokens with a text, /regex/, 100-200, an id with its neighbours; '' for all",
    )
    instead.add_argument("--round-trip", action="store_true", help="whether TEXT comes back when it is decoded")
    instead.add_argument("--lengths", metavar="FILE", help="how long the lines of a file are in tokens, however large")
    instead.add_argument(
        "--against",
        metavar="MODEL[@REVISION]",
        nargs="+",
        action="extend",
        help="what other tokenizers make of the same texts; @REVISION alone: another revision of MODEL",
    )
    with_vocabulary = parser.add_argument_group("with --vocabulary")
    with_vocabulary.add_argument("--limit", type=count, default=50, metavar="N", help="tokens at most (default: 50)")
    _add_chat(parser)


def _add_chat(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("with --chat")
    group.add_argument("--tools", metavar="F", help="JSON file with the schemas of tools")
    group.add_argument(
        "--template", metavar="NAME", help="one of the tokenizer's chat templates (default, tool_use, …)"
    )
    ending = group.add_mutually_exclusive_group()
    ending.add_argument("--no-generation-prompt", action="store_true", help="do not begin the assistant's turn")
    ending.add_argument("--continue-final-message", action="store_true", help="leave the last message open")
