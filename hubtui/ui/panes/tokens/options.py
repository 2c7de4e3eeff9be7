"""The switches of the Tokens tab: how a text is encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from hubtui.core.tokens import Padding, Side, TokenizeOptions, TokenizerInfo, TruncationStrategy
from hubtui.ui.widgets.fields import LineField
from hubtui.ui.widgets.switches import Switch, Switches

T = TypeVar("T")

_PADDINGS: tuple[Padding, ...] = get_args(Padding)
_STRATEGIES: tuple[TruncationStrategy, ...] = get_args(TruncationStrategy)
_MULTIPLES = (None, 8, 16, 32, 64, 128)


def _after(values: tuple[T, ...], value: T) -> T:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


def _other(side: Side | None, own: str) -> Side | None:
    """A side is the tokenizer's own or the other one."""
    return None if side is not None else "right" if own == "left" else "left"


Turn = Callable[[TokenizeOptions, TokenizerInfo], TokenizeOptions]

TURNS: Mapping[str, Turn] = {
    "padding": lambda now, _: replace(now, padding=_after(_PADDINGS, now.padding)),
    "truncation": lambda now, _: replace(now, truncation=not now.truncation),
    "special": lambda now, _: replace(now, special_tokens=not now.special_tokens),
    "padding_side": lambda now, info: replace(now, padding_side=_other(now.padding_side, info.padding_side)),
    "truncation_side": lambda now, info: replace(
        now, truncation_side=_other(now.truncation_side, info.truncation_side)
    ),
    "strategy": lambda now, _: replace(now, truncation_strategy=_after(_STRATEGIES, now.truncation_strategy)),
    "multiple": lambda now, _: replace(now, pad_to_multiple_of=_after(_MULTIPLES, now.pad_to_multiple_of)),
    "pairs": lambda now, _: replace(now, pairs=not now.pairs),
}
"""Name of a switch → what a press makes of the options."""

FIELDS = ("length", "stride")
"""Names of switches that put the focus into a field."""


class TokenOptions(Widget):
    """Rows of switches, with two fields; unless all are wanted, the rarer ones show where they are not as usual."""

    DEFAULT_CSS = """
    TokenOptions { height: auto; padding: 0 1; }
    TokenOptions > Horizontal { height: auto; }
    TokenOptions LineField { width: 8; margin-left: 1; }
    """

    class Changed(Message):
        """A text is to be encoded another way."""

        def __init__(self, options: TokenizeOptions) -> None:
            super().__init__()
            self.options = options

    def __init__(self) -> None:
        super().__init__()
        self.options = TokenizeOptions(padding="longest")
        self._info: TokenizerInfo | None = None
        self._shows_all = False

    def compose(self) -> ComposeResult:
        """Lay the rows out."""
        with Horizontal():
            yield Switches(last_at_right=True, id="usual")
            yield LineField(placeholder="none", type="integer", max_length=6, id="length")
        yield Switches(id="rarer")
        with Horizontal(id="windows"):
            yield Switches(last_at_right=True, id="rarest")
            yield LineField(placeholder="off", type="integer", max_length=6, id="stride")

    def on_mount(self) -> None:
        """Show how a text will be encoded."""
        self._show()

    def know(self, info: TokenizerInfo, limit: int | None) -> None:
        """Take what the tokenizer says itself: its sides, and the length it takes."""
        self._info = info
        self.query_one("#length", LineField).placeholder = str(limit) if limit else "none"
        self._show()

    def show_all(self, *, all_of_them: bool) -> None:
        """Show every switch, or of the rarer ones those that are not as usual."""
        self._shows_all = all_of_them
        self._show()

    def turn(self, name: str) -> None:
        """Press a switch."""
        if name == "stride" and not self._shows_all:
            return
        if name in FIELDS:
            # at once: focus() is deferred, and what is typed after the key may be here already
            self.screen.set_focus(self.query_one(f"#{name}", LineField))
        elif self._info is not None:
            self._set(TURNS[name](self.options, self._info))

    def _set(self, options: TokenizeOptions) -> None:
        self.options = options
        self._show()
        self.post_message(self.Changed(options))

    def _show(self) -> None:
        self.query_one("#usual", Switches).show(self._usual())
        rarer, rarest = self._rarer()
        if self._shows_all:
            rarest += (Switch("stride", "stride", "", "w"),)
        else:
            rarer, rarest = tuple(one for one in (*rarer, *rarest) if one.is_on), ()
        for row, switches in (("#rarer", rarer), ("#rarest", rarest)):
            self.query_one(row, Switches).show(switches)
        self.query_one("#rarer").display = bool(rarer)
        self.query_one("#windows").display = self._shows_all

    def _usual(self) -> tuple[Switch, ...]:
        now = self.options
        return (
            Switch("padding", "pad", now.padding, "p", now.padding != "none"),
            Switch("truncation", "truncate", "on" if now.truncation else "off", "t", now.truncation),
            Switch("special", "specials", "on" if now.special_tokens else "off", "a", True),
            Switch("length", "max", "", "m"),
        )

    def _rarer(self) -> tuple[tuple[Switch, ...], tuple[Switch, ...]]:
        now, info = self.options, self._info
        own_pad, own_cut = (info.padding_side, info.truncation_side) if info else ("right", "right")
        multiple = "off" if now.pad_to_multiple_of is None else str(now.pad_to_multiple_of)
        is_plain = now.truncation_strategy == "longest_first"
        return (
            (
                Switch("padding_side", "pad side", now.padding_side or own_pad, "P", now.padding_side is not None),
                Switch(
                    "truncation_side", "cut side", now.truncation_side or own_cut, "T", now.truncation_side is not None
                ),
                Switch("multiple", "multiple of", multiple, "8", now.pad_to_multiple_of is not None),
            ),
            (
                Switch("strategy", "cut", now.truncation_strategy, "n", not is_plain),
                Switch("pairs", "pairs", "on" if now.pairs else "off", "i", now.pairs),
            ),
        )

    @on(Switches.Hit)
    def _hit(self, event: Switches.Hit) -> None:
        event.stop()
        self.turn(event.name)

    @on(LineField.Changed)
    def _typed(self, event: LineField.Changed) -> None:
        event.stop()
        wanted = int(event.value) if event.value.isdigit() else None
        if event.input.id == "stride":
            changed = replace(self.options, stride=wanted)
        else:
            changed = replace(self.options, max_length=wanted or None)
        if changed != self.options:
            self._set(changed)
