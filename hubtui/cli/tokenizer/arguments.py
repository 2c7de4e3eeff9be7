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
    instead.add_argument("--stages", action="store_true", help="what each stage of the tokenizer does to each text")
    instead.add_argument(
        "--chat", metavar="F", help="what the chat template makes of a conversation: a JSON file, - standard input"
    )
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
