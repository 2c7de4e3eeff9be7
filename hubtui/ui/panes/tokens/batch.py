"""The batch as the model gets it: the matrix of ids with its pads, what padding costs, and the pad doctor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from hubtui.core.errors import HubtuiError
from hubtui.core.pad_doctor import PadFinding, PadReport, examine
from hubtui.core.padding import PaddingCost, shape_words
from hubtui.core.ports import Services
from hubtui.core.tokens import MatrixRow, TokenizedView, TokenMatrix, TokenRow, TokenWindow
from hubtui.core.untrusted import reveal
from hubtui.ui.actions import bindings
from hubtui.ui.drawing import facts_in_lines
from hubtui.ui.panes.tokens import doctor
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.text import Line, Piece, hit, spread, whole, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.token_grid import GridHead, TokenGrid
from hubtui.ui.work import in_thread

_NO_ROWS = TokenWindow(rows=0, pieces=0)
_KINDS = {"text": "", "special": "special", "pad": "padding", "unknown": "unknown"}


class DoctorReport(MadeLines):
    """What the pad doctor says in full."""

    key_context: ClassVar[str] = "tokens-doctor"


class BatchView(TokenView):
    """Shape, cost, matrix, the cell under the cursor; `D` shows the pad doctor in place of the matrix."""

    uses_options: ClassVar[bool] = True
    uses_all_options: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens-batch")
    DEFAULT_CSS = """
    BatchView { layout: vertical; }
    BatchView > Lines, BatchView > GridHead { padding: 0 1; }
    BatchView > #shape, BatchView > GridHead { margin-top: 1; }
    BatchView > TokenGrid, BatchView > DoctorReport { height: 1fr; min-height: 3; padding: 0 1; }
    BatchView > DoctorReport { display: none; margin-top: 1; }
    BatchView.-doctor > DoctorReport { display: block; }
    BatchView.-doctor > TokenGrid, BatchView.-doctor > GridHead, BatchView.-doctor > #cell { display: none; }
    BatchView > #cell { min-height: 2; max-height: 2; }
    BatchView.-low > #cell { min-height: 1; max-height: 1; }
    BatchView.-low > #shape, BatchView.-low > GridHead, BatchView.-low > DoctorReport { margin-top: 0; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._shown: TokenizedView | None = None
        self._report: PadReport | None = None
        self._examined: tuple[str, str] | None = None
        self._doubt: HubtuiError | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines(id="shape")
        yield GridHead()
        yield TokenGrid()
        yield DoctorReport()
        yield Lines(id="cell")

    def focus_first(self) -> None:
        """Put the focus into the matrix, or the report that stands for it."""
        (self.query_one(DoctorReport) if self.has_class("-doctor") else self._grid).focus()

    @property
    def _grid(self) -> TokenGrid:
        return self.query_one(TokenGrid)

    # -- what is asked

    def changed(self, subject: TokenSubject) -> None:
        """Encode the text, and examine the tokenizer once."""
        super().changed(subject)
        self.type_or_look(lambda tokenizers: tokenizers.type(subject.text, subject.options, self._window()))
        if self._examined != (subject.facts.id, subject.folder):
            self._examined = (subject.facts.id, subject.folder)
            self._report = self._doubt = None
            self.ask(self._examine(subject), self._know, self._fail, group="pads", pause_s=0)

    def _window(self) -> TokenWindow:
        return replace(_NO_ROWS, matrix=self._grid.window())

    async def _examine(self, subject: TokenSubject) -> PadReport:
        inspector = await in_thread(self.services.inspector)
        return await inspector.pads(subject.facts.id, subject.folder)

    def _know(self, report: PadReport) -> None:
        self._report = report
        self._say()

    def _fail(self, error: HubtuiError) -> None:
        self._doubt = error
        self._examined = None
        self._say()

    @on(TokenGrid.WindowWanted)
    def _look(self, event: TokenGrid.WindowWanted) -> None:
        event.stop()
        window = replace(_NO_ROWS, matrix=event.window)
        self.type_or_look(lambda tokenizers: tokenizers.look(window))

    def heard(self, news: TokenizedView | HubtuiError) -> None:
        """Show a batch, or why there is none; one that is older than the one in sight is dropped."""
        if isinstance(news, HubtuiError):
            self._shown = None
            self._grid.clear()
            self.query_one("#cell", Lines).show()
            self._say_error(news)
        elif news.matrix is not None and (self._shown is None or news.generation >= self._shown.generation):
            self._shown = news
            vocab_size = self.subject.info.vocab_size if self.subject else 0
            self._grid.show(news.matrix, vocab_size)
            self._say()

    # -- what is said

    def _say_error(self, error: HubtuiError) -> None:
        inks, width = self._grid.inks, max(10, self.size.width - 2)
        lines = [[(line, inks.bad)] for line in wrap(f"✗ {error.message}", width)]
        lines += [[(line, inks.text)] for line in (wrap(error.hint, width) if error.hint else ())]
        self.query_one("#shape", Lines).show(*lines)

    def _say(self) -> None:
        """Say shape, cost and what the doctor found, in lines of this width."""
        view, width = self._shown, self.size.width - 2
        if view is None or view.matrix is None or width < 1:
            return
        inks = self._grid.inks
        lines = [shape_line(view, view.matrix, self._grid.shown, width, inks)]
        if not self.has_class("-low"):
            lines.append(cost_line(view.matrix.costs, view.total_tokens, width, inks))
        lines.append(self._doctor_line(width, inks))
        self.query_one("#shape", Lines).show(*lines)
        self.query_one(DoctorReport).show(self._report_lines, keep_place=True)

    def _findings(self) -> list[PadFinding]:
        """Examine again with the side that was chosen here."""
        if self._report is None or self.subject is None:
            return []
        facts = self._report.facts
        return examine(replace(facts, padding_side=self.subject.options.padding_side or facts.padding_side))

    def _doctor_line(self, width: int, inks: Inks) -> Line:
        if self._doubt is not None:
            return [(f"? The pad token could not be examined: {self._doubt.message}", inks.warn)]
        if self._report is None:
            return [("· the pad token is being examined", inks.muted)]
        return doctor.summary(self._report.facts, self._findings(), self._warnings(), width, inks)

    def _report_lines(self, width: int, inks: Inks) -> list[Line]:
        if self._report is None:
            return [self._doctor_line(width, inks)]
        return doctor.report(self._report.facts, self._findings(), self._warnings(), width, inks)

    def _warnings(self) -> list[str]:
        """Return what is doubtful of this batch beside its padding."""
        told = {finding.sentence for finding in self._findings()}
        no_pad = any(finding.name == "none" for finding in self._findings())
        found = self._shown.warnings if self._shown else []
        return [said for said in found if said not in told and not (no_pad and "has no pad token" in said)]

    @on(TokenGrid.CellMoved)
    def _show_cell(self, event: TokenGrid.CellMoved) -> None:
        event.stop()
        grid = self._grid
        row = grid.row_at(grid.cursor)
        cell = grid.cell_at(row, grid.column) if row is not None else None
        self.query_one(GridHead).show(grid.geometry, grid.last_column)
        lines = [] if row is None else cell_lines(row, cell, grid.column, self.size.width - 2, grid.inks)
        self.query_one("#cell", Lines).show(*lines[:2])

    def on_resize(self) -> None:
        """Break the lines anew; where there is little room, the matrix has it."""
        self.set_class(self.size.height < 14, "-low")
        self._say()

    # -- what can be done

    @on(Lines.Hit)
    def _hit(self, event: Lines.Hit) -> None:
        event.stop()
        self.action_token_shown()

    def action_token_shown(self) -> None:
        """Show the next property of the cells."""
        self._grid.show_next()
        self._say()

    def action_pad_doctor(self) -> None:
        """Show the pad doctor in place of the matrix, or the matrix again."""
        self.toggle_class("-doctor")
        self._say()
        self.focus_first()

    def action_leave_doctor(self) -> None:
        """Show the matrix again."""
        self.action_pad_doctor()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Leave escape to others while the matrix is in sight."""
        return self.has_class("-doctor") if action == "leave_doctor" else True

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return the remedies, and the ids of the row under the cursor as far as they are known."""
        offers: list[tuple[str, str]] = []
        row = self._grid.row_at(self._grid.cursor)
        if row is not None:
            is_whole = len(row.cells) == row.length
            what = "ids of this row" if is_whole else f"the {len(row.cells)} ids in sight of this row"
            offers.append((what, " ".join(str(cell.id) for cell in row.cells)))
        offers += [(f"remedy: {finding.what}", finding.fix) for finding in self._findings()]
        return offers


def shape_line(view: TokenizedView, matrix: TokenMatrix, shown: str, width: int, inks: Inks) -> Line:
    """Return `2 × 13 · 26 ids · 7 pads (27 %)`, and what the cells show."""
    words = shape_words(matrix.n_rows, matrix.shortest, matrix.longest, view.total_tokens, view.n_padding)
    left: list[Piece] = [(words, inks.strong)]
    if matrix.n_rows > view.n_sequences:
        left.append((f" · {whole(view.n_truncated)} of {whole(view.n_sequences)} in windows", inks.text))
    elif view.n_truncated:
        left.append((f" · {whole(view.n_truncated)} cut", inks.warn))
    right: Line = [(" v ", hit(inks.key, "shown")), ("shows ", inks.muted), (shown, inks.accent)]
    return spread(left, right, width)


def cost_line(costs: Sequence[PaddingCost], n_ids: int, width: int, inks: Inks) -> Line:
    """Return what each padding would make of these rows, against what they are now; the last ones may find no room."""
    pieces: list[Piece] = []
    for cost in costs:
        more = cost.ids - n_ids
        change = "" if not more else f" ({'+' if more > 0 else '−'}{whole(abs(more))})"
        pieces.append((f"{cost.how}: {whole(cost.ids)}{change}", inks.muted if more else inks.text))
    return next(iter(facts_in_lines(pieces, width, inks.faint)), ())


def cell_lines(row: MatrixRow, cell: TokenRow | None, column: int, width: int, inks: Inks) -> list[Line]:
    """Return the cell under the cursor in full."""
    window = f", window {row.window + 1}" if row.window else ""
    second = ", second text" if cell is not None and cell.of_pair else ""
    place: Piece = (f"sequence {row.sequence + 1}{second}{window}, position {whole(column)}", inks.muted)
    if cell is None:
        why = "the row ends before it" if column >= row.length else "…"
        return facts_in_lines([place, (why, inks.muted)], width, inks.faint)
    surface = [(f"“{reveal(cell.surface)}” {cell.start}–{cell.end}", inks.text)] if cell.surface else []
    kind = [(_KINDS[cell.kind], inks.accent)] if _KINDS[cell.kind] else []
    facts: list[Piece] = [
        (f"{reveal(cell.token)} = {cell.id}", inks.strong),
        *surface,
        *kind,
        (f"mask {cell.attention_mask}", inks.text),
        (f"type {cell.type_id}", inks.text),
        place,
    ]
    return facts_in_lines(facts, width, inks.faint)
