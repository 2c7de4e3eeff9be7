"""The family of a model, as the Hub keeps it: what it was made from, and how much was made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hubtui.core.numbers import count_text

MADE_OF_IT, ANCESTRY = "made of it", "lineage"
"""Labels of what is known of a family."""

_MADE: Mapping[str, tuple[str, str]] = {
    "finetune": ("fine-tune", "fine-tunes"),
    "quantized": ("quantization", "quantizations"),
    "adapter": ("adapter", "adapters"),
    "merge": ("merge", "merges"),
}


@dataclass(frozen=True, slots=True)
class Parents:
    """The models that one was made from, and how: `finetune`, `quantized`, `adapter`, `merge`, empty if unknown."""

    models: tuple[str, ...]
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """A model's parents, theirs and so on (nearest first), and relation → how many models were made from it."""

    ancestors: tuple[Parents, ...] = ()
    children: Mapping[str, int] = field(default_factory=dict)


def relation_words(relation: str) -> str:
    """Return what a model is to its base: `fine-tune`, `quantization`; empty when unknown."""
    return _MADE.get(relation, ("", ""))[0]


def children_words(lineage: Lineage) -> str:
    """Return `12 fine-tunes · 1 adapter`; empty when nothing was made of the model."""
    return " · ".join(
        f"{count_text(number)} {one if number == 1 else many}"
        for relation, (one, many) in _MADE.items()
        if (number := lineage.children.get(relation, 0))
    )


def ancestry_words(lineage: Lineage) -> str:
    """Return the way up, `fine-tune of a/b ← quantization of c/d`; empty when the Hub knows no parents."""
    steps = []
    for parents in lineage.ancestors:
        how = relation_words(parents.relation)
        named = " + ".join(parents.models)
        steps.append(f"{how} of {named}" if how else f"from {named}")
    return " ← ".join(steps)


def family_rows(lineage: Lineage, *, with_ancestors: bool) -> tuple[tuple[str, str], ...]:
    """Return what is known of a family as (label, words), each for one line: what was made of it, where it is from."""
    unknown = "none known to the Hub"
    made = (MADE_OF_IT, children_words(lineage) or unknown)
    return (made, (ANCESTRY, ancestry_words(lineage) or unknown)) if with_ancestors else (made,)


def lineage_document(lineage: Lineage) -> dict[str, Any]:
    """Return the family as JSON."""
    return {
        "ancestors": [{"relation": step.relation or None, "models": list(step.models)} for step in lineage.ancestors],
        "children": {relation: lineage.children.get(relation, 0) for relation in _MADE},
    }
