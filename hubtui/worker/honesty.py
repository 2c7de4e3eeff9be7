"""What makes an answer doubtful or wrong without an error: said in one sentence each, or refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hubtui.core.checkpoint import max_length
from hubtui.core.errors import RunError, TaskError

if TYPE_CHECKING:
    from hubtui.worker.tasks.base import Checkpoint

_POSITION_TABLES = frozenset({"position_embeddings", "position_embedding", "embed_positions", "wpe"})
_SPARE_EMBEDDINGS = 0.1
"""Share of unused embedding rows that padding to a round number explains; above it tokenizer and model do not match."""


def positions(model: Any, config: Mapping[str, Any]) -> int | None:  # noqa: ANN401 - any transformers model
    """Return how many tokens the model has positions for: its tables of learned positions, else what its config says.

    Tables may begin with rows that no token uses: `offset` (BART, OPT) or up to `padding_idx` (RoBERTa).
    """
    found = []
    for name, module in model.named_modules():
        rows = getattr(module, "num_embeddings", None)
        if name.rpartition(".")[2] in _POSITION_TABLES and isinstance(rows, int):
            padding = getattr(module, "padding_idx", None)
            unused = getattr(module, "offset", 0 if padding is None else padding + 1)
            found.append(rows - int(unused))
    # T5's relatives measure distances and have no last position, whatever their config carries along
    stated = None if "relative_attention_num_buckets" in config else max_length(config)
    return min([*found, *([stated] if stated is not None else [])], default=None)


def notes_on_vocabulary(name: str, tokenizer: Any, embedding_rows: int | None) -> list[str]:  # noqa: ANN401
    """Say when the tokenizer's vocabulary and the model's embeddings do not fit each other."""
    size = len(tokenizer)
    if embedding_rows is None:
        return []
    sizes = f"The tokenizer of {name} knows {size} tokens, the model has embeddings for {embedding_rows}"
    if size > embedding_rows:
        return [f"{sizes}: texts that need the others cannot be run."]
    if embedding_rows - size > embedding_rows * _SPARE_EMBEDDINGS:
        return [f"{sizes}: this may not be the tokenizer that it was trained with."]
    return []


def check_ids(checkpoint: Checkpoint, ids: list[int]) -> None:
    """Refuse token ids that the model has no embedding for.

    Raises:
        TaskError: there is such an id; the model would fail or answer nonsense.
    """
    rows = embedding_rows(checkpoint.model)
    worst = max(ids, default=0)
    if rows is not None and worst >= rows:
        token = checkpoint.tokenizer.convert_ids_to_tokens(worst)
        raise TaskError(
            f"The token {token!r} (id {worst}) has no embedding in {checkpoint.name}, which has {rows}.",
            hint="Its tokenizer belongs to another model or was extended; see the Files tab.",
        )


def embedding_rows(model: Any) -> int | None:  # noqa: ANN401 - any transformers model
    """Return the rows of a model's token embedding, None when it has none."""
    try:
        rows = getattr(model.get_input_embeddings(), "num_embeddings", None)
    except NotImplementedError:
        return None
    return rows if isinstance(rows, int) else None


def fit_text(checkpoint: Checkpoint, text: str, pair: str | None = None, *, limit: int | None = None) -> list[str]:
    """Check a text's tokens before a run that truncates; return the warning when it will be cut.

    Args:
        checkpoint: gives tokenizer and limit.
        text: what the task encodes.
        pair: the second text.
        limit: tokens, `checkpoint.max_tokens` when None.

    Raises:
        TaskError: the text has no tokens, or one that the model has no embedding for.
    """
    ids = checkpoint.tokenizer(text, pair, truncation=False, verbose=False)["input_ids"]
    if not ids:
        raise TaskError("The text has no tokens.", hint="Type a text.")
    check_ids(checkpoint, ids)
    limit = checkpoint.max_tokens if limit is None else limit
    if limit is None or len(ids) <= limit:
        return []
    return [f"The text has {len(ids):,} tokens and was cut to the {limit:,} that {checkpoint.name} takes."]


@contextlib.contextmanager
def watch_numbers(checkpoint: Checkpoint, warnings: list[str]) -> Iterator[None]:
    """While it holds, look at every output of the model; afterwards warn when one held NaN or infinity.

    Raises:
        RunError: the run failed, and that is why.
    """
    import torch

    bad = False

    def look(_module: Any, _arguments: Any, output: Any) -> None:  # noqa: ANN401 - torch's hook
        nonlocal bad
        for name in ("logits", "last_hidden_state", "start_logits", "end_logits"):
            values = getattr(output, name, None)
            # minus infinity is how a model rules a token out
            if not bad and isinstance(values, torch.Tensor):
                bad = bool(torch.isnan(values).any()) or bool(torch.isposinf(values).any())

    handle = checkpoint.model.register_forward_hook(look)
    try:
        yield
    except (RuntimeError, ValueError, IndexError) as error:
        if bad:
            raise RunError(_not_finite(checkpoint), hint="Try dtype float32, or download the weights again.") from error
        raise
    finally:
        handle.remove()
    if bad:
        warnings.append(_not_finite(checkpoint))


def _not_finite(checkpoint: Checkpoint) -> str:
    return (
        f"{checkpoint.name} computed numbers that are not finite (NaN or infinity) with {checkpoint.dtype} on "
        f"{checkpoint.device}: its answer means nothing."
    )
