"""`hubtui fit MODEL`: memory needed against memory free."""

from __future__ import annotations

import argparse

from hubtui.cli.documents import fit_document
from hubtui.cli.output import print_facts, print_json, print_line, print_table
from hubtui.core.fit import Fit, fit_of_facts
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the estimate for every device here."""
    facts = services.hub().facts(arguments.model, arguments.revision)
    devices = services.box.devices()
    fit = fit_of_facts(facts, devices, context=arguments.context, batch=arguments.batch, dtype=arguments.dtype)
    if arguments.json:
        print_json(fit_document(fit))
    else:
        print_fit(fit)
    return 0


def print_fit(fit: Fit) -> None:
    """Print an estimate for people."""
    print_facts(
        {
            "weights": size_text(fit.weights_bytes),
            "KV cache": size_text(fit.kv_cache_bytes) if fit.context else "",
            "overhead": size_text(fit.overhead_bytes),
            "total": size_text(fit.total_bytes),
        }
    )
    print_line()
    print_table(
        [
            [
                entry.device.name,
                f"{size_text(entry.device.free_bytes)} free of {size_text(entry.device.total_bytes)}",
                entry.verdict,
            ]
            for entry in fit.devices
        ]
    )
    for assumption in fit.assumptions:
        print_line(f"  {assumption}")
