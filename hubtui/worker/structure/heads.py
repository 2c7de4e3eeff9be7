"""What else a config can be loaded as: each class with its parameters, beside the body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hubtui.core.architectures import task_and_auto_class
from hubtui.core.errors import CheckpointError
from hubtui.core.structure import Head, Part
from hubtui.worker.structure.build import body_class, classes, load_config, on_meta
from hubtui.worker.structure.tree import owners

Counts = Mapping[str, int]
"""Name of a parameter → its elements, each parameter once."""


def heads(raw: Mapping[str, Any], name: str) -> list[Head]:
    """Return the classes: the body first, then by name.

    Raises:
        CheckpointError: none can be built; the message says why.
    """
    known = classes(load_config(raw, name))
    body_name = body_class(known)
    body = _counts(known[body_name][0], raw, name)[0] if body_name else {}
    stored = raw.get("architectures")
    found = []
    for kind_name, (kind, autos) in known.items():
        task = task_and_auto_class(kind_name, raw)[0]
        is_stored = isinstance(stored, list) and kind_name in stored
        is_body = kind_name == body_name
        try:
            counts, prefix = (body, "") if is_body else _counts(kind, raw, name)
        except CheckpointError as error:
            found.append(Head(kind_name, autos, task, is_stored, is_body, problem=str(error)))
            continue
        added, dropped = _compared(counts, body, prefix) if body else ((), ())
        total = sum(counts.values())
        found.append(Head(kind_name, autos, task, is_stored, is_body, total, added, dropped))
    if not found or all(head.problem for head in found):
        raise CheckpointError(found[0].problem if found else f"transformers has no model for the config of {name}.")
    return sorted(found, key=lambda head: (not head.is_body, head.name))


def _counts(kind: type, raw: Mapping[str, Any], name: str) -> tuple[Counts, str]:
    """The parameters of a class, and the name under which it holds the body."""
    model = on_meta(kind, load_config(raw, name), name)  # a config of its own, for building one may change it
    homes = owners(model)
    return {homes[id(value)]: value.numel() for value in model.parameters()}, str(model.base_model_prefix)


def _compared(counts: Counts, body: Counts, prefix: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Parts that a class has beyond the body, and parts of the body that it lacks."""
    named = max(
        ({name.removeprefix(start): count for name, count in counts.items()} for start in ("", f"{prefix}.", "model.")),
        key=lambda names: len(names.keys() & body.keys()),
    )
    added = {name: count for name, count in named.items() if name not in body}
    dropped = {name: count for name, count in body.items() if name not in named}
    return _parts(added.items()), _parts(dropped.items())


def _parts(counts: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    parts: dict[str, int] = {}
    for name, count in counts:
        first = name.partition(".")[0][:80]
        parts[first] = parts.get(first, 0) + count
    return tuple(Part(name, count) for name, count in parts.items())
