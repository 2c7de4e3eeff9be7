from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from textual.pilot import Pilot

from hubtui.core.downloads import DownloadItem, DownloadState
from hubtui.core.errors import HubUnreachableError, LocalStateError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts
from hubtui.core.settings import Settings
from hubtui.ui.panes.start_entries import (
    BOOKMARKED,
    CACHED,
    EXAMPLES,
    EXAMPLES_TITLE,
    OPENED,
    SAVED,
    SEARCHED,
    TRENDING,
)
from hubtui.ui.widgets.search_line import SearchLine
from tests.fake_rows import NOW
from tests.fakes import FakeCatalogue, FakeHub, FakeMemory, fake_services
from tests.fakes_files import FakeQueue
from tests.ui.shell import NARROW, WIDE, ShellApp, find, screen_text, settle, shell, until


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
        await pilot.press("enter")
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


def _everything() -> FakeMemory:
    return FakeMemory(
        marked=[f"demo/bookmark-{at}" for at in range(9)],
        seen=[(f"demo/opened-{at}", NOW - timedelta(days=at)) for at in range(9)],
        saved=["task:fill-mask language:fr", "size:<1B"],
        entered=[("size:<1B", NOW), ("bert", NOW - timedelta(hours=2))],
    )


async def _headings(pilot: Pilot[int], app: ShellApp) -> list[str]:
    await settle(pilot)
    return [entry.heading for entry in app.search.start._entries if entry.heading]


async def test_who_comes_back_finds_first_what_was_used_before() -> None:
    app = shell(fake_services(memory=_everything()))
    async with app.run_test(size=WIDE) as pilot:
        assert await _headings(pilot, app) == [
            SAVED,
            SEARCHED,
            OPENED,
            BOOKMARKED,
            CACHED,
            TRENDING,
            EXAMPLES_TITLE,
        ]
        text = screen_text(pilot)
        assert text.count("size:<1B") == 1  # saved: no need to name it among the recent ones too
        assert "2h ago" in text
        assert app.search.start.search == "task:fill-mask language:fr"


async def test_a_long_section_ends_with_the_way_to_the_rest() -> None:
    app = shell(fake_services(memory=_everything()))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "demo/opened-5" not in screen_text(pilot)
        await pilot.press(*["j"] * 8, "enter")
        await pilot.pause()
        assert app.search.start.model == "demo/opened-5"
        assert "demo/opened-8" in screen_text(pilot)
        await pilot.press(*["j"] * 9, "enter")
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "is:bookmarked"


async def test_what_is_in_the_cache_is_shown_with_its_size_and_age() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        line = next(line for line in screen_text(pilot).split("\n") if "camembert-base" in line)
        assert "443 MB" in line
        assert "just now" in line


async def test_a_search_is_saved_with_a_key_and_taken_away_with_the_same_key() -> None:
    memory = FakeMemory()
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "language:fr   task:fill-mask")
        await pilot.press("S")
        await settle(pilot)
        assert memory.saved == ["language:fr task:fill-mask"]
        assert "saved · " in screen_text(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert memory.saved == []
        assert "saved · " not in screen_text(pilot)
        assert [toast.partition(":")[0] for toast in app.toasts] == ["Saved", "No longer saved"]


async def test_on_the_start_page_the_search_under_the_cursor_is_saved_and_without_one_it_is_said() -> None:
    memory = FakeMemory(entered=[("bert", NOW)], seen=[("a/b", NOW)])
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert memory.saved == ["bert"]
        assert (await _headings(pilot, app))[:2] == [SAVED, OPENED]
        await pilot.press("j", "S")
        await settle(pilot)
        assert memory.saved == ["bert"]
        assert "no search to save" in app.toasts[-1]


async def test_backspace_takes_a_saved_search_or_a_bookmark_away_and_nothing_else() -> None:
    memory = FakeMemory(marked=["a/b"], seen=[("c/d", NOW)], saved=["size:<1B"])
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("j", "backspace")
        await settle(pilot)
        assert (memory.marked, memory.seen, memory.saved) == (["a/b"], [("c/d", NOW)], ["size:<1B"])
        await pilot.press("k", "delete")
        await settle(pilot)
        assert memory.saved == []
        assert app.search.start.model == "c/d"
        await pilot.press("j", "backspace")
        await settle(pilot)
        assert memory.marked == []
        assert app.search.bookmarks == frozenset()


async def test_what_was_entered_or_opened_from_is_remembered_once_and_what_was_only_typed_is_not() -> None:
    memory = FakeMemory()
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("enter")
        await settle(pilot)
        assert [text for text, _ in memory.entered] == ["bert"]
        await pilot.press("slash", *" task:fill-mask")
        await until(pilot, lambda: len(app.search.state.query.parts) == 2)
        await settle(pilot)
        assert [text for text, _ in memory.entered] == ["bert"]
        await pilot.press("down", "enter")
        await settle(pilot)
        assert [text for text, _ in memory.entered] == ["bert task:fill-mask", "bert"]


async def test_the_cursor_stays_on_its_model_when_more_is_known() -> None:
    memory = FakeMemory(seen=[("a/b", NOW), ("c/d", NOW)])
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("j")
        assert app.search.start.model == "c/d"
        memory.saved = ["bert"]
        app.search.start.recall()
        await settle(pilot)
        assert app.search.start.model == "c/d"


async def test_offline_with_a_catalogue_the_start_page_shows_what_was_trending_and_when() -> None:
    hub = FakeHub(rows=(), is_offline=True)
    services = fake_services(hub=hub, catalogue=FakeCatalogue(), settings=replace(Settings(), offline=True))
    app = shell(services)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        heading = next(line for line in screen_text(pilot).split("\n") if "says the catalogue" in line)
        assert heading.rstrip().endswith("just now")
        assert "almanach/camembert-base" in screen_text(pilot)
        assert hub.searches == []


def _left(model: str, number: int) -> DownloadItem:
    facts = ModelFacts(model, commit="c" * 40)
    progress = DownloadProgress("", 45, 100)
    return DownloadItem(number, facts, (FileEntry("model.safetensors", 100),), DownloadState.PAUSED, progress)


async def test_downloads_of_an_earlier_session_are_offered_and_go_on_only_when_asked() -> None:
    queue = FakeQueue(recalled=[_left("a/one", 1), _left("b/two", 2)])
    app = shell(fake_services(queue=queue, memory=FakeMemory(seen=[("c/d", NOW)])))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        assert "2 downloads unfinished: one, two" in screen_text(pilot)
        assert app.search.start.model == "c/d", "enter alone begins no download"
        assert {item.state for item in queue.items()} == {DownloadState.PAUSED}
        await pilot.press("k", "enter")
        await settle(pilot)
        assert [item.state for item in queue.items()] == [DownloadState.RUNNING, DownloadState.WAITING]
        assert "2 downloads going on: one, two" in screen_text(pilot)
        assert app.search.start.model == "a/one", "the cursor stays on the line"
        for number in (1, 2):
            queue.finish(number)
        await settle(pilot)
        assert "downloads going on" not in screen_text(pilot)
