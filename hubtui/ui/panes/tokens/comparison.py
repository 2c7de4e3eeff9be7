"""The tokenizers of the open model, of the pinned ones and of what is named, on the text that is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from hubtui.core.errors import HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.core.tokenizer_comparison import MOST_CHARACTERS, MOST_TOKENIZERS, named
from hubtui.core.tokens import split_lines
from hubtui.ui.actions import bindings
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.panes.tokens.comparison_lines import Compared, comparison_lines
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.text import Line, plural, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.fields import FieldLeft, LineField
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.work import in_thread, start

_ALONE = "Nothing to compare with yet: c pins a model, here or in the list; v names a model or another revision."
_PLACEHOLDER = "model, model@revision, or @revision of this model"

_Key = tuple[str, str | None]


class TokenComparison(TokenView):
    """One below another; each comes when it is there, and one that fails is a line of its own.

    Args:
        services: of the session.
    """

    key_context: ClassVar[str] = "tokens-compare"
    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens-compare")
    DEFAULT_CSS = """
    TokenComparison { layout: vertical; }
    TokenComparison > LineField { display: none; width: 1fr; margin: 1 1 0 1; }
    TokenComparison.-naming > LineField { display: block; }
    TokenComparison > MadeLines { height: 1fr; padding: 0 0 0 1; margin-top: 1; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._compared: dict[_Key, Compared] = {}
        self._pins: Sequence[str] = ()
        self._gathered: Sequence[str] = ()
        self._named: list[str] = []
        self._left_out = 0
        self._is_cut = False

    def compose(self) -> ComposeResult:
        """Lay the parts out; the field is there while something is named."""
        yield LineField(placeholder=_PLACEHOLDER)
        yield MadeLines()

    def focus_first(self) -> None:
        """Let keys scroll the comparison."""
        self.query_one(MadeLines).focus()

    # -- what is compared

    def changed(self, subject: TokenSubject) -> None:
        """Ask all of them about the text."""
        if self.subject is not None and self.subject.folder != subject.folder:
            self._named = [text for text in self._named if not text.startswith("@")]
            self._compared.clear()
        super().changed(subject)
        self._gather()

    def show_pins(self, pins: Sequence[str]) -> None:
        """Compare these, too."""
        self._pins = list(pins)
        is_in_sight = all(node.display for node in self.ancestors_with_self if isinstance(node, Widget))
        if is_in_sight and self.subject is not None and self._pins != self._gathered:
            self._gather()

    def _gather(self) -> None:
        """Bring what is not here yet, then ask."""
        if self.subject is None:
            return
        self._gathered = self._pins
        facts, before = self.subject.facts, self._compared
        own = Compared(facts.id, facts.revision, self.subject.folder)
        wanted: dict[_Key, Compared] = {_key(facts): before.get(_key(facts), own)}
        others = [(model, None) for model in self._pins] + [named(text, facts.id) for text in self._named]
        for model, revision in others:
            key = (model, revision)
            if key != (facts.id, None) or not _is_default(facts):
                wanted.setdefault(key, before.get(key, Compared(model, revision or "")))
        self._left_out = max(0, len(wanted) - MOST_TOKENIZERS)
        self._compared = dict(list(wanted.items())[:MOST_TOKENIZERS])
        for key, one in self._compared.items():
            if not one.folder and one.error is None and key not in before:
                self._fetch(key)
        self._draw()
        self.ask(self._tell_all(self._texts()), self._told_all, self._failed)

    def _fetch(self, key: _Key) -> None:
        """Find a model and bring the files of its tokenizer."""
        model, revision = key

        def failed(error: HubtuiError) -> None:
            self._put(key, error=error)

        def found(facts: ModelFacts) -> None:
            tab = self.query_ancestor(ModelTab)

            async def bring() -> str:
                return (await tab.fetch_files(facts, "tokenizer")).folder

            def brought(folder: str) -> None:
                self._put(key, model=facts.id, revision=facts.revision, folder=folder)
                self._gather()

            self.ask(bring(), brought, failed, group=f"files of {model}@{revision}", pause_s=0)

        start(self, f"facts of {model}@{revision}", lambda: self.services.hub().facts(model, revision), found, failed)

    # -- what they say

    def _texts(self) -> list[str]:
        """Return the lines of the text, as many characters of them as are compared."""
        room, texts = MOST_CHARACTERS, []
        lines = split_lines(self.subject.text) if self.subject is not None else []
        for line in lines:
            texts.append(line[:room])
            room -= len(texts[-1])
            if room <= 0:
                break
        self._is_cut = sum(map(len, texts)) < sum(map(len, lines))
        return texts

    async def _tell_all(self, texts: list[str]) -> dict[_Key, Compared]:
        """Ask one after another; return them all, so that they change together. What is new is shown as it comes."""
        inspector = await in_thread(self.services.inspector)
        ready = {key: one for key, one in self._compared.items() if one.folder and one.error is None}
        told: dict[_Key, Compared] = {}
        for key, one in ready.items():
            try:
                told[key] = replace(one, measure=await inspector.measure(one.model, one.folder, texts))
            except HubtuiError as error:
                told[key] = replace(one, measure=None, error=error)
            if one.measure is None:
                self._put(key, measure=told[key].measure, error=told[key].error)
        first = next(iter(told.values()), None)
        for key, one in told.items():
            if (
                first is None
                or first.measure is None
                or one is first
                or one.error is not None
                or one.shared is not None
            ):
                continue
            try:
                shared = await inspector.share(first.model, first.folder, one.model, one.folder)
            except HubtuiError as error:
                told[key] = replace(one, unshared=error)
            else:
                told[key] = replace(one, shared=shared)
            self._put(key, shared=told[key].shared, unshared=told[key].unshared)
        return told

    def _told_all(self, told: dict[_Key, Compared]) -> None:
        self._compared.update({key: one for key, one in told.items() if key in self._compared})
        self._draw()

    def _failed(self, error: HubtuiError) -> None:
        """Say that nobody could be asked: the process did not start."""
        for key, one in self._compared.items():
            if one.measure is None:
                self._put(key, error=error)

    def _put(self, key: _Key, **changes: object) -> None:
        if key in self._compared:
            self._compared[key] = replace(self._compared[key], **changes)  # type: ignore[arg-type] # its own fields
            self._draw()

    def retry(self) -> bool:
        """Ask again those that failed."""
        failed = [key for key, one in self._compared.items() if one.error is not None or one.unshared is not None]
        for key in failed:
            del self._compared[key]
        if failed:
            self._gather()
        return bool(failed)

    # -- naming another one

    def action_compare_with(self) -> None:
        """Show the field."""
        self.add_class("-naming")
        self.screen.set_focus(self.query_one(LineField))

    def action_compare_drop(self) -> None:
        """Drop what was named last."""
        if self._named:
            self._named.pop()
            self._gather()

    @on(LineField.Changed)
    def _typed(self, event: LineField.Changed) -> None:
        event.stop()

    @on(LineField.Submitted)
    def _submitted(self, event: LineField.Submitted) -> None:
        event.stop()
        if (text := event.value.strip()) and text not in self._named:
            self._named.append(text)
        self._end_naming()
        self._gather()

    @on(FieldLeft)
    def _field_left(self, event: FieldLeft) -> None:
        event.stop()
        self._end_naming()

    def _end_naming(self) -> None:
        self.query_one(LineField).value = ""
        self.focus_first()
        self.remove_class("-naming")

    # -- showing

    def _draw(self) -> None:
        compared, notes = list(self._compared.values()), self._notes()

        def made(width: int, inks: Inks) -> list[Line]:
            lines: list[Line] = [[(line, inks.muted)] for note in notes for line in wrap(note, max(10, width - 1))]
            return [*lines, *([[]] if lines else []), *comparison_lines(compared, max(20, width - 1), inks)]

        self.query_one(MadeLines).show(made if compared else None, keep_place=True)

    def _notes(self) -> list[str]:
        notes = [_ALONE] if len(self._compared) == 1 else []
        if self._left_out:
            notes.append(f"{plural(self._left_out, 'more')} left out: at most {MOST_TOKENIZERS} are compared.")
        if self._is_cut:
            notes.append(f"Only the first {MOST_CHARACTERS:,} characters are compared.".replace(",", " "))
        return notes

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return the comparison as text."""
        lines = ["".join(words for words, _ in line).rstrip() for line in self.query_one(MadeLines).lines_made]
        return [("the comparison of tokenizers", "\n".join(lines))] if lines else ()


def _key(facts: ModelFacts) -> _Key:
    """Name the open model so that no other is taken for it."""
    return (facts.id, f"{facts.revision}@{facts.commit}")


def _is_default(facts: ModelFacts) -> bool:
    return facts.revision in {"", "main"}
