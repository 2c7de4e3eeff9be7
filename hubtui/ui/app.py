"""The application: it owns the services and the theme, opens the main screen, and leaves the terminal as it was."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from hubtui.core.ports import Services
from hubtui.core.untrusted import clean
from hubtui.ui import guard
from hubtui.ui.actions import unknown_ids
from hubtui.ui.theme import THEMES

if TYPE_CHECKING:
    from hubtui.core.target import Target

WIDTHS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]
HEIGHTS = [(0, "-low"), (20, "-high")]
"""Cells from which on the screen has a class: below 60×20 it only asks for room, from 110 on it shows both sides."""

_log = logging.getLogger(__name__)


class HubtuiApp(App[int]):
    """hubtui in a terminal.

    Args:
        services: what the interface may ask of the rest of the program.
        target: what to open first; None opens the start page.
    """

    CSS_PATH = Path(__file__).with_name("styles") / "app.tcss"
    TITLE = "hubtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, services: Services, target: Target | None = None) -> None:
        # Textual's NO_COLOR filter keeps greys unless the app paints with the terminal's own colours.
        no_color = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=True if no_color else None)
        guard.install()
        self.services = services
        self.target = target
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "ansi" if no_color or _is_poor_terminal() else services.settings.theme
        self.animation_level = "none"
        self.set_keymap(dict(services.settings.keys))

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen, so that no blank one is made first."""
        from hubtui.ui.screens.main import MainScreen  # noqa: PLC0415 - the screens import this module's neighbours

        screen = MainScreen(self.services, self.target)
        screen.add_class(*self._size_classes())
        return screen

    def _size_classes(self) -> list[str]:
        """Name the breakpoints from the start: Textual would lay the first frame out twice to find them."""
        width, height = self.size
        return [
            next(name for least, name in reversed(breakpoints) if cells >= least)
            for cells, breakpoints in ((width, WIDTHS), (height, HEIGHTS))
        ]

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's driver for this system; the one for Unix in the form that survives a lost terminal."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from hubtui.ui.driver import TerminalDriver  # noqa: PLC0415 - it cannot be imported on Windows

        return TerminalDriver

    def on_mount(self) -> None:
        """Have signals end the app in order, and name keys of the config file that nothing listens to."""
        loop = asyncio.get_running_loop()
        for name, code in (("SIGTERM", 143), ("SIGHUP", 129)):
            if hasattr(signal, name):
                self._end_on(loop, getattr(signal, name), code)
        for wrong, near in unknown_ids(self.services.settings.keys):
            hint = f"Did you mean {near}?" if near else "The help screen lists the names."
            self.notify(f"The config file rebinds “{clean(wrong)}”, which is no action. {hint}", markup=False)

    def _end_on(self, loop: asyncio.AbstractEventLoop, number: signal.Signals, code: int) -> None:
        try:
            loop.add_signal_handler(number, lambda: self.exit(code, return_code=code))
        except (NotImplementedError, RuntimeError, ValueError):
            # Windows has no such handlers, and a test may run the app outside the main thread.
            _log.debug("no handler for %s", number.name)

    async def on_event(self, event: events.Event) -> None:
        """Run the binding of a command key before the next key is looked at.

        Textual hands keys to the focused widget's queue, so that of keys which arrive in one go (`/bert` on a slow
        line) the second would still find the focus where it was. Text fields keep Textual's way: order is theirs.
        """
        if isinstance(event, events.Key) and not event.is_forwarded and not self._is_typing:
            for has_priority in (True, False):
                if await self._check_bindings(event.key, priority=has_priority):
                    return
        await super().on_event(event)

    @property
    def _is_typing(self) -> bool:
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    async def action_quit(self) -> None:
        """Quit as `q` does, which asks while something is going on; works over an overlay too."""
        await self.run_action("quit", default_namespace=self.screen_stack[0])

    def copy_to_clipboard(self, text: str) -> None:
        """Send a text to the terminal's clipboard, through tmux too."""
        from hubtui.ui.clipboard import sequence  # noqa: PLC0415 - rare

        self._clipboard = text
        if self._driver is not None:
            self._driver.write(sequence(text, in_tmux="TMUX" in os.environ))

    def _fatal_error(self) -> None:
        """End after a fault of hubtui's own: a sentence on the terminal, the traceback without locals in the log."""
        error = self._exception
        _log.critical("the interface failed", exc_info=error)
        where = self.services.settings.log_file
        kind = type(error).__name__ if error else "an unknown error"
        sentence = f"hubtui ran into a fault of its own ({kind}) and had to stop."
        self._exit_renderables.append(Text(f"{sentence} Details are in {clean(where)}." if where else sentence))
        self._close_messages_no_wait()


def _is_poor_terminal() -> bool:
    """Say whether the terminal tells of 16 colours or fewer (the Linux console, plain xterm)."""
    return os.environ.get("TERM", "") in {"linux", "dumb", "vt100", "vt220", "xterm", "screen", "ansi"} and (
        os.environ.get("COLORTERM", "") not in {"truecolor", "24bit"}
    )
