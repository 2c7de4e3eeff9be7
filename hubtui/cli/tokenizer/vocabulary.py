"""`hubtui tokenize MODEL --vocabulary QUERY`: the tokens that there are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from hubtui.cli.output import note, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, tokenizer_of, without_text
from hubtui.core.ports import Services
from hubtui.core.token_vocabulary import VocabularyEntry, VocabularyPage, VocabularyQuery
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Look for tokens and print them."""
    without_text(arguments, "--vocabulary")
    query: VocabularyQuery = arguments.vocabulary
    model, folder = tokenizer_of(arguments, services)
    page = asked(services, lambda inspector: inspector.vocabulary(model, folder, query, count=arguments.limit))
    if arguments.json:
        print_json(_document(model, query, page))
        return 0
    if page.entries:
        print_entries(page.entries)
    else:
        print_line("No token has it.")
    rest = page.total - len(page.entries)
    if rest:
        note(f"{rest:,} more of {page.total:,}: --limit {page.total} shows all.")
    return 0


def print_entries(entries: Sequence[VocabularyEntry]) -> None:
    """Print tokens one a line."""
    rows = [[str(entry.id), reveal(entry.token) or "–", text_of(entry), _KINDS[entry.kind]] for entry in entries]
    print_table([["id", "token", "text", "kind"], *rows], right=frozenset({0}))


def text_of(entry: VocabularyEntry) -> str:
    """Return the text of a token as it is shown; its bytes where they are no character."""
    return reveal(entry.text) or entry.bytes or "–"


def entry_document(entry: VocabularyEntry) -> dict[str, Any]:
    """Return a token of a JSON document; `kind` is null for an id that no token has."""
    return {
        "id": entry.id,
        "token": None if entry.kind == "none" else entry.token,
        "text": None if entry.kind == "none" else entry.text,
        "kind": None if entry.kind == "none" else entry.kind,
        "bytes": entry.bytes or None,
    }


_KINDS = {"text": "", "byte": "byte", "special": "special", "added": "added", "none": "outside"}


def _document(model: str, query: VocabularyQuery, page: VocabularyPage) -> dict[str, Any]:
    return {
        "model": model,
        "query": {"kind": query.kind, "words": query.words or None, "ids": list(query.ids), "any_case": query.any_case},
        "vocab_size": page.size,
        "highest_id": page.highest_id,
        "total": page.total,
        "first": page.first,
        "tokens": [entry_document(entry) for entry in page.entries],
    }
