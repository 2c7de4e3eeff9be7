"""The tokenizer process: live typing through the Rust library alone, ready within a tenth of a second."""

from __future__ import annotations

import os
from pathlib import Path

from hubtui.core.errors import TokenizerError
from hubtui.engine.messages import Ready
from hubtui.engine.tokenizer_messages import OpenTokenizer, TokenizerRequest
from hubtui.worker.lifeline import limit_memory
from hubtui.worker.serve import Channel
from hubtui.worker.tokenizers.cache import entry_path, read_entry
from hubtui.worker.tokenizers.raw import from_confirmed, load_raw
from hubtui.worker.tokenizers.service import Opened, TokenizerService, checked_folder


def serve(read_fd: int, write_fd: int) -> None:
    """Serve tokenizer requests (no `Inspection`) until the parent closes the pipe."""
    limit_memory()
    import tokenizers

    channel: Channel[TokenizerRequest] = Channel(read_fd, write_fd, TokenizerRequest)
    channel.start_reader()
    channel.send(Ready(os.getpid(), {"tokenizers": tokenizers.__version__}))
    TokenizerService(channel, load).run()


def load(request: OpenTokenizer) -> Opened:
    """Return the confirmed tokenizer of a folder where it is kept, else what tokenizer.json says.

    Raises:
        TokenizerError: neither can be read.
    """
    folder = checked_folder(request)
    path = Path(request.confirmed) if request.confirmed else None
    if path is None and request.cache_folder:
        path = entry_path(Path(request.cache_folder), request.model, folder, request.embedding_size)
    entry = read_entry(path) if path else None
    if entry is not None:
        confirmed = from_confirmed(
            entry.backend, entry.info, entry.limit, encode_special_tokens=entry.encode_special_tokens
        )
        return Opened(confirmed, confirmed=str(path))
    if request.confirmed:
        raise TokenizerError(f"The confirmed tokenizer of {request.model} is gone.")
    return Opened(load_raw(request.model, folder, request.embedding_size))
