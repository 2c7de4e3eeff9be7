"""The Compare tab: what is pinned, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from hubtui.core.errors import HubtuiError
from hubtui.core.fit import fit_of_facts
from hubtui.core.ports import Services
from hubtui.ui import clock
from hubtui.ui.panes.compare_table import Column, table
from hubtui.ui.panes.opened import Learned, OpenedModel
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.face import Face, FaceState
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.work import start

_EMPTY = FaceState(
    "empty",
    "Nothing is pinned.",
    "Pin two or more models, in the list or here: their facts, tokenizers and last answers then stand side by side.",
    (("c", "pin the open model"),),
)


class CompareTab(ModelTab, can_focus=True):
    """A table of the pinned models; facts that are not known yet are fetched."""

    key_context: ClassVar[str] = "compare"
    DEFAULT_CSS = """
    CompareTab { layout: vertical; }
    CompareTab > MadeLines { height: 1fr; padding: 0 0 0 1; display: none; }
    CompareTab.-pinned > MadeLines { display: block; }
    CompareTab.-pinned > Face { display: none; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._columns: dict[str, Column] = {}

    def compose(self) -> ComposeResult:
        """Lay the table out; a face stands for it while nothing is pinned."""
        yield MadeLines()
        yield Face(_EMPTY)

    def allow_focus(self) -> bool:
        """Take the focus only while nothing in it can."""
        return not self._columns

    def focus_first(self) -> None:
        """Let keys scroll the table."""
        (self.query_one(MadeLines) if self._columns else self).focus()

    def show(self, opened: OpenedModel) -> None:
        """Take facts that were fetched for another tab."""
        super().show(opened)
        if (column := self._columns.get(opened.facts.id)) is not None:
            self._put(replace(column, opened=opened, error=None))

    def show_pins(self, pins: Sequence[str], learned: Mapping[str, Learned]) -> None:
        """Show these models, in this order."""
        before = self._columns
        self._columns = {
            model: replace(before.get(model, Column(model)), learned=learned.get(model, Learned())) for model in pins
        }
        if self.opened is not None and (column := self._columns.get(self.facts.id)) is not None:
            self._columns[self.facts.id] = replace(column, opened=self.opened)
        for column in self._columns.values():
            if column.opened is None and column.model not in before:
                self._fetch(column.model)
        self._draw()

    def _fetch(self, model: str) -> None:
        def facts() -> OpenedModel:
            found = self.services.hub().facts(model)
            box, memory = self.services.box, self.services.memory
            return OpenedModel(found, fit_of_facts(found, box.devices(), peaks=memory.peaks()))

        def failed(error: HubtuiError) -> None:
            self._put(replace(self._columns.get(model, Column(model)), error=error))

        def done(opened: OpenedModel) -> None:
            self._put(replace(self._columns.get(model, Column(model)), opened=opened, error=None))

        start(self, f"facts of {model}", facts, done, failed)

    def _put(self, column: Column) -> None:
        if column.model in self._columns:
            self._columns[column.model] = column
            self._draw()

    def _draw(self) -> None:
        self.set_class(bool(self._columns), "-pinned")
        columns, now = list(self._columns.values()), clock.now()

        def made(width: int, inks: Inks) -> list[Line]:
            return table(columns, width, now, inks)

        self.query_one(MadeLines).show(made if columns else None, keep_place=True)

    def retry(self) -> bool:
        """Ask again for facts that could not be had."""
        failed = [column for column in self._columns.values() if column.error is not None]
        for column in failed:
            self._put(replace(column, error=None))
            self._fetch(column.model)
        return bool(failed)

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return the table as text."""
        view = self.query_one(MadeLines)
        lines = ["".join(words for words, _ in line).rstrip() for line in view.lines_made]
        return [("the comparison", "\n".join(lines))] if self._columns else ()
