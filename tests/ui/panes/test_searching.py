"""How a search goes on: what it costs the Hub, how it is stopped, and when it waits."""

import threading
import time

import pytest
from textual.events import Key
from textual.widgets import Input

from hubtui.core.errors import RateLimitedError
from hubtui.core.models import Quota
from tests.fake_rows import many_rows
from tests.fakes import FakeHub, fake_services
from tests.ui.shell import NARROW, WIDE, find, screen_text, settle, shell, until


async def test_ten_letters_typed_quickly_cost_one_call() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for key in ("slash", *"camembert-"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: bool(hub.searches))
        await settle(pilot)
        assert [query.words[0].text for query, _ in hub.searches] == ["camembert-"]


async def test_what_was_looked_at_and_kept_is_said_and_ctrl_x_stops_looking() -> None:
    hub = FakeHub(rows=many_rows(3_000))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "model-15")
        assert "looked at 800" in screen_text(pilot)
        gate = hub.gate = threading.Event()
        await pilot.press("r")
        await until(pilot, lambda: app.search.state.is_loading)
        assert "ctrl+x stop" in screen_text(pilot)
        await pilot.press("ctrl+x")
        gate.set()
        hub.gate = None
        await settle(pilot)
        assert "Stopped." in screen_text(pilot)
        assert app.search.state.looked_at == 800, "what comes after the stop is dropped"
        await pilot.press("r")
        await settle(pilot)
        assert app.ids[0] == "demo/model-1500"
        assert "kept" in screen_text(pilot)


async def test_a_search_stopped_before_any_answer_can_be_asked_again() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        gate = hub.gate = threading.Event()
        await pilot.press("slash", *"flau", "enter")
        await until(pilot, lambda: bool(hub.searches))
        await pilot.press("ctrl+x")
        hub.gate = None
        gate.set()
        await settle(pilot)
        assert "Stopped before there was an answer" in screen_text(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert app.ids == ["flaubert/flaubert_base_cased"]


async def test_the_last_calls_of_the_quota_are_kept_for_what_is_done_by_hand() -> None:
    hub = FakeHub(rows=many_rows(3_000), quota=Quota(10, 500, 200.0))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "model-2950")
        assert len(hub.searches) == 1, "no page is fetched unasked"
        assert "10 of 500 calls are left" in screen_text(pilot)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_used_up_quota_is_counted_down_while_keys_answer_and_then_asked_again(size: tuple[int, int]) -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        error = RateLimitedError("The Hub's quota is used up.", retry_after_s=86_400.0)
        hub.error = error
        await find(pilot, "flau")
        error.retry_at = time.monotonic() + 269
        app.search.searching.count_down()
        await settle(pilot)
        assert "asks again in 4:2" in screen_text(pilot)
        await pilot.press("slash", "b")
        assert app.search.query_one(Input).value == "flaub"
        await pilot.press("escape")
        hub.error = None
        error.retry_at = time.monotonic()
        app.search.searching.count_down()
        # What was typed meanwhile may be searched for as well: either finds the same.
        await until(pilot, lambda: app.ids == ["flaubert/flaubert_base_cased"])


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_quota_used_up_below_the_rows_is_counted_down_too(size: tuple[int, int]) -> None:
    hub = FakeHub(rows=many_rows(3_000))
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await find(pilot, "model")
        hub.error = RateLimitedError("The quota of requests to huggingface.co is used up.", retry_after_s=86_400.0)
        await pilot.press("G")
        await settle(pilot)
        hub.error.retry_at = time.monotonic() + 269
        app.search.searching.count_down()
        await settle(pilot)
        assert "asks again in 4:2" in screen_text(pilot)


async def test_a_limited_search_that_one_comes_back_to_goes_on_by_itself() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        hub.error = RateLimitedError("The Hub's quota is used up.", retry_after_s=86_400.0)
        await pilot.press("slash", "ctrl+u", *"flau", "enter")
        await settle(pilot)
        await pilot.press("[")
        await settle(pilot)
        app.search.searching.count_down()  # of the search in sight, which waits for nothing
        await pilot.press("]")
        await settle(pilot)
        assert "asks again" in screen_text(pilot)
        hub.error.retry_at = time.monotonic()
        hub.error = None
        await until(pilot, lambda: app.ids == ["flaubert/flaubert_base_cased"])


async def test_enter_asks_again_for_a_search_that_was_stopped_before_any_answer() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        gate = hub.gate = threading.Event()
        await pilot.press("slash", *"flau", "enter")
        await until(pilot, lambda: bool(hub.searches))
        assert "ctrl+x stop" in screen_text(pilot)
        await pilot.press("ctrl+x")
        hub.gate = None
        gate.set()
        await settle(pilot)
        await pilot.press("slash", "enter")
        await settle(pilot)
        assert app.ids == ["flaubert/flaubert_base_cased"]
