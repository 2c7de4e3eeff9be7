"""The AutoTokenizer process: the reference for every id, seconds to start, hence never in the way of typing."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from hubtui.engine.messages import Ready
from hubtui.engine.tokenizer_messages import OpenTokenizer, TokenizerRequest
from hubtui.worker.lifeline import limit_memory
from hubtui.worker.serve import Channel
from hubtui.worker.tokenizers import inspection
from hubtui.worker.tokenizers.cache import entry_path, fingerprint, write_entry
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, load_auto
from hubtui.worker.tokenizers.service import Opened, TokenizerService, checked_folder


def serve(read_fd: int, write_fd: int) -> None:
    """Serve all tokenizer requests until the parent closes the pipe."""
    limit_memory()
    hide_torch()
    import tokenizers
    import transformers
    from transformers import AutoTokenizer  # noqa: F401 - imported before Ready, so that no deadline covers it

    channel: Channel[TokenizerRequest] = Channel(read_fd, write_fd, TokenizerRequest)
    channel.start_reader()
    channel.send(Ready(os.getpid(), {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}))
    TokenizerService(channel, AutoLoader().load).run()


def hide_torch() -> None:
    """Make this process look like one without torch, which halves the time that transformers needs to start.

    A None in `sys.modules` is Python's way to say that a module is not to be found. Tokenizers never need torch: they
    check for it only to make tensors, and the tests compare their ids with those of a process that has it.
    """
    # else it says in the log that torch is missing
    os.environ["TRANSFORMERS_NO_ADVISORY_WARNINGS"] = "1"
    sys.modules["torch"] = None  # type: ignore[assignment] # Python's own meaning of None here, which typeshed leaves out


class AutoLoader:
    """Loads tokenizers; the last one again only when its files have changed."""

    def __init__(self) -> None:
        self._last: tuple[str, LoadedAutoTokenizer] | None = None

    def load(self, request: OpenTokenizer) -> Opened:
        """Return AutoTokenizer's tokenizer of a folder, and keep its Rust part on disk where it has one.

        Raises:
            TokenizerError: AutoTokenizer cannot load it.
        """
        folder = checked_folder(request)
        files = fingerprint(request.model, folder, request.embedding_size)
        if self._last is None or self._last[0] != files:
            self._last = None
            self._last = files, load_auto(request.model, folder, request.embedding_size)
        loaded = self._last[1]
        entry = loaded.confirmed() if request.cache_folder else None
        if entry is None:
            return Opened(loaded, inspect=partial(inspection.answer, loaded))
        path = entry_path(Path(request.cache_folder), request.model, folder, request.embedding_size)
        confirmed = str(path) if write_entry(path, entry) else ""
        return Opened(loaded, inspect=partial(inspection.answer, loaded), confirmed=confirmed)
