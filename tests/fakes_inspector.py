"""A tokenizer inspector without a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hubtui.core.errors import HubtuiError
from hubtui.core.tokenizer_comparison import SharedVocabulary, TokenizerMeasure
from hubtui.core.tokens import Tokenized, TokenizeOptions

T = TypeVar("T")


@dataclass
class FakeInspector:
    """Answers what it was given, or raises `error`; a question whose answer was not given is a fault of the test.

    Attributes:
        asked: name and arguments of each question.
    """

    error: HubtuiError | None = None
    encoded: Tokenized | None = None
    measured: Callable[[str, Sequence[str]], TokenizerMeasure] | None = None
    shared: SharedVocabulary | None = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)

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
        self.asked.append(("encode", model, folder, tuple(texts), options, pairs))
        return self._answer(self.encoded)

    async def measure(self, model: str, folder: str, texts: Sequence[str]) -> TokenizerMeasure:
        """Return what the function that was given makes of the texts."""
        self.asked.append(("measure", model, folder, tuple(texts)))
        return self._answer(self.measured and self.measured(model, texts))

    async def share(self, model: str, folder: str, other_model: str, other_folder: str) -> SharedVocabulary:
        """Return what was given."""
        self.asked.append(("share", model, folder, other_model, other_folder))
        return self._answer(self.shared)

    async def close(self) -> None:
        """Nothing to end."""

    def _answer(self, given: T | None) -> T:
        if self.error is not None:
            raise self.error
        assert given is not None
        return given
