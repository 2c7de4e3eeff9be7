"""The two sides: the search at the left, the open model at the right, and the way from one place to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.widget import Widget

from hubtui.core.ports import Services
from hubtui.ui.panes.search import SearchPane
from hubtui.ui.screens.history import History, Place
from hubtui.ui.widgets.bars import Divider

if TYPE_CHECKING:
    from hubtui.ui.panes.side import ModelSide

Side = Literal["list", "model"]


class Sides(Horizontal):
    """Shows both sides (wide) or one of them (narrow, zoomed); owns which model is open and where the user has been.

    Args:
        services: what the panes may ask.
        make_side: makes the right side, when a model is first opened.
    """

    class Turned(Message):
        """The other side came into use."""

    def __init__(self, services: Services, make_side: Callable[[Services], Widget] | None = None) -> None:
        super().__init__(classes="frame -shared")
        self._services = services
        self._make_side = make_side or _make_model_pane
        self.search = SearchPane(services)
        self.model: ModelSide | None = None
        self.shown: Side = "list"
        self.open_id = ""
        self.open_revision: str | None = None
        self._holder = Container(id="model-side")
        self._history = History(Place(self.search.state))
        self._after_facts: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Yield the left side and room for the right one."""
        yield self.search
        yield Divider()
        yield self._holder

    def welcome(self) -> None:
        """Fill the right side until a model is opened."""
        from hubtui.ui.widgets.welcome import Welcome  # noqa: PLC0415 - after the first frame

        self._holder.mount(Welcome(self._services.settings.keys))

    # -- which side

    @property
    def is_shared(self) -> bool:
        """Whether both sides are in sight."""
        return self.screen.has_class("-wide") and self.has_class("-shared")

    @property
    def subject(self) -> str:
        """The model that an action is about: the open one in its own side, else the one under the cursor."""
        return (self.shown == "list" and self.search.model) or self.open_id

    def holds_model(self, widget: Widget) -> bool:
        """Say whether a widget belongs to the right side."""
        return self._holder in widget.ancestors

    def turn(self, side: Side, *, focus: bool = False) -> None:
        """Bring a side into use."""
        if side != self.shown:
            self.shown = side
            self.set_class(side == "model", "-model")
            self.post_message(self.Turned())
        if not focus:
            return
        if side == "list":
            self.search.focus_list()
        elif self.model is not None:
            # In narrow mode the side is laid out first: what is not in sight takes no focus.
            self.call_after_refresh(self.model.focus_tab)

    def zoom(self) -> None:
        """Give the side in use the whole width, or share it again."""
        self.toggle_class("-shared")

    # -- places

    def go(self, model: str, revision: str | None = None, *, tab: int = 0, remember: bool = True) -> None:
        """Open a model beside the list (wide) or in its place (narrow)."""
        # A search that was typed but not entered becomes a step of its own when a model of it is opened.
        if remember:
            self._history.visit(self._place())
        self.open_id, self.open_revision = model, revision
        self._after_facts = None  # what waited for a model that never came is not done with another one
        if remember:
            self._history.visit(self._place())
        side = self._mounted()
        side.open(model, revision)
        if tab:
            self.turn("model")
            side.show_tab(tab)
        elif not self.is_shared:
            self.turn("model", focus=True)

    def search_for(self, text: str) -> None:
        """Search for a text, as a step of the history."""
        self._history.visit(self._place())
        self.search.search(text)
        self._history.visit(self._place())
        self.turn("list", focus=True)

    def committed(self) -> None:
        """Make the search that was typed a step of the history."""
        self._history.visit(self._place())

    def back(self) -> None:
        """Go a step back."""
        self._history.visit(self._place())
        self._travel(self._history.back())

    def forward(self) -> None:
        """Go a step forward."""
        self._travel(self._history.forward())

    def _place(self) -> Place:
        return Place(self.search.state, self.open_id, self.open_revision)

    def _travel(self, place: Place | None) -> None:
        if place is None:
            return
        self.search.restore(place.search)
        if place.model and (place.model, place.revision) != (self.open_id, self.open_revision):
            self.go(place.model, place.revision, remember=False)
        elif not place.model:
            # The model stays in sight where there is room for it, but nothing is open at this place.
            self.open_id, self.open_revision = "", None
            self.turn("list")
        if self.shown == "list":
            self.search.focus_list()

    def with_subject(self, act: Callable[[ModelSide], None]) -> bool:
        """Do something with the model that is meant, opening it first where another is open; False without one."""
        model = self.subject
        if not model:
            return False
        if self.model is None or model != self.open_id:
            self.go(model)
            self._after_facts = lambda: act(self._mounted())
        else:
            act(self.model)
        return True

    def facts_loaded(self) -> None:
        """Do what waited for the facts of the model."""
        act, self._after_facts = self._after_facts, None
        if act is not None:
            act()

    def _mounted(self) -> ModelSide:
        if self.model is None:
            self._holder.remove_children("Welcome")
            widget = self._make_side(self._services)
            self._holder.mount(widget)
            self.model = cast("ModelSide", widget)
        return self.model


def _make_model_pane(services: Services) -> Widget:
    from hubtui.ui.panes.model import ModelPane  # noqa: PLC0415 - after the first frame

    return ModelPane(services)
