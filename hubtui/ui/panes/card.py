"""The Card tab: the model card as lines, what it does not say, its headings and links to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from hubtui.cards.model import CardChunk, Link
from hubtui.core.ports import Services
from hubtui.ui import text
from hubtui.ui.actions import bindings
from hubtui.ui.messages import CopyRequested, Notice, OpenModel
from hubtui.ui.panes.card_links import address_of, model_of
from hubtui.ui.panes.opened import OpenedCard, OpenedModel
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.text import Line
from hubtui.ui.widgets.card_view import CardView
from hubtui.ui.widgets.chooser import Chooser
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

_WIDEST = 100
_MISSING = {
    "limitations": "limitations",
    "bias": "bias",
    "training_data": "training data",
    "evaluation": "evaluation",
}
_NO_CARD = FaceState(
    "empty",
    "This model has no card.",
    "Nobody wrote down what it was trained on, what it is for and where it fails. Its files and tokenizer can be "
    "looked at all the same.",
    (("2", "files"), ("3", "tokens")),
)


class _Chunk(Message, bubble=False):
    """The next lines of a card were laid out, in a thread; None after the last."""

    def __init__(self, generation: int, chunk: CardChunk | None) -> None:
        super().__init__()
        self.generation = generation
        self.chunk = chunk


class CardTab(ModelTab, can_focus=True):
    """Shows the first screen as soon as it is laid out, and the rest as it comes."""

    key_context: ClassVar[str] = "card"
    BINDINGS: ClassVar[list[BindingType]] = bindings("card")
    DEFAULT_CSS = """
    CardTab { layout: vertical; }
    CardTab > Lines { padding: 0 1; }
    CardTab > CardView { padding: 0 0 0 1; height: 1fr; }
    CardTab > Chooser { display: none; height: 1fr; padding: 0 0 0 1; }
    CardTab > #choice-title { display: none; }
    CardTab.-choosing > CardView, CardTab.-choosing > #card-notice { display: none; }
    CardTab.-choosing > Chooser, CardTab.-choosing > #choice-title { display: block; }
    CardTab > Face { display: none; }
    CardTab.-face > * { display: none; }
    CardTab.-face > Face { display: block; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._generation = 0
        self._width = 0
        self._return_to: int | None = None
        self._choosing = ""

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines(id="card-notice")
        yield CardView()
        yield Lines(id="choice-title")
        yield Chooser()
        yield Face()

    @property
    def view(self) -> CardView:
        """The lines of the card."""
        return self.query_one(CardView)

    def allow_focus(self) -> bool:
        """Take the focus only while nothing in it can."""
        return self.has_class("-face")

    def focus_first(self) -> None:
        """Let keys scroll the card."""
        if self.has_class("-choosing"):
            self.query_one(Chooser).focus()
        else:
            (self if self.has_class("-face") else self.view).focus()

    # -- the card

    def show(self, opened: OpenedModel) -> None:
        """Wait for the card of another model."""
        super().show(opened)
        self._generation += 1
        self._leave_choice()
        self.view.begin()
        self.view.scroll_to(y=0, animate=False, force=True)
        self._return_to = None
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
        had_focus = self.has_focus
        self.remove_class("-face")
        if had_focus:
            self.view.focus()
        self._say_what_is_missing(card)
        # Before its first layout the view has no width: `on_resize` comes here again.
        self._width = self.size.width
        if not self._width:
            return
        self._generation += 1
        margin = 2 + self.view.styles.scrollbar_size_vertical
        generation, body, width = self._generation, card.body, max(20, min(self._width - margin, _WIDEST))

        def lay_out() -> None:
            from hubtui.cards.render import render_blocks  # noqa: PLC0415 - parsers, imported in the thread

            for chunk in render_blocks(body, width):
                if generation != self._generation:
                    return
                self.post_message(_Chunk(generation, chunk))
            self.post_message(_Chunk(generation, None))

        self.view.begin()
        start(self, "card", lay_out, lambda _: None, lambda error: self._show_face(error_face(error)))

    def on__chunk(self, event: _Chunk) -> None:
        """Add lines, unless they are of a card or width that is gone."""
        if event.generation != self._generation:
            return
        if event.chunk is not None:
            self.view.add(event.chunk)
        if self._return_to is None:
            return
        is_there = len(self.view.headings) > self._return_to
        if is_there:
            self.view.show_line(self.view.headings[self._return_to].line)
        # lines below the heading must be there too, or the view cannot scroll that far
        if event.chunk is None or (is_there and self.view.max_scroll_y > self.view.first_line):
            self._return_to = None

    def on_resize(self) -> None:
        """Lay the card out for another width; the same heading stays in sight."""
        if self._width == self.size.width or self.card is None or self.card.body is None:
            return
        if self._return_to is None and (heading := self.view.heading_at(self.view.first_line)) >= 0:
            self._return_to = heading if self.view.first_line else None
        self._lay_out()

    def _show_face(self, state: FaceState) -> None:
        if self.has_focus_within and not self.has_focus:
            self.focus()
        self.add_class("-face")
        self.query_one(Face).state = state

    def _say_what_is_missing(self, card: OpenedCard) -> None:
        inks = self.view.inks
        missing = [_MISSING[name] for name in card.sections.missing]
        if not card.front_matter.license and not self.facts.license:
            missing.append("licence")
        lines: list[Line] = []
        if missing:
            lines.append([("not stated: ", inks.warn), (" · ".join(missing), inks.muted)])
        if problems := card.front_matter.problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            lines.append([("front matter: ", inks.warn), (problems[0] + more, inks.muted)])
        self.query_one("#card-notice", Lines).show(*lines)

    # -- headings and links

    def action_next_heading(self, step: int) -> None:
        """Go to the next heading, or to the one before."""
        view = self.view
        if not view.headings:
            return
        at = view.heading_at(view.first_line)
        if step < 0 and at >= 0 and view.headings[at].line < view.first_line:
            step = 0
        view.show_line(view.headings[max(0, min(at + step, len(view.headings) - 1))].line)

    def action_outline(self) -> None:
        """Offer the headings."""
        inks, headings = self.view.inks, self.view.headings
        items = [
            [("  " * (head.level - 1), inks.text), (head.text, inks.strong if head.level < 3 else inks.text)]
            for head in headings
        ]
        self._choose("headings", items, max(0, self.view.heading_at(self.view.first_line)))

    def action_links(self) -> None:
        """Offer the links with the addresses that they really lead to."""
        inks, endpoint = self.view.inks, self.services.settings.endpoint
        items: list[Line] = []
        for link in self._links:
            mark = ("model", inks.good) if model_of(link, endpoint) else ("unsafe", inks.bad)
            shown = mark if link.kind == "unsafe" or mark[0] == "model" else ("", inks.text)
            items.append(
                [
                    (f"{link.number:>3} ", inks.muted),
                    (text.fit(link.text, 26), inks.text),
                    (f" {shown[0]:<6} ", shown[1]),
                    (address_of(link, self.facts, endpoint), inks.link if link.kind != "unsafe" else inks.bad),
                ]
            )
        self._choose("links", items, 0)

    @property
    def _links(self) -> list[Link]:
        return [link for link in self.view.links if link.number]

    def _choose(self, what: str, items: Sequence[Line], cursor: int) -> None:
        if self.has_class("-face"):
            return
        if not items:
            self.post_message(Notice(f"This card has no {what}."))
            return
        self._choosing = what
        inks = self.view.inks
        way = "enter jumps" if what == "headings" else "enter opens a model, or copies the address"
        title: Line = [(text.plural(len(items), what[:-1]), inks.strong), (f"   {way} · esc back", inks.muted)]
        self.query_one("#choice-title", Lines).show(title, [])
        self.add_class("-choosing")
        chooser = self.query_one(Chooser)
        chooser.show(items, cursor=cursor, width=max(text.width_of(item) for item in items))
        chooser.focus()

    @on(Chooser.Left)
    def _leave_choice(self) -> None:
        if self.has_class("-choosing"):
            self.remove_class("-choosing")
            self.view.focus()

    @on(Chooser.Chosen)
    def _chosen(self, event: Chooser.Chosen) -> None:
        event.stop()
        self._leave_choice()
        if self._choosing == "headings":
            self.view.show_line(self.view.headings[event.index].line)
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
            self._jump(link.url.lstrip("#"))
        elif target := model_of(link, endpoint):
            self.post_message(OpenModel(target.model, target.revision or None))
        else:
            self.post_message(CopyRequested(address_of(link, self.facts, endpoint), "the address"))

    def _jump(self, anchor: str) -> None:
        heading = next((head for head in self.view.headings if head.anchor == anchor.lower()), None)
        if heading is None:
            self.post_message(Notice(f"The card has no heading #{anchor}."))
        else:
            self.view.show_line(heading.line)
