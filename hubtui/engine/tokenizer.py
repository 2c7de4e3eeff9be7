"""Typing into a tokenizer, which lives in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hubtui.core.errors import HubtuiError, TokenizerError, WorkerDiedError
from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine.codec import WireError
from hubtui.engine.live_typing import LiveTyping
from hubtui.engine.messages import Failed
from hubtui.engine.tokenizer_checks import check_size, check_texts
from hubtui.engine.tokenizer_client import DiedTokenizerError, TokenizerClient, died, failure
from hubtui.engine.tokenizer_messages import OpenTokenizer, TokenizerOpened, View

Listener = Callable[[TokenizedView | TokenizerInfo | HubtuiError], None]


class TokenizerProcess:
    """The tokenizer processes of one session; implements `core.ports.Tokenizers`.

    Two children, each started when it is first needed: `tokenizer` for typing, and `autotokenizer` to confirm what is
    typed into (and to type into where there is no Rust tokenizer).

    Args:
        log_file: takes what the children print.
        cache_folder: keeps confirmed tokenizers between sessions; a temporary folder when empty.
    """

    def __init__(self, *, log_file: str = "", cache_folder: str = "") -> None:
        self._cache_folder = cache_folder
        self._temporary = ""
        self._listener: Listener | None = None
        self._raw = TokenizerClient(
            "tokenizer", log_file=log_file, on_live=self._on_raw, on_exit=lambda e: self._on_exit(self._raw, e)
        )
        self._auto = TokenizerClient(
            "autotokenizer", log_file=log_file, on_live=self._on_auto, on_exit=lambda e: self._on_exit(self._auto, e)
        )
        self._typing = LiveTyping(deliver=self._on_late, on_hang=self._on_hang)
        self._target: TokenizerClient | None = None  # the child that is typed into
        self._opened: OpenTokenizer | None = None  # how to open it again
        self._opening = 0
        self._confirming: asyncio.Task[None] | None = None
        self._reviving: asyncio.Task[None] | None = None
        self._hang_s = 0.0
        self._deaths = 0

    async def open(self, model: str, folder: str, *, embedding_size: int | None = None) -> TokenizerInfo:
        """Load the tokenizer of a checkpoint folder for live typing.

        With a tokenizer.json the answer comes in milliseconds and may be provisional; AutoTokenizer's verdict then goes
        to the listener as a `TokenizerInfo`, followed by a new view of the last text.

        Raises:
            TokenizerError: there is no tokenizer that could be loaded.
        """
        self._opening += 1
        opening = self._opening
        self._leave()
        self._typing.last_text = None
        check_size(model, folder)
        request = OpenTokenizer(0, model, folder, embedding_size, self._cache())
        self._deaths = 0
        opened = await self._open_raw(request)
        if opening != self._opening:
            raise TokenizerError(f"Another tokenizer was opened before that of {model}.")
        if opened is None:
            return await self._open_auto(request, opening)
        self._enter(self._raw, request if opened.info.provisional else _confirmed(request, opened.confirmed))
        if opened.info.provisional:
            self._confirming = asyncio.create_task(self._confirm(request, opening))
        return opened.info

    def type(self, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView | None:
        """Send a text of the open tokenizer; return its view if it comes within a few milliseconds, else None."""
        try:
            check_texts([text], options, None)
            return self._typing.type(text, options, window)
        except (WireError, HubtuiError) as error:
            self._tell(error if isinstance(error, HubtuiError) else TokenizerError(str(error)))
            return None

    def look(self, window: TokenWindow) -> TokenizedView | None:
        """Ask for other tokens of the text that was typed last."""
        return self._typing.look(window)

    def listen(self, listener: Listener) -> None:
        """Name who receives late views, confirmed infos and failures of live typing."""
        self._listener = listener

    async def close(self) -> None:
        """End the processes."""
        self._opening += 1
        self._leave()
        tasks = [task for task in (self._confirming, self._reviving) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(self._raw.close(), self._auto.close())
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = ""

    # -- opening -------------------------------------------------------------------------------------------------------

    async def _open_raw(self, request: OpenTokenizer) -> TokenizerOpened | None:
        """Open tokenizer.json by itself; None where AutoTokenizer has to do it."""
        if not (Path(request.folder) / "tokenizer.json").is_file():
            return None
        try:
            return await self._raw.open(request)
        except DiedTokenizerError:
            raise
        except TokenizerError:
            # what AutoTokenizer says of the same file is what counts
            return None

    async def _open_auto(self, request: OpenTokenizer, opening: int) -> TokenizerInfo:
        opened = await self._auto.open(request)
        if opening != self._opening:
            raise TokenizerError(f"Another tokenizer was opened before that of {request.model}.")
        if not opened.confirmed:
            self._enter(self._auto, request)
            return opened.info
        handed_over = _confirmed(request, opened.confirmed)
        # a large vocabulary takes the child longer to load than a keystroke may take it to answer
        self._typing.attach(None)
        self._target = None
        client, how = self._raw, handed_over
        try:
            await self._raw.open(handed_over)
        except TokenizerError:
            # the file went, or the small process did not survive it: the one that made it has it loaded
            client, how = self._auto, request
        if opening == self._opening:
            self._enter(client, how)
        return opened.info

    async def _confirm(self, request: OpenTokenizer, opening: int) -> None:
        """Let AutoTokenizer load the same folder and take over from tokenizer.json."""
        try:
            info = await self._open_auto(request, opening)
        except TokenizerError as error:
            if opening == self._opening:
                self._tell(
                    TokenizerError(f"{error.message} These tokens come from tokenizer.json alone.", hint=error.hint)
                )
            return
        if opening == self._opening:
            self._tell(info)
            self._typing.retype()

    def _enter(self, client: TokenizerClient, request: OpenTokenizer) -> None:
        """Type into this child from now on."""
        self._target, self._opened = client, request
        self._typing.attach(client.process)
        self._typing.retype()

    def _leave(self) -> None:
        self._target = self._opened = None
        self._typing.attach(None)
        if self._confirming:
            self._confirming.cancel()

    def _cache(self) -> str:
        if self._cache_folder:
            return self._cache_folder
        if not self._temporary:
            self._temporary = tempfile.mkdtemp(prefix="hubtui-tokenizers-")
        return self._temporary

    # -- answers and ends ----------------------------------------------------------------------------------------------

    def _on_raw(self, answer: View | Failed) -> None:
        if self._target is self._raw:
            self._typing.on_answer(answer)

    def _on_auto(self, answer: View | Failed) -> None:
        if self._target is self._auto:
            self._typing.on_answer(answer)

    def _on_late(self, late: TokenizedView | Failed) -> None:
        self._tell(failure(late) if isinstance(late, Failed) else late)

    def _tell(self, what: TokenizedView | TokenizerInfo | HubtuiError) -> None:
        """Hand over on the loop's next turn: the listener is never called from within `type`."""
        if self._listener:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to listen
                asyncio.get_running_loop().call_soon(self._listener, what)

    def _on_hang(self, allowed_s: float) -> None:
        process = self._target.process if self._target else None
        if process:
            self._hang_s = allowed_s
            process.kill()

    def _on_exit(self, client: TokenizerClient, error: WorkerDiedError) -> None:
        """Say why typing stopped, and open the same tokenizer in a new child, unless it has done that twice."""
        hang_s, self._hang_s = self._hang_s, 0.0
        if client is not self._target or self._opened is None:
            return
        request = self._opened
        self._typing.attach(None)
        self._typing.last_text = None  # the text that may have killed it is not tried again by itself
        self._deaths += 1
        hung = f"The tokenizer of {request.model} did not answer within {hang_s:.0f} s and was stopped."
        reason = TokenizerError(hung) if hang_s else died(request.model, error)
        if self._deaths > 1:
            self._leave()
            self._tell(TokenizerError(reason.message, hint="It stays closed; open the model again to retry."))
            return
        self._tell(reason)
        self._reviving = asyncio.create_task(self._revive(client, request, self._opening))

    async def _revive(self, client: TokenizerClient, request: OpenTokenizer, opening: int) -> None:
        try:
            await client.open(request)
        except TokenizerError as error:
            if opening == self._opening:
                self._leave()
                self._tell(error)
            return
        if opening == self._opening:
            self._enter(client, request)


def _confirmed(request: OpenTokenizer, path: str) -> OpenTokenizer:
    return OpenTokenizer(0, request.model, request.folder, request.embedding_size, request.cache_folder, confirmed=path)
