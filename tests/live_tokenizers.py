"""Live typing into a real tokenizer without a process: what the interface shows of it is what users see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from hubtui.core.errors import HubtuiError
from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.worker.tokenizers.live import LiveView
from hubtui.worker.tokenizers.raw import RawTokenizer, load_raw

_DEMO = Path(__file__).resolve().parents[1] / "hubtui" / "demo" / "repos" / "demo"


@dataclass
class LiveTokenizers:
    """The tokenizer.json of one of the demo's checkpoints, as `core.tokenizer_ports.Tokenizers`.

    Attributes:
        name: of the checkpoint.
        typed: options of each text.
    """

    name: str = "tiny-bert-en"
    typed: list[TokenizeOptions] = field(default_factory=list)
    _view: LiveView | None = None
    _generation: int = 0

    async def open(self, model: str, folder: str, *, embedding_size: int | None = None) -> TokenizerInfo:
        """Load it, whatever the model is called."""
        del folder
        raw = load_raw(model, _DEMO / self.name / "main", embedding_size)
        tokenizer = RawTokenizer(raw._backend, replace(raw.info, provisional=False), raw.limit)
        self._view = LiveView(tokenizer)
        return tokenizer.info

    def type(self, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView | None:
        """Encode at once."""
        assert self._view is not None
        self.typed.append(options)
        self._generation += 1
        return self._view.type(self._generation, text, options, window)

    def look(self, window: TokenWindow) -> TokenizedView | None:
        """Return other tokens of it."""
        assert self._view is not None
        self._generation += 1
        return self._view.look(self._generation, window)

    def listen(self, listener: Callable[[TokenizedView | TokenizerInfo | HubtuiError], None]) -> None:
        """Nothing comes late."""

    async def close(self) -> None:
        """Nothing to end."""
