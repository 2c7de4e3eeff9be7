"""Deleting revisions from the cache, from the Files tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import CacheError
from hubtui.ui.messages import Notice
from hubtui.ui.screens.picker import Picker
from tests.fakes_files import FakeCache
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
SMALL, WIDE = (80, 24), (120, 40)


def _app(cache: FakeCache, model: str = CAMEMBERT) -> ModelApp:
    return ModelApp(replace(model_services(), cache=lambda: cache), model, 2)


def _notices(app: ModelApp) -> list[str]:
    return [event.text for event in app.said if isinstance(event, Notice)]


async def _press(pilot: Pilot[None], *keys: str) -> None:
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def test_nothing_is_deleted_before_the_plan_was_confirmed() -> None:
    cache = FakeCache()
    app = _app(cache)
    async with app.run_test(size=WIDE) as pilot:
        await _press(pilot, "D")
        assert "frees 445 MB" in app.text()
        await _press(pilot, "enter")
        assert "(main)" in app.text()
        assert "2.3 kB stay for other revisions" in " ".join(app.text().split())
        await _press(pilot, "enter")
        assert not cache.deleted
        assert not isinstance(app.screen, Picker)


async def test_a_confirmed_deletion_takes_that_revision_and_says_what_it_freed() -> None:
    cache = FakeCache()
    app = _app(cache)
    async with app.run_test(size=WIDE) as pilot:
        await _press(pilot, "D", "j", "enter", "j", "enter")
        assert [plan.commits for plan in cache.deleted] == [("b" * 40,)]
        assert _notices(app) == ["445 MB are free again."]


async def test_a_deletion_that_is_refused_says_why() -> None:
    app = _app(FakeCache(error=CacheError("A download of the model is under way.")))
    async with app.run_test(size=WIDE) as pilot:
        await _press(pilot, "D", "enter", "j", "enter")
        assert _notices(app) == ["A download of the model is under way."]


async def test_a_model_that_is_not_cached_is_said_to_be_none() -> None:
    app = _app(FakeCache(models=()))
    async with app.run_test(size=WIDE) as pilot:
        await _press(pilot, "D")
        assert _notices(app) == [f"Nothing of {CAMEMBERT} is in the cache."]


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [("D",), ("D", "enter")], ids=["choice", "plan"])
def test_what_would_go_is_told_in_bytes(
    snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await _press(pilot, *keys)

    assert snap_compare(_app(FakeCache()), terminal_size=size, run_before=before)
