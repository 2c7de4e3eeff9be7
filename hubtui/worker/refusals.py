"""Checkpoints that are not loaded: foreign code, pickles, adapters, other libraries' files; told by names and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubtui.core.checkpoint import weight_formats
from hubtui.core.errors import CheckpointError, HubtuiError, RunError

_JSON_CAP = 32 << 20
_OTHER_RUNTIMES = {
    "gguf": "GGUF files, for llama.cpp and its relatives",
    "onnx": "ONNX files, for onnxruntime",
    "tensorflow": "TensorFlow weights",
    "jax": "JAX weights",
}


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """Return config.json.

    Raises:
        CheckpointError: it is missing or broken; the message says what the folder is instead.
    """
    if not folder.is_dir():
        raise CheckpointError(f"The folder of {name} is not there: {folder}.", hint="Download the model again.")
    names = _paths(folder)
    if "adapter_config.json" in names:
        base = read_json(folder / "adapter_config.json", name).get("base_model_name_or_path") or "another model"
        raise CheckpointError(f"{name} is an adapter for {base}, not a model by itself.", hint=f"Run {base} instead.")
    if "config.json" not in names:
        if "model_index.json" in names:
            raise CheckpointError(f"{name} is a diffusers pipeline, which hubtui does not run.")
        held = ", ".join(_OTHER_RUNTIMES.get(kind, kind) for kind in weight_formats(names))
        raise CheckpointError(
            f"{name} has no config.json, so transformers cannot load it" + (f"; it holds {held}." if held else ".")
        )
    return read_json(folder / "config.json", name)


def read_json(file: Path, name: str) -> dict[str, Any]:
    """Return a JSON object of a checkpoint.

    Raises:
        CheckpointError: it cannot be read, is too large or no object.
    """
    try:
        if file.stat().st_size > _JSON_CAP:
            raise CheckpointError(f"{file.name} of {name} is too large to be read.")
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(
            f"{file.name} of {name} cannot be read: {str(error) or type(error).__name__}.",
            hint="Download the model again.",
        ) from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{file.name} of {name} is not a JSON object.")
    return value


def check_code(config: Mapping[str, Any], name: str, *, is_known: bool) -> None:
    """Refuse a model type that transformers does not bring along.

    Args:
        config: config.json.
        name: of the model, for the message.
        is_known: whether transformers has classes for its `model_type`.

    Raises:
        CheckpointError: custom code would have to run, or the type is unknown to this version.
    """
    model_type = config.get("model_type")
    if is_known:
        return
    modules = sorted({str(value).partition(".")[0] + ".py" for value in _references(config.get("auto_map"))})
    if modules:
        raise CheckpointError(
            f"{name} needs code of its own to run ({', '.join(modules)}), and foreign code is not run.",
            hint="Read it: V, or hubtui show --code. Look for a version that transformers supports by itself.",
        )
    if not model_type:
        raise CheckpointError(f"config.json of {name} names no model_type, so transformers cannot load it.")
    raise CheckpointError(
        f"This version of transformers does not know the model type {str(model_type)[:60]!r} of {name}.",
        hint="A newer one may: pip install --upgrade transformers",
    )


def check_weights(folder: Path, name: str) -> int:
    """Return the bytes of the safetensors weights.

    Raises:
        CheckpointError: there are none, or a shard is missing or points out of the folder.
    """
    names = _paths(folder)
    if "model.safetensors" in names:
        return (folder / "model.safetensors").stat().st_size
    if "model.safetensors.index.json" in names:
        return _shards(folder, name)
    formats = weight_formats(names)
    if "safetensors" in formats:
        raise CheckpointError(
            f"{name} has safetensors files, but none under a name that transformers loads (model.safetensors)."
        )
    if "pickle" in formats:
        raise CheckpointError(
            f"{name} has its weights as pickle files only, which can run code when loaded; they are not loaded.",
            hint="Look for a revision with safetensors (often a pull request, refs/pr/…), or for another checkpoint.",
        )
    held = [_OTHER_RUNTIMES[kind] for kind in formats if kind in _OTHER_RUNTIMES]
    if held:
        raise CheckpointError(f"{name} holds {' and '.join(held)}, which transformers does not load.")
    raise CheckpointError(f"{name} has no weights here.", hint="The repo may hold a configuration or tokenizer only.")


def _shards(folder: Path, name: str) -> int:
    weight_map = read_json(folder / "model.safetensors.index.json", name).get("weight_map")
    shards = sorted({str(shard) for shard in _values(weight_map)})
    if not shards:
        raise CheckpointError(f"The shard index of {name} names no files.")
    for shard in shards:
        if Path(shard).name != shard or not shard.endswith(".safetensors"):
            raise CheckpointError(f"The shard index of {name} names {shard!r}, which is no file of the repo.")
        if not (folder / shard).is_file():
            raise CheckpointError(f"{shard} of {name} is missing.", hint="Download the model again.")
    return sum((folder / shard).stat().st_size for shard in shards)


def _paths(folder: Path) -> frozenset[str]:
    return frozenset(entry.name for entry in folder.iterdir() if entry.is_file())


def _values(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else []


def _references(auto_map: object) -> list[object]:
    """The classes that `auto_map` names; a tokenizer's entry is a list of two."""
    flat: list[object] = []
    for value in _values(auto_map):
        flat += [item for item in value if item] if isinstance(value, list) else [value]
    return flat


def explained(error: Exception, name: str, what: str) -> HubtuiError:
    """Return a library's error as one sentence with a next step; `what` is the file or part at fault."""
    text = " ".join(str(error).split())
    if isinstance(error, HubtuiError):
        return error
    if "out of memory" in text.lower() or isinstance(error, MemoryError):
        return RunError(f"The memory is too small for {name}.", hint="Take another device, dtype or checkpoint.")
    if isinstance(error, ImportError):
        packages = re.findall(r"pip install (?:-\S+ )*['\"]?([\w.\-]+)", text) or re.findall(
            r"No module named '([\w]+)", text
        )
        package = packages[0] if packages else ""
        needs = f"the package {package}" if package else "a package"
        return CheckpointError(
            f"{name} needs {needs}, which is not installed.", hint=f"pip install {package}" if package else text[:200]
        )
    if "trust_remote_code" in text or "custom code" in text:
        return CheckpointError(f"{name} needs code of its own for {what}, and foreign code is not run.")
    subject = what if "." in what else f"{what[0].upper()}{what[1:]}"
    why = f"the entry {text[:300]} is missing" if isinstance(error, KeyError) else text[:300] or type(error).__name__
    return CheckpointError(
        f"{subject} of {name} cannot be loaded: {why.rstrip('.')}.",
        hint="Check the files, or download the model again.",
    )
