"""Reading a card: links, headings, what it does not say."""

from __future__ import annotations

from hubtui.ui.messages import CopyRequested, Notice, OpenModel
from hubtui.ui.panes.card import CardTab
from tests.fakes import FakeHub
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"


async def _after(*keys: str, card: str | None = None, size: tuple[int, int] = (100, 30)) -> ModelApp:
    """The app after some keys, no longer running: for what was said and shown."""
    hub = FakeHub(card_text=card) if card is not None else None
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        app.shown = app.text()
    return app


async def test_choosing_a_link_to_a_model_opens_it() -> None:
    app = await _after("L", "j", "j", "j", "enter")
    assert [event.model for event in app.said if isinstance(event, OpenModel)] == ["camembert/camembert-large"]


async def test_choosing_another_link_copies_its_true_address() -> None:
    app = await _after("L", "j", "j", "enter")
    assert [event.text for event in app.said if isinstance(event, CopyRequested)] == [
        "https://arxiv.org/abs/1911.03894"
    ]


async def test_a_link_inside_the_repository_is_completed() -> None:
    app = await _after("L", *"jjjjj", "enter")
    copied = [event.text for event in app.said if isinstance(event, CopyRequested)]
    assert copied == ["https://hub.test/almanach/camembert-base/blob/main/LICENSE"]


async def test_a_script_link_is_refused_and_shown_for_what_it_is() -> None:
    app = await _after("L", "G", "enter")
    notices = [event.text for event in app.said if isinstance(event, Notice)]
    assert notices == ["This link is not safe to follow: javascript:alert(1)"]
    assert not any(isinstance(event, CopyRequested) for event in app.said)


async def test_a_page_of_the_hub_that_is_no_model_is_not_opened_as_one() -> None:
    app = await _after("L", "enter", card="[docs](https://huggingface.co/docs/transformers)\n")
    assert [event.text for event in app.said if isinstance(event, CopyRequested)] == [
        "https://huggingface.co/docs/transformers"
    ]


async def test_choosing_a_heading_goes_there() -> None:
    app = await _after("t", "G", "enter", size=(80, 24))
    assert "It sets the state of the art" in app.shown


async def test_headings_can_be_walked_through() -> None:
    app = await _after(*"nnnn", size=(80, 24))
    body = app.shown.splitlines()[6]
    assert body.strip() == "How to use it"
    app = await _after(*"nnnnN", size=(80, 24))
    assert app.shown.splitlines()[6].strip() == "Pre-trained models"


async def test_a_jump_inside_the_card_lands_on_its_heading() -> None:
    card = "[down](#far-down)\n" + "\nwords\n" * 60 + "\n# Far down\n"
    app = ModelApp(model_services(hub=FakeHub(card_text=card)), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        row = next(y for y, line in enumerate(app.text().splitlines()) if "down" in line and "main@" not in line)
        await pilot.click(offset=(2, row))
        await settled(pilot)
        assert "Far down" in app.text()


async def test_the_card_is_laid_out_again_for_another_width_and_stays_where_it_was() -> None:
    card = "\n\n".join(f"## Part {number}\n\n" + "word " * 60 for number in range(40))
    app = ModelApp(model_services(hub=FakeHub(card_text=card)), CAMEMBERT)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        tab = app.query_one(CardTab)
        tab.view.show_line(tab.view.headings[20].line)
        await settled(pilot)
        await pilot.resize_terminal(70, 30)
        await settled(pilot)
        assert all(len(line) <= 70 for line in app.text().splitlines())
        assert tab.view.heading_at(tab.view.first_line) == 20


async def test_what_the_card_does_not_say_is_said_at_the_top() -> None:
    app = await _after(
        card="---\nlicense: [mit\n---\n# A model\n\n## Limitations\n\nIt is wrong at times, "
        "and mostly so about cheese that is not French.\n"
    )
    notice = next(line for line in app.shown.splitlines() if "not stated" in line)
    assert "training data" in notice
    assert "limitations" not in notice
    assert "front matter:" in app.shown


async def test_a_card_of_a_megabyte_shows_its_first_screen_and_all_of_its_end() -> None:
    card = "# Top\n\n" + "A sentence of some words that says nothing.\n\n" * 4000 + "# Bottom\n"
    app = await _after("G", card=card)
    assert "Bottom" in app.shown


async def test_a_card_that_comes_before_the_focus_has_settled_still_takes_the_keys() -> None:
    app = ModelApp(model_services(), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        tab = app.query_one(CardTab)
        opened, card = tab.opened, tab.card
        assert opened is not None
        assert card is not None
        app.screen.set_focus(None)
        tab.show(opened)
        tab.focus_first()
        tab.show_card(card)
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        assert "enter jumps" in app.text()


async def test_opening_another_model_from_the_list_leaves_the_focus_there() -> None:
    app = ModelApp(model_services(), CAMEMBERT)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        app.screen.set_focus(None)
        app.pane.open("flaubert/flaubert_base_cased")
        await settled(pilot)
        assert app.focused is None
