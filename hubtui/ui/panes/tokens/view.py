"""What the views of the Tokens tab share: they are given tokenizer and text, and ask what they show of them."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from textual.widget import Widget

from hubtui.core.errors import HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.core.tokenizer_ports import Tokenizers
from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo
from hubtui.ui.work import own_fault

_log = logging.getLogger(__name__)

PAUSE_S = 0.12
"""A question about a text that is being typed waits for this long a pause."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TokenSubject:
    """What a view shows something of.

    Attributes:
        facts: of the model.
        folder: with the files of its tokenizer.
        info: what the tokenizer is.
        text: each line of it is a sequence.
        options: how to encode.
        limit: the longest sequence in tokens that the model takes, None when none is stated.
        row: the line of the text that the cursor is in.
        tokenizers: the open tokenizer, to type into; its listener is the tab, which hands on what it hears.
    """

    facts: ModelFacts
    folder: str
    info: TokenizerInfo
    text: str
    options: TokenizeOptions
    limit: int | None
    row: int = 0
    tokenizers: Tokenizers | None = None


class TokenView(Widget):
    """One view; `changed` comes when it gets into sight, and with every edit while it is.

    Attributes:
        uses_text: the editor stands above it.
        uses_options: the switches do.
        follows_cursor: `changed` comes also when the cursor goes to another line of the text.
        uses_all_options: also those that are rarely turned.
    """

    key_context: ClassVar[str] = "tokens"
    uses_text: ClassVar[bool] = True
    uses_options: ClassVar[bool] = False
    follows_cursor: ClassVar[bool] = False
    uses_all_options: ClassVar[bool] = False

    DEFAULT_CSS = "TokenView { height: 1fr; }"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.subject: TokenSubject | None = None
        self._following: dict[str, tuple[Coroutine[Any, Any, None], Coroutine[Any, Any, Any]]] = {}

    def changed(self, subject: TokenSubject) -> None:
        """Show something of this subject; called inside the edit, so that what is cheap can share its frame."""
        self.subject = subject

    def heard(self, news: TokenizedView | HubtuiError) -> None:
        """Take what came late of the text that was typed last, or why nothing did."""

    def type_or_look(self, call: Callable[[Tokenizers], TokenizedView | None]) -> None:
        """Type into the open tokenizer, or look at more of what was typed; `heard` gets what comes at once."""
        tokenizers = self.subject.tokenizers if self.subject else None
        if tokenizers is None:
            return
        try:
            view = call(tokenizers)
        except HubtuiError as error:
            self.heard(error)
        else:
            if view is not None:
                self.heard(view)

    def focus_first(self) -> None:
        """Put the focus where keys are most useful."""
        self.focus()

    def retry(self) -> bool:
        """Ask again after a failure; say whether there was one."""
        return False

    def show_pins(self, pins: Sequence[str]) -> None:
        """Take the pinned models, in the order of pinning."""

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what can be copied here: (what it is, the text)."""
        return ()

    def ask(
        self,
        question: Coroutine[Any, Any, T],
        done: Callable[[T], None],
        failed: Callable[[HubtuiError], None],
        *,
        group: str = "question",
        pause_s: float = PAUSE_S,
    ) -> None:
        """Ask a service after a pause; `done` or `failed` is called on the loop, unless a newer question replaced this.

        Questions of one `group` replace each other.
        """

        async def follow() -> None:
            try:
                if pause_s:
                    await asyncio.sleep(pause_s)
                result = await question
            except HubtuiError as error:
                failed(error)
            except Exception as error:  # noqa: BLE001 - logged, and told to the user
                _log.exception("%s failed", group)
                failed(own_fault(error))
            else:
                done(result)
            finally:
                question.close()

        following = follow()
        self.run_worker(following, group=group, exclusive=True, exit_on_error=False)
        before = self._following.get(group)
        self._following[group] = (following, question)
        if before is not None and inspect.getcoroutinestate(before[0]) == inspect.CORO_CREATED:
            # replaced before it began: nobody else will close it
            for unbegun in before:
                unbegun.close()
