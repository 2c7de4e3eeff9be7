"""`hubtui diff MODEL A B`: what changed between two revisions."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from hubtui.cli.documents import comparison_document
from hubtui.cli.output import note, print_json, print_line, print_table
from hubtui.cli.texts import print_diff, text_document
from hubtui.core.differences import Comparison, FileChange, TextDiff
from hubtui.core.errors import HubError
from hubtui.core.numbers import age_text, plural, size_text
from hubtui.core.ports import Hub, Services

_MOST_TEXTS = 20
_RELATIONS = {
    "same": "Both are the same commit.",
    "ahead": "{after} has {count} more than {before}:",
    "behind": "{after} lacks {count} of {before}:",
    "apart": "Both have commits of their own; those of {after}:",
}
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": ">"}


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print commits, files, values, and with `--text` lines."""
    hub = services.hub()
    found = hub.compare(arguments.model, arguments.before, arguments.after)
    texts = _texts(hub, found) if arguments.text else []
    for sentence in found.notes:
        note(sentence)
    if arguments.json:
        document = comparison_document(found)
        print_json({**document, "texts": [text_document(text) for text in texts]} if arguments.text else document)
        return 0
    _print(found)
    for text in texts:
        print_line()
        print_diff(text)
    return 0


def _texts(hub: Hub, found: Comparison) -> list[TextDiff]:
    texts = []
    for change in found.files[:_MOST_TEXTS]:
        try:
            texts.append(hub.file_diff(found, change.path))
        except HubError as error:
            texts.append(TextDiff(change.path, reason=str(error)))
    return texts


def _print(found: Comparison) -> None:
    count = plural(len(found.commits), "commit")
    words = _RELATIONS.get(found.relation, "")
    if words:
        print_line(words.format(before=found.before.revision, after=found.after.revision, count=count))
    now = datetime.now(UTC)
    print_table([[f"  {commit.id[:9]}", age_text(commit.date, now), commit.title] for commit in found.commits])
    if found.files:
        print_line()
        print_table([_file_line(change) for change in found.files], right=frozenset({2}))
    for file in dict.fromkeys(change.file for change in found.values):
        print_line(f"\n{file}")
        for change in found.values:
            if change.file == file:
                print_line(f"  {change.sentence}")


def _file_line(change: FileChange) -> list[str]:
    entry = change.after or change.before
    grown = change.grown_bytes
    delta = "" if not grown or change.kind != "changed" else f"{'+' if grown > 0 else '-'}{size_text(abs(grown))}"
    source = f"from {change.before.path}" if change.kind == "renamed" and change.before else delta
    return [_SIGNS[change.kind], change.path, size_text(entry.size if entry else None), source]
