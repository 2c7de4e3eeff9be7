"""`hubtui tokenize MODEL --pad-doctor`: what is wrong with the pad token."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from hubtui.cli.output import print_facts, print_json, print_line
from hubtui.cli.tokenizer.inputs import asked, tokenizer_of
from hubtui.core.pad_doctor import PadReport
from hubtui.core.ports import Services
from hubtui.core.tokens import SpecialToken
from hubtui.core.untrusted import reveal

_MARKS = {"bad": "✗", "doubtful": "!"}


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Examine and print."""
    model, folder = tokenizer_of(arguments, services)
    report = asked(services, lambda inspector: inspector.pads(model, folder))
    if arguments.json:
        print_json(_document(report))
    else:
        _print(report)
    return 0


def _document(report: PadReport) -> dict[str, Any]:
    facts = asdict(report.facts)
    return {"model": report.model, **facts, "findings": [asdict(finding) for finding in report.findings]}


def _print(report: PadReport) -> None:
    facts = report.facts
    print_facts(
        {
            "model": report.model,
            "pad token": _token(facts.pad),
            "model's config": _id(facts.config_pad_id) if facts.has_config else "there is none",
            "generation config": _id(facts.generation_pad_id),
            "eos token": _token(facts.eos),
            "unk token": _token(facts.unk),
            "padding side": facts.padding_side + (", the model is a decoder" if facts.is_decoder else ""),
            "embedding": "" if facts.embedding_size is None else f"{facts.embedding_size:,} rows",
        }
    )
    print_line()
    for finding in report.findings:
        print_line(f"{_MARKS[finding.severity]} {finding.what}:")
        print_line(f"  {finding.consequence}.")
        print_line(f"  {finding.fix}")
    if not report.findings:
        print_line("✓ Padding is sound: tokenizer, model and generation agree.")


def _token(token: SpecialToken | None) -> str:
    return "none" if token is None else f"{reveal(token.token)} = {'no id' if token.id is None else token.id}"


def _id(number: int | None) -> str:
    return "pad_token_id not set" if number is None else f"pad_token_id {number}"
