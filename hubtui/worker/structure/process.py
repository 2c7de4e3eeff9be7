"""The structure process: builds models without weights, and ends when its parent closes the pipe."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Mapping
from typing import Any

from hubtui.core.errors import CheckpointError, HubtuiError, RunError
from hubtui.core.structure import Structure
from hubtui.core.untrusted import clean
from hubtui.engine.messages import (
    BuildStructure,
    HeadsListed,
    ListHeads,
    Ready,
    StructureAnswer,
    StructureBuilt,
    StructureRequest,
)
from hubtui.worker.inference import explained_imports
from hubtui.worker.lifeline import limit_memory
from hubtui.worker.model import failure
from hubtui.worker.refusals import explained
from hubtui.worker.runner import versions
from hubtui.worker.serve import Channel

_MEMORY_BYTES = 4 << 30


def serve(read_fd: int, write_fd: int) -> None:
    """Serve requests until the pipe ends; where the libraries are missing, every request fails with the reason."""
    # no model runs here: one thread, and no device, whose address space would count against the limit
    os.environ.update(CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    channel: Channel[StructureRequest] = Channel(read_fd, write_fd, StructureRequest)
    channel.start_reader()
    broken: RunError | None = None
    try:
        with explained_imports():
            import torch  # noqa: F401 - before transformers, so that a missing torch is told by its name
            import transformers
            from transformers import AutoModel, PreTrainedModel  # noqa: F401 - imported before Ready: no deadline

            transformers.utils.logging.set_verbosity_error()
        limit_memory(_MEMORY_BYTES, beyond_now=True)
    except RunError as error:
        broken = error
    channel.send(Ready(os.getpid(), {} if broken else versions()))
    while True:
        for request in channel.receive():
            channel.send(failure(request.id, broken) if broken else _answer(request))


def _answer(request: StructureRequest) -> StructureAnswer:
    try:
        raw = _read(request)
        if isinstance(request, BuildStructure):
            return StructureBuilt(request.id, structure(request.model, raw, request.head))
        from hubtui.worker.structure.heads import heads

        return HeadsListed(request.id, heads(raw, request.model))
    except HubtuiError as error:
        return failure(request.id, error)
    except MemoryError:
        return failure(request.id, _too_large(request.model))
    except RecursionError:
        return failure(request.id, CheckpointError(f"config.json of {request.model} is nested absurdly deep."))
    except Exception as error:  # noqa: BLE001 - whatever a stranger's config makes a library do ends as a message
        traceback.print_exc()
        return failure(request.id, explained(error, request.model, "config.json"))


def _too_large(name: str) -> CheckpointError:
    return CheckpointError(
        f"The model of {name}'s config.json is too large to be built, even without weights.",
        hint="Look for absurd numbers in it.",
    )


def _read(request: BuildStructure | ListHeads) -> dict[str, Any]:
    raw = json.loads(request.config)
    if not isinstance(raw, dict):
        raise CheckpointError(f"config.json of {request.model} is not a JSON object.")
    return raw


def structure(name: str, raw: Mapping[str, Any], head: str = "") -> Structure:
    """Build a model of a config and describe it.

    Raises:
        CheckpointError: it cannot be built; the message says why.
        UsageError: there is no such head for its type.
    """
    from hubtui.worker.structure import build, dimensions, tree

    config = build.load_config(raw, name)
    known = build.classes(config)
    chosen = build.chosen_class(known, raw, head, name)
    kind, autos = known[chosen]
    model = build.on_meta(kind, config, name)
    parts = dimensions.dimensions(config, model)
    whole = tree.module_tree(model)
    stated = raw.get("dtype", raw.get("torch_dtype"))
    return Structure(
        model=name,
        model_type=clean(str(raw.get("model_type", "")))[:80],
        head=chosen,
        auto_classes=autos,
        dtype=clean(stated)[:20] if isinstance(stated, str) else "",
        parameters=whole.parameters,
        active_parameters=dimensions.active_parameters(model, parts, whole.parameters),
        is_tied=dimensions.is_tied(model),
        dimensions=parts,
        tree=whole,
        layers=tree.stacked_layers(model),
    )
