"""`hubtui card MODEL`: the model card, on any terminal."""

from __future__ import annotations

import argparse
import shutil
import sys

from hubtui.cli.output import note, print_line, wants_colour
from hubtui.core.ports import Services

MAX_WIDTH = 100
"""Lines longer than this are hard to read."""


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the card rendered, or its Markdown."""
    hub = services.hub()
    facts = hub.facts(arguments.model, arguments.revision)
    text = hub.card(facts)
    if text is None:
        note(f"{facts.id} has no card at this revision.")
        return 1
    if arguments.raw:
        print_line(text)
        return 0
    from hubtui.cards.ansi import to_ansi  # noqa: PLC0415  the raw card needs no renderer
    from hubtui.cards.frontmatter import split_card  # noqa: PLC0415  likewise
    from hubtui.cards.render import render  # noqa: PLC0415  likewise

    _, body = split_card(text)
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    encoding = sys.stdout.encoding or "ascii"
    shown = to_ansi(render(body, width), colour=wants_colour())
    sys.stdout.write(shown.encode(encoding, "replace").decode(encoding) + "\n")
    return 0
