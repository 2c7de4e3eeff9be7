"""The Card tab: the model card as lines, what it does not say, its headings, links and images to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType

from hubtui.cards.model import CardSections, Link, SectionName
from hubtui.cards.unsaid import SECTIONS, places
from hubtui.core.ports import Services
from hubtui.ui.actions import bindings
from hubtui.ui.messages import CopyRequested, KeysChanged, Notice, OpenModel
from hubtui.ui.panes.card_choices import heading_lines, image_lines, link_lines, place_line, section_marks
from hubtui.ui.panes.card_family import FamilyLines
from hubtui.ui.panes.card_finding import Finding
from hubtui.ui.panes.card_images import look_at
from hubtui.ui.panes.card_layout import CardLaid, SectionsFound, lay_out
from hubtui.ui.panes.card_links import address_of, model_of
from hubtui.ui.panes.card_notice import notice_lines
from hubtui.ui.panes.card_offer import CardOffer
from hubtui.ui.panes.opened import OpenedCard, OpenedModel
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.text import Line
from hubtui.ui.widgets.card_find import CardFind
from hubtui.ui.widgets.card_view import CardView
from hubtui.ui.widgets.chooser import Chooser
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

_WIDEST = 100
_NO_CARD = FaceState(
    "empty",
    "This model has no card.",
    "Nobody wrote down what it was trained on, what it is for and where it fails. Its files and tokenizer can be "
    "looked at all the same.",
    (("2", "files"), ("3", "tokens")),
)


class CardTab(ModelTab, can_focus=True):
    """Shows the first screen as soon as it is laid out, and the rest as it comes."""

    key_context: ClassVar[str] = "card"
    BINDINGS: ClassVar[list[BindingType]] = bindings("card")
    DEFAULT_CSS = """
    CardTab { layout: vertical; }
    CardTab > Lines { padding: 0 1; }
    CardTab > CardView { padding: 0 0 0 1; height: 1fr; }
    CardTab > CardFind { padding: 0 0 0 1; }
    CardTab > CardOffer { display: none; height: 1fr; }
    CardTab.-choosing > CardView, CardTab.-choosing > #card-notice, CardTab.-choosing > CardFind { display: none; }
    CardTab.-choosing > CardOffer { display: block; }
    CardTab > Face { display: none; }
    CardTab.-face > * { display: none; }
    CardTab.-face > Face { display: block; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._generation = 0
        self._width = 0
        self._is_whole = False
        self._sections: CardSections | None = None
        self._return_to: int | None = None
        self._choosing = ""
        self.view = CardView()
        self._bar = CardFind()
        self._offer = CardOffer()
        self._family = FamilyLines(self, self.view)
        self._finding = Finding(self, self.view, self._bar)

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines(id="card-notice")
        yield self.view
        yield self._bar
        yield self._offer
        yield Face()

    def allow_focus(self) -> bool:
        """Take the focus only while nothing in it can."""
        return self.has_class("-face")

    def focus_first(self) -> None:
        """Let keys scroll the card."""
        if self.has_class("-choosing"):
            self.screen.set_focus(self._offer.chooser)
        else:
            self.screen.set_focus(self if self.has_class("-face") else self.view)
        self._family.look()

    # -- the card

    def show(self, opened: OpenedModel) -> None:
        """Wait for the card of another model."""
        super().show(opened)
        self._generation += 1
        self._leave_choice()
        self._end_find()
        self.view.begin()
        self.view.scroll_to(y=0, animate=False, force=True)
        self._return_to = self._sections = None
        self._family.ask(self.services, opened.facts)
        self._show_face(FaceState("loading", "fetching the card"))

    def show_card(self, card: OpenedCard) -> None:
        """Lay the card out."""
        super().show_card(card)
        self._lay_out()

    def _lay_out(self) -> None:
        card = self.card
        if card is None:
            return
        if card.error is not None or card.body is None:
            self._show_face(error_face(card.error) if card.error else _NO_CARD)
            return
        # The screen knows at once who has the focus; the widget hears of it later.
        had_focus = self.screen.focused is self
        self.remove_class("-face")
        if had_focus:
            self.screen.set_focus(self.view)
        self._say_what_is_missing()
        # Before its first layout the view has no width: `on_resize` comes here again.
        self._width = self.size.width
        if not self._width:
            return
        self._generation += 1
        self._is_whole = False
        self._family.stand_at(None)
        self.view.begin()
        margin = 2 + self.view.styles.scrollbar_size_vertical
        start(
            self,
            "card",
            partial(
                lay_out,
                card,
                max(20, min(self._width - margin, _WIDEST)),
                self.size.height,
                family=self._family.rows,
                generation=self._generation,
                is_stale=partial(self._is_stale, self._generation),
                tell=self.post_message,
                knows_sections=self._sections is not None,
            ),
            lambda _: None,
            lambda error: self._show_face(error_face(error)),
        )

    def _is_stale(self, generation: int) -> bool:
        return generation != self._generation

    def on_card_laid(self, event: CardLaid) -> None:
        """Add lines, unless they are of a card or width that is gone."""
        if event.generation != self._generation:
            return
        if event.laid is None:
            self._is_whole = True
            self._finding.renew()
        else:
            laid = event.laid
            self.view.add(laid.lines, laid.headings, laid.links, laid.images, laid.max_width)
            if laid.family_line is not None:
                self._family.stand_at(laid.family_line)
        if self._return_to is None:
            return
        is_there = len(self.view.headings) > self._return_to
        if is_there:
            self.view.show_line(self.view.headings[self._return_to].line)
        # lines below the heading must be there too, or the view cannot scroll that far
        if self._is_whole or (is_there and self.view.max_scroll_y > self.view.first_line):
            self._return_to = None

    def on_sections_found(self, event: SectionsFound) -> None:
        """Say what the card does not say."""
        if event.generation == self._generation:
            self._sections = event.sections
            self._say_what_is_missing()

    def on_resize(self) -> None:
        """Lay the card out for another width; the same heading stays in sight."""
        if self._width == self.size.width or self.card is None or self.card.body is None:
            return
        if self._return_to is None and (heading := self.view.heading_at(self.view.first_line)) >= 0:
            self._return_to = heading if self.view.first_line else None
        self._lay_out()

    def _show_face(self, state: FaceState) -> None:
        focused = self.screen.focused
        self.add_class("-face")
        if focused is not None and focused is not self and self in focused.ancestors:
            self.screen.set_focus(self)
        self.query_one(Face).state = state

    def _say_what_is_missing(self) -> None:
        if self.card is None:
            return
        lines = notice_lines(self.card, self._sections, self.facts.license, self.view.inks)
        self.query_one("#card-notice", Lines).show(*lines)

    # -- finding

    def action_find(self) -> None:
        """Ask for words to find in the card."""
        if not self.has_class("-face"):
            self._leave_choice()
            self._finding.begin()
            self._name_keys()

    def action_next_hit(self, step: int) -> None:
        """Go to the next place found, or the one before; without a search to a heading."""
        if self._finding.is_on:
            self._finding.step(step)
        else:
            self._step_heading(step)

    def action_end_find(self) -> None:
        """End the search, if there is one; else let the key mean what it means elsewhere."""
        if not self._finding.is_on:
            raise SkipAction
        self._end_find()
        self.screen.set_focus(self.view)

    def _end_find(self) -> None:
        if self._finding.is_on:
            self._finding.end()
            self._name_keys()

    def _name_keys(self) -> None:
        self.view.key_context = "card-found" if self._finding.is_on else "card"
        self.post_message(KeysChanged())

    @on(CardFind.Typed)
    def _find_typed(self, event: CardFind.Typed) -> None:
        event.stop()
        self._finding.look(event.words)

    @on(CardFind.Done)
    def _find_done(self, event: CardFind.Done) -> None:
        event.stop()
        if not self._bar.words:
            self._end_find()
        self.screen.set_focus(self.view)

    @on(CardFind.Ended)
    def _find_ended(self, event: CardFind.Ended) -> None:
        event.stop()
        self._end_find()
        self.screen.set_focus(self.view)

    # -- headings and sections

    def _step_heading(self, step: int) -> None:
        view = self.view
        if not view.headings:
            return
        at = view.heading_at(view.first_line)
        if step < 0 and at >= 0 and view.headings[at].line < view.first_line:
            step = 0
        view.show_line(view.headings[max(0, min(at + step, len(view.headings) - 1))].line)

    def action_jump(self, section: SectionName) -> None:
        """Go to where the card says something, or say that it does not."""
        if self.has_class("-face"):
            return
        if self._sections is None:
            self.post_message(Notice("The card is still being read."))
            return
        place = dict(self._places).get(section)
        if place is None:
            self.post_message(Notice(f"The card says nothing of {SECTIONS[section]}."))
            return
        self._leave_choice()
        line = place_line(place, self.view.headings, self.view.texts())
        if line is not None:
            self.view.show_line(line)
        elif not self._is_whole:
            self.post_message(Notice("That part of the card is still being laid out."))

    @property
    def _places(self) -> tuple[tuple[SectionName, str], ...]:
        if self._sections is None or self.card is None:
            return ()
        return places(self._sections, self.card.front_matter)

    def action_outline(self) -> None:
        """Offer the headings; those that answer what a reader looks for say so."""
        headings = self.view.headings
        self._choose(
            "headings",
            heading_lines(headings, section_marks(self._places, headings), self.view.inks),
            max(0, self.view.heading_at(self.view.first_line)),
        )

    # -- links

    def action_links(self) -> None:
        """Offer the links with the addresses that they really lead to."""
        endpoint = self.services.settings.endpoint
        addresses = [address_of(link, self.facts, endpoint) for link in self._links]
        self._choose("links", link_lines(self._links, self.facts, endpoint, self.view.inks), 0, addresses)

    def action_images(self) -> None:
        """Offer the images, with whose they are."""
        endpoint = self.services.settings.endpoint
        lines = image_lines(self.view.images, self.facts, endpoint, self.view.inks)
        self._choose("images", lines, 0, [image.src for image in self.view.images])

    @property
    def _links(self) -> list[Link]:
        return [link for link in self.view.links if link.number]

    def _choose(self, what: str, items: Sequence[Line], cursor: int, addresses: Sequence[str] = ()) -> None:
        if self.has_class("-face"):
            return
        if not items:
            self.post_message(Notice(f"This card has no {what}."))
            return
        self._choosing = what
        self.add_class("-choosing")
        self._offer.show(what, items, cursor=cursor, addresses=addresses)
        self.screen.set_focus(self._offer.chooser)  # at once: keys may follow in one go

    @on(Chooser.Left)
    def _leave_choice(self) -> None:
        if self.has_class("-choosing"):
            self.remove_class("-choosing")
            if self.screen.focused is self._offer.chooser:
                self.screen.set_focus(self.view)

    @on(Chooser.Chosen)
    def _chosen(self, event: Chooser.Chosen) -> None:
        event.stop()
        self._leave_choice()
        if self._choosing == "headings":
            self.view.show_line(self.view.headings[event.index].line)
        elif self._choosing == "images":
            look_at(self, self.services, self.facts, self.view.images[event.index])
        else:
            self._follow(self._links[event.index])

    @on(CardView.Hit)
    def _link_clicked(self, event: CardView.Hit) -> None:
        event.stop()
        index = int(event.name.removeprefix("link:"))
        if index < len(self.view.links):
            self._follow(self.view.links[index])

    def _follow(self, link: Link) -> None:
        endpoint = self.services.settings.endpoint
        if link.kind == "unsafe":
            self.post_message(Notice(f"This link is not safe to follow: {link.url}", "warning"))
        elif link.kind == "anchor":
            self._jump_to_anchor(link.url.lstrip("#"))
        elif target := model_of(link, endpoint):
            self.post_message(OpenModel(target.model, target.revision or None))
        else:
            self.post_message(CopyRequested(address_of(link, self.facts, endpoint), "the address"))

    def _jump_to_anchor(self, anchor: str) -> None:
        heading = next((head for head in self.view.headings if head.anchor == anchor.lower()), None)
        if heading is None:
            self.post_message(Notice(f"The card has no heading #{anchor}."))
        else:
            self.view.show_line(heading.line)
