"""`hubtui show MODEL`: the facts of one model."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hubtui.cli.architecture import (
    architecture_document,
    changes_document,
    print_architecture,
    print_changes,
    read_architecture,
)
from hubtui.cli.documents import facts_document
from hubtui.cli.fit import print_fit
from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.tensors import print_tensors, tensors_document
from hubtui.core.configs import config_changes
from hubtui.core.errors import GatedError, HubError
from hubtui.core.fit import fit_of_facts
from hubtui.core.known_facts import KnownFacts, known_facts
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.numbers import age_text, count_text, size_text
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
    card = _card_facts(hub, facts)
    facts = _with_tree(hub, facts)
    fit = fit_of_facts(facts, services.box.devices(), peaks=services.memory.peaks())
    judgement = judge(facts, datetime.now(UTC))
    tensors = services.headers().tensors(facts, arguments.file) if arguments.tensors or arguments.file else None
    built = _built(arguments, services, facts)
    other = hub.facts(arguments.against) if arguments.against else None
    changes = config_changes(facts.config, other.config) if other else ()
    if arguments.json:
        document = facts_document(facts, card, fit, judgement)
        document |= {"tensors": tensors_document(tensors)} if tensors else {}
        document |= {"architecture": architecture_document(*built)} if built else {}
        document |= {"differences": changes_document(changes)} if other else {}
        print_json(document)
        return 0
    _print(facts, card, judgement)
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
    needs_files = arguments.tensors or arguments.file or arguments.architecture or arguments.head or arguments.against
    if known.why is not None and (needs_files or as_of is None):
        raise known.why
    fit = fit_of_facts(facts, services.box.devices())
    judgement = judge(facts, datetime.now(UTC))
    if as_of is not None:
        age = age_text(as_of, datetime.now(UTC))
        note(f"{known.why} This is what the local catalogue says, as of {as_of:%Y-%m-%d} ({age}): no files, no card.")
    if arguments.json:
        print_json(facts_document(facts, None, fit, judgement))
        return 0
    _print(facts, None, judgement)
    print_line()
    print_fit(fit)
    return 0


def _built(
    arguments: argparse.Namespace, services: Services, facts: ModelFacts
) -> tuple[Structure, tuple[Head, ...]] | None:
    """How the model is built, when that was asked for."""
    if not (arguments.architecture or arguments.head):
        return None
    return asyncio.run(read_architecture(services, facts.id, facts.config, arguments.head))


def _card_facts(hub: Hub, facts: ModelFacts) -> dict[str, Any]:
    """Return what the card says; a gated card cannot be read, which is told and costs only this part."""
    from hubtui.cards.frontmatter import split_card  # noqa: PLC0415  only two commands read cards
    from hubtui.cards.sections import find_sections  # noqa: PLC0415  likewise

    try:
        text = hub.card(facts)
    except HubError as error:
        note(f"The card could not be read: {error}")
        text = None
    matter, body = split_card(text or "")
    found = find_sections(body)
    return {
        "sections": list(found.headings),
        "datasets": list(matter.datasets),
        "languages": list(matter.languages),
        "metrics": list(matter.metrics),
        "base_models": list(matter.base_models),
        "has_limitations": found.has_limitations,
        "has_bias": found.has_bias,
        "has_training_data": found.has_training_data,
    }


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


def _print(facts: ModelFacts, card: Mapping[str, Any] | None, judgement: Judgement) -> None:
    now = datetime.now(UTC)
    dtypes = ", ".join(f"{count_text(count)} {dtype}" for dtype, count in facts.parameters_by_dtype.items())
    print_facts(
        {
            "model": facts.id,
            "revision": f"{facts.revision} {facts.commit[:12]}".strip(),
            "task": facts.pipeline_tag,
            "library": facts.library,
            "licence": facts.license or "none named",
            "gated": facts.gated.value if facts.gated else "",
            "private": "yes" if facts.private else "",
            "parameters": f"{count_text(facts.parameters)} ({dtypes})" if dtypes else count_text(facts.parameters),
            "architecture": ", ".join(facts.architectures),
            "max length": f"{facts.max_length:,} tokens" if facts.max_length else "",
            "languages": ", ".join(facts.languages),
            "downloads": f"{count_text(facts.downloads)} a month, {count_text(facts.likes)} likes",
            "updated": age_text(facts.updated, now) + " ago" if facts.updated else "",
            "formats": ", ".join(facts.formats),
            "verdict": judgement.line if card is not None or judgement.level != "good" else "",
            "safety": _safety(facts),
            "card": _card_line(card) if card is not None else "",
        }
    )
    if facts.files:
        print_line()
    print_table([_file_line(entry, now) for entry in facts.files], right=frozenset({1}))


def _file_line(entry: FileEntry, now: datetime) -> list[str]:
    changed = age_text(entry.last_commit.date, now) if entry.last_commit else ""
    return [entry.path, size_text(entry.size), entry.format, changed, entry.scan.status if entry.scan else ""]


def _safety(facts: ModelFacts) -> str:
    words = [facts.safety.status] if facts.listed is None else []
    if facts.safety.custom_code:
        words.append("asks for code of its own, which hubtui does not run")
    if facts.safety.pickle_only:
        words.append("weights only as pickle, which hubtui does not load")
    return "; ".join(words + [f"{issue.path}: {issue.level}" for issue in facts.safety.issues])


def _card_line(card: Mapping[str, Any]) -> str:
    if not card["sections"]:
        return "none, or without headings"
    topics = {"training data": "has_training_data", "limitations": "has_limitations", "bias": "has_bias"}
    silent = [topic for topic, key in topics.items() if not card[key]]
    return f"{len(card['sections'])} sections" + (f"; says nothing on {', '.join(silent)}" if silent else "")
