import threading
from datetime import timedelta

import pytest
from textual.events import Key
from textual.widgets import Input

from hubtui.core.errors import HubUnreachableError
from hubtui.core.models import Page
from hubtui.core.query import Query
from hubtui.ui.widgets.search_line import HintBar, SearchLine
from tests.fake_rows import NOW, many_rows
from tests.fakes import FakeBox, FakeHub, FakeMemory, fake_services
from tests.ui.shell import NARROW, WIDE, ShellApp, find, screen_text, settle, shell, until

FRENCH = [
    "almanach/camembert-base",
    "demo/tiny-camembert-fr",
    "cmarkea/distilcamembert-base",
    "flaubert/flaubert_base_cased",
]


async def test_typing_alone_finds_models() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"flau")
        await until(pilot, lambda: app.ids == ["flaubert/flaubert_base_cased"])


async def test_keys_that_arrive_in_one_go_all_reach_the_search_line() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for key, character in (("slash", "/"), ("b", "b"), ("e", "e"), ("r", "r"), ("t", "t")):
            app.post_message(Key(key, character))
        await until(pilot, lambda: app.search.query_one(SearchLine).text == "bert")


async def test_filters_and_words_find_what_they_say_and_the_rule_counts() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "task:fill-mask language:fr")
        assert app.ids == FRENCH
        assert "looked at 11, kept 4" in screen_text(pilot)
        assert app.focused is app.search.results


@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_second_enter_that_comes_with_the_first_opens_the_first_result(is_slow: bool) -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        gate = hub.gate = threading.Event() if is_slow else None
        for key in ("slash", *"flau", "enter", "enter"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: len(hub.searches) == 1)
        if gate:
            gate.set()
        await until(pilot, lambda: app.sides.open_id == "flaubert/flaubert_base_cased")


async def test_one_enter_goes_into_results_that_are_there_already_and_opens_nothing() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"flau")
        await until(pilot, lambda: app.ids == ["flaubert/flaubert_base_cased"])
        await pilot.press("enter")
        await settle(pilot)
        assert app.focused is app.search.results
        assert not app.sides.open_id


async def test_keys_that_come_with_enter_are_for_the_results() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for key in ("slash", *"bert", "enter", "x"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: app.search.results.is_folded)
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "bert"
        assert app.ids


async def test_an_enter_while_results_load_opens_the_first_of_them() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        gate = hub.gate = threading.Event()
        await pilot.press("slash", *"flau", "enter")
        await until(pilot, lambda: len(hub.searches) == 1 and not app.search.query_one(SearchLine).is_active)
        await pilot.press("enter")
        gate.set()
        await until(pilot, lambda: app.sides.open_id == "flaubert/flaubert_base_cased")


async def test_a_slow_old_answer_does_not_replace_the_results_of_a_newer_search() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        gate = hub.gate = threading.Event()
        app.search.search("flaubert")
        await until(pilot, lambda: len(hub.searches) == 1)
        hub.gate = None
        app.search.search("qwen")
        await settle(pilot)
        gate.set()
        await settle(pilot)
        assert app.ids == ["Qwen/Qwen2.5-0.5B-Instruct"]


async def test_going_down_fetches_page_after_page_and_keeps_the_cursor() -> None:
    app = shell(fake_services(hub=FakeHub(rows=many_rows(350))))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "model")
        assert len(app.ids) == 100
        for expected in (200, 300, 350):
            cursor = len(app.ids) - 1
            await pilot.press("G")
            await settle(pilot)
            assert len(app.ids) == expected
            assert app.search.results.cursor == cursor
        assert "that is all" in screen_text(pilot)


async def test_a_list_longer_than_the_screen_begins_with_its_first_row() -> None:
    app = shell(fake_services(hub=FakeHub(rows=many_rows(200))))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "model")
        assert app.search.results.first_line == 0
        assert "model-0000" in screen_text(pilot)


async def test_a_search_that_filters_on_this_side_fills_the_screen_by_itself() -> None:
    hub = FakeHub(rows=many_rows(1_000))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "size:400M..410M")
        assert app.ids == [f"demo/model-{at:04d}" for at in range(399, 410)]
        assert "looked at 1 000" in screen_text(pilot)


async def test_a_search_that_finds_nothing_for_long_stops_and_goes_on_when_asked() -> None:
    hub = FakeHub(rows=many_rows(2_000))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "model-1950")
        assert app.ids == []
        assert "None of 800 models so far" in screen_text(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "None of 1 600 models so far" in screen_text(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert app.ids == ["demo/model-1950"]


@pytest.mark.parametrize("mends", ["a click", "tab"])
async def test_an_unknown_key_is_named_with_the_nearest_one_which_a_click_or_tab_puts_in(mends: str) -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "tsk:fill-mask")
        text = screen_text(pilot)
        assert "There is no key “tsk:”" in text
        assert "Did you mean task:?" in text
        line = text.split("\n")[2]
        if mends == "tab":
            await pilot.press("tab")
        else:
            await pilot.click(HintBar, offset=(line.index("task:") + 1, 0))
        await until(pilot, lambda: len(app.ids) == 5)
        assert app.search.query_one(SearchLine).text == "task:fill-mask"


async def test_an_unreadable_text_leaves_the_old_results_in_sight() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        before = app.ids
        # In one go: a pause between two letters would search for "bert s".
        app.search.query_one(Input).value = "bert size:huge"
        await settle(pilot)
        assert app.ids == before
        assert "✗" in screen_text(pilot)


async def test_tab_takes_the_suggestion_under_the_search_line() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"task:fill")
        assert "fill-mask" in screen_text(pilot).split("\n")[2]
        await pilot.press("tab")
        assert app.search.query_one(SearchLine).text == "task:fill-mask "
        assert isinstance(app.focused, Input)


async def test_a_filter_goes_away_with_a_click_on_its_cross() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "task:fill-mask language:fr")
        line = screen_text(pilot).split("\n")[2]
        await pilot.click(HintBar, offset=(line.index("✕"), 0))
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "language:fr"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_an_unreachable_hub_is_said_with_a_next_step_and_r_tries_again(size: tuple[int, int]) -> None:
    hub = FakeHub(error=HubUnreachableError("The Hub does not answer.", hint="Check the network."))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        text = screen_text(pilot)
        assert "The Hub does not answer." in text
        assert "Check the network." in text
        hub.error = None
        await pilot.press("r")
        await settle(pilot)
        assert len(app.ids) == 6


async def test_a_page_that_fails_leaves_the_rows_and_r_fetches_it_again() -> None:
    hub = FakeHub(rows=many_rows(150))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "model")
        hub.error = HubUnreachableError("The Hub does not answer.")
        await pilot.press("G")
        await settle(pilot)
        assert len(app.ids) == 100
        assert "does not answer" in screen_text(pilot)
        hub.error = None
        await pilot.press("r")
        await settle(pilot)
        assert len(app.ids) == 150


async def test_nothing_found_says_what_to_loosen() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "task:fill-mask language:ja")
        text = screen_text(pilot)
        assert "No model matches among 11 models." in text
        assert "Take a filter away" in text


async def test_reloading_keeps_the_row_under_the_cursor() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("j", "j", "r")
        await settle(pilot)
        assert app.search.row is not None
        assert app.search.row.id == "cmarkea/distilcamembert-base"


async def test_rows_are_marked_by_what_this_box_can_hold() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "e")
        marks = {row.id: app.search._marks_of(row).fit for row in app.search.results.rows}
        assert marks["almanach/camembert-base"] == "fits"
        assert marks["deepseek-ai/DeepSeek-V3.1"] == "no"
        assert marks["someone/an-awkward-model"] == "unknown"


async def test_a_box_whose_devices_cannot_be_read_leaves_the_list_usable() -> None:
    app = shell(fake_services(box=FakeBox(all_devices=())))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        assert len(app.ids) == 6


async def test_results_of_the_cache_say_so() -> None:
    class CacheOnly(FakeHub):
        def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
            super().search(query, cursor=cursor, page_size=page_size)
            return Page(tuple(self.rows[:2]), None, looked_at=2, from_cache=True, as_of=NOW - timedelta(days=3))

    app = shell(fake_services(hub=CacheOnly(is_offline=True)))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        text = screen_text(pilot)
        assert "from this machine's cache, last filled 3d ago" in text
        assert "offline" in text.split("\n")[0]


async def test_emptying_the_search_brings_the_start_page_back() -> None:
    app: ShellApp = shell(fake_services(memory=FakeMemory(marked=["a/b"])))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("slash", "ctrl+u", "enter")
        await settle(pilot)
        assert "Trending on the Hub" in screen_text(pilot)
        assert app.focused is app.search.start
