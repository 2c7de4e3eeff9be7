"""The loop of a tokenizer process: live typing answers only the newest request, everything else in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hubtui.core.errors import HubtuiError, TokenizerError
from hubtui.core.untrusted import clean
from hubtui.engine.codec import WireError
from hubtui.engine.messages import Failed, Message
from hubtui.engine.tokenizer_messages import (
    Inspected,
    Inspection,
    LookAt,
    OpenTokenizer,
    TokenizerOpened,
    TokenizerRequest,
    TypeText,
    View,
)
from hubtui.worker.serve import Channel
from hubtui.worker.tokenizers.live import LiveView
from hubtui.worker.tokenizers.live_batch import LiveTokenizer
from hubtui.worker.tokenizers.refusals import is_panic


@dataclass(frozen=True, slots=True)
class Opened:
    """What a loader made.

    Attributes:
        live: for typing.
        inspect: answers what is asked besides; None in the process that has tokenizer.json only.
        confirmed: file that holds it, see `messages.TokenizerOpened`.
    """

    live: LiveTokenizer
    inspect: Callable[[Inspection], Inspected] | None = None
    confirmed: str = ""


Loader = Callable[[OpenTokenizer], Opened]


class TokenizerService:
    """Serves one channel.

    Args:
        channel: to the parent.
        load: makes a tokenizer of a folder; raises `TokenizerError`.
    """

    def __init__(self, channel: Channel[TokenizerRequest], load: Loader) -> None:
        self._channel = channel
        self._load = load
        self._opened: Opened | None = None
        self._view: LiveView | None = None

    def run(self) -> None:
        """Serve for ever; the channel's reader ends the process."""
        while True:
            for request in newest(self._channel.receive()):
                answer = self._guarded(request)
                if answer is not None:
                    self._send(request, answer)

    def _send(self, request: TokenizerRequest, answer: Message) -> None:
        try:
            self._channel.send(answer)
        except WireError as error:
            self._channel.send(Failed(_number(request), "TokenizerError", f"The answer is too large: {error}"))

    def _guarded(self, request: TokenizerRequest) -> Message | None:
        """Answer; a failure is an answer too."""
        try:
            return self._answer(request)
        except HubtuiError as error:
            return Failed(_number(request), type(error).__name__, error.message, error.hint)
        except MemoryError:
            return self._failed(request, "needed more memory than it is given")
        except Exception as error:  # noqa: BLE001 - a stranger's file may make the libraries raise anything
            return self._failed(request, f"failed: {_words(error)}")
        except BaseException as error:
            # a Rust panic is no Exception; the process is sound after it, and the text may be at fault
            if not is_panic(error):
                raise
            return self._failed(request, f"panicked: {_words(error)}")

    def _failed(self, request: TokenizerRequest, how: str) -> Failed:
        model = request.model if isinstance(request, OpenTokenizer) else None
        if self._opened is not None:
            model = model or self._opened.live.info.model
        return Failed(_number(request), "TokenizerError", f"The tokenizer of {model} {how}".rstrip(".") + ".")

    def _answer(self, request: TokenizerRequest) -> Message | None:
        if isinstance(request, OpenTokenizer):
            return self._open(request)
        if isinstance(request, Inspection):
            if self._opened is None or self._opened.inspect is None:
                raise TokenizerError("No tokenizer is loaded.")
            return self._opened.inspect(request)
        if self._view is None:
            raise TokenizerError("No tokenizer is open.")
        if isinstance(request, TypeText):
            return View(self._view.type(request.generation, request.text, request.options, request.window))
        view = self._view.look(request.generation, request.window)
        return None if view is None else View(view)

    def _open(self, request: OpenTokenizer) -> TokenizerOpened:
        self._forget()
        self._opened = self._load(request)
        self._view = LiveView(self._opened.live)
        return TokenizerOpened(request.id, self._opened.live.info, self._opened.confirmed)

    def _forget(self) -> None:
        self._opened = self._view = None


def newest(requests: list[TokenizerRequest]) -> list[TokenizerRequest]:
    """Return the requests that are still worth an answer: of neighbouring keystrokes and looks the last one."""
    kept: list[TokenizerRequest] = []
    for request in requests:
        last = kept[-1] if kept else None
        if isinstance(request, TypeText) and isinstance(last, TypeText | LookAt):
            kept[-1] = request
        elif isinstance(request, LookAt) and isinstance(last, TypeText):
            kept[-1] = TypeText(request.generation, last.text, last.options, request.window)
        elif isinstance(request, LookAt) and isinstance(last, LookAt):
            kept[-1] = request
        else:
            kept.append(request)
    return kept


def checked_folder(request: OpenTokenizer) -> Path:
    """Return the folder of a request.

    Raises:
        TokenizerError: it is not there.
    """
    return folder_of(request.model, request.folder)


def folder_of(model: str, named: str) -> Path:
    """Return the folder of a model's files.

    Raises:
        TokenizerError: it is not there.
    """
    folder = Path(named)
    if not folder.is_dir():
        raise TokenizerError(f"The folder of {model} is not there: {clean(named)}")
    return folder


def _number(request: TokenizerRequest) -> int:
    return request.generation if isinstance(request, TypeText | LookAt) else request.id


def _words(error: BaseException) -> str:
    return clean(str(error))[:300] or type(error).__name__
