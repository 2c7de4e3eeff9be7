"""How long the sequences are that a model really sees, for the memory of a run to be compared with an estimate."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

_SEQUENCES = ("input_ids", "decoder_input_ids", "attention_mask")
"""Keywords of a forward pass whose last dimension are tokens."""

_CACHES = ("past_key_values", "cache_params")


class LongestSequence:
    """While it holds, looks at what goes into the model.

    Attributes:
        tokens: of the longest sequence so far, with what its cache held; None when nothing was made of tokens.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - any transformers model
        self._model = model
        self._handle: Any = None
        self.tokens: int | None = None

    def __enter__(self) -> Self:
        """Begin to look."""
        self._handle = self._model.register_forward_pre_hook(self._look, with_kwargs=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop looking."""
        self._handle.remove()

    def _look(self, _module: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:  # noqa: ANN401
        given = [*arguments[:1], *(keywords.get(name) for name in _SEQUENCES)]
        shapes: list[tuple[int, ...]] = [tuple(getattr(value, "shape", ())) for value in given]
        lengths = [int(shape[-1]) for shape in shapes if len(shape) == 2]
        if lengths:
            written = max(_held(keywords.get(name)) for name in _CACHES)
            # while text is written only its last token goes in; what was before it is in the cache
            self.tokens = max(self.tokens or 0, *lengths, written + 1)


def _held(cache: Any) -> int:  # noqa: ANN401 - any transformers cache
    """Return the tokens that a cache holds; 0 where there is none, or where it keeps no tokens."""
    try:
        return int(cache.get_seq_length())
    except (AttributeError, ValueError):
        return 0
