"""Bringing a checkpoint into memory without running anything of it, and saying clearly why when it cannot be done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubtui.core.architectures import task_and_auto_class
from hubtui.core.checkpoint import file_format
from hubtui.core.errors import CheckpointError, TaskError
from hubtui.core.results import RunRequest
from hubtui.core.task_choice import served_by
from hubtui.core.tasks import RUNNABLE, is_entailment, label, runnable_with
from hubtui.worker import devices, honesty
from hubtui.worker.pooling import read_recipe
from hubtui.worker.refusals import check_code, check_weights, explained, read_config
from hubtui.worker.tasks.base import Checkpoint
from hubtui.worker.tokenizers.facts import unread_pieces

_SHOWN_WEIGHTS = 3
_HARMLESS = re.compile(r"(^|\.)pooler\.|position_ids$")
"""Weights that a body may miss: its hidden states do not pass through them."""


def load(request: RunRequest) -> Checkpoint:
    """Load what a run needs from its folder.

    Raises:
        CheckpointError: the files are unsafe, missing or broken, or need something that is not installed.
        TaskError: the checkpoint has no head for the task.
        RunError: the device is not there, or has too little memory.
        UsageError: an unknown device or dtype.
    """
    name, folder = request.model, Path(request.folder)
    devices.torch_dtype(request.dtype)
    raw = read_config(folder, name)
    config = _config(folder, name, raw)
    auto = _auto_class(request.task, config)
    check_head(request.task, name, config, raw)
    device = devices.resolve(request.device)
    devices.check_room(device, check_weights(folder, name), name)
    is_image = request.task == "image-classification"
    tokenizer = None if is_image else _tokenizer(folder, name)
    processor = _image_processor(folder, name) if is_image else None
    model = _model(request, auto, config, device)
    notes: list[str] = []
    max_tokens = positions = None
    if tokenizer is not None:
        notes += honesty.notes_on_vocabulary(name, tokenizer, honesty.embedding_rows(model))
        positions = honesty.positions(model, config.to_dict())
        max_tokens = _limit(tokenizer, positions)
    return Checkpoint(
        name=name,
        folder=folder,
        model=model,
        tokenizer=tokenizer,
        image_processor=processor,
        device=device,
        dtype=str(model.dtype).removeprefix("torch."),
        positions=positions,
        max_tokens=max_tokens,
        sentence=read_recipe(folder, name) if "AutoModel" in RUNNABLE[request.task].auto_classes else None,
        notes=tuple(notes),
    )


def check_head(task: str, name: str, config: Any, raw: Mapping[str, Any]) -> None:  # noqa: ANN401 - any config
    """Refuse a task which the stored architecture has no head for, before any weights are read.

    Raises:
        TaskError: it lists the tasks that the checkpoint can do.
    """
    stored = [entry for entry in raw.get("architectures") or [] if isinstance(entry, str)]
    if not stored:
        return
    stored_task, auto_class = task_and_auto_class(stored[0], raw)
    labels = [str(entry) for entry in (getattr(config, "id2label", None) or {}).values()]
    is_of_pictures = stored_task == "image-feature-extraction"
    possible = () if is_of_pictures else runnable_with(auto_class, labels) or served_by(stored, raw)
    mapped = _class_of(_auto_class(task, config), config)
    is_mapped = mapped is not None and mapped.__name__ in stored
    is_body = "AutoModel" in RUNNABLE[task].auto_classes
    hint = f"It can do: {', '.join(possible)}." if possible else f"hubtui runs nothing of a {stored[0]}."
    if task == "zero-shot-classification" and (is_mapped or task in possible):
        if not any(is_entailment(entry) for entry in labels):
            raise TaskError(
                f"{name} is no model of natural language inference: none of its labels says entailment "
                f"({', '.join(labels[:4])}).",
                hint=hint,
            )
        return
    if mapped is None or not (is_mapped or is_body or task in possible):
        raise TaskError(f"{name} has no head for {label(task).lower()}: it is a {stored[0]}.", hint=hint)


def _config(folder: Path, name: str, raw: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any config
    """Load the config; what it says about kernels and attention code is not followed."""
    from transformers import CONFIG_MAPPING, AutoConfig

    check_code(raw, name, is_known=raw.get("model_type") in CONFIG_MAPPING)
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise explained(error, name, "config.json") from error
    # a stranger's config may name a repo with attention or expert kernels, which would be fetched and run; unset,
    # transformers takes sdpa where the model has it and plain attention elsewhere
    config._attn_implementation = None  # noqa: SLF001 - the only way, see above
    config._experts_implementation = None  # noqa: SLF001 - likewise
    if hasattr(config, "fusion_config"):
        config.fusion_config = None
    return config


def _auto_class(task: str, config: Any) -> Any:  # noqa: ANN401 - an Auto class
    import transformers

    auto = getattr(transformers, RUNNABLE[task].auto_classes[0])
    encoder = _class_of(transformers.AutoModelForTextEncoding, config)
    if auto is transformers.AutoModel and encoder is not None and encoder is not _class_of(auto, config):
        # of T5 and its relatives, as sentence-transformers loads them; a T5EncoderModel says it is no encoder-decoder
        return transformers.AutoModelForTextEncoding
    return auto


def _class_of(auto: Any, config: Any) -> Any:  # noqa: ANN401 - a model class
    """The class that an Auto class takes for a config, None when it has none."""
    found = auto._model_mapping.get(type(config), None)  # noqa: SLF001 - the table behind from_pretrained
    return found[0] if isinstance(found, (tuple, list)) else found


def _tokenizer(folder: Path, name: str) -> Any:  # noqa: ANN401 - any tokenizer
    from transformers import AutoTokenizer

    missing = CheckpointError(
        f"{name} has no tokenizer, so it cannot read a text.",
        hint="Fine-tuned checkpoints often come with the tokenizer of the model they started from.",
    )
    if not any(file_format(file.name) == "tokenizer" for file in folder.iterdir()):
        raise missing
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        unread = unread_pieces(folder)
        if unread is not None:
            raise CheckpointError(f"The tokenizer of {name} cannot be loaded: {unread[0]}", hint=unread[1]) from error
        raise explained(error, name, "the tokenizer") from error
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        # transformers makes an empty one up where the vocabulary is missing
        raise missing
    return tokenizer


def _image_processor(folder: Path, name: str) -> Any:  # noqa: ANN401 - any image processor
    from transformers import AutoImageProcessor

    try:
        return AutoImageProcessor.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        if not any((folder / file).is_file() for file in ("preprocessor_config.json", "processor_config.json")):
            raise CheckpointError(
                f"{name} has no preprocessor_config.json, so nothing says how a picture is prepared for it.",
                hint="Take the one of the model it was made from.",
            ) from error
        raise explained(error, name, "preprocessor_config.json") from error


def _model(request: RunRequest, auto: Any, config: Any, device: str) -> Any:  # noqa: ANN401 - any model
    """Load the weights and check that all of them were there."""
    name = request.model
    try:
        model, info = auto.from_pretrained(
            request.folder,
            config=config,
            dtype=devices.torch_dtype(request.dtype),
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # _check_complete names them; the library's error refers to its log
        )
    except Exception as error:
        raise explained(error, name, "the weights") from error
    _check_complete(model, info, name, is_body=auto.__name__ in {"AutoModel", "AutoModelForTextEncoding"})
    try:
        return model.to(device)
    except RuntimeError as error:
        raise explained(error, name, "the weights") from error


def _check_complete(model: Any, info: Mapping[str, Any], name: str, *, is_body: bool) -> None:  # noqa: ANN401
    """Refuse a model of which a part was made up: transformers fills missing weights with random numbers."""
    mismatched = sorted(info["mismatched_keys"])
    if mismatched:
        key, stored, built = mismatched[0]
        raise CheckpointError(
            f"{len(mismatched)} weights of {name} have other shapes than its config.json says "
            f"({key}: {list(stored)} instead of {list(built)}).",
            hint="Its files do not belong together: download the model again, or try another revision.",
        )
    missing = sorted(key for key in info["missing_keys"] if not (is_body and _HARMLESS.search(key)))
    if not missing:
        return
    shown = ", ".join(missing[:_SHOWN_WEIGHTS]) + (", …" if len(missing) > _SHOWN_WEIGHTS else "")
    raise TaskError(
        f"{len(missing)} weights of {type(model).__name__} are not in {name} ({shown}): they would be random numbers, "
        "and so would the answer.",
        hint="Choose another task, or a checkpoint that was trained for this one.",
    )


def _limit(tokenizer: Any, positions: int | None) -> int | None:  # noqa: ANN401 - any tokenizer
    """Let the tokenizer cut where the model ends, and return that limit."""
    own = tokenizer.model_max_length
    stated = own if isinstance(own, int) and 0 < own < 1 << 31 else None
    limits = [limit for limit in (stated, positions) if limit is not None]
    if limits:
        tokenizer.model_max_length = min(limits)
    return min(limits, default=None)
