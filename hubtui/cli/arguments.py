"""The words of the command line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from hubtui import __version__
from hubtui.cli.argument_types import count, port
from hubtui.cli.output import write
from hubtui.cli.tokenizer import arguments as tokenizer_arguments
from hubtui.core.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

COMMANDS = (
    "demo", "search", "show", "card", "tokenize", "run", "fit", "diff", "download", "cache", "catalogue", "doctor",
)  # fmt: skip


class _Parser(argparse.ArgumentParser):
    """argparse, saying what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", hint=f"{self.prog} --help lists what there is.")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print help or version; argparse itself is silent where that fails."""
        if file is sys.stdout:
            write(message)
        else:
            super()._print_message(message, file)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the arguments; `command` is a name of `COMMANDS`, or `open` for the interface.

    Raises:
        UsageError: the words are wrong.
        SystemExit: `--help` or `--version` was printed.
    """
    command = _command_word(argv)
    if command is None:
        arguments = _interface_parser().parse_args(argv)
        arguments.command = "open"
        return arguments
    return _commanded(_shielded(argv) if command == "search" else argv)


def _commanded(argv: Sequence[str]) -> argparse.Namespace:
    """Read a command; words behind an option belong to the list before it, which argparse takes for finished."""
    parser = _commands_parser()
    arguments, rest = parser.parse_known_args(argv)
    words = getattr(arguments, _LISTS.get(arguments.command, ""), None)
    if rest and (words is None or any(word.startswith("-") and word != "-" for word in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if words is not None:
        words += rest
    return arguments


_LISTS = {"search": "query", "tokenize": "texts", "run": "inputs", "download": "files"}
"""Command → the list that its words make."""


def _shielded(argv: Sequence[str]) -> list[str]:
    """Put a blank before what a search excludes (`-task:fill-mask`), for argparse would take it for an option."""
    return [f" {word}" if re.match(r"-[^-\s]", word) and word != "-h" else word for word in argv]


def _command_word(argv: Sequence[str]) -> str | None:
    """Return the first word that is no option (nor the value of one), if it is a command."""
    takes_value = {"--endpoint", "--cache-dir", "--token-file", "--config", "--log-file"}
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif word == "--":
            return None
        elif word in takes_value:
            skip = True
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def _shared() -> _Parser:
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = shared.add_argument_group("everywhere")
    group.add_argument("--offline", action="store_true", help="never ask the network; answer from what is here")
    group.add_argument(
        "--endpoint", metavar="URL", help="the Hub to ask (default: HF_ENDPOINT, else the Hugging Face Hub)"
    )
    group.add_argument("--cache-dir", metavar="DIR", help="the Hugging Face cache (default: HF_HUB_CACHE)")
    group.add_argument("--token-file", metavar="FILE", help="file with the access token (default: HF_TOKEN_PATH)")
    group.add_argument("--config", metavar="FILE", help="another config file")
    group.add_argument("--log-file", metavar="FILE", help="another log file")
    return shared


def _interface_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hubtui",
        parents=[_shared()],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Find, read, tokenize and run Hugging Face models without leaving the terminal.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help="a model id, a Hub URL, a checkpoint folder or a search; none: the start page",
    )
    parser.add_argument("--version", action="version", version=f"hubtui {__version__}")
    return parser


_EPILOG = """\
commands (hubtui COMMAND --help says more):
  demo      open the interface on the embedded demo Hub: no internet, no account
  search    list models
  show      facts, files, safety and fit of a model
  card      the model card
  tokenize  what the model's tokenizer does to a text
  run       run a checkpoint on your input
  fit       memory needed against memory free on this box
  diff      what changed between two revisions of a model
  download  bring files of a model into the cache
  cache     what the Hugging Face cache holds: list, delete
  catalogue metadata of the whole Hub, kept here: sync, status, drop
  doctor    what hubtui found on this box

searches are words and filters: hubtui "camembert task:fill-mask language:fr size:<1B"
"""


def _commands_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="hubtui", parents=[_shared()])
    parser.add_argument("--version", action="version", version=f"hubtui {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for name, build in _BUILDERS.items():
        build(commands.add_parser(name, parents=[_shared()], help=_SUMMARIES[name], description=_SUMMARIES[name]))
    return parser


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", nargs="?", metavar="TARGET", help="a model id of the demo Hub, or a search")
    parser.add_argument("--serve", action="store_true", help="only serve the demo Hub, and print its address")
    parser.add_argument("--port", type=port, default=0, help="loopback port to serve on (default: a free one)")
    parser.add_argument(
        "--root", metavar="DIR", help="serve the checkpoints DIR/<namespace>/<name>/ instead of the built-in ones"
    )


def _search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "query", metavar="QUERY", nargs="+", help="words and filters, such as: camembert task:fill-mask"
    )
    parser.add_argument("--limit", type=count, default=20, help="results at most (default: 20)")
    parser.add_argument(
        "--catalogue", action="store_true", help="ask the local catalogue (--offline does, when there is one)"
    )
    _json(parser)


def _show(parser: argparse.ArgumentParser) -> None:
    _model(parser)
    parser.add_argument(
        "--tensors", action="store_true", help="every tensor with dtype, shape and size, without fetching the weights"
    )
    parser.add_argument("--file", metavar="F", default="", help="of another weight file, such as one of several GGUF")
    parser.add_argument(
        "--architecture", action="store_true", help="modules, sizes and heads, built from config.json without weights"
    )
    parser.add_argument(
        "--head", metavar="CLASS", default="", help="build it as another class: AutoModel, BertForMaskedLM, …"
    )
    parser.add_argument(
        "--code", action="store_true", help="only the Python that trust_remote_code=True would run, whole; runs nothing"
    )
    parser.add_argument(
        "--against",
        metavar="MODEL|REVISION",
        default="",
        help="what differs in the config of another model; with --code, in the code of another revision",
    )
    _json(parser)


def _card(parser: argparse.ArgumentParser) -> None:
    _model(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the Markdown text")
    _json(form)


def _tokenize(parser: argparse.ArgumentParser) -> None:
    _model(parser)
    tokenizer_arguments.add(parser)
    _json(parser)


def _run(parser: argparse.ArgumentParser) -> None:
    _model(parser)
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="*",
        help="text, question and context, file of a picture; - or none: standard input",
    )
    parser.add_argument("--task", metavar="T", help="another task than the model's own")
    parser.add_argument(
        "--param",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        dest="parameters",
        help="top_k=5, candidate_labels=a,b, context=…",
    )
    parser.add_argument("--device", default=None, help="auto, cpu, cuda, cuda:1, mps")
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16", "float16"), default=None)
    parser.add_argument(
        "--seed", type=int, default=None, help="seed of random numbers, for answers that can be repeated"
    )
    _json(parser)


def _fit(parser: argparse.ArgumentParser) -> None:
    _model(parser)
    parser.add_argument("--context", type=count, metavar="N", help="tokens to hold in the KV cache")
    parser.add_argument("--batch", type=count, default=1, metavar="N", help="sequences at a time (default: 1)")
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16", "float16"), default="auto")
    _json(parser)


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a model id or a Hub URL")
    parser.add_argument("before", metavar="A", help="branch, tag, commit or refs/pr/N")
    parser.add_argument("after", metavar="B", help="another one")
    parser.add_argument("--text", action="store_true", help="also how the lines of text files changed")
    _json(parser)


def _download(parser: argparse.ArgumentParser) -> None:
    _model(parser)
    parser.add_argument(
        "files",
        metavar="FILES",
        nargs="*",
        help="paths, or patterns such as '*.json'; none: what a run needs, safetensors over pickle",
    )
    _json(parser)


def _cache(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="{list,delete}", required=True, parser_class=_Parser)
    what = "the models in the cache, with their revisions and sizes"
    listing = actions.add_parser("list", parents=[_shared()], help=what, description=what)
    listing.add_argument("model", metavar="MODEL", nargs="?", help="only this one, with its files")
    _json(listing)
    what = "say what would go and how much that frees; with --yes, delete it"
    deleting = actions.add_parser("delete", parents=[_shared()], help=what, description=what)
    deleting.add_argument("model", metavar="MODEL", help="a model id")
    deleting.add_argument("--revision", metavar="R", help="only this branch, tag or commit (default: all of them)")
    deleting.add_argument("--yes", action="store_true", help="delete")
    _json(deleting)


def _catalogue(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="{sync,status,drop}", required=True, parser_class=_Parser)
    for name, what in (
        ("sync", "fill it: all of it the first time, then what changed; goes on where it was interrupted"),
        ("status", "how many models it holds, and how old it is"),
        ("drop", "delete it"),
    ):
        action = actions.add_parser(name, parents=[_shared()], help=what, description=what)
        if name == "sync":
            action.add_argument(
                "--from", dest="source", metavar="FILE_OR_URL", default=None, help="a Parquet dump of the Hub"
            )
            action.add_argument(
                "--full", action="store_true", help="all of it again, every number; forgets models that are gone"
            )
        _json(action)


def _doctor(parser: argparse.ArgumentParser) -> None:
    _json(parser)


_BUILDERS = {
    "demo": _demo,
    "search": _search,
    "show": _show,
    "card": _card,
    "tokenize": _tokenize,
    "run": _run,
    "fit": _fit,
    "diff": _diff,
    "download": _download,
    "cache": _cache,
    "catalogue": _catalogue,
    "doctor": _doctor,
}
_SUMMARIES = {
    "demo": "open the interface on the embedded demo Hub, or serve that Hub",
    "search": "list models",
    "show": "facts, files, safety and fit of a model",
    "card": "the model card",
    "tokenize": "what the model's tokenizer does to a text",
    "run": "run a checkpoint on your input",
    "fit": "memory needed against memory free on this box",
    "diff": "what changed between two revisions of a model: files, config, tokenizer",
    "download": "bring files of a model into the Hugging Face cache; goes on where it was interrupted",
    "cache": "what the Hugging Face cache of this machine holds, and deleting from it",
    "catalogue": "metadata of the whole Hub on this machine: for search offline, as you type, with exact counts",
    "doctor": "what hubtui found on this box",
}


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a model id, a Hub URL or a checkpoint folder")
    parser.add_argument(
        "--revision", metavar="R", default=None, help="branch, tag, commit or refs/pr/N (default: main)"
    )


def _json(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")
