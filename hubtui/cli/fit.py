"""`hubtui fit MODEL`: memory needed against memory free."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable

from hubtui.cli.documents import fit_document
from hubtui.cli.output import note, print_json, print_line, print_table
from hubtui.core.errors import HubtuiError
from hubtui.core.fit import Fit, fit_of_facts, sizes_file
from hubtui.core.fit.tables import device_rows, part_rows, source_names
from hubtui.core.gguf import GgufSizes
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services

_WIDTH = 80


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the estimate for every device here."""
    facts = services.hub().facts(arguments.model, arguments.revision)
    fit = fit_of_facts(
        facts,
        services.box.devices(),
        context=arguments.context,
        batch=arguments.batch,
        dtype=arguments.dtype,
        peaks=services.memory.peaks(),
        gguf=_gguf_sizes(facts, services),
    )
    if arguments.json:
        print_json(fit_document(fit))
    else:
        print_fit(fit)
    return 0


def _gguf_sizes(facts: ModelFacts, services: Services) -> GgufSizes | None:
    if not sizes_file(facts):
        return None
    try:
        return services.headers().gguf_sizes(facts)
    except HubtuiError as error:  # the weights can be counted without
        note(str(error))
        return None


def print_fit(fit: Fit) -> None:
    """Print an estimate for people: parts, devices, what to do, what was assumed and where the formulas are from."""
    print_table(part_rows(fit), right=frozenset({1}))
    print_line()
    print_table(device_rows(fit), right=frozenset({1, 2, 4, 5}))
    helpful = [entry for entry in fit.advice if entry.helps]
    if helpful:
        print_line()
        _print_list(f"{entry.sentence} {entry.query}".strip() for entry in helpful)
    print_line()
    _print_list([*fit.assumptions, *source_names(fit)])


def _print_list(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        lines = textwrap.wrap(sentence, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
        for mark, line in zip(["- ", *["  "] * len(lines)], lines, strict=False):
            print_line(f"{mark}{line}")
