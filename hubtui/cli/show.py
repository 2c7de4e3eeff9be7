"""`hubtui show MODEL`: the facts of one model."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from hubtui.cli.architecture import (
    architecture_document,
    changes_document,
    print_architecture,
    print_changes,
    read_architecture,
)
from hubtui.cli.card_facts import CardFacts, card_facts_document, read_card
from hubtui.cli.documents import facts_document
from hubtui.cli.fact_rows import fact_rows, more_facts
from hubtui.cli.fit import print_fit
from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.safety import changes_documents, changes_of, code_document, print_code, print_reasons
from hubtui.cli.tensors import print_tensors, tensors_document
from hubtui.core.configs import config_changes
from hubtui.core.custom_code import read_code
from hubtui.core.errors import GatedError, HubError
from hubtui.core.fit import fit_of_facts
from hubtui.core.inquiry import Inquiry, inquire
from hubtui.core.known_config import whole_config
from hubtui.core.known_facts import KnownFacts, known_facts
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.numbers import age_text, size_text
from hubtui.core.ports import Hub, Services
from hubtui.core.structure import Head, Structure
from hubtui.core.tree import walk
from hubtui.core.verdict import Judgement, judge


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print facts, files, safety, fit and what the card covers."""
    hub = services.hub()
    known = known_facts(services.hub, services.catalogue, arguments.model, arguments.revision)
    if known.row is not None:
        return _show_listed(arguments, services, known)
    facts = known.facts
    if arguments.code:
        return _code(arguments, services, facts)
    card = read_card(hub, facts)
    facts = replace(_with_tree(hub, facts), license_section=card.sections.license_section)
    inquiry = inquire(hub, facts, services.memory.code_review(facts.folder or facts.id))
    judgement = judge(facts, datetime.now(UTC), inquiry)
    tensors = services.headers().tensors(facts, arguments.file) if arguments.tensors or arguments.file else None
    built = _built(arguments, services, facts)
    fit = fit_of_facts(
        facts,
        services.box.devices(),
        peaks=services.memory.peaks(),
        built_parameters=built[0].parameters if built and not arguments.head else None,
    )
    other = hub.facts(arguments.against) if arguments.against else None
    changes = config_changes(whole_config(facts), whole_config(other)) if other else ()
    if arguments.json:
        document = facts_document(facts, card_facts_document(card, facts), fit, judgement, inquiry)
        document |= more_facts(facts, card)
        document |= {"tensors": tensors_document(tensors)} if tensors else {}
        document |= {"architecture": architecture_document(*built)} if built else {}
        document |= {"differences": changes_document(changes)} if other else {}
        print_json(document)
        return 0
    _print(facts, card, judgement)
    print_line()
    print_reasons(facts, judgement, inquiry)
    print_line()
    print_table([_file_line(entry, datetime.now(UTC)) for entry in facts.files], right=frozenset({1}))
    print_line()
    print_fit(fit)
    if tensors:
        print_line()
        print_tensors(tensors)
    if built:
        print_line()
        print_architecture(*built, facts.parameters_by_dtype)
    if other:
        print_line()
        print_changes(changes, other.id)
    return 0


def _show_listed(arguments: argparse.Namespace, services: Services, known: KnownFacts) -> int:
    """Print what the catalogue knows of a model; what only its files tell is refused as it would be without."""
    facts, as_of = known.facts, known.facts.listed
    asked = ("tensors", "file", "architecture", "head", "against", "code")
    needs_files = any(getattr(arguments, name) for name in asked)
    if known.why is not None and (needs_files or as_of is None):
        raise known.why
    fit = fit_of_facts(facts, services.box.devices())
    judgement = judge(facts, datetime.now(UTC))
    if as_of is not None:
        age = age_text(as_of, datetime.now(UTC))
        note(f"{known.why} This is what the local catalogue says, as of {as_of:%Y-%m-%d} ({age}): no files, no card.")
    if arguments.json:
        print_json(facts_document(facts, None, fit, judgement, Inquiry()) | more_facts(facts, None))
        return 0
    _print(facts, None, judgement)
    print_line()
    print_fit(fit)
    return 0


def _code(arguments: argparse.Namespace, services: Services, facts: ModelFacts) -> int:
    """Print the code that a load would run, or how it differs from that of another revision."""
    hub, review = services.hub(), services.memory.code_review(facts.folder or facts.id)
    code = read_code(hub, facts)
    against = arguments.against
    changes = changes_of(read_code(hub, hub.facts(facts.id, against)), code) if against else None
    if arguments.json:
        document = {"model": facts.id, "revision": facts.revision, **code_document(code, review, with_text=True)}
        print_json(document if changes is None else document | {"changes": changes_documents(changes)})
    else:
        print_code(facts.id, code, review, changes)
    return 0


def _built(
    arguments: argparse.Namespace, services: Services, facts: ModelFacts
) -> tuple[Structure, tuple[Head, ...]] | None:
    """How the model is built, when that was asked for."""
    if not (arguments.architecture or arguments.head):
        return None
    return asyncio.run(read_architecture(services, facts.id, whole_config(facts), arguments.head))


def _with_tree(hub: Hub, facts: ModelFacts) -> ModelFacts:
    """Return the facts with the files' last commits and scans, as far as they could be read."""
    known = facts.files
    try:
        for files in walk(lambda cursor: hub.tree(facts, cursor=cursor), facts.files, quota=lambda: hub.quota):
            known = files
    except GatedError:
        pass  # the card has told it already
    except HubError as error:
        note(f"The files' last commits could not be read: {error}")
    return replace(facts, files=known)


def _print(facts: ModelFacts, card: CardFacts | None, judgement: Judgement) -> None:
    print_facts(fact_rows(facts, card, judgement, datetime.now(UTC)))


def _file_line(entry: FileEntry, now: datetime) -> list[str]:
    changed = age_text(entry.last_commit.date, now) if entry.last_commit else ""
    return [entry.path, size_text(entry.size), entry.format, changed, entry.scan.status if entry.scan else ""]
