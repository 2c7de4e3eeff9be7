"""Finding words in the card, and the sections that a reader looks for."""

from __future__ import annotations

from hubtui.ui.messages import Notice
from tests.fakes import FakeHub
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
_LONG = "# Top\n\n" + "\n\n".join(f"Line {number} of a needle." for number in range(200)) + "\n\n# Limits\n\nThe end.\n"


async def _after(*keys: str, card: str = _LONG, size: tuple[int, int] = (80, 24)) -> ModelApp:
    app = ModelApp(model_services(hub=FakeHub(card_text=card)), CAMEMBERT)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        app.shown = app.text()
    return app


async def test_words_are_found_while_they_are_typed_and_counted() -> None:
    app = await _after("slash", *"NEEDLE")
    assert "1 of 200" in app.shown


async def test_the_next_place_and_the_one_before_come_into_sight() -> None:
    app = await _after("slash", *"line 150", "enter")
    assert "Line 150 of a needle." in app.shown
    app = await _after("slash", *"needle", "enter", "N")
    assert "200 of 200" in app.shown
    assert "Line 199 of a needle." in app.shown
    app = await _after("slash", *"needle", "enter", "N", "n")
    assert "1 of 200" in app.shown
    assert "Line 0 of a needle." in app.shown


async def test_a_place_far_to_the_right_of_a_wide_table_is_brought_into_sight() -> None:
    table = "| " + " | ".join(f"column{number:02}" for number in range(40)) + " |\n|" + "-|" * 40 + "\n"
    app = await _after("slash", *"column37", "enter", card=table)
    assert "column37" in app.shown
    assert "column00" not in app.shown


async def test_what_is_not_in_the_card_is_said() -> None:
    assert "not in this card" in (await _after("slash", *"haystack")).shown


async def test_escape_ends_the_search_and_gives_n_back_to_the_headings() -> None:
    app = await _after("slash", *"needle", "enter", "escape", "n", "n")
    assert "of 200" not in app.shown
    assert "Limits" in app.shown


async def test_escape_in_the_field_leaves_the_card_as_it_was() -> None:
    app = await _after("slash", *"needle", "escape")
    assert "in card" not in app.shown
    assert "Top" in app.shown


async def test_another_width_keeps_the_search() -> None:
    app = ModelApp(model_services(hub=FakeHub(card_text=_LONG)), CAMEMBERT)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        for key in ("slash", *"needle", "enter"):
            await pilot.press(key)
        await settled(pilot)
        await pilot.resize_terminal(70, 30)
        await settled(pilot)
        assert "of 200" in app.text()


async def test_another_model_begins_without_a_search() -> None:
    app = ModelApp(model_services(hub=FakeHub(card_text=_LONG)), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("slash", *"needle", "enter"):
            await pilot.press(key)
        await settled(pilot)
        app.pane.open("flaubert/flaubert_base_cased")
        await settled(pilot)
        assert "in card" not in app.text()


async def test_a_section_is_jumped_to_by_its_key() -> None:
    card = "intro\n\n" * 40 + "## Where it fails: limitations\n\nAt night.\n\n" + "more\n\n" * 40
    assert (await _after("W", card=card)).shown.splitlines()[6].strip() == "Where it fails: limitations"


async def test_a_section_without_a_heading_is_found_by_its_words() -> None:
    card = "intro\n\n" * 40 + "The model was trained on a corpus of cheese.\n\n" + "more\n\n" * 40
    assert "trained on a corpus" in (await _after("T", card=card)).shown


async def test_what_the_card_does_not_say_is_said_when_it_is_jumped_to() -> None:
    app = await _after("B")
    assert [event.text for event in app.said if isinstance(event, Notice)] == ["The card says nothing of bias."]


async def test_the_outline_says_which_heading_answers_what() -> None:
    app = await _after("t", card="# A\n\n## Intended use & limitations\n\nNot at night.\n")
    assert "Intended use & limitations  limitations" in app.shown
