"""The lines of the safety screen: the verdict, its reasons, the code, what scanners say, what authors ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.style import Style

from hubtui.core.code_reviews import CodeReview, CodeState, state_of
from hubtui.core.custom_code import CustomCode
from hubtui.core.inquiry import Inquiry
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.numbers import size_text
from hubtui.core.verdict import Judgement, Level, Reason
from hubtui.core.verdict_words import Step
from hubtui.ui.text import SCAN_MARKS, VERDICT_MARKS, Line, cells, fit, shorten_left, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.file_columns import scan_ink

STATE_WORDS: dict[CodeState, str] = {"new": "not read yet", "read": "read", "changed": "changed"}
STATE_MARKS: dict[CodeState, str] = {"new": "○", "read": "✓", "changed": "!"}

_LABEL = 19
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class SafetyRow:
    """A line; enter does its step, or shows the code file that it names."""

    pieces: Line
    step: Step | None = None
    code: str = ""


class SafetyRows:
    """Makes the lines for a width.

    Args:
        inks: styles.
        width: cells of a line.
    """

    def __init__(self, inks: Inks, width: int) -> None:
        self._inks, self._width = inks, max(40, width)

    def all(self, facts: ModelFacts, found: Judgement, inquiry: Inquiry | None) -> list[SafetyRow]:
        """Return all lines; those that an inquiry tells come with it."""
        rows = [*self._verdict(found), SafetyRow(())]
        for reason in found.reasons:
            rows += [*self._reason(reason), SafetyRow(())]
        if inquiry is None:
            return [*rows, SafetyRow([(" … looking into its code, its author and its scans", self._inks.muted)])]
        for part in (
            self._code(inquiry.code, inquiry.review),
            self._scans(facts, inquiry.files),
            self._gate(facts),
            self._unknown(inquiry.unknown),
        ):
            rows += [*part, SafetyRow(())] if part else []
        return rows[:-1]

    def level_ink(self, level: Level) -> Style:
        """Return the colour of a level."""
        return {"good": self._inks.good, "care": self._inks.warn, "stop": self._inks.bad}[level]

    def _verdict(self, found: Judgement) -> Iterator[SafetyRow]:
        style = self.level_ink(found.level)
        for at, line in enumerate(wrap(found.line, self._width - 4)):
            mark = f" {VERDICT_MARKS[found.level]} " if at == 0 else "   "
            yield SafetyRow([(mark, style), (line, self._inks.strong)])

    def _reason(self, reason: Reason) -> Iterator[SafetyRow]:
        inks, style = self._inks, self.level_ink(reason.level)
        head = [(f" {VERDICT_MARKS[reason.level]} {fit(reason.level, 6)}", style), (fit(reason.topic, 10), inks.muted)]
        says = inks.text if reason.level == "good" else inks.strong
        for at, line in enumerate(wrap(reason.says, self._width - _LABEL)):
            yield SafetyRow([*(head if at == 0 else [(" " * _LABEL, inks.text)]), (line, says)])
        yield from self._indented(reason.means, inks.muted)
        if reason.step is not None:
            yield from self._step(reason.step)

    def _indented(self, words: str, ink: Style) -> Iterator[SafetyRow]:
        for line in wrap(words, self._width - _LABEL) if words else ():
            yield SafetyRow([(" " * _LABEL, ink), (line, ink)])

    def _step(self, step: Step) -> Iterator[SafetyRow]:
        """What to do next; lines that enter acts on begin with the mark of a choice."""
        inks = self._inks
        can_act = bool(step.address or step.revision or step.model or step.query or step.shows_code)
        target = step if can_act else None
        words = f"{step.says} {step.address}".strip()
        for at, line in enumerate(wrap(words, self._width - _LABEL)):
            mark = ("▸ " if can_act else "→ ") if at == 0 else "  "
            ink = inks.accent if can_act else inks.text
            yield SafetyRow([(" " * (_LABEL - 2), inks.text), (mark, inks.accent), (line, ink)], step=target)

    def _heading(self, words: str, more: str = "") -> SafetyRow:
        return SafetyRow([(f" {words}", self._inks.strong), (f"   {more}" if more else "", self._inks.muted)])

    def _said(self, sentences: Iterable[str], mark: str, ink: Style) -> Iterator[SafetyRow]:
        for sentence in sentences:
            for at, line in enumerate(wrap(sentence, self._width - 5)):
                yield SafetyRow([(f"   {mark} " if at == 0 else "     ", ink), (line, self._inks.muted)])

    def _code(self, code: CustomCode, review: CodeReview | None) -> list[SafetyRow]:
        inks = self._inks
        if not (code.files or code.problems or code.idle):
            return []
        rows = [self._heading("Its own Python", "run by a load with trust_remote_code=True; enter reads it")]
        if not code.files:
            known = "nothing is known to be run" if code.problems else "nothing that a load would run"
            rows = [self._heading("Its own Python", known)]
        names = min(max((cells(file.name) for file in code.files), default=0), max(16, self._width // 2 - 10))
        by = max(0, self._width - 5 - names - 2 - 9 - 2 - 14)
        for file in code.files:
            state = state_of(file, review)
            tone = {"new": inks.muted, "read": inks.good, "changed": inks.warn}[state]
            pieces = [
                (f"   {STATE_MARKS[state]} ", tone),
                (fit(shorten_left(file.name, names), names + 2), inks.text),
                (fit(size_text(file.size), 9, "right"), inks.muted),
                ("  ", inks.text),
                (fit(STATE_WORDS[state], 14), tone),
                (fit(", ".join(file.brought_by), by), inks.muted),
            ]
            rows.append(SafetyRow(pieces, code=file.name))
        if code.packages:
            rows += self._said([f"imports {', '.join(code.packages[:_MOST_LISTED])}"], "·", inks.muted)
        if code.idle:
            rows += self._said([f"named by nothing: {', '.join(code.idle[:_MOST_LISTED])}"], "·", inks.muted)
        return [*rows, *self._said(code.problems, "!", inks.warn)]

    def _scans(self, facts: ModelFacts, files: Iterable[FileEntry]) -> list[SafetyRow]:
        issues = {issue.path: issue for issue in facts.safety.issues}
        if not issues:
            return []
        by_path = {file.path: file for file in files}
        rows = [self._heading("What the scanners say")]
        for path, issue in list(issues.items())[:_MOST_LISTED]:
            rows.append(self._scanned(path, issue.level))
            entry = by_path.get(path)
            if entry is not None and entry.scan is not None:
                rows += self._scanners(entry)
            elif issue.message:
                rows += self._said([issue.message], " ", self._inks.muted)
        if len(issues) > _MOST_LISTED:
            rows += self._said(
                [f"and {len(issues) - _MOST_LISTED} more files: the Files tab marks them"], "·", self._inks.muted
            )
        return rows

    def _scanned(self, path: str, level: str) -> SafetyRow:
        ink = scan_ink(level, self._inks)
        room = self._width - 5 - cells(level) - 2
        name = shorten_left(path, room)
        return SafetyRow([(f"   {SCAN_MARKS.get(level, '!')} ", ink), (name, self._inks.text), (f"  {level}", ink)])

    def _scanners(self, entry: FileEntry) -> Iterator[SafetyRow]:
        inks, scan = self._inks, entry.scan
        if scan is None:
            return
        loud = [word for word in scan.words if not word.is_quiet]
        for word in loud:
            lines = wrap(f"{word.status}{': ' if word.message else ''}{word.message}", self._width - 23)
            for at, line in enumerate(lines):
                yield SafetyRow(
                    [("     ", inks.text), (fit(word.scanner if at == 0 else "", 18), inks.muted), (line, inks.text)]
                )
        for found in scan.imports:
            if found.safety != "innocuous":
                yield SafetyRow(
                    [
                        (f"     {fit('calls', 18)}", inks.muted),
                        (found.name, inks.warn),
                        (f"  {found.safety}", inks.muted),
                    ]
                )
        if quiet := [word.scanner for word in scan.words if word.is_quiet]:
            yield SafetyRow([(f"     {fit('nothing found by', 18)}", inks.muted), (", ".join(quiet), inks.muted)])

    def _gate(self, facts: ModelFacts) -> list[SafetyRow]:
        gate = facts.gate
        if gate is None or not facts.gated:
            return []
        rows = [self._heading("What its authors ask of you", gate.heading)]
        for words in (gate.prompt, gate.description):
            lines = wrap(words, self._width - 4) if words else ()
            rows += [SafetyRow([(f"   {line}", self._inks.text)]) for line in lines]
        return [*rows, *self._said(gate.fields, "-", self._inks.muted)]

    def _unknown(self, sentences: Iterable[str]) -> list[SafetyRow]:
        rows = list(self._said(sentences, "?", self._inks.warn))
        return [self._heading("Not known"), *rows] if rows else []
