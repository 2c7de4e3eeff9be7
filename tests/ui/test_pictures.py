"""What the shell looks like in every state, at two sizes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from hubtui.core.errors import HubUnreachableError
from hubtui.core.ports import Services
from hubtui.core.query import parse
from hubtui.core.query_complete import Counts
from hubtui.core.settings import Settings
from hubtui.ui.screens.filters import FilterScreen
from hubtui.ui.widgets.search_line import SearchLine
from tests.fake_rows import NOW, ROWS
from tests.fakes import FakeCatalogue, FakeHub, FakeMemory, fake_services
from tests.ui.shell import NARROW, WIDE, find, settle, shell, until

Compare = Callable[..., bool]
Story = Callable[[Pilot[int]], Awaitable[None]]


def _services(
    *, theme: str = "dark", is_first: bool = False, catalogue: FakeCatalogue | None = None, **hub: Any
) -> Services:
    memory = FakeMemory(
        marked=[] if is_first else ["Qwen/Qwen2.5-0.5B-Instruct", "almanach/camembert-base"],
        seen=[] if is_first else [(f"demo/model-{at}", NOW - timedelta(hours=3 + 30 * at)) for at in range(9)],
        saved=[] if is_first else ["task:fill-mask language:fr license:mit"],
        entered=[] if is_first else [("size:1B..8B fits:yes sort:downloads", NOW - timedelta(hours=1))],
    )
    settings = Settings(endpoint="https://hub.test", is_demo=True, theme=theme)
    return fake_services(hub=FakeHub(**hub), memory=memory, settings=settings, catalogue=catalogue)


def _story(query: str = "", *keys: str) -> Story:
    async def run(pilot: Pilot[int]) -> None:
        await settle(pilot)
        if query:
            await find(pilot, query)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


async def _panel(pilot: Pilot[int]) -> None:
    """Open the filter panel with counts, as a catalogue gives them."""
    await settle(pilot)
    pilot.app.push_screen(FilterScreen(parse("task:fill-mask size:1B..8B"), COUNTS))
    await settle(pilot)


async def _slider(pilot: Pilot[int]) -> None:
    await _panel(pilot)
    await pilot.press(*"size", "tab", "left")
    await pilot.pause()


async def _suggestions(pilot: Pilot[int]) -> None:
    """Have a word begun, in one go: a slow machine would search for the letters before."""
    await settle(pilot)
    await pilot.press("slash")
    field = pilot.app.screen.query_one(SearchLine).query_one(Input)
    field.value = "task:te"
    field.cursor_position = len(field.value)
    await settle(pilot)


async def _lit_suggestion(pilot: Pilot[int]) -> None:
    await _suggestions(pilot)
    pilot.app.screen.query_one(SearchLine).counts = COUNTS
    await pilot.press("right")
    await pilot.pause()


FAMILY = (
    *ROWS,
    *(
        replace(ROWS[0], id=f"{name}/camembert-base-{form}", tags=(f"base_model:{how}:{ROWS[0].id}",), downloads=90)
        for name, form, how in (
            ("ggml", "GGUF", "quantized"),
            ("ana", "legal-fr", "finetune"),
            ("bo", "ONNX", "quantized"),
        )
    ),
)
COUNTS: Counts = {
    "task": {"text-generation": 354_120, "fill-mask": 14_203, "text-classification": 121_034, "text-ranking": 1_204},
    "language": {"en": 402_123, "fr": 20_134, "hsb": 12, "de": 18_231},
}
FRENCH = "task:fill-mask language:fr"
DOWN = HubUnreachableError("The Hub does not answer.", hint="Check the network, or start with --offline.")
STATES: dict[str, tuple[dict[str, Any], Story]] = {
    "start": ({}, _story()),
    "first-start": ({"is_first": True}, _story()),
    "results": ({}, _story(FRENCH)),
    "all-results": ({}, _story("e", "j")),
    "model-open": ({}, _story(FRENCH, "j", "enter")),
    "suggestions": ({}, _suggestions),
    "query-error": ({}, _story("tsk:fill-mask")),
    "nothing-found": ({}, _story("task:fill-mask language:ja")),
    "hub-down": ({"error": DOWN}, _story("bert")),
    "hub-down-at-the-start": ({"error": DOWN}, _story()),
    "filters": ({}, _story(FRENCH, "f")),
    "filters-narrowed": ({}, _story("", "f", *"image")),
    "filters-counted": ({}, _panel),
    "folded": ({"rows": FAMILY}, _story("camembert", "x", "space")),
    "catalogue": ({"catalogue": FakeCatalogue()}, _story(FRENCH, "C")),
    "catalogue-answers": ({"catalogue": FakeCatalogue()}, _story(FRENCH, "C", "enter")),
    "size-slider": ({}, _slider),
    "suggestion-lit": ({}, _lit_suggestion),
    "sort": ({}, _story(FRENCH, "s")),
    "copy": ({}, _story(FRENCH, "enter", "y")),
    "palette": ({}, _story(FRENCH, "ctrl+p")),
    "help": ({}, _story(FRENCH, "question_mark")),
    "light": ({"theme": "light"}, _story("e", "j")),
    "sixteen-colours": ({"theme": "ansi"}, _story("e", "j")),
}


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_shell_has_its_face(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    options, story = STATES[state]
    assert snap_compare(shell(_services(**options)), terminal_size=size, run_before=story)


@pytest.mark.parametrize("size", [(60, 20), (50, 15), (200, 50)], ids=["60x20", "50x15", "200x50"])
def test_the_smallest_and_a_large_terminal_are_used_well(snap_compare: Compare, size: tuple[int, int]) -> None:
    story = _story() if size == (50, 15) else _story("e", "j")
    assert snap_compare(shell(_services()), terminal_size=size, run_before=story)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
def test_offline_is_said_at_the_top(snap_compare: Compare, size: tuple[int, int]) -> None:
    services = _services(is_offline=True)
    offline = replace(services, settings=replace(services.settings, offline=True))
    assert snap_compare(shell(offline), terminal_size=size, run_before=_story())


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
def test_a_search_under_way_says_so_without_moving(snap_compare: Compare, size: tuple[int, int]) -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    gate = Event()

    async def story(pilot: Pilot[int]) -> None:
        await settle(pilot)
        hub.gate = gate
        await pilot.press("slash", *"bert", "enter")
        await until(pilot, lambda: len(hub.searches) == 1)
        await pilot.pause()

    try:
        assert snap_compare(app, terminal_size=size, run_before=story)
    finally:
        gate.set()
