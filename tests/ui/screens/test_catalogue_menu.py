"""The catalogue from the interface: who answers, syncing, dropping."""

from dataclasses import replace

import pytest

from hubtui.core.errors import HubUnreachableError, LocalStateError
from hubtui.core.models import CatalogueProgress
from hubtui.core.query import parse
from hubtui.core.settings import Settings
from hubtui.core.target import Target
from hubtui.ui.screens.catalogue_menu import progress_words
from tests.fakes import FakeCatalogue, FakeHub, FakeMemory, fake_services
from tests.ui.shell import NARROW, WIDE, ShellApp, find, screen_text, settle, shell


def with_catalogue(catalogue: FakeCatalogue, hub: FakeHub | None = None, *, offline: bool = False) -> ShellApp:
    settings = replace(Settings(), endpoint="https://hub.test", offline=offline)
    return shell(fake_services(hub=hub or FakeHub(), catalogue=catalogue, settings=settings))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_catalogue_answers_once_it_is_chosen_and_says_how_old_it_is(size: tuple[int, int]) -> None:
    hub, catalogue = FakeHub(), FakeCatalogue()
    app = with_catalogue(catalogue, hub)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("C")
        await settle(pilot)
        assert "search here" in screen_text(pilot)
        await pilot.press("enter")
        await find(pilot, "flaubert")
        assert app.ids == ["flaubert/flaubert_base_cased"]
        assert hub.searches == []
        assert "catalogue, 11 models" in screen_text(pilot)
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert len(hub.searches) == 1, "the search in sight is asked again, of the Hub"


async def test_offline_the_catalogue_answers_by_itself() -> None:
    hub = FakeHub(is_offline=True)
    app = with_catalogue(FakeCatalogue(), hub, offline=True)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "flaubert")
        assert app.ids == ["flaubert/flaubert_base_cased"]
        assert hub.searches == []


async def test_without_a_catalogue_the_menu_says_what_it_is_and_syncs() -> None:
    catalogue = FakeCatalogue(rows=())
    app = with_catalogue(catalogue)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("C")
        await settle(pilot)
        text = screen_text(pilot)
        assert "There is none yet." in text
        assert "drop" not in text
        catalogue.rows = FakeCatalogue().rows
        await pilot.press("enter")
        await settle(pilot)
        assert "The catalogue holds 11 models and answers searches" in app.toasts[-1]
        assert app.search.finder.by_catalogue


async def test_a_sync_that_fails_says_why_and_what_answered_before_still_does() -> None:
    catalogue = FakeCatalogue()
    app = with_catalogue(catalogue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("C")
        await settle(pilot)
        catalogue.sync_error = HubUnreachableError("The Hub does not answer.", hint="Check the network.")
        await pilot.press("j", "enter")
        await settle(pilot)
        assert "The Hub does not answer." in app.toasts[-1]
        catalogue.sync_error = None
        await pilot.press("C")
        await settle(pilot)
        assert "search here" in screen_text(pilot)


async def test_dropping_the_catalogue_gives_the_searches_back_to_the_hub() -> None:
    catalogue = FakeCatalogue()
    app = with_catalogue(catalogue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("enter")
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("G", "enter")
        await settle(pilot)
        assert app.toasts[-1] == "The catalogue was dropped."
        assert not app.search.finder.by_catalogue
        assert not catalogue.rows


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (None, "starting"),
        (CatalogueProgress("listing", 12_000), "listing 12 000"),
        (CatalogueProgress("indexing", 5_000, 10_000), "indexing 5 000 of 10 000"),
        (CatalogueProgress("downloading", 5_000_000, 10_000_000), "downloading 5.0 MB of 10.0 MB"),
        (CatalogueProgress("waiting", wait_s=61.2), "waiting 61 s for the Hub's quota"),
    ],
)
def test_what_a_sync_does_is_said_in_words(progress: CatalogueProgress | None, words: str) -> None:
    assert progress_words(progress).replace("\u202f", " ").replace("\u00a0", " ") == words


async def test_a_search_given_at_the_start_is_answered_by_the_catalogue_when_there_is_no_network() -> None:
    hub = FakeHub(rows=(), is_offline=True)
    settings = replace(Settings(), endpoint="https://hub.test", offline=True)
    services = fake_services(hub=hub, catalogue=FakeCatalogue(), settings=settings)
    app = shell(services, Target("query", query=parse("bert")))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert len(app.ids) == 6
        assert "catalogue, " in screen_text(pilot).split("\n")[0], "and how old it is can be seen"


async def test_who_answers_searches_is_the_same_after_a_restart_and_said_on_the_start_page() -> None:
    memory = FakeMemory()
    for keys, who in ((["C", "enter"], "the catalogue answers searches"), (["C", "enter"], "the Hub answers searches")):
        app = shell(fake_services(catalogue=FakeCatalogue(), memory=memory))
        async with app.run_test(size=NARROW) as pilot:
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
            assert who in screen_text(pilot)
        hub, catalogue = FakeHub(), FakeCatalogue()
        app = shell(fake_services(hub=hub, catalogue=catalogue, memory=memory))
        async with app.run_test(size=NARROW) as pilot:
            await settle(pilot)
            assert who in screen_text(pilot)
            await find(pilot, "flaubert")
            assert (bool(hub.searches), bool(catalogue.searches)) == ("Hub" in who, "catalogue" in who)


async def test_a_choice_that_cannot_be_kept_is_told_and_holds_for_now() -> None:
    memory = FakeMemory(error=LocalStateError("The disk is full.", hint="Make room."))
    app = shell(fake_services(catalogue=FakeCatalogue(), memory=memory))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert any("The disk is full." in toast for toast in app.toasts)
        assert app.search.finder.by_catalogue


async def test_without_a_catalogue_a_kept_choice_asks_the_hub_and_says_nothing_of_it() -> None:
    app = shell(fake_services(catalogue=FakeCatalogue(rows=()), memory=FakeMemory(by_catalogue=True)))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert not app.search.finder.by_catalogue
        assert "answers searches" not in screen_text(pilot)


async def test_a_hub_that_cannot_be_reached_points_to_the_catalogue_if_there_is_one() -> None:
    for catalogue, is_offered in ((FakeCatalogue(), True), (FakeCatalogue(rows=()), False)):
        app = with_catalogue(catalogue, FakeHub(error=HubUnreachableError("The Hub does not answer.")))
        async with app.run_test(size=NARROW) as pilot:
            await settle(pilot)
            await find(pilot, "flaubert")
            assert "The Hub does not answer." in screen_text(pilot)
            assert ("C search the catalogue" in screen_text(pilot)) is is_offered
            assert "0 shown" not in screen_text(pilot), "nobody has counted"


async def test_where_the_top_line_is_short_it_names_the_hub_whole_and_leaves_the_count_to_the_rule() -> None:
    settings = replace(Settings(), endpoint="https://a-rather-long-mirror.hub.test", offline=True)
    app = shell(fake_services(hub=FakeHub(is_offline=True), catalogue=FakeCatalogue(), settings=settings))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        first, *rest = screen_text(pilot).split("\n")
        assert "a-rather-long-mirror.hub.test " in first
        assert "catalogue, 11 models, just now · offline" in first
        assert "shown" not in first
        assert any("6 shown" in line for line in rest)
