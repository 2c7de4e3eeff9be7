from dataclasses import replace
from datetime import timedelta

from hubtui.core.errors import HubUnreachableError, LocalStateError
from hubtui.ui.panes.start import EXAMPLES
from tests.fakes import NOW, FakeHub, FakeMemory, fake_services
from tests.ui.shell import NARROW, WIDE, screen_text, settle, shell


async def test_a_first_start_invites_with_examples_and_keys() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = screen_text(pilot)
        for query, _ in EXAMPLES:
            assert query in text
        assert "Keys to begin with" in text
        assert "Trending on the Hub" in text
        assert "Recently opened" not in text


async def test_an_example_is_one_key_away() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.ids == [
            "almanach/camembert-base",
            "demo/tiny-camembert-fr",
            "cmarkea/distilcamembert-base",
            "flaubert/flaubert_base_cased",
        ]


async def test_recent_and_bookmarked_models_open_from_the_start_page() -> None:
    memory = FakeMemory(
        marked=["Qwen/Qwen2.5-0.5B-Instruct"], seen=[("google-bert/bert-base-uncased", NOW - timedelta(hours=3))]
    )
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "3h ago" in screen_text(pilot)
        await pilot.press(*["j"] * len(EXAMPLES), "enter")
        await settle(pilot)
        assert app.side.facts is not None
        assert app.side.facts.id == "google-bert/bert-base-uncased"


async def test_without_a_hub_the_start_page_still_offers_what_hubtui_remembers() -> None:
    hub = FakeHub(error=HubUnreachableError("The Hub does not answer.", hint="Check the network."))
    app = shell(fake_services(hub=hub, memory=FakeMemory(marked=["a/b"])))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        text = screen_text(pilot)
        assert "a/b" in text
        assert "The Hub does not answer." in text
        hub.error = None
        await pilot.press("r")
        await settle(pilot)
        assert "meta-llama" in screen_text(pilot)


async def test_a_memory_file_that_cannot_be_read_is_said_and_costs_nothing_else() -> None:
    class Broken(FakeMemory):
        def recent(self) -> tuple[tuple[str, object], ...]:  # type: ignore[override] # it only raises
            raise LocalStateError("The memory file cannot be read.")

    app = shell(fake_services(memory=Broken()))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "meta-llama" in screen_text(pilot)


async def test_hostile_names_in_the_memory_are_shown_without_effect() -> None:
    memory = FakeMemory(seen=[("evil/\x1b[2J[/foo][@click=app.quit]x", NOW)])
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "␛[2J[/foo]" in screen_text(pilot)


async def test_offline_the_start_page_shows_what_is_here_and_says_so() -> None:
    services = fake_services()
    app = shell(replace(services, settings=replace(services.settings, offline=True)))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        text = screen_text(pilot)
        assert "In this machine's cache" in text
        assert "Trending" not in text
