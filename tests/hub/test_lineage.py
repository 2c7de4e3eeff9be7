"""The family of a model as the Hub keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from hubtui.core.errors import HubtuiError, ModelNotFoundError
from hubtui.core.lineage import Parents
from hubtui.core.settings import Settings
from hubtui.hub.client import HubClient
from hubtui.hub.lineage import Families, lineage_of


def _base(name: str, relation: str = "finetune") -> dict[str, Any]:
    return {"baseModels": {"relation": relation, "models": [{"_id": "0", "id": name}]}}


def test_the_way_up_goes_on_to_the_first_model() -> None:
    answers = {"a/leaf": _base("a/mid", "quantized"), "a/mid": _base("a/root"), "a/root": {}}
    found = lineage_of("a/leaf", answers.__getitem__)
    assert found.ancestors == (Parents(("a/mid",), "quantized"), Parents(("a/root",), "finetune"))


def test_a_circle_of_models_ends() -> None:
    asked: list[str] = []

    def ask(model: str) -> Any:
        asked.append(model)
        return _base("a/two" if model == "a/one" else "a/one")

    assert len(lineage_of("a/one", ask).ancestors) == 2
    assert asked == ["a/one", "a/two"]


def test_an_endless_family_costs_four_requests() -> None:
    asked: list[str] = []

    def ask(model: str) -> Any:
        asked.append(model)
        return _base(f"{model}x")

    assert len(lineage_of("a/b", ask).ancestors) == 4
    assert len(asked) == 4


def test_parents_that_may_not_be_seen_end_the_way_up_and_lose_nothing() -> None:
    def ask(model: str) -> Any:
        if model == "a/private":
            raise ModelNotFoundError("It is private.")
        return {**_base("a/private"), "childrenModelCount": {"adapter": 3}}

    found = lineage_of("a/b", ask)
    assert found.ancestors == (Parents(("a/private",), "finetune"),)
    assert found.children == {"adapter": 3}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"baseModels": "x", "childrenModelCount": 3},
        {"baseModels": {"relation": 1, "models": [{"id": "../evil"}, {"id": 3}, "x", None]}},
        {"childrenModelCount": {"adapter": -1, "merge": "many", "evil\x1b": 4}},
    ],
)
def test_a_malformed_family_is_no_family(answer: Any) -> None:
    found = lineage_of("a/b", lambda _: answer)
    assert (found.ancestors, found.children) == ((), {})


def test_the_demo_hub_tells_what_was_made_of_a_model(demo_settings: Settings) -> None:
    client = HubClient(demo_settings)
    family = client.lineage(client.facts("demo/tiny-camembert-fr"))
    assert family is not None
    assert family.children == {"finetune": 1}
    child = client.lineage(client.facts("atelier/camembert-feelings-fr"))
    assert child is not None
    assert child.ancestors == (Parents(("demo/tiny-camembert-fr",), "finetune"),)


def test_a_picture_of_the_repo_comes_whole_and_nothing_outside_of_it(demo_settings: Settings) -> None:
    client = HubClient(demo_settings)
    facts = client.facts("demo/tiny-camembert-fr")
    assert client.image(facts, "config.json").startswith(b"{")
    for path in ("../config.json", "no-such.png"):
        with pytest.raises(HubtuiError):
            client.image(facts, path)


def test_siblings_share_what_was_asked_about_their_ancestors() -> None:
    answers = {"a/one": _base("a/mid"), "a/two": _base("a/mid"), "a/mid": _base("a/root"), "a/root": {}}
    asked: list[str] = []

    def ask(model: str) -> Any:
        asked.append(model)
        return answers[model]

    families = Families(ask)
    assert families.of("a/one") == families.of("a/one")
    assert len(families.of("a/two").ancestors) == 2
    assert asked == ["a/one", "a/mid", "a/root", "a/two"]
