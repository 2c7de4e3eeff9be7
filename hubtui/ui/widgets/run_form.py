"""The form of a task: one field an input, and a line for the parameters."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from hubtui.cards.model import WidgetExample
from hubtui.core.errors import UsageError
from hubtui.core.tasks import InputField, RunnableTask
from hubtui.ui.text import shorten
from hubtui.ui.widgets.fields import AreaField, LineField
from hubtui.ui.widgets.painted import Lines

_PARAMETERS = "Parameters"
_WIDEST_LABEL = 28


class FormLabel(Lines):
    """The name of a field, in front of it."""

    DEFAULT_CSS = "FormLabel { height: 1; }"

    def __init__(self, words: str, width: int) -> None:
        super().__init__()
        self._words = shorten(words, width - 2)
        self.styles.width = width

    def on_mount(self) -> None:
        """Show the words."""
        self.show([(self._words, self.inks.muted)])


class RunForm(Widget):
    """Fields of one task; the values are texts, read by `core.arguments`."""

    class Ready(Message):
        """The fields can be filled."""

    DEFAULT_CSS = """
    RunForm { layout: vertical; height: auto; max-height: 60%; overflow-y: auto; padding: 0 1; }
    RunForm Horizontal { height: auto; margin-bottom: 0; }
    """

    def __init__(self, task: RunnableTask) -> None:
        super().__init__()
        self.runnable = task
        self._fields: dict[str, AreaField | LineField] = {}

    def compose(self) -> ComposeResult:
        """Lay a row out for each input, then one for the parameters."""
        labels = [entry.label for entry in self.runnable.inputs]
        room = min(_WIDEST_LABEL, max(map(len, (*labels, _PARAMETERS))) + 2)
        for entry in self.runnable.inputs:
            self._fields[entry.name] = _field(entry)
            yield Horizontal(FormLabel(entry.label, room), self._fields[entry.name])
        if self.runnable.parameters:
            self._parameters = LineField(placeholder=_parameters_hint(self.runnable), id="run-parameters")
            yield Horizontal(FormLabel(_PARAMETERS, room), self._parameters)

    def on_mount(self) -> None:
        """Say that there are fields now."""
        self.post_message(self.Ready())

    def focus_first(self) -> None:
        """Put the focus into the first field, at once: what is typed next may be here already."""
        self.screen.set_focus(next(iter(self._fields.values())))

    def fill(self, values: Mapping[str, str]) -> None:
        """Put texts into the fields; those that are not named become empty."""
        for name, field in self._fields.items():
            words = values.get(name, "")
            if isinstance(field, AreaField):
                field.put(words)
            else:
                field.value = " ".join(words.split())

    def inputs(self) -> dict[str, str]:
        """Return the texts of the fields."""
        return {
            name: field.text if isinstance(field, AreaField) else field.value for name, field in self._fields.items()
        }

    def parameters(self) -> dict[str, str]:
        """Return the parameters as written, `top_k=5 targets=a,b`.

        Raises:
            UsageError: a word without `=`, or an open quotation mark.
        """
        if not self.runnable.parameters:
            return {}
        try:
            words = shlex.split(self._parameters.value)
        except ValueError as error:
            raise UsageError("The parameters have an open quotation mark.", hint="Close it.") from error
        found: dict[str, str] = {}
        for word in words:
            name, sign, value = word.partition("=")
            if not sign:
                raise UsageError(f"“{word}” is no parameter.", hint="Write name=value, such as top_k=5.")
            found[name] = value
        return found


def _field(entry: InputField) -> AreaField | LineField:
    hint = entry.placeholder or ("" if entry.required else "may stay empty")
    if entry.kind in {"text", "lines"}:
        return AreaField(placeholder=hint)
    return LineField(placeholder=hint)


def _parameters_hint(task: RunnableTask) -> str:
    return "  ".join(
        f"{parameter.name}={'' if parameter.default is None else parameter.default}" for parameter in task.parameters
    )


def values_of(example: WidgetExample, task: RunnableTask) -> dict[str, str]:
    """Return what an example of a card puts into the fields of a task; empty when it has nothing for the first."""
    last_message = example.messages[-1].content if example.messages else ""
    known = {
        "text": example.text or last_message,
        "question": example.text,
        "context": example.context,
        "candidate_labels": ", ".join(example.candidate_labels),
        "source_sentence": example.source_sentence,
        "sentences": "\n".join(example.sentences),
        # an address on the web cannot be run on: hubtui fetches nothing that a card names
        "image": "" if "://" in example.src else example.src,
    }
    values = {entry.name: known.get(entry.name, "") for entry in task.inputs}
    return values if values[task.inputs[0].name] else {}
