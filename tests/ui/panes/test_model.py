"""Opening models and going through their tabs."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from hubtui.core.errors import HubUnreachableError, OfflineError
from hubtui.core.models import ModelFacts
from hubtui.ui.messages import FactsLoaded, Notice, PinToggled
from hubtui.ui.panes.card import CardTab
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.widgets.fields import AreaField
from tests.fakes import FakeCatalogue, FakeHub, FakeMemory
from tests.ui.model_app import ModelApp, model_services, settled, until

CAMEMBERT, BERT = "almanach/camembert-base", "google-bert/bert-base-uncased"


class TwoSpeedHub(FakeHub):
    """Answers about one model only when it is let."""

    slow = CAMEMBERT

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        if model == self.slow and self.gate is not None:
            self.gate.wait(10)
        gate, self.gate = self.gate, None
        try:
            return super().facts(model, revision)
        finally:
            self.gate = gate


async def test_a_slow_answer_does_not_replace_the_model_opened_after_it() -> None:
    gate = threading.Event()
    hub = TwoSpeedHub(gate=gate)
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        app.pane.open(BERT)
        await until(pilot, lambda: app.pane.facts is not None)
        gate.set()
        hub.gate = None
        await settled(pilot)
        facts = app.pane.facts
        assert facts is not None
        assert facts.id == BERT
        assert BERT in app.text()
        assert CAMEMBERT not in app.text()


async def test_only_the_tab_that_is_looked_at_is_made_so_that_a_model_opens_at_once() -> None:
    app = ModelApp(model_services(), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert [type(tab) for tab in app.query(ModelTab)] == [CardTab]
        await pilot.press("2")
        await settled(pilot)
        assert len(app.query(ModelTab)) == 2


async def test_a_model_that_cannot_be_had_can_be_asked_for_again() -> None:
    hub = FakeHub(error=HubUnreachableError("The Hub does not answer.", hint="Check the network."))
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert "The Hub does not answer." in app.text()
        hub.error = None
        await pilot.press("r")
        await settled(pilot)
        assert "fill-mask" in app.text()
        assert [event.facts.id for event in app.said if isinstance(event, FactsLoaded)] == [CAMEMBERT]


async def test_a_card_that_cannot_be_had_leaves_the_other_tabs_at_work() -> None:
    class CardlessHub(FakeHub):
        def card(self, facts: ModelFacts) -> str | None:
            del facts
            raise HubUnreachableError("The card did not come.", hint="Press r.")

    app = ModelApp(model_services(hub=CardlessHub()), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert "The card did not come." in app.text()
        await pilot.press("3")
        await settled(pilot)
        assert "Le camembert est délicieux :)" in app.text()
        assert "Unigram" in app.text()


def _is_editing(app: ModelApp) -> bool:
    return isinstance(app.focused, AreaField)


async def test_keys_are_keys_in_every_tab_until_the_text_is_edited_and_again_after_escape() -> None:
    app = ModelApp(model_services(), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        for tab, other in (("3", "4"), ("4", "3")):
            await pilot.press(tab)
            await settled(pilot)
            assert not _is_editing(app)
            await pilot.press("e")
            await settled(pilot)
            assert _is_editing(app)
            await pilot.press("escape")
            await settled(pilot)
            assert not _is_editing(app)
            await pilot.press(other)
            await settled(pilot)
            assert app.pane.active_tab == int(other)


async def test_bookmarks_and_pins_show_in_the_header() -> None:
    services = replace(model_services(), memory=FakeMemory(marked=[CAMEMBERT]))
    app = ModelApp(services, CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert "★" in app.text().splitlines()[0]
        await pilot.press("c")
        await settled(pilot)
        assert "pinned 1" in app.text().splitlines()[0]
        assert [event.model for event in app.said if isinstance(event, PinToggled)] == [CAMEMBERT]
        app.pane.mark_bookmark(is_bookmarked=False)
        await pilot.press("c")
        await settled(pilot)
        assert app.text().splitlines()[0].strip() == CAMEMBERT


async def test_a_click_on_the_tab_strip_shows_that_tab() -> None:
    app = ModelApp(model_services(), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        strip = next(y for y, line in enumerate(app.text().splitlines()) if "[1 Card]" in line)
        at = app.text().splitlines()[strip].index("Files")
        await pilot.click(offset=(at, strip))
        await settled(pilot)
        assert app.pane.active_tab == 2


async def test_another_revision_is_opened_and_named() -> None:
    app = ModelApp(model_services(), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        app.pane.open(CAMEMBERT, "v1.0")
        await settled(pilot)
        assert "v1.0@ccccccc" in app.text()
        app.pane.open(CAMEMBERT, "v9")
        await settled(pilot)
        assert "has no revision v9" in app.text()


@pytest.mark.parametrize("text", ["[/INST]", "[@click=app.quit]x[/]", "\x1b]0;owned\x07", "a[/]b \u202eevil"])
async def test_hostile_text_in_facts_and_card_is_shown_and_never_obeyed(text: str) -> None:
    hub = FakeHub(card_text=f"# {text}\n\n{text}\n")
    hub.rows = tuple(replace(row, license=text, library="transformers") for row in hub.rows)
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        for tab in "12345":
            await pilot.press("escape", tab)
            await settled(pilot)
        assert app.is_running


@pytest.mark.parametrize("size", [(80, 24), (66, 40)])
async def test_without_the_hub_a_model_of_the_catalogue_shows_what_is_known_and_how_old_it_is(
    size: tuple[int, int],
) -> None:
    hub = FakeHub(error=OfflineError("hubtui is offline, and it is not in the cache.", hint="Start without --offline."))
    catalogue = FakeCatalogue()
    services = replace(model_services(hub=hub), catalogue=lambda: catalogue)
    app = ModelApp(services, CAMEMBERT)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        said = " ".join(app.text().split())
        for words in (
            "fill-mask · transformers · mit", "from the catalogue, just now", "what the catalogue knew of it just now",
            "Start without --offline.", "languages French", "r ask again",
        ):  # fmt: skip
            assert words in said
        assert "no weights" not in said
        assert "1 Card" not in said, "there is no tab to go to"
        await pilot.press("d")
        await settled(pilot)
        assert [event for event in app.said if isinstance(event, Notice) and "need the Hub" in event.text]
        hub.error = None
        await pilot.press("r")
        await settled(pilot)
        assert "from the catalogue" not in app.text()
        assert "1 Card" in app.text()
