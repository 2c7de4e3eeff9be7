"""The tree of a model's modules, numbered neighbours that are alike drawn together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hubtui.core.numbers import ranges_text
from hubtui.core.structure import Module, Part, Weight
from hubtui.core.untrusted import clean

_DEEPEST = 40
_LONGEST_NAME = 80


def owners(model: Any) -> dict[int, str]:  # noqa: ANN401 - a torch module
    """Return the id of each parameter → its name; of one in several places the input embedding's, else the first."""
    import torch

    embeddings: dict[int, str] = {}
    found: dict[int, str] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        for name, parameter in module._parameters.items():  # noqa: SLF001 - its own alone
            if parameter is not None:
                place = f"{path}.{name}" if path else name
                found.setdefault(id(parameter), place)
                if isinstance(module, torch.nn.Embedding):
                    embeddings.setdefault(id(parameter), place)
    return {**found, **embeddings}


def module_tree(model: Any) -> Module:  # noqa: ANN401 - a torch module
    """Return the tree; a parameter that stands in several places counts where `owners` says."""
    return _Reader(owners(model)).read("", "", model, 0)[0]


def stacked_layers(model: Any) -> tuple[Part, ...]:  # noqa: ANN401 - a torch module
    """Return the members of the outermost lists of modules, each with all of its parameters."""
    found: list[Part] = []
    _collect(model, "", found)
    return tuple(found)


def _collect(module: Any, path: str, found: list[Part]) -> None:  # noqa: ANN401 - a torch module
    children = [(name, child) for name, child in module.named_children() if child is not None]
    is_stack = type(module).__name__ in {"ModuleList", "Sequential"} and len(children) > 1
    for name, child in children:
        place = f"{path}.{name}" if path else name
        count = sum(parameter.numel() for parameter in child.parameters()) if is_stack else 0
        if count:
            found.append(Part(_shown(place), count, type(child).__name__))
        elif not is_stack:
            _collect(child, place, found)


class _Reader:
    """Reads one model. Subtrees that are alike get the same number, by which neighbours are compared."""

    def __init__(self, homes: Mapping[int, str]) -> None:
        self._homes = homes
        self._numbers: dict[object, int] = {}

    def read(self, name: str, path: str, module: Any, depth: int) -> tuple[Module, int]:  # noqa: ANN401 - a torch module
        weights, count = [], 0
        for key, value in module._parameters.items():  # noqa: SLF001 - its own alone
            if value is not None:
                is_here = self._homes[id(value)] == (f"{path}.{key}" if path else key)
                weights.append(Weight(_shown(key), tuple(value.shape), not is_here))
                count += value.numel() if is_here else 0
        children = module.named_children() if depth < _DEEPEST else ()
        read = [self.read(_shown(key), f"{path}.{key}" if path else key, child, depth + 1) for key, child in children]
        kind = type(module).__name__
        parts = (kind, tuple(weights), tuple((child.name, number) for child, number in read))
        number = self._numbers.setdefault(parts, len(self._numbers))
        count += sum(child.parameters for child, _ in read)
        return Module(name, kind, count, tuple(weights), _drawn_together(read)), number


def _drawn_together(read: list[tuple[Module, int]]) -> tuple[Module, ...]:
    """Numbered neighbours that are alike as one, at the place of the first; an odd one among them stays apart."""
    runs: dict[object, list[Module]] = {}
    for child, number in read:
        runs.setdefault(number if child.name.isdecimal() else child.name, []).append(child)
    return tuple(run[0] if len(run) == 1 else _run(run) for run in runs.values())


def _run(modules: list[Module]) -> Module:
    first = modules[0]
    total = sum(module.parameters for module in modules)
    name = ranges_text([int(module.name) for module in modules])
    return Module(name, first.kind, total, first.weights, first.children, len(modules))


def _shown(name: str) -> str:
    """A config may name modules (the tasks of a multi-task head, say)."""
    return clean(name)[:_LONGEST_NAME] if len(name) <= 4 * _LONGEST_NAME else clean(name[:_LONGEST_NAME])
