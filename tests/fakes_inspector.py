"""A tokenizer inspector without a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.core.errors import HubtuiError
from hubtui.core.tokens import Tokenized, TokenizeOptions


@dataclass
class FakeInspector:
    """Answers what it was given, or raises `error`; a question whose answer was not given is a fault of the test."""

    error: HubtuiError | None = None
    encoded: Tokenized | None = None

    async def encode(
        self,
        model: str,
        folder: str,
        texts: Sequence[str],
        options: TokenizeOptions,
        *,
        pairs: Sequence[str] | None = None,
    ) -> Tokenized:
        """Return the batch that was given."""
        return self._answer(self.encoded)

    async def close(self) -> None:
        """Nothing to end."""

    def _answer(self, given: Tokenized | None) -> Tokenized:
        if self.error is not None:
            raise self.error
        assert given is not None
        return given
