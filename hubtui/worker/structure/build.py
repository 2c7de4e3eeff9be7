"""Builds a model on torch's meta device: every module and shape of it, no memory for weights, no foreign code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from hubtui.core.errors import CheckpointError, UsageError
from hubtui.worker.refusals import check_code, explained

MOST_LAYERS = 1_024
"""The deepest models have a few hundred; each layer of a made-up number would cost milliseconds."""

_LAYER_KEYS = re.compile(r"(^|_)(n|num|encoder|decoder)?_?(hidden_)?(layers?|blocks)$")


def load_config(raw: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any config
    """Return the config of transformers; what it says about kernels and attention code is not followed.

    Raises:
        CheckpointError: its type is unknown or needs foreign code, or its values are absurd.
    """
    from transformers import CONFIG_MAPPING

    model_type = raw.get("model_type")
    check_code(raw, name, is_known=isinstance(model_type, str) and model_type in CONFIG_MAPPING)
    _check_depth(raw, name)
    try:
        config = CONFIG_MAPPING[str(model_type)].from_dict(dict(raw))
    except Exception as error:
        raise explained(error, name, "config.json") from error
    # as in `loading`: a stranger's config may name a repo with attention or expert kernels
    config._attn_implementation = None  # noqa: SLF001 - the only way
    config._experts_implementation = None  # noqa: SLF001 - likewise
    if hasattr(config, "fusion_config"):
        config.fusion_config = None
    return config


def _check_depth(raw: Mapping[str, Any], name: str) -> None:
    sources = [raw, *(value for value in raw.values() if isinstance(value, Mapping))]
    for key, value in ((key, value) for source in sources for key, value in source.items()):
        if type(value) is int and value > MOST_LAYERS and _LAYER_KEYS.search(str(key)):
            raise CheckpointError(f"config.json of {name} asks for {value:,} layers ({key}), which no model has.")


def classes(config: Any) -> dict[str, tuple[type, tuple[str, ...]]]:  # noqa: ANN401 - any config
    """Return class name → class and its Auto classes, of all that transformers maps to a type of config."""
    found: dict[str, tuple[type, tuple[str, ...]]] = {}
    for auto_name, auto in _auto_classes().items():
        for kind in _mapped(auto, config):
            _, autos = found.get(kind.__name__, (kind, ()))
            found[kind.__name__] = kind, (*autos, auto_name)
    return found


@cache
def _auto_classes() -> Mapping[str, Any]:
    """All Auto classes by name; looking through the lazy module takes a fifth of a second."""
    import transformers

    names = (name for name in dir(transformers) if re.fullmatch(r"AutoModel(For\w+)?", name))
    return {name: getattr(transformers, name) for name in names}


def _mapped(auto: Any, config: Any) -> tuple[type, ...]:  # noqa: ANN401 - an Auto class, any config
    found = auto._model_mapping.get(type(config), None)  # noqa: SLF001 - the table behind from_config
    return tuple(found) if isinstance(found, (tuple, list)) else () if found is None else (found,)


def body_class(known: Mapping[str, tuple[type, tuple[str, ...]]]) -> str:
    """Return the name of the class that AutoModel gives, empty when it gives none."""
    return next((name for name, (_, autos) in known.items() if "AutoModel" in autos), "")


def chosen_class(
    known: Mapping[str, tuple[type, tuple[str, ...]]], raw: Mapping[str, Any], head: str, name: str
) -> str:
    """Return the class to build: the one that was asked for, else that of config.json, else AutoModel's.

    Raises:
        UsageError: transformers has no such class for this type; the classes that it has are listed.
        CheckpointError: it has none at all.
    """
    if head:
        asked = [kind for kind, (_, autos) in known.items() if head == kind or head in autos]
        if not asked:
            raise UsageError(f"{name} cannot be loaded as {head[:80]}.", hint=f"It can be: {', '.join(known)}.")
        return asked[0]
    stated = raw.get("architectures")
    stored = [entry for entry in stated if isinstance(entry, str)] if isinstance(stated, list) else []
    found = next((entry for entry in stored if entry in known), "") or body_class(known) or next(iter(known), "")
    if not found:
        raise CheckpointError(f"transformers has a config for {name}, but no model that could be built of it.")
    return found


def on_meta(kind: Any, config: Any, name: str) -> Any:  # noqa: ANN401 - a model class, any config, any model
    """Return a model on the meta device.

    Raises:
        CheckpointError: it cannot be built; the message says why.
    """
    import torch

    try:
        with torch.device("meta"):
            # the dtype is given, for transformers would look up whatever name the config has for one
            return kind._from_config(config, dtype=torch.float32)  # noqa: SLF001 - what every Auto class calls
    except (MemoryError, RecursionError):
        raise  # the process says what that means
    except Exception as error:
        raise explained(error, name, "the model") from error
