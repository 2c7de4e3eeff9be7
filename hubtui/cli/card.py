"""`hubtui card MODEL`: the model card, on any terminal."""

from __future__ import annotations

import argparse
import shutil
import sys

from hubtui.cli.output import note, print_json, print_line, wants_colour, write
from hubtui.core.errors import HubError
from hubtui.core.lineage import Lineage, family_rows
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Hub, Services

MAX_WIDTH = 100
"""Lines longer than this are hard to read."""


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the card rendered, its Markdown, or what it says as JSON."""
    hub = services.hub()
    facts = hub.facts(arguments.model, arguments.revision)
    text = hub.card(facts)
    if text is None:
        note(f"{facts.id} has no card at this revision.")
        return 1
    if arguments.raw:
        print_line(text)
        return 0
    lineage = _lineage(hub, facts)
    if arguments.json:
        from hubtui.cli.card_document import card_document  # noqa: PLC0415  parsers, which --raw does not need

        print_json(card_document(facts, text, lineage, facts.license))
        return 0
    rows = () if lineage is None else family_rows(lineage, with_ancestors=bool(lineage.ancestors))
    _print(text, facts, rows)
    return 0


def _print(text: str, facts: ModelFacts, family: tuple[tuple[str, str], ...]) -> None:
    """Print what is missing, the facts and the card."""
    from hubtui.cards.ansi import lines_to_ansi, links_table, to_ansi  # noqa: PLC0415  the raw card needs no renderer
    from hubtui.cards.frontmatter import split_card  # noqa: PLC0415  likewise
    from hubtui.cards.model import Span, Style  # noqa: PLC0415  likewise
    from hubtui.cards.render import render  # noqa: PLC0415  likewise
    from hubtui.cards.sections import find_sections  # noqa: PLC0415  likewise
    from hubtui.cards.unsaid import license_stated, unsaid  # noqa: PLC0415  likewise

    matter, body = split_card(text)
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    head = [(Span("front matter", Style.WARNING), Span(f"  {problem}")) for problem in matter.problems]
    sections = find_sections(body)
    if missing := unsaid(sections, matter, facts.license):
        head.append((Span("not stated", Style.WARNING), Span(f"  {' · '.join(missing)}")))
    if words := license_stated(sections, matter, facts.license).words:
        head.append((Span("licence   ", Style.WARNING), Span(f"  {words}")))
    card = render(body, width, front_matter=matter, family=family)
    colour = wants_colour()
    encoding = sys.stdout.encoding or "ascii"
    shown = lines_to_ansi(head, colour=colour) + to_ansi(card, colour=colour)
    if links := links_table(card):
        shown += "\n" + lines_to_ansi(links, colour=colour)
    write(shown.encode(encoding, "replace").decode(encoding) + "\n")


def _lineage(hub: Hub, facts: ModelFacts) -> Lineage | None:
    """Return the model's family; the card can be read without it."""
    if hub.is_offline or facts.from_cache:
        return None
    try:
        return hub.lineage(facts)
    except HubError as error:
        note(f"The model's family is not known: {error.message}")
        return None
