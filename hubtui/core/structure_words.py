"""How a model is built, in rows of words, for whoever shows it: sizes, modules, heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from hubtui.core.numbers import count_text
from hubtui.core.structure import Dimensions, Head, Module, Part, Structure, layer_pattern

_DEEPEST = 8
_NAMED_DEPTH = 3
_FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
_MOST_OTHERS = 0.01
"""Share of numbers that are no weights (positions, masks); with more of them the weights are packed."""


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


def stored_words(structure: Structure, heads: Sequence[Head], by_dtype: Mapping[str, int]) -> str:
    """Return how the parameters in the files compare with those of the class that was built.

    Args:
        structure: that was built.
        heads: what else the config can be loaded as.
        by_dtype: dtype → parameters in the files; nothing can be told of quantized ones, and the answer is empty.
    """
    stored, built = sum(count for name, count in by_dtype.items() if name in _FLOATS), structure.parameters
    if not stored or sum(by_dtype.values()) - stored > _MOST_OTHERS * stored:
        return ""
    if stored == built:
        return "as many in the files"
    if stored < built:
        names = _parts_of(structure.tree, built - stored)
        missing = f"{built - stored:,} fewer in the files"
        if names:
            return f"{missing}: {' and '.join(names)} would be newly initialised"
        return f"{missing}: what is missing would be newly initialised"
    extra = f"{stored - built:,} more in the files"
    embedding = next((part.vocab_size * part.hidden_size for part in structure.dimensions
                      if part.vocab_size and part.hidden_size), 0)  # fmt: skip
    if structure.is_tied and stored - built == embedding:
        return f"{extra}: the output layer is stored too, though it is the input embedding"
    other = next((head.name for head in heads if head.parameters == stored), "")
    return f"{extra}: as many as {other} has" if other else f"{extra}, which this class does not use"


def _parts_of(tree: Module, parameters: int) -> tuple[str, ...]:
    """Return the one or two modules that have so many parameters, nothing where there are none or several such."""
    parts = [part for part in _modules(tree, "", 1) if 0 < part[1] <= parameters]
    for many in (1, 2):
        found = [
            some
            for some in combinations(parts, many)
            if sum(count for _, count in some) == parameters and not some[-1][0].startswith(f"{some[0][0]}.")
        ]
        if found:
            return tuple(name for name, _ in found[0]) if len(found) == 1 else ()
    return ()


def _modules(module: Module, above: str, depth: int) -> Iterator[tuple[str, int]]:
    """Names and parameters of the modules near the top; one that is alone below another is the same."""
    for child in module.children:
        name = f"{above}{child.name}"
        if child.parameters != module.parameters:
            yield name, child.parameters
        if depth < _NAMED_DEPTH:
            yield from _modules(child, f"{name}.", depth + 1)


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
