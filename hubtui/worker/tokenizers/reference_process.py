"""The AutoTokenizer process: the reference for every id, seconds to start, hence never in the way of typing."""

from __future__ import annotations

import os
import sys
from collections import OrderedDict
from functools import partial
from pathlib import Path

from hubtui.core.tokenizer_comparison import MOST_TOKENIZERS
from hubtui.engine.messages import Ready
from hubtui.engine.tokenizer_messages import (
    Inspected,
    Inspection,
    OpenTokenizer,
    ShareVocabulary,
    TokenizerRequest,
    VocabularyShared,
)
from hubtui.worker.lifeline import limit_memory
from hubtui.worker.serve import Channel
from hubtui.worker.tokenizers import inspection
from hubtui.worker.tokenizers.cache import entry_path, fingerprint, write_entry
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, load_auto
from hubtui.worker.tokenizers.service import Opened, TokenizerService, checked_folder, folder_of
from hubtui.worker.tokenizers.vocabularies import shared_vocabulary

# Of all tokenizers that are kept, the newest aside; a token takes up to 1.4 kB (Unigram).
_MOST_TOKENS_KEPT = 400_000


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
    """Loads tokenizers; the last few again only when their files have changed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, LoadedAutoTokenizer] = OrderedDict()

    def load(self, request: OpenTokenizer) -> Opened:
        """Return AutoTokenizer's tokenizer of a folder, and keep its Rust part on disk where it has one.

        Raises:
            TokenizerError: AutoTokenizer cannot load it.
        """
        folder = checked_folder(request)
        loaded = self._take(request.model, folder, request.embedding_size)
        entry = loaded.confirmed() if request.cache_folder else None
        inspect = partial(self._inspect, loaded)
        if entry is None:
            return Opened(loaded, inspect=inspect)
        path = entry_path(Path(request.cache_folder), request.model, folder, request.embedding_size)
        confirmed = str(path) if write_entry(path, entry) else ""
        return Opened(loaded, inspect=inspect, confirmed=confirmed)

    def _take(self, model: str, folder: Path, embedding_size: int | None) -> LoadedAutoTokenizer:
        files = fingerprint(model, folder, embedding_size)
        if files not in self._kept:
            self._make_room()
            self._kept[files] = load_auto(model, folder, embedding_size)
        self._kept.move_to_end(files)
        return self._kept[files]

    def _make_room(self) -> None:
        """Forget the tokenizers that were asked for longest ago, for one more."""
        while len(self._kept) >= MOST_TOKENIZERS or self._size > _MOST_TOKENS_KEPT:
            self._kept.popitem(last=False)

    @property
    def _size(self) -> int:
        return sum(one.info.vocab_size for one in self._kept.values())

    def _inspect(self, tokenizer: LoadedAutoTokenizer, question: Inspection) -> Inspected:
        """Answer about the open tokenizer; what takes another one beside it is answered here, where both are kept."""
        if isinstance(question, ShareVocabulary):
            other = self._take(question.model, folder_of(question.model, question.folder), None)
            return VocabularyShared(question.id, shared_vocabulary(tokenizer, other))
        return inspection.answer(tokenizer, question)
