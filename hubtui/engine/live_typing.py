"""Live typing against one tokenizer process: send a text, wait a few milliseconds at most, take what comes later."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenWindow
from hubtui.engine.messages import Failed
from hubtui.engine.process import WorkerProcess
from hubtui.engine.tokenizer_messages import LookAt, TokenizerAnswer, TypeText, View

WAIT_S = 0.008
"""What one keystroke may wait for its tokens: half a frame at 60 Hz."""

_DEADLINE_S = 1.8  # so that a hang is named within two seconds
_CHARS_PER_S = 100_000
_KEPT_SENT = 256


class LiveTyping:
    """The text that is typed and the views that come for it.

    Args:
        deliver: gets each view and failure that `type` and `look` do not return themselves, in order.
        on_hang: told that the process did not answer in time, with the seconds it had.
    """

    def __init__(self, *, deliver: Callable[[TokenizedView | Failed], None], on_hang: Callable[[float], None]) -> None:
        self._deliver = deliver
        self._on_hang = on_hang
        self._process: WorkerProcess[TokenizerAnswer] | None = None
        self._generation = 0
        self._answered = 0
        self._sent_at: dict[int, float] = {}
        self._round_trip_s = 0.0
        self._deadline: asyncio.TimerHandle | None = None
        self._awaited = 0
        self._caught: TokenizedView | None = None
        self.last_text: TypeText | None = None

    def attach(self, process: WorkerProcess[TokenizerAnswer] | None) -> None:
        """Use another process from now on (None: there is none); answers of the one before count no more."""
        self._process = process
        self._answered = self._generation
        self._sent_at.clear()
        self._round_trip_s = 0.0
        self._stop_clock()

    def type(self, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView | None:
        """Send a text; return its view if it comes at once.

        Raises:
            WireError: the text holds a lone surrogate or is too long.
        """
        self._generation += 1
        message = TypeText(self._generation, text, options, window)
        self.last_text = message
        return self._send(message, replaceable=True)

    def look(self, window: TokenWindow) -> TokenizedView | None:
        """Ask for other tokens of the last text; return them if they come at once."""
        if self.last_text is None:
            return None
        self._generation += 1
        # not replaceable and replacing nothing: the text before it must arrive
        return self._send(LookAt(self._generation, window), replaceable=False)

    def retype(self) -> None:
        """Send the last text again, for a tokenizer that has changed; its view goes to `deliver`."""
        last = self.last_text
        if last is None or self._process is None or not self._process.is_alive:
            return
        self._generation += 1
        message = TypeText(self._generation, last.text, last.options, last.window)
        self.last_text = message
        self._sent_at[self._generation] = time.monotonic()
        self._process.send(message, replaceable=True)
        self._start_clock(len(last.text))

    def on_answer(self, answer: View | Failed) -> None:
        """Take an answer of the process."""
        generation = answer.view.generation if isinstance(answer, View) else answer.id
        if generation <= self._answered:
            return
        self._answered = generation
        sent_at = self._sent_at.get(generation)
        if sent_at is not None:
            self._round_trip_s = time.monotonic() - sent_at
        self._sent_at = {number: at for number, at in self._sent_at.items() if number > generation}
        if generation == self._generation:
            self._stop_clock()
        if isinstance(answer, View) and generation == self._awaited:
            self._caught = answer.view
        else:
            self._deliver(answer.view if isinstance(answer, View) else answer)

    def _send(self, message: TypeText | LookAt, *, replaceable: bool) -> TokenizedView | None:
        process = self._process
        if process is None or not process.is_alive:
            return None
        # An answer on its way would come first, and a process that was slow a moment ago is slow now.
        is_behind = self._answered < message.generation - 1
        may_wait = not is_behind and self._round_trip_s <= WAIT_S
        process.send(message, replaceable=replaceable)
        self._sent_at[message.generation] = time.monotonic()
        if len(self._sent_at) > _KEPT_SENT:
            del self._sent_at[next(iter(self._sent_at))]
        self._start_clock(len(self.last_text.text) if self.last_text else 0)
        if not may_wait:
            return None
        self._awaited, self._caught = message.generation, None
        process.wait(WAIT_S, lambda: self._answered >= message.generation)
        self._awaited = 0
        caught, self._caught = self._caught, None
        return caught

    def _start_clock(self, n_chars: int) -> None:
        """Count from the oldest request without an answer: typing on must not keep a hung process alive."""
        if self._deadline is not None:
            return
        allowed = _DEADLINE_S + n_chars / _CHARS_PER_S
        self._deadline = asyncio.get_running_loop().call_later(allowed, self._ring, allowed, self._answered)

    def _ring(self, allowed: float, answered: int) -> None:
        self._deadline = None
        if self._answered == answered:
            self._on_hang(allowed)
        elif self._answered < self._generation and self.last_text:
            # it answers, only later than it is asked
            self._start_clock(len(self.last_text.text))

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
