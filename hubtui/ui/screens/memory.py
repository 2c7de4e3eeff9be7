"""The memory of one model: what it needs at a context, a batch and a dtype, on which device it fits, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubtui.core.fit import TORCH_DTYPES, Advice, Device, Fit, fit_of_facts
from hubtui.core.fit.gguf import read_needs
from hubtui.core.fit.inputs import read_inputs
from hubtui.core.fit.tables import device_rows, part_rows, source_names
from hubtui.core.gguf import GgufSizes
from hubtui.core.models import ModelFacts
from hubtui.core.results import RunPeak
from hubtui.ui.actions import bindings
from hubtui.ui.drawing import table_lines
from hubtui.ui.text import Line, shorten_left, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.overlay_parts import KeysFoot, RowsView

_USUAL_CONTEXT = 4096
_LONGEST_CONTEXT = 1 << 20
_BATCHES = tuple(1 << power for power in range(11))

Dial = Literal["context", "batch", "dtype"]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: words, a dial that the arrows turn, or advice that enter takes."""

    pieces: Line
    dial: Dial | None = None
    advice: Advice | None = None


def contexts(max_length: int | None) -> tuple[int, ...]:
    """Return the contexts to choose from: powers of two up to the longest input of the model, and that one."""
    most = max_length or _LONGEST_CONTEXT
    powers = [1 << power for power in range(5, 21) if 1 << power < most]
    return (*powers, most)


def asks_for_context(facts: ModelFacts) -> bool:
    """Say whether a context means anything: not to what reads pictures, nor while config.json is not known."""
    return not facts.config_problem and read_inputs(facts.config).kind == "text"


class _View(RowsView[_Row]):
    def action_scroll_sideways(self, cells: int) -> None:
        """Turn the dial under the cursor."""
        screen = self.screen
        if isinstance(screen, MemoryScreen):
            screen.turn(1 if cells > 0 else -1)


class _Title(Bar):
    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model

    def pieces(self, width: int) -> Line:
        return [(" Memory ", self.inks.strong), (shorten_left(self._model, max(8, width - 9)), self.inks.muted)]


_MOVE, _CLOSE = (("← →", "change"), ("↑ ↓", "move")), ("esc", "close")


class MemoryScreen(ModalScreen[str | None]):
    """Shows the estimate and turns its dials; answers a search to make, or None.

    Args:
        facts: of the model.
        devices: of this box, read just now.
        peaks: memory of the runs on this box.
        gguf: what its GGUF file says of its sizes, for a model without config.json.
    """

    DEFAULT_CSS = """
    MemoryScreen { align: center middle; background: $background 60%; }
    MemoryScreen:ansi { background: transparent; }
    MemoryScreen > Vertical { width: 84; max-width: 100%; height: auto; max-height: 100%; background: $raised;
        padding: 0 1; border: round $faint; }
    MemoryScreen _View { height: auto; margin-top: 1; scrollbar-background: $raised; }
    MemoryScreen KeysFoot { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(
        self,
        facts: ModelFacts,
        devices: Sequence[Device],
        peaks: Sequence[RunPeak] = (),
        gguf: GgufSizes | None = None,
    ) -> None:
        super().__init__()
        self._facts, self._devices, self._peaks, self._gguf = facts, devices, peaks, gguf
        self._longest = facts.max_length or (read_needs(gguf).max_length if gguf else None)
        self._contexts = contexts(self._longest) if gguf or asks_for_context(facts) else ()
        self._dtypes = ("auto", *TORCH_DTYPES)
        usual = [count for count in self._contexts if count <= _USUAL_CONTEXT] or self._contexts[:1]
        self._tokens = usual[-1] if usual else None
        self._batch, self._dtype = 1, "auto"
        self._view, self._foot = _View(), KeysFoot()

    def compose(self) -> ComposeResult:
        """Yield the title, the lines and the keys."""
        with Vertical():
            yield _Title(self._facts.id)
            yield self._view
            yield self._foot

    def on_mount(self) -> None:
        """Show the estimate."""
        self._view.focus()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Wrap the sentences anew."""
        if self._view.is_mounted:
            self._show()

    def turn(self, step: Literal[1, -1]) -> None:
        """Take the next value of the dial under the cursor, or the one before."""
        row = self._view.rows[self._view.cursor] if self._view.rows else None
        if row is None or row.dial is None:
            return
        if row.dial == "context" and self._tokens is not None:
            self._tokens = _beside(self._contexts, self._tokens, step)
        elif row.dial == "batch":
            self._batch = _beside(_BATCHES, self._batch, step)
        else:
            at = self._dtypes.index(self._dtype) + step
            self._dtype = self._dtypes[max(0, min(at, len(self._dtypes) - 1))]
        self._show()

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Take the advice under the cursor: set the dial it names, or answer its search."""
        event.stop()
        advice = self._view.rows[event.index].advice
        if advice is None:
            return
        if advice.kind == "context" and isinstance(advice.value, int):
            self._tokens = advice.value
        elif advice.kind == "batch" and isinstance(advice.value, int):
            self._batch = advice.value
        elif advice.kind == "dtype" and isinstance(advice.value, str):
            self._dtype = advice.value
        elif advice.query:
            self.dismiss(advice.query)
            return
        else:
            return
        self._view.move_to(0)
        self._show()

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    def _show(self) -> None:
        found = fit_of_facts(
            self._facts,
            self._devices,
            context=self._tokens,
            batch=self._batch,
            dtype=self._dtype,
            peaks=self._peaks,
            gguf=self._gguf,
        )
        width = max(40, min(80, self.size.width - 4))
        self._view.rows = self._rows(found, width)
        has_advice = any(row.advice is not None for row in self._view.rows)
        self._foot.keys = (*_MOVE, *((("enter", "take advice"),) if has_advice else ()), _CLOSE)
        self._foot.refresh()
        count = len(self._view.rows)
        self._view.styles.height = max(4, min(count, self.size.height - 6))
        self._view.set_count(count)

    def _rows(self, found: Fit, width: int) -> list[_Row]:
        inks = self._view.inks
        limit = " (its longest)" if self._tokens == self._longest else ""
        loaded = f" ({found.loaded_dtype})" if self._dtype == "auto" and found.loaded_dtype else ""
        rows = [_dial("context", f"{self._tokens:,} tokens{limit}", inks)] if self._tokens is not None else []
        if self._gguf or not self._facts.config_problem:
            rows.append(_dial("batch", f"{self._batch:,}", inks))
        rows += [
            _dial("dtype", self._dtype + loaded, inks),
            _Row(()),
            *(_Row(line) for line in table_lines(part_rows(found), inks, right=frozenset({1}))),
            _Row(()),
            *(_Row(line) for line in _device_table(found, inks)),
        ]
        helpful = [entry for entry in found.advice if entry.helps]
        if helpful:
            rows.append(_Row(()))
        for entry in helpful:
            mark = "▸ " if entry.query or entry.kind in {"context", "batch", "dtype"} else "  "
            rows += _wrapped(entry.sentence, mark, inks, width, advice=entry)
        rows.append(_Row(()))
        for sentence in (*found.assumptions, *source_names(found)):
            rows += _wrapped(sentence, "- ", inks, width)
        return rows


def _beside(values: Sequence[int], value: int, step: Literal[1, -1]) -> int:
    """The value after the given one, or before; where there is none, the same."""
    if step > 0:
        return next((other for other in values if other > value), value)
    return next((other for other in reversed(values) if other < value), value)


def _dial(name: Dial, value: str, inks: Inks) -> _Row:
    return _Row(
        [(f" {name:<9}", inks.muted), ("‹ ", inks.accent), (value, inks.strong), (" ›", inks.accent)], dial=name
    )


def _device_table(found: Fit, inks: Inks) -> list[Line]:
    """The devices; the verdict in its colour."""
    colours = {"fits": inks.good, "tight": inks.warn, "does not fit": inks.bad}
    lines = table_lines(device_rows(found), inks, right=frozenset({1, 2, 4, 5}))
    return [[(text, colours.get(text.strip(), style)) for text, style in line] for line in lines]


def _wrapped(sentence: str, mark: str, inks: Inks, width: int, *, advice: Advice | None = None) -> list[_Row]:
    ink = inks.text if advice is not None else inks.muted
    marks = [mark, *["  "] * 20]
    lines = wrap(sentence, width - 6)  # the mark, and a scroll bar
    return [
        _Row([(f" {start}", inks.accent if advice is not None else inks.faint), (line, ink)], advice=advice)
        for start, line in zip(marks, lines, strict=False)
    ]
