"""The model's side: facts, the tab strip, and five tabs that are made when they are first looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from hubtui.core.errors import HubtuiError
from hubtui.core.fit import fit_of_facts
from hubtui.core.known_facts import KnownFacts, known_facts
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.ui import clock
from hubtui.ui.messages import (
    FactsLoaded,
    Notice,
    PinToggled,
    RunFinished,
    RunStateChanged,
    SafetyWanted,
    TokenizerKnown,
)
from hubtui.ui.panes.header import FactsHeader
from hubtui.ui.panes.listed import ListedFacts
from hubtui.ui.panes.opened import Learned, OpenedCard, OpenedModel
from hubtui.ui.panes.tab import BusyChanged, ModelTab
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.tab_strip import TabStrip
from hubtui.ui.work import start

_TITLES = ("Card", "Files", "Tokens", "Run", "Compare")


class ModelPane(Widget, can_focus=True):
    """Opens one model at a time (`panes.side.ModelSide`); what it learns about models stays for the session."""

    key_context: ClassVar[str] = "face"
    DEFAULT_CSS = """
    ModelPane { layout: vertical; }
    ModelPane > FactsHeader { padding: 0 1; }
    ModelPane > TabStrip { margin-top: 0; }
    ModelPane > #tabs { height: 1fr; }
    ModelPane #tabs > ModelTab { display: none; height: 1fr; }
    ModelPane #tabs > ModelTab.-active { display: block; }
    ModelPane > Face { display: none; }
    ModelPane.-face > Face { display: block; }
    ModelPane.-face > TabStrip, ModelPane.-face > #tabs, ModelPane.-listed > Face { display: none; }
    ModelPane > ListedFacts { display: none; }
    ModelPane.-listed > ListedFacts { display: block; }
    """

    def __init__(self, services: Services, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._services = services
        self._asked: tuple[str, str | None] | None = None
        self._known_id = ""
        self._opened: OpenedModel | None = None
        self._card: OpenedCard | None = None
        self._active = 1
        self._tabs: dict[int, ModelTab] = {}
        self._stale: set[int] = set()
        self._pins: list[str] = []
        self._learned: dict[str, Learned] = {}
        # made here, for a pane may be asked to open a model before it is mounted
        self._header = FactsHeader()
        self._strip = TabStrip(_TITLES)
        self._holder = Container(id="tabs")
        self._face = Face(FaceState("empty", "No model is open."))
        self._listed = ListedFacts()
        self.add_class("-face")

    def compose(self) -> ComposeResult:
        """Lay the parts out; tabs come when they are looked at."""
        yield self._header
        yield self._strip
        yield self._holder
        yield self._face
        yield self._listed

    def allow_focus(self) -> bool:
        """Take the focus only while there is no tab to take it."""
        return self.has_class("-face")

    # -- opening

    @property
    def facts(self) -> ModelFacts | None:
        """The facts of the open model, None until they arrived."""
        return self._opened.facts if self._opened else None

    @property
    def active_tab(self) -> int:
        """Which tab is in sight, 1 to 5."""
        return self._active

    def open(self, target_id: str, revision: str | None = None) -> None:
        """Open a model id or a checkpoint folder: first its facts, then its card."""
        self._asked = (target_id, revision)
        self._opened = self._card = None
        self._known_id = ""
        self._header.announce(target_id)
        self._show_face(FaceState("loading", f"looking up {target_id}"))
        services = self._services

        def facts() -> tuple[KnownFacts, OpenedModel, bool]:
            known = known_facts(services.hub, services.catalogue, target_id, revision)
            found = known.facts
            fit = fit_of_facts(found, services.box.devices(), peaks=services.memory.peaks())
            return known, OpenedModel(found, fit), found.id in services.memory.bookmarks()

        start(self, "facts", facts, self._facts_came, self._no_facts)

    def _facts_came(self, found: tuple[KnownFacts, OpenedModel, bool]) -> None:
        known, opened, is_bookmarked = found
        self._known_id = opened.facts.id
        self._header.show(opened, clock.now())
        self._mark(is_bookmarked=is_bookmarked)
        if known.row is not None:
            self._listed.show(known.row, known.why, known.facts.listed, clock.now())
            self.add_class("-listed")
            self.post_message(FactsLoaded(opened.facts))
            return
        self._opened = opened
        had_focus = self.has_focus
        self.remove_class("-face")
        self._stale = set(self._tabs)
        self.post_message(FactsLoaded(opened.facts))
        self.show_tab(self._active, focus=had_focus)
        services = self._services
        start(self, "card", lambda: _read_card(services, opened.facts), self._card_came, self._no_card)

    def _no_facts(self, error: HubtuiError) -> None:
        self._show_face(error_face(error))

    def _card_came(self, card: OpenedCard) -> None:
        self._card = card
        if self._opened is not None and card.license_section:
            facts = replace(self._opened.facts, license_section=card.license_section)
            self._opened = replace(self._opened, facts=facts)
            self._header.show(self._opened, clock.now())
        for number, tab in self._tabs.items():
            if number not in self._stale:
                tab.show_card(card)

    def _no_card(self, error: HubtuiError) -> None:
        self._card_came(_empty_card(error))

    def _show_face(self, state: FaceState) -> None:
        held_focus = self.has_focus_within
        self.add_class("-face")
        self.remove_class("-listed")
        if held_focus:
            self.focus()
        self._face.state = state

    def reload(self) -> None:
        """Try again what failed in the tab in sight, or else fetch everything anew."""
        tab = self._tabs.get(self._active)
        if self._opened is not None and tab is not None and tab.retry():
            return
        if self._asked is not None:
            self.open(*self._asked)

    # -- tabs

    def show_tab(self, number: int, *, focus: bool = True) -> None:
        """Show a tab, 1 to 5, and move the focus into it."""
        if not 1 <= number <= len(_TITLES):
            return
        self._active = number
        self._strip.show(number)
        if self._opened is None:
            if focus:
                self.focus()
            return
        tab = self._tabs.get(number)
        if tab is None:
            tab = self._tabs[number] = _FACTORIES[number](self._services)
            self._stale.add(number)
            self._holder.mount(tab)
        for other, shown in self._tabs.items():
            shown.set_class(other == number, "-active")
        # a tab's own widgets are there once it is mounted
        tab.call_after_refresh(self._bring_up_to_date, number, focus=focus)

    def _bring_up_to_date(self, number: int, *, focus: bool) -> None:
        tab = self._tabs[number]
        if number in self._stale and self._opened is not None:
            self._stale.discard(number)
            tab.show(self._opened)
            if self._card is not None:
                tab.show_card(self._card)
        self._show_pins()
        if focus and number == self._active:
            tab.focus_first()

    def focus_tab(self) -> None:
        """Move the focus into the tab that is in sight."""
        self.show_tab(self._active)

    @on(Bar.Hit, "FactsHeader")
    def _header_clicked(self, event: Bar.Hit) -> None:
        event.stop()
        self.post_message(SafetyWanted())

    @on(TabStrip.Hit, "TabStrip")
    def _tab_clicked(self, event: TabStrip.Hit) -> None:
        event.stop()
        self.show_tab(int(event.name))

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what else than id and address can be copied now: (what it is, the text)."""
        in_sight = self._tabs.get(self._active)
        others = [tab for number, tab in sorted(self._tabs.items()) if tab is not in_sight and number < len(_TITLES)]
        tabs = [in_sight, *others] if in_sight else others
        return [entry for tab in tabs for entry in tab.copyable()] if self._opened else ()

    # -- pins and bookmarks

    @property
    def learned(self) -> Mapping[str, Learned]:
        """What this session found out, by model id."""
        return self._learned

    @property
    def pins(self) -> Sequence[str]:
        """The pinned models, in the order of pinning."""
        return self._pins

    def toggle_pin(self, model: str) -> None:
        """Pin a model for comparison, or take its pin out."""
        if model in self._pins:
            self._pins.remove(model)
        else:
            self._pins.append(model)
        self.post_message(PinToggled(model))
        self._mark()
        self._show_pins()

    def mark_bookmark(self, *, is_bookmarked: bool) -> None:
        """Show that the open model was bookmarked, or no longer is."""
        self._mark(is_bookmarked=is_bookmarked)

    def _mark(self, *, is_bookmarked: bool | None = None) -> None:
        is_pinned = self._known_id in self._pins
        self._header.mark(pins=len(self._pins), is_pinned=is_pinned, is_bookmarked=is_bookmarked)

    def _show_pins(self) -> None:
        for tab in self._tabs.values():
            if tab.is_mounted:
                tab.show_pins(self._pins, self._learned)

    # -- what tabs tell

    @on(TokenizerKnown)
    def _learn_tokenizer(self, event: TokenizerKnown) -> None:
        self._learned[event.model] = replace(self._learned.get(event.model, Learned()), tokenizer=event.info)
        self._show_pins()

    @on(RunFinished)
    def _learn_outcome(self, event: RunFinished) -> None:
        model = event.outcome.model
        self._learned[model] = replace(self._learned.get(model, Learned()), outcome=event.outcome)
        self._show_pins()

    @on(BusyChanged)
    def _busy_changed(self, event: BusyChanged) -> None:
        event.stop()
        self.post_message(RunStateChanged(is_busy=any(tab.is_busy for tab in self._tabs.values())))

    # -- actions of the main screen

    def download(self) -> None:
        """Download what was chosen of the open model, else what a run needs; the Files tab tells how it goes."""
        if self._has_no_files():
            return
        from hubtui.ui.panes.files import FilesTab  # noqa: PLC0415 - made when it is first looked at

        self.show_tab(2)
        tab = self._tabs[2]
        if isinstance(tab, FilesTab):
            tab.call_after_refresh(tab.download)

    def run_model(self) -> None:
        """Run the open model on the form's input."""
        if self._has_no_files():
            return
        from hubtui.ui.panes.run import RunTab  # noqa: PLC0415 - made when it is first looked at

        if self._active != 4:
            self.show_tab(4)
        tab = self._tabs[4]
        if isinstance(tab, RunTab):
            tab.call_after_refresh(tab.run_model)

    def _has_no_files(self) -> bool:
        """Say whether the model is not there yet, or no more of it than the catalogue says, which is told."""
        if self.has_class("-listed"):
            self.post_message(Notice("Only the catalogue's facts of this model are here: its files need the Hub."))
        return self._opened is None

    def cancel_run(self) -> None:
        """Stop the download of the Files tab when that is in sight, else the run; a second call ends its process."""
        from hubtui.ui.panes.files import FilesTab  # noqa: PLC0415 - made when it is first looked at
        from hubtui.ui.panes.run import RunTab  # noqa: PLC0415 - made when it is first looked at

        files = self._tabs.get(2)
        if self._active == 2 and isinstance(files, FilesTab) and files.cancel_download():
            return
        if isinstance(tab := self._tabs.get(4), RunTab):
            tab.cancel_run()


def _read_card(services: Services, facts: ModelFacts) -> OpenedCard:
    """Fetch and read a card; parsers are imported here, in the thread."""
    from hubtui.cards.frontmatter import split_card  # noqa: PLC0415 - see above
    from hubtui.cards.sections import find_sections  # noqa: PLC0415 - see above

    card = services.hub().card(facts)
    if card is None:
        return _empty_card(None)
    front_matter, body = split_card(card)
    section = find_sections(body).license_section if facts.license in {"", "unknown"} else ""
    return OpenedCard(body, front_matter, license_section=section)


def _empty_card(error: HubtuiError | None) -> OpenedCard:
    from hubtui.cards.model import FrontMatter  # noqa: PLC0415 - see above

    return OpenedCard(None, FrontMatter(), error)


def _card_tab(services: Services) -> ModelTab:
    from hubtui.ui.panes.card import CardTab  # noqa: PLC0415 - made when it is first looked at

    return CardTab(services)


def _files_tab(services: Services) -> ModelTab:
    from hubtui.ui.panes.files import FilesTab  # noqa: PLC0415 - made when it is first looked at

    return FilesTab(services)


def _tokens_tab(services: Services) -> ModelTab:
    from hubtui.ui.panes.tokens.tab import TokensTab  # noqa: PLC0415 - made when it is first looked at

    return TokensTab(services)


def _run_tab(services: Services) -> ModelTab:
    from hubtui.ui.panes.run import RunTab  # noqa: PLC0415 - made when it is first looked at

    return RunTab(services)


def _compare_tab(services: Services) -> ModelTab:
    from hubtui.ui.panes.compare import CompareTab  # noqa: PLC0415 - made when it is first looked at

    return CompareTab(services)


_FACTORIES: dict[int, Callable[[Services], ModelTab]] = {
    1: _card_tab,
    2: _files_tab,
    3: _tokens_tab,
    4: _run_tab,
    5: _compare_tab,
}
