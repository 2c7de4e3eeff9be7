"""Small parts of the Run tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from hubtui.ui.widgets.made_lines import MadeLines

if TYPE_CHECKING:
    from hubtui.core.results import RunDelta, RunStage


class Heard(Message, bubble=False):
    """The run came to another stage, or generated text."""

    def __init__(self, event: RunStage | RunDelta) -> None:
        super().__init__()
        self.event = event


class Answer(MadeLines):
    """The answer, where the focus is while nothing is edited."""

    key_context: ClassVar[str] = "run-form"
