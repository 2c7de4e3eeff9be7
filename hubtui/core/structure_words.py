"""How a model is built, in rows of words, for whoever shows it: sizes, modules, heads."""

from __future__ import annotations

from hubtui.core.numbers import count_text
from hubtui.core.structure import Dimensions, Head, Module, Part, Structure, layer_pattern

_DEEPEST = 8


def class_facts(structure: Structure) -> dict[str, str]:
    """Return what was built: its class, its parameters."""
    tied = {True: "yes", False: "no", None: ""}[structure.is_tied]
    active = structure.active_parameters
    return {
        "class": f"{structure.head} ({', '.join(structure.auto_classes)})",
        "parameters": f"{structure.parameters:,}",
        "active": f"{active:,} a token" if active != structure.parameters else "",
        "tied embeddings": tied,
    }


def dimension_facts(part: Dimensions) -> dict[str, str]:
    """Return the sizes of one part of a model; what it does not have is empty."""
    attention = part.attention
    if part.heads:
        attention += f", {part.heads} heads, {part.key_value_heads} of keys and values, of {part.head_size}"
    pattern = layer_pattern(part.layer_kinds)
    window = f", window of {part.window:,} tokens" if part.window else ""
    experts = f"{part.experts:,}, {part.active_experts} a token" if part.experts else ""
    if part.shared_experts:
        experts += f" and {part.shared_experts} shared"
    return {
        "part": part.part,
        "layers": f"{part.layers:,}" + (f": {pattern}{window}" if pattern else "") if part.layers else "",
        "hidden size": _number(part.hidden_size),
        "feed-forward size": _number(part.intermediate_size),
        "attention": attention,
        "state size": _number(part.state_size),
        "experts": experts + (f", of {part.expert_size:,}" if part.expert_size else ""),
        "vocabulary": _number(part.vocab_size),
        "positions": ", ".join(filter(None, (_number(part.positions), part.position_kind, part.rope))),
    }


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def module_rows(structure: Structure) -> list[list[str]]:
    """Return the tree: name, class, parameters and shapes of each module that holds any."""
    return [_module_row(label, module) for label, module in _lines(structure.tree, 0)]


def _lines(module: Module, depth: int) -> list[tuple[str, Module]]:
    found = []
    for child in module.children if depth < _DEEPEST else ():
        if child.parameters or child.weights:
            found += [("  " * depth + child.name, child), *_lines(child, depth + 1)]
    return found


def _module_row(label: str, module: Module) -> list[str]:
    shapes = ", ".join(
        f"{weight.name} {'×'.join(map(str, weight.shape)) or 'scalar'}{' (tied)' if weight.is_tied else ''}"
        for weight in module.weights
    )
    return [
        label,
        module.kind,
        count_text(module.parameters),
        shapes or (f"{module.repeats} alike" if module.repeats > 1 else ""),
    ]


def head_row(head: Head) -> list[str]:
    """Return the class, its parameters, and what it adds to the body or lacks of it."""
    if head.problem:
        return [head.name, "?", head.problem]
    words = ["the body alone"] if head.is_body else ["in the checkpoint"] if head.is_stored else []
    words += [f"+ {_part(part)}" for part in head.added] + [f"− {_part(part)}" for part in head.dropped]
    return [head.name, f"{head.parameters:,}", ", ".join(words)]


def _part(part: Part) -> str:
    return f"{part.name} {part.parameters:,}"
