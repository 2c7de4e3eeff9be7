"""The family of a model in its card."""

from __future__ import annotations

from dataclasses import replace

from hubtui.core.errors import HubUnreachableError
from hubtui.core.lineage import Lineage
from hubtui.core.models import ModelFacts
from hubtui.core.settings import Settings
from tests.fakes import FakeHub
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
_CARD = "---\nlicense: mit\n---\n# A\n\n" + "words\n\n" * 50


class _Child(FakeHub):
    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        return replace(super().facts(model, revision), base_models=("FacebookAI/roberta-base",))


class _Silent(FakeHub):
    def lineage(self, facts: ModelFacts) -> Lineage | None:
        del facts
        raise HubUnreachableError("The Hub does not answer.")


async def _shown(hub: FakeHub, *, offline: bool = False, width: int = 80) -> str:
    services = model_services(hub=hub)
    if offline:
        services = replace(services, settings=Settings(endpoint=hub.endpoint, is_demo=True, offline=True))
    app = ModelApp(services, CAMEMBERT)
    async with app.run_test(size=(120, 24)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(width, 24)
        await settled(pilot)
        return app.text()


async def test_what_was_made_of_a_model_is_counted_in_its_card() -> None:
    shown = await _shown(FakeHub(card_text=_CARD))
    assert "made of it  68 fine-tunes · 12 quantizations · 1 adapter" in shown
    assert "lineage" not in shown


async def test_a_model_with_a_base_tells_the_way_up() -> None:
    assert "lineage     fine-tune of FacebookAI/roberta-base" in await _shown(_Child(card_text=_CARD))


async def test_a_hub_that_does_not_know_the_family_costs_only_that_line() -> None:
    shown = await _shown(_Silent(card_text=_CARD))
    assert "made of it  not known: The Hub does not answer." in shown
    assert "words" in shown


async def test_offline_nothing_is_said_of_the_family() -> None:
    assert "made of it" not in await _shown(FakeHub(card_text=_CARD), offline=True)


async def test_the_hub_is_asked_for_the_family_only_when_its_lines_are_seen() -> None:
    asked: list[str] = []

    class Counting(FakeHub):
        def lineage(self, facts: ModelFacts) -> Lineage | None:
            asked.append(facts.id)
            return super().lineage(facts)

    matter = "".join(f"- a/dataset-{at}-with-a-name-that-takes-a-line-of-the-narrow-card\n" for at in range(12))
    hub = Counting(card_text=f"---\nlicense: mit\ndatasets:\n{matter}---\n# A\n\n" + "words\n\n" * 50)
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=(60, 18)) as pilot:
        await settled(pilot)
        assert asked == []
        for _ in range(2):
            await pilot.press("pagedown")
            await settled(pilot)
        assert asked == [CAMEMBERT]
        assert "68 fine-tunes" in app.text()
