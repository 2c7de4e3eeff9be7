"""The whole interface on fakes, with a plain right side; and ways to wait for it without counting seconds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from hubtui.core.target import Target
from hubtui.ui.app import HubtuiApp
from hubtui.ui.panes.search import SearchPane
from hubtui.ui.screens.main import MainScreen
from hubtui.ui.screens.sides import Sides
from tests.fakes import fake_services
from tests.ui.plain_side import PlainSide

if TYPE_CHECKING:
    from hubtui.core.ports import Services

WIDE, NARROW = (120, 40), (80, 24)
_MOST_POLLS = 500


class ShellApp(HubtuiApp):
    """The application with a right side that keeps a list of what it was asked."""

    def get_default_screen(self) -> Screen[None]:
        screen = MainScreen(self.services, self.target, PlainSide)
        screen.add_class(*self._size_classes())
        return screen

    @property
    def main(self) -> MainScreen:
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def search(self) -> SearchPane:
        return self.main.query_one(SearchPane)

    @property
    def sides(self) -> Sides:
        return self.main.query_one(Sides)

    @property
    def side(self) -> PlainSide:
        return self.main.query_one(PlainSide)

    @property
    def ids(self) -> list[str]:
        return [row.id for row in self.search.results.rows]

    @property
    def toasts(self) -> list[str]:
        return [notification.message for notification in self._notifications]


def shell(services: Services | None = None, target: Target | None = None) -> ShellApp:
    """Return the application on the services, or on fakes with their defaults."""
    return ShellApp(services or fake_services(), target)


async def settle(pilot: Pilot[int]) -> None:
    """Wait until every call that is under way was answered and painted."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        quiet = 0 if any(not worker.is_finished for worker in pilot.app.workers) else quiet + 1
        await answered(pilot.app)


async def answered(app: App[Any]) -> None:
    """Wait for the calls that are under way; one that was replaced by a newer one counts as answered."""
    for worker in list(app.workers):
        with contextlib.suppress(WorkerCancelled):
            await worker.wait()


async def until(pilot: Pilot[int], is_so: Callable[[], bool]) -> None:
    """Wait until something is so; for what a timer of the interface itself starts."""
    for _ in range(_MOST_POLLS):
        if is_so():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never became so; the screen says:\n" + screen_text(pilot))


async def find(pilot: Pilot[int], query: str) -> None:
    """Type a search and enter it."""
    await pilot.press("slash")
    for word in query:
        await pilot.press("space" if word == " " else word)
    await pilot.press("enter")
    await settle(pilot)


def screen_text(pilot: Pilot[int]) -> str:
    """Return what the screen shows, line by line."""
    app = pilot.app
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join(strip.text.rstrip() for strip in strips)
