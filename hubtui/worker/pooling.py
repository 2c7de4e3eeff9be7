"""One vector of a text: the recipe that a sentence-transformers repo writes into modules.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubtui.core.errors import CheckpointError

if TYPE_CHECKING:
    import torch

MODES = ("mean", "cls", "max", "lasttoken", "mean_sqrt_len_tokens", "weightedmean")
"""Ways to make one vector of a text's token vectors, by sentence-transformers' names, in the order it joins them."""

_FLAGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_ACTIVATIONS = frozenset({"Identity", "Tanh", "ReLU", "GELU", "Sigmoid", "SiLU"})
_AGAIN = "Download the model again, or try another revision."
_SIMILARITIES = ("cosine", "dot", "euclidean", "manhattan")


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear layer after the pooling."""

    weight: torch.Tensor
    bias: torch.Tensor | None
    activation: str


@dataclass(frozen=True, slots=True)
class SentenceRecipe:
    """How a repo makes one vector of a text.

    Attributes:
        modes: of `MODES`, their vectors one after another.
        normalize: scale to length 1.
        max_tokens: where texts are cut, None for the model's own limit.
        prompt: put before each text; `pools_prompt` whether its tokens count.
        similarity: `cosine`, `dot`, `euclidean` or `manhattan` (the last two negated).
        is_stated: read from modules.json rather than assumed.
    """

    modes: tuple[str, ...] = ("mean",)
    normalize: bool = False
    dense: tuple[Dense, ...] = field(default=())
    max_tokens: int | None = None
    lower_case: bool = False
    prompt: str = ""
    pools_prompt: bool = True
    similarity: str = "cosine"
    is_stated: bool = False


def read_recipe(folder: Path, name: str) -> SentenceRecipe:
    """Read modules.json and the files it names; mean pooling when there is none.

    Raises:
        CheckpointError: a module that hubtui does not know, or files that cannot be read.
    """
    modules = _json(folder / "modules.json")
    if not isinstance(modules, list):
        return SentenceRecipe()
    modes: tuple[str, ...] = ("mean",)
    pools_prompt = True
    dense: list[Dense] = []
    normalize = False
    for module in modules:
        if not isinstance(module, dict):
            raise CheckpointError(f"modules.json of {name} does not describe modules.", hint=_AGAIN)
        kind = str(module.get("type", "")).rpartition(".")[2]
        place = _inside(folder, str(module.get("path", "")), name)
        if kind == "Pooling":
            modes, pools_prompt = _pooling(place, name)
        elif kind == "Dense":
            dense.append(_dense(place, name))
        elif kind == "Normalize":
            normalize = True
        elif kind != "Transformer":
            raise CheckpointError(f"{name} uses the sentence-transformers module {kind!r}, which hubtui cannot run.")
    return SentenceRecipe(modes, normalize, tuple(dense), pools_prompt=pools_prompt, is_stated=True, **_general(folder))


def _general(folder: Path) -> dict[str, Any]:
    """What a repo says about all texts: length, case, prompt, similarity."""
    settings = _object(folder / "sentence_bert_config.json")
    general = _object(folder / "config_sentence_transformers.json")
    limit = settings.get("max_seq_length")
    prompts = general.get("prompts")
    named = prompts if isinstance(prompts, dict) else {}
    stated = general.get("similarity_fn_name")
    return {
        "max_tokens": limit if isinstance(limit, int) and limit > 0 else None,
        "lower_case": bool(settings.get("do_lower_case")),
        "prompt": str(named.get(str(general.get("default_prompt_name"))) or ""),
        "similarity": stated if stated in _SIMILARITIES else "cosine",
    }


def pool(recipe: SentenceRecipe, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Make one vector of a text.

    Args:
        recipe: what to do.
        hidden: hidden states of one text, (tokens, width).
        mask: 1 for tokens that count, (tokens,).
    """
    import torch

    vector = torch.cat([_MODE_FUNCTIONS[mode](hidden, mask.unsqueeze(-1).to(hidden.dtype)) for mode in recipe.modes])
    for layer in recipe.dense:
        bias = None if layer.bias is None else layer.bias.to(vector)
        vector = getattr(torch.nn, layer.activation)()(
            torch.nn.functional.linear(vector, layer.weight.to(vector), bias)
        )
    return torch.nn.functional.normalize(vector, dim=-1) if recipe.normalize else vector


def similarity(recipe: SentenceRecipe, one: torch.Tensor, other: torch.Tensor) -> float:
    """Compare two vectors; larger is more alike."""
    import torch

    one, other = one.float(), other.float()
    if recipe.similarity == "dot":
        return float(one @ other)
    if recipe.similarity == "euclidean":
        return -float(torch.dist(one, other, 2))
    if recipe.similarity == "manhattan":
        return -float(torch.dist(one, other, 1))
    return float(torch.nn.functional.normalize(one, dim=-1) @ torch.nn.functional.normalize(other, dim=-1))


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return (hidden * mask).sum(0) / mask.sum(0).clamp(min=1e-9)


def _mean_sqrt(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return (hidden * mask).sum(0) / mask.sum(0).clamp(min=1e-9).sqrt()


def _weighted(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Later tokens weigh more: the n-th n times as much as the first."""
    import torch

    weights = torch.arange(1, len(hidden) + 1, device=hidden.device, dtype=hidden.dtype).unsqueeze(-1) * mask
    return (hidden * weights).sum(0) / weights.sum(0).clamp(min=1e-9)


def _largest(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return hidden.masked_fill(mask == 0, -1e9).max(0).values


def _first(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return hidden[int(mask.squeeze(-1).argmax())]


def _last(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return hidden[int(mask.squeeze(-1).nonzero()[-1])]


_MODE_FUNCTIONS = {
    "mean": _mean,
    "cls": _first,
    "max": _largest,
    "lasttoken": _last,
    "mean_sqrt_len_tokens": _mean_sqrt,
    "weightedmean": _weighted,
}


def _pooling(place: Path, name: str) -> tuple[tuple[str, ...], bool]:
    """The modes of a Pooling module (one or several by name, or a flag for each), and whether the prompt counts."""
    config = _object(place / "config.json")
    stated = config.get("pooling_mode")
    if stated:
        modes = tuple(stated) if isinstance(stated, list) else (str(stated),)
    else:
        modes = tuple(mode for flag, mode in _FLAGS.items() if config.get(flag)) or ("mean",)
    unknown = next((mode for mode in modes if mode not in MODES), None)
    if unknown is not None:
        raise CheckpointError(f"{name} pools by {unknown!r}, which hubtui does not know.")
    return modes, bool(config.get("include_prompt", True))


def _dense(place: Path, name: str) -> Dense:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    config = _object(place / "config.json")
    activation = str(config.get("activation_function", "Identity")).rpartition(".")[2]
    if activation not in _ACTIVATIONS:
        raise CheckpointError(
            f"{name} has a Dense layer with the activation {activation!r}, which hubtui does not know."
        )
    weights = place / "model.safetensors"
    if not weights.is_file():
        raise CheckpointError(
            f"{name} has no safetensors file for its Dense layer ({place.name}).",
            hint="Pickle files are not loaded: they can run code.",
        )
    try:
        tensors = load_file(weights)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{place.name}/{weights.name} of {name} cannot be read: {error}.") from error
    if "linear.weight" not in tensors:
        raise CheckpointError(f"The Dense layer of {name} has no weight.")
    return Dense(tensors["linear.weight"], tensors.get("linear.bias"), activation)


def _inside(folder: Path, path: str, name: str) -> Path:
    if ".." in Path(path).parts or Path(path).is_absolute():
        raise CheckpointError(f"modules.json of {name} points outside of the repo: {path!r}.")
    return folder / path


def _object(file: Path) -> dict[str, Any]:
    """A JSON object, an empty one where there is no file."""
    value = _json(file)
    if value is not None and not isinstance(value, dict):
        raise CheckpointError(f"{file.parent.name}/{file.name} is not a JSON object.", hint=_AGAIN)
    return value or {}


def _json(file: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{file.name} cannot be read: {error}.", hint=_AGAIN) from error
