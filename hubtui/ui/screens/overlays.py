"""What the overlays ask and what follows: sort, copy, address, revision, palette, quitting."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from textual.screen import Screen

from hubtui.core.errors import LocalStateError
from hubtui.core.models import Ref
from hubtui.core.names import is_revision
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services
from hubtui.core.query import Query, to_text, with_term
from hubtui.core.query_keys import KEYS
from hubtui.core.untrusted import clean
from hubtui.ui import work
from hubtui.ui.actions import ACTIONS, keys_of
from hubtui.ui.clipboard import is_too_long
from hubtui.ui.panes.finder import Finder
from hubtui.ui.screens.picker import Entry, Picker
from hubtui.ui.text import plural, shorten

_LONGEST_GLIMPSE = 48


class Overlays:
    """Opens overlays over a screen; `say` puts one line at its edge."""

    def __init__(self, screen: Screen[Any], services: Services, say: Callable[[str], None]) -> None:
        self._screen, self._services, self._say = screen, services, say

    def filters(self, query: Query, finder: Finder, search: Callable[[str], None]) -> None:
        """Let the user edit the filters; with a catalogue each value says how many models it leaves."""
        from hubtui.ui.screens.filters import FilterScreen  # noqa: PLC0415 - each overlay when it is first opened

        def ask(wanted: Query) -> None:
            work.start(self._screen, "counts", lambda: finder.counts(wanted), panel.know, lambda _: None)

        panel = FilterScreen(query, ask=ask if finder.has_catalogue else None)

        def answered(text: str | None) -> None:
            if text is not None and text != to_text(query):
                search(text)

        self._screen.app.push_screen(panel, answered)

    def sort(self, query: Query, search: Callable[[str], None]) -> None:
        """Let the user choose the order of the results."""
        entries = [Entry(name, name, meaning) for name, meaning in KEYS["sort"].choices().items()]

        def answered(order: str | None) -> None:
            if order is not None and order != query.sort:
                search(to_text(with_term(query, "sort", [order])))

        self._screen.app.push_screen(Picker("Order of the results", entries, cursor=query.sort), answered)

    def address(self, model: str, revision: str | None) -> str:
        """Return a model's address on the Hub; a local folder is its own address."""
        if Path(model).is_absolute() or model.startswith(("./", "../", "~")):
            return model
        at = f"/tree/{quote(revision, safe='/')}" if revision and revision != "main" else ""
        return f"{self._services.settings.endpoint}/{quote(model, safe='/')}{at}"

    def choose_copy(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let the user choose what to copy: each choice is (what it is, the text)."""
        entries = [Entry(str(at), what, _glimpse(text)) for at, (what, text) in enumerate(choices)]

        def answered(at: str | None) -> None:
            if at is not None:
                what, text = choices[int(at)]
                self.copy(text, what)

        self._screen.app.push_screen(Picker("Copy", entries), answered)

    def copy(self, text: str, what: str) -> None:
        """Send a text to the clipboard of the terminal; one that is too long may go into a file instead."""
        if not is_too_long(text):
            self._screen.app.copy_to_clipboard(text)
            self._say(f"Sent to the terminal: {what} ({plural(len(text), 'character')}).")
            return
        size = size_text(len(text.encode("utf-8", "replace")))

        def answered(path: str | None) -> None:
            if path is not None:
                self._save(Path(path).expanduser(), text)

        note = f"The {what} has {size}: most terminals take 75 kB at most. Name a new file for it, or press esc."
        picker = Picker("Too long for the clipboard", note=note, free=True, text=f"hubtui-{what}.txt")
        self._screen.app.push_screen(picker, answered)

    def _save(self, path: Path, text: str) -> None:
        def write() -> None:
            try:
                # "x": never over a file that is there already.
                with path.open("x", encoding="utf-8", errors="replace") as file:
                    file.write(text)
            except OSError as error:
                reason = "it exists already" if isinstance(error, FileExistsError) else os.strerror(error.errno or 0)
                raise LocalStateError(f"{path} was not written: {reason}.", hint="Name another file.") from error

        work.start(
            self._screen,
            "save",
            write,
            lambda _: self._say(f"Written to {path}."),
            lambda error: self._say(str(error)),
        )

    def show_address(self, url: str) -> None:
        """Show an address; enter copies it."""

        def answered(value: str | None) -> None:
            if value is not None:
                self.copy(value, "address")

        picker = Picker("Address on the Hub", [Entry(url, url)], note="enter copies it, esc closes")
        self._screen.app.push_screen(picker, answered)

    def revision(self, model: str, current: str, use: Callable[[str], None]) -> None:
        """Let the user choose a branch, tag or pull request, or type any revision."""
        note = f"Choose one, or type a branch, tag, commit or refs/pr/N. Now: {clean(current)}"
        picker = Picker(f"Revision of {clean(model)}", note=note, free=True, placeholder="type a revision")

        def arrived(refs: tuple[Ref, ...]) -> None:
            if picker.is_attached:
                picker.show([Entry(ref.name, clean(ref.name), f"{ref.kind} {ref.commit[:8]}") for ref in refs])

        def answered(revision: str | None) -> None:
            if revision is None:
                return
            if is_revision(revision):
                use(revision)
            else:
                self._say(f"“{clean(revision)}” cannot be a revision.")

        self._screen.app.push_screen(picker, answered)
        work.start(
            self._screen,
            "refs",
            lambda: self._services.hub().refs(model),
            arrived,
            lambda error: self._say(str(error)),
        )

    def palette(self, act: Callable[[str], None]) -> None:
        """Show every action by name."""
        entries = [
            Entry(action.id, action.label, action.help, ", ".join(keys_of(action, self._services.settings.keys)))
            for action in ACTIONS
            if action.in_palette
        ]

        def answered(name: str | None) -> None:
            if name is not None:
                act(name)

        self._screen.app.push_screen(Picker("What to do", entries, narrow=True), answered)

    def quit(self, *, is_running: bool, downloads: int) -> None:
        """Ask whether to interrupt a run, or downloads, which a later session can go on with."""
        several = "a download" if downloads == 1 else plural(downloads, "download")
        going = " and ".join(["a run"] * is_running + [several] * bool(downloads))
        verb = "are" if is_running + downloads > 1 else "is"
        ends = ["the run is stopped"] * is_running + ["what has arrived is kept"] * bool(downloads)
        note = "The next start offers to go on with it; nothing is fetched twice." if downloads else ""
        entries = [Entry("stay", "stay"), Entry("quit", "quit", ", ".join(ends))]

        def answered(value: str | None) -> None:
            if value == "quit":
                self._screen.app.exit(0)

        title = f"{going[0].upper()}{going[1:]} {verb} going on."
        self._screen.app.push_screen(Picker(title, entries, note=note), answered)


def _glimpse(text: str) -> str:
    return shorten(clean(text.strip().split("\n", 1)[0]), _LONGEST_GLIMPSE)
