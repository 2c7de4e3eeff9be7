"""The family of a model as the Hub keeps it: `expand=baseModels` and `expand=childrenModelCount`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hubtui.core import listed
from hubtui.core.errors import HubError
from hubtui.core.lineage import Lineage, Parents
from hubtui.core.names import is_model_id

_GENERATIONS = 4
_MOST_PARENTS = 20
_RELATIONS = ("finetune", "quantized", "adapter", "merge")

Ask = Callable[[str], Any]
"""Returns the Hub's answer on a model, with its base models and counts of children."""


class Families:
    """Keeps for the session what the Hub said of each model: siblings share their ancestors.

    Args:
        ask: returns the Hub's answer on a model.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[str, Any] = {}

    def of(self, model: str) -> Lineage:
        """Return the family of a model, as `lineage_of`; what is known already costs no request."""
        return lineage_of(model, self._answer)

    def _answer(self, model: str) -> Any:  # noqa: ANN401 - unchecked JSON
        if model not in self._known:
            self._known[model] = self._ask(model)
        return self._known[model]


def lineage_of(model: str, ask: Ask) -> Lineage:
    """Return parents, theirs and so on, and the counts of children.

    One request, and one more for each generation of single parents above, four in all; the way up ends where the Hub
    refuses to go on.

    Raises:
        HubError: the model itself could not be asked for.
    """
    entry = ask(model)
    children = _children(entry)
    ancestors: list[Parents] = []
    seen = {model}
    while (parents := _parents(entry)) is not None:
        ancestors.append(parents)
        if len(parents.models) != 1 or parents.models[0] in seen or len(ancestors) == _GENERATIONS:
            break
        seen.add(parents.models[0])
        try:
            entry = ask(parents.models[0])
        except HubError:
            break
    return Lineage(tuple(ancestors), children)


def _parents(entry: object) -> Parents | None:
    base = entry.get("baseModels") if isinstance(entry, dict) else None
    listed = base.get("models") if isinstance(base, dict) else None
    names = [
        name
        for item in (listed[:_MOST_PARENTS] if isinstance(listed, list) else ())
        if isinstance(item, dict) and isinstance(name := item.get("id"), str) and is_model_id(name)
    ]
    relation = base.get("relation") if isinstance(base, dict) else None
    return Parents(tuple(names), relation if relation in _RELATIONS else "") if names else None


def _children(entry: object) -> dict[str, int]:
    stated = entry.get("childrenModelCount") if isinstance(entry, dict) else None
    stated = stated if isinstance(stated, dict) else {}
    return {name: number for name in _RELATIONS if (number := listed.count(stated.get(name)))}
