"""`hubtui show --architecture`: how a model is built, what else it can be loaded as, and how another one differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from hubtui.cli.output import print_facts, print_line, print_table
from hubtui.core.configs import ConfigChange
from hubtui.core.differences import value_text
from hubtui.core.ports import Services
from hubtui.core.structure import Dimensions, Head, Module, Structure, layer_pattern
from hubtui.core.structure_words import class_facts, dimension_facts, head_row, module_rows, stored_words


async def read_architecture(
    services: Services, model: str, config: Mapping[str, Any], head: str
) -> tuple[Structure, tuple[Head, ...]]:
    """Build the model and all that its config can be loaded as, and end the process."""
    structures = services.structures()  # within the loop that it belongs to
    try:
        return await structures.build(model, config, head=head), await structures.heads(model, config)
    finally:
        await structures.close()


def architecture_document(structure: Structure, heads: Sequence[Head]) -> dict[str, Any]:
    """Return the key `architecture` of `show --json`."""
    return {
        "model_type": structure.model_type,
        "class": structure.head,
        "auto_classes": list(structure.auto_classes),
        "dtype": structure.dtype or None,
        "parameters": structure.parameters,
        "active_parameters": structure.active_parameters,
        "tied_embeddings": structure.is_tied,
        "dimensions": [_dimensions_document(part) for part in structure.dimensions],
        "layers": [
            {"name": layer.name, "class": layer.kind, "parameters": layer.parameters} for layer in structure.layers
        ],
        "modules": _module_document(structure.tree),
        "heads": [_head_document(head) for head in heads],
    }


def changes_document(changes: Sequence[ConfigChange]) -> list[dict[str, Any]]:
    """Return the key `differences` of `show --json`."""
    return [asdict(change) for change in changes]


def _dimensions_document(part: Dimensions) -> dict[str, Any]:
    return {**asdict(part), "layer_kinds": list(part.layer_kinds), "layer_pattern": layer_pattern(part.layer_kinds)}


def _module_document(module: Module) -> dict[str, Any]:
    return {
        "name": module.name,
        "class": module.kind,
        "parameters": module.parameters,
        "repeats": module.repeats,
        "weights": [
            {"name": weight.name, "shape": list(weight.shape), "tied": weight.is_tied} for weight in module.weights
        ],
        "modules": [_module_document(child) for child in module.children],
    }


def _head_document(head: Head) -> dict[str, Any]:
    return {
        "class": head.name,
        "auto_classes": list(head.auto_classes),
        "task": head.task or None,
        "stored": head.is_stored,
        "body": head.is_body,
        "parameters": head.parameters,
        "head_parameters": head.head_parameters,
        "added": {part.name: part.parameters for part in head.added},
        "dropped": {part.name: part.parameters for part in head.dropped},
        "problem": head.problem or None,
    }


def print_architecture(structure: Structure, heads: Sequence[Head], stored: Mapping[str, int]) -> None:
    """Print how the model is built, for people, and how that compares with what is stored (dtype → parameters)."""
    print_facts({**class_facts(structure), "stored": stored_words(structure, heads, stored)})
    for part in structure.dimensions:
        print_line()
        print_facts(dimension_facts(part))
    print_line()
    print_table(module_rows(structure), right=frozenset({2}))
    print_line()
    print_table([head_row(head) for head in heads], right=frozenset({1}))


def print_changes(changes: Sequence[ConfigChange], other: str) -> None:
    """Print what differs between two configs, without bookkeeping."""
    rows = [
        [change.label, _value(change.before), "→", _value(change.after)]
        for change in changes
        if not change.is_bookkeeping
    ]
    print_line(f"{other} differs in:" if rows else f"{other} has the same config.")
    print_table(rows)


def _value(value: object) -> str:
    """Return an entry of a config on one line; names as people list them, not as JSON."""
    if value is None:
        return "not set"
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return value_text(", ".join(value))
    return f"{value:,}" if type(value) is int else value_text(value)
