"""The main screen: two sides between two bars; it binds the keys and routes what one part says to another."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import Reactive
from textual.widget import Widget

from hubtui.core.ports import Services
from hubtui.core.query import to_text
from hubtui.ui.actions import BY_ID, bindings
from hubtui.ui.key_lines import KEY_LINES
from hubtui.ui.messages import (
    CopyRequested,
    FactsLoaded,
    FiltersWanted,
    KeysChanged,
    Notice,
    OpenModel,
    RunStateChanged,
    SearchRequested,
    SortWanted,
)
from hubtui.ui.panes.search import SearchPane
from hubtui.ui.screens.sides import Sides
from hubtui.ui.screens.subject_actions import NO_MODEL, SubjectActions
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.bars import KeyLine, RoomNeeded, TopLine, TopState

if TYPE_CHECKING:
    from hubtui.core.errors import HubtuiError
    from hubtui.core.target import Target
    from hubtui.ui.screens.catalogue_menu import CatalogueMenu
    from hubtui.ui.screens.searches import Searches


class MainScreen(SubjectActions, inherit_bindings=False):
    """Search at the left, the model at the right.

    Args:
        services: what the interface may ask of the rest of the program.
        target: what to open first.
        make_side: makes the right side, when a model is first opened.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("main", "model")
    AUTO_FOCUS = "StartPane"
    # Textual's own repaints the whole screen whenever the focus moves: 17 kB where 2 are enough.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(
        self, services: Services, target: Target | None = None, make_side: Callable[[Services], Widget] | None = None
    ) -> None:
        super().__init__(services, Sides(services, make_side))
        self._target = target
        self._top = TopLine(classes="frame")
        self._keys = KeyLine(services.settings.keys, classes="frame")
        self._is_running = False
        self._menu: CatalogueMenu | None = None
        self._hub_answered = False
        # Set behind the reactives' backs: what the first frame shows need not be painted twice.
        self._top.set_reactive(TopLine.state, self._top_state())
        self._keys.set_reactive(KeyLine.actions, KEY_LINES["start"])

    # -- frame

    def compose(self) -> ComposeResult:
        """Yield the bars and the sides between them."""
        yield self._top
        yield self._sides
        yield self._keys
        yield RoomNeeded()

    def on_mount(self) -> None:
        """Begin to work after the first frame: everything that asks or imports waits for it."""
        self.watch(self, "focused", self._focus_moved, init=False)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self.app._exit:  # noqa: SLF001 - Textual tells nobody else that it is ending: quit at the first frame
            return
        self._sides.welcome()
        self._sides.search.load()
        self._sides.search.learn_catalogue()
        target, self._target = self._target, None
        if target is None:
            return
        if target.kind == "query":
            self._sides.search_for(to_text(target.query))
        elif target.kind == "folder":
            self._sides.go(target.folder)
            self._sides.turn("model", focus=True)
        else:
            self._warn_of_other_hub(target.endpoint)
            self._sides.go(target.model, target.revision or None, tab=2 if target.path else 0)
            self._sides.turn("model", focus=True)

    def _warn_of_other_hub(self, endpoint: str) -> None:
        settings = self.services.settings
        if endpoint and not settings.is_demo and urlsplit(endpoint).netloc != urlsplit(settings.endpoint).netloc:
            self._say(f"The address is of {endpoint}, but hubtui asks {settings.endpoint}.", "warning")

    def _tell_top(self) -> None:
        self._top.state = self._top_state()

    def _top_state(self) -> TopState:
        settings = self.services.settings
        # The client is made in a thread by whoever asks first: only then it is cheap to have here.
        hub = self.services.hub() if self._hub_answered else None
        state = self._sides.search.state
        return TopState(
            place="demo Hub" if settings.is_demo else urlsplit(settings.endpoint).netloc or settings.endpoint,
            shown=len(state.rows) if state.query.parts and (state.rows or state.error is None) else None,
            is_offline=hub.is_offline if hub else settings.offline,
            quota=hub.quota if hub else None,
            catalogue=self._catalogue.words if self._menu or self._sides.search.finder.by_catalogue else "",
        )

    def _show_keys(self) -> None:
        context = self._key_context()
        names = KEY_LINES.get(context, KEY_LINES["results"])
        # keys of the open model's own tabs work there alone: the way to it comes first
        self._keys.actions = ("open", "next", *names[1:]) if self._is_beside_open(context) else names

    def _key_context(self) -> str:
        """The key context of the focused widget: that of the nearest one above it which has any."""
        for node in self.focused.ancestors_with_self if self.focused else ():
            if context := getattr(node, "key_context", ""):
                return str(context)
        if self._sides.shown == "model":
            return "model"
        return "found-none" if self._sides.search.has_class("-face") else "results"

    def _is_beside_open(self, context: str) -> bool:
        """Say whether the keys of the list are named while a model is open beside it."""
        return context in {"results", "start"} and self._sides.is_shared and bool(self._sides.open_id)

    def _focus_moved(self) -> None:
        if self.focused is not None:
            self._sides.turn("model" if self._sides.holds_model(self.focused) else "list")
        self._show_keys()

    @cached_property
    def _searches(self) -> Searches:
        from hubtui.ui.screens.searches import Searches  # noqa: PLC0415 - after the first frame

        search = self._sides.search

        def failed(error: HubtuiError) -> None:
            self._say(str(error), "error")

        def changed() -> None:
            search.read_memory()
            search.start.recall()

        return Searches(self, self.services, self._say, failed, changed)

    # -- messages

    def on_room_needed_met(self, event: RoomNeeded.Met) -> None:
        """Give the focus back: what is not displayed had to let go of it."""
        event.stop()
        if self.focused is None and self.app.is_running:
            self._sides.turn(self._sides.shown, focus=True)

    def on_sides_turned(self, event: Sides.Turned) -> None:
        """Name the keys of the other side."""
        event.stop()
        self._show_keys()

    def on_open_model(self, event: OpenModel) -> None:
        """Open a model; choosing the one that is open already goes into it."""
        event.stop()
        self._searches.entered(to_text(self._sides.search.state.query))
        if (event.model, event.revision) == (self._sides.open_id, self._sides.open_revision):
            self._sides.turn("model", focus=True)
        else:
            self._sides.go(event.model, event.revision)

    def on_search_requested(self, event: SearchRequested) -> None:
        """Search for a text that was not typed: an example, a chip that was dropped."""
        event.stop()
        self._sides.search_for(event.text)

    def on_search_pane_changed(self, event: SearchPane.Changed) -> None:
        """Show how many results there are."""
        event.stop()
        self._hub_answered = self._hub_answered or self._sides.search.has_heard
        self._tell_top()
        self._show_keys()

    def on_search_pane_committed(self, event: SearchPane.Committed) -> None:
        """Make a typed search a step of the history."""
        event.stop()
        self._sides.committed()
        self._searches.entered(to_text(self._sides.search.state.query))

    def on_filters_wanted(self, event: FiltersWanted) -> None:
        """Open the filter panel."""
        event.stop()
        self.action_filters()

    def on_sort_wanted(self, event: SortWanted) -> None:
        """Open the sort menu."""
        event.stop()
        self.action_sort()

    def on_facts_loaded(self, event: FactsLoaded) -> None:
        """Remember what was opened and go on with what waited for it; the Hub has said what is left of the quota."""
        event.stop()
        self._hub_answered = True
        self._tell_top()
        self._show_keys()
        model = event.facts.folder or event.facts.id
        self._remember("opened", lambda: self.services.memory.opened(model), lambda _: None)
        self._sides.facts_loaded()

    def on_run_state_changed(self, event: RunStateChanged) -> None:
        """Know whether quitting would interrupt a run."""
        event.stop()
        self._is_running = event.is_busy

    def on_keys_changed(self, event: KeysChanged) -> None:
        """Name the keys that matter now."""
        event.stop()
        self._show_keys()

    def on_notice(self, event: Notice) -> None:
        """Show a line at the edge."""
        event.stop()
        self._say(event.text, event.severity)

    def on_copy_requested(self, event: CopyRequested) -> None:
        """Send a text to the clipboard of the terminal."""
        event.stop()
        self._overlays.copy(event.text, event.what)

    async def on_bar_hit(self, event: Bar.Hit) -> None:
        """Do what a click on the bottom line asks for, where the focus is."""
        event.stop()
        if event.name in BY_ID:
            await self._act(event.name)

    async def _act(self, name: str) -> None:
        action = BY_ID[name]
        is_own = action.where in {"main", "model"} or self.focused is None
        await self.app.run_action(action.action, default_namespace=self if is_own else self.focused)

    # -- actions: where

    def action_search(self) -> None:
        """Edit the search line."""
        self._sides.turn("list")
        self._sides.search.edit()

    def action_home(self) -> None:
        """Show the start page."""
        self._sides.search_for("")

    def action_back(self) -> None:
        """Go back in the history."""
        self._sides.back()

    def action_forward(self) -> None:
        """Go forward in the history."""
        self._sides.forward()

    def action_next_pane(self) -> None:
        """Focus the next pane; where one side is in sight, the list is followed by the open model."""
        if self._sides.shown == "list" and not self._sides.is_shared and self._sides.model is not None:
            self._sides.turn("model", focus=True)
        else:
            self.focus_next()

    def action_previous_pane(self) -> None:
        """Focus the pane before."""
        self.focus_previous()

    def action_leave(self) -> None:
        """Leave a text field; from the model go back to the list."""
        focused = self.focused
        if focused is not None and focused.check_consume_key("a", "a") and self._sides.holds_model(focused):
            self.set_focus(None)
        else:
            self._sides.turn("list", focus=True)

    def action_zoom(self) -> None:
        """Give the side in use the whole width, or share it again."""
        self._sides.zoom()

    def action_tab(self, number: int) -> None:
        """Show a tab of the open model, or of the one under the cursor."""
        side = self._sides.model
        if side is not None and self._sides.open_id:
            self._sides.turn("model")
            side.show_tab(number)
        elif subject := self._sides.subject:
            self._sides.go(subject, tab=number)
        else:
            self._say(NO_MODEL)

    def action_filters(self) -> None:
        """Open the filter panel."""
        search = self._sides.search
        self._overlays.filters(search.state.query, search.finder, self._sides.search_for)

    def action_fold(self) -> None:
        """Fold near-duplicates, or show every row."""
        is_folded = self._sides.search.toggle_fold()
        self._say("Near-duplicates are folded; space opens a family." if is_folded else "Every row is shown.")

    def action_family(self) -> None:
        """Open or close the family under the cursor."""
        if not self._sides.search.toggle_family():
            self._say("Nothing is folded under this model.")

    def action_catalogue(self) -> None:
        """Open the menu of the catalogue."""
        self._catalogue.open()

    @property
    def _catalogue(self) -> CatalogueMenu:
        if self._menu is None:
            from hubtui.ui.screens.catalogue_menu import CatalogueMenu  # noqa: PLC0415 - after the first frame

            self._menu = CatalogueMenu(self, self.services, self._sides.search, self._say)
        return self._menu

    def on_catalogue_menu_progressed(self, event: CatalogueMenu.Progressed) -> None:
        """Tell how far a sync is."""
        event.stop()
        self._catalogue.progress = event.progress
        self._tell_top()

    def action_save_search(self) -> None:
        """Save the search (on the start page the one under the cursor), or take it away again."""
        search = self._sides.search
        if text := to_text(search.state.query) or search.start.search:
            self._searches.toggle(text)
        else:
            self._say("There is no search to save: enter one first.")

    def action_sort(self) -> None:
        """Open the sort menu."""
        self._overlays.sort(self._sides.search.state.query, self._sides.search_for)

    # -- actions: hubtui itself

    def action_retry(self) -> None:
        """Ask again for what is in sight."""
        if self._sides.shown == "model" and self._sides.model is not None:
            self._sides.model.reload()
        else:
            self._sides.search.reload()

    def action_next_theme(self) -> None:
        """Go through the themes."""
        names = ["dark", "light", "ansi"]
        self.app.theme = names[(names.index(self.app.theme) + 1) % len(names)] if self.app.theme in names else names[0]

    def action_palette(self) -> None:
        """Open the palette."""

        def act(name: str) -> None:
            self.call_after_refresh(self._act, name)

        self._overlays.palette(act)

    def action_help(self) -> None:
        """Open the help of the focused pane."""
        from hubtui.ui.screens.help import HelpScreen  # noqa: PLC0415 - after the first frame

        self.app.push_screen(HelpScreen(self._key_context(), self.services.settings.keys))

    def action_quit(self) -> None:
        """Quit; ask first while something is going on. A sync of the catalogue goes on the next time."""
        downloads = sum(item.state.is_going_on for item in self.services.queue().items())
        if self._is_running or downloads:
            self._overlays.quit(is_running=self._is_running, downloads=downloads)
        else:
            self.app.exit(0)
