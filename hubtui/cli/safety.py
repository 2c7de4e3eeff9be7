"""The reasons of the verdict, and the code that a load would run: for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from hubtui.cli.output import note, print_line, print_table
from hubtui.cli.texts import print_diff, text_document
from hubtui.core.code_reviews import CodeReview, code_changes, state_of
from hubtui.core.custom_code import CodeFile, CustomCode
from hubtui.core.differences import TextDiff
from hubtui.core.inquiry import Inquiry
from hubtui.core.license_kinds import kind_of
from hubtui.core.license_terms import terms_of
from hubtui.core.models import ModelFacts
from hubtui.core.numbers import size_text
from hubtui.core.scans import ScannerWord
from hubtui.core.untrusted import clean
from hubtui.core.verdict import Judgement, Reason

_MARKS = {"good": "✓", "care": "!", "stop": "✗"}
_STATES = {"new": "not read yet", "read": "read", "changed": "changed since it was read"}


def print_reasons(facts: ModelFacts, judgement: Judgement, inquiry: Inquiry) -> None:
    """Print every reason with its level, what it means and what to do next; then what the form and the scans say."""
    rows = []
    for reason in judgement.reasons:
        rows.append([_MARKS[reason.level], reason.level, reason.topic, reason.says])
        rows += [["", "", "", words] for words in (reason.means,) if words]
        if (step := reason.step) is not None:
            rows.append(["", "", "", f"→ {step.says} {step.address or step.query}".rstrip()])
    print_table(rows)
    if facts.gate is not None and facts.gated:
        print_line()
        asked = (facts.gate.heading, facts.gate.prompt, facts.gate.description)
        for words in filter(None, asked):
            print_line(words)
        for field in facts.gate.fields:
            print_line(f"- {field}")
    found = [word for file in inquiry.files for word in _scan_rows(file.path, file.scan.words if file.scan else ())]
    if found:
        print_line()
        print_table(found)
    if inquiry.code.files:
        print_line()
        print_code_files(facts.id, inquiry.code, inquiry.review)
    for sentence in (*inquiry.code.problems, *inquiry.unknown):
        note(sentence)


def _scan_rows(path: str, words: Sequence[ScannerWord]) -> list[list[str]]:
    return [[path, word.scanner, word.status, word.message] for word in words if not word.is_quiet]


def print_code_files(model: str, code: CustomCode, review: CodeReview | None) -> None:
    """Print the list of the files."""
    many = f"{len(code.files)} Python files" if len(code.files) > 1 else "1 Python file"
    print_line(f"{many} of {model} run by a load with trust_remote_code=True ({size_text(code.size_bytes)}):")
    rows = [
        [f"  {file.name}", size_text(file.size), _STATES[state_of(file, review)], ", ".join(file.brought_by)]
        for file in code.files
    ]
    print_table(rows, right=frozenset({1}))


def print_code(model: str, code: CustomCode, review: CodeReview | None, changes: Sequence[TextDiff] | None) -> None:
    """Print the code: whole, or its changes."""
    if not code.files:
        print_line(f"{model} names no Python of its own that a load would run.")
    else:
        print_code_files(model, code, review)
    for sentence in code.problems:
        note(sentence)
    if changes is not None:
        if not changes:
            print_line("\nNothing of it differs.")
        for change in changes:
            print_line()
            print_diff(change)
        return
    for file in code.files:
        print_line(f"\n# ── {file.name}{' (its beginning)' if file.is_cut else ''}")
        print_line(file.text.rstrip("\n") if file.digest else "# This file could not be read.")


def changes_of(before: CustomCode, after: CustomCode) -> Sequence[TextDiff]:
    """Return how the code differs between two revisions; what could not be read of the first is noted."""
    for sentence in before.problems:
        note(f"before: {sentence}")
    return code_changes(before, after)


def code_document(code: CustomCode, review: CodeReview | None, *, with_text: bool = False) -> dict[str, Any]:
    """Return the code as JSON; `text` of each file where it was asked for."""
    return {
        "commit": code.commit or None,
        "files": [_code_file(file, review, with_text=with_text) for file in code.files],
        "packages": list(code.packages),
        "named_by_nothing": list(code.idle),
        "problems": list(code.problems),
        "read": None if review is None else {"commit": review.commit or None, "when": review.when.isoformat()},
    }


def _code_file(file: CodeFile, review: CodeReview | None, *, with_text: bool) -> dict[str, Any]:
    document = {
        "path": file.path,
        "repo": file.repo or None,
        "commit": file.commit or None,
        "size": file.size,
        "sha256": file.digest or None,
        "brought_by": list(file.brought_by),
        "packages": list(file.packages),
        "state": state_of(file, review),
    }
    return document | {"text": clean(file.text, multiline=True), "is_cut": file.is_cut} if with_text else document


def changes_documents(changes: Sequence[TextDiff]) -> list[dict[str, object]]:
    """Return how the code differs, as JSON."""
    return [text_document(change) for change in changes]


def reason_document(reason: Reason) -> dict[str, Any]:
    """Return one reason of the verdict; of its step what is there."""
    step = reason.step
    to = ("says", "address", "revision", "model", "query")
    return {
        "topic": reason.topic,
        "level": reason.level,
        "says": reason.says,
        "means": reason.means or None,
        "step": None if step is None else {name: value for name in to if (value := getattr(step, name))},
    }


def inquiry_documents(facts: ModelFacts, inquiry: Inquiry) -> dict[str, Any]:
    """Return what `show --json` says of author, licence and access."""
    link = facts.license_link
    return {
        "author": None if inquiry.author is None else asdict(inquiry.author),
        "license_details": {
            "class": kind_of(facts.license),
            "terms": link or terms_of(facts.license) or None,
        },
        "access": {
            "allowed": facts.has_access,
            "page": inquiry.page or None,
            "form": None if facts.gate is None else asdict(facts.gate),
        },
    }
