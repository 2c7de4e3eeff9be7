"""What a run may be varied in: task, device, dtype, example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from hubtui.cards.model import WidgetExample
from hubtui.core.fit import TORCH_DTYPES
from hubtui.core.tasks import RunnableTask
from hubtui.ui.panes.tokens.words import first_text
from hubtui.ui.widgets.run_form import values_of
from hubtui.ui.widgets.switches import Switch

T = TypeVar("T")

DTYPES = ("auto", *(name for name in TORCH_DTYPES if name in {"float32", "bfloat16", "float16"}))


@dataclass
class RunChoices:
    """The state of the switches above the form.

    Attributes:
        tasks: those that suit the model, its own first; empty when none can be run here.
        task: the one of them that is chosen.
        devices: what a run may be told, and how it is shown: (`cuda:0`, `GPU0, 22.1 GB free`).
        best_device: name of the device that `auto` is likely to take.
        examples: texts for the fields of the form, by name.
    """

    device: str
    dtype: str
    tasks: tuple[RunnableTask, ...] = ()
    task: RunnableTask | None = None
    devices: Sequence[tuple[str, str]] = ()
    best_device: str = ""
    examples: Sequence[dict[str, str]] = ()
    example: int = 0

    def find_examples(self, given: Sequence[WidgetExample], languages: Sequence[str]) -> None:
        """Take the examples of a card, or a sentence in the model's language where any text will do."""
        self.examples, self.example = (), 0
        if self.task is None:
            return
        task = self.task
        self.examples = [values for example in given if (values := values_of(example, task))]
        # a mask's spelling differs from model to model, so a made-up example could not hold one
        takes_any_text = [entry.name for entry in task.inputs if entry.required] == ["text"] and task.id != "fill-mask"
        if not self.examples and takes_any_text:
            self.examples = [{"text": first_text(languages).partition("\n")[0]}]

    def next_task(self) -> bool:
        """Take the next task; say whether there was another."""
        if self.task is None or len(self.tasks) < 2:
            return False
        self.task = _after(self.tasks, self.task)
        return True

    def next_device(self) -> None:
        """Take the next device."""
        self.device = _after(("auto", *(name for name, _ in self.devices)), self.device)

    def next_dtype(self) -> None:
        """Take the next dtype."""
        self.dtype = _after(DTYPES, self.dtype)

    def next_example(self) -> dict[str, str]:
        """Take the next example and return its texts; empty when there is none."""
        if not self.examples:
            return {}
        self.example = (self.example + 1) % len(self.examples)
        return self.examples[self.example]

    def switches(self) -> list[Switch]:
        """Return what the line above the form shows."""
        if self.task is None:
            return []
        on = dict(self.devices).get(self.device, self.device)
        if self.device == "auto" and self.best_device:
            on = f"auto ({self.best_device})"
        switches = [
            Switch("task", "task", self.task.id, "t" if len(self.tasks) > 1 else "", is_on=True),
            Switch("device", "on", on, "v"),
            Switch("dtype", "as", self.dtype, "w"),
        ]
        if len(self.examples) > 1:
            switches.append(Switch("example", "example", f"{self.example + 1}/{len(self.examples)}", "n"))
        return switches


def _after(choices: Sequence[T], current: T) -> T:
    """Return the choice after the current one, the first after the last."""
    return choices[(choices.index(current) + 1) % len(choices)] if current in choices else choices[0]
