"""Repos as the JSON objects of the Hub's API, field by field (field list and shapes: recordings of 2026)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hubtui.core import cardfacts
from hubtui.demo import security
from hubtui.demo.card import card_data
from hubtui.demo.gitlike import Blob, iso
from hubtui.demo.repository import Repository, View, object_id, transformers_info
from hubtui.demo.store import Store

_TOKENIZER_KEYS = (
    "bos_token", "chat_template", "cls_token", "eos_token", "mask_token", "pad_token", "sep_token", "unk_token",
)  # fmt: skip

LIST_FIELDS = (
    "likes", "trendingScore", "private", "downloads", "tags", "pipeline_tag", "library_name", "createdAt", "modelId",
)  # fmt: skip
FULL_FIELDS = ("author", "gated", "lastModified", "sha", "siblings", "disabled")
INFO_FIELDS = (
    "private", "pipeline_tag", "library_name", "tags", "downloads", "likes", "modelId", "author", "sha",
    "lastModified", "gated", "disabled", "mask_token", "widgetData", "model-index", "config", "cardData",
    "transformersInfo", "siblings", "spaces", "createdAt", "safetensors", "gguf", "inference", "usedStorage",
)  # fmt: skip


def list_entry(repo: Repository, store: Store, fields: Iterable[str]) -> dict[str, Any]:
    """Return one entry of a listing with the fields named."""
    return describe(repo, repo.view(), store, fields)


def describe(repo: Repository, view: View, store: Store, fields: Iterable[str]) -> dict[str, Any]:
    """Return `_id`, `id` and the fields named; those without a value are left out, as the Hub does."""
    described: dict[str, Any] = {"_id": object_id(repo.id), "id": repo.id}
    for name in fields:
        value = _FIELDS[name](repo, view, store)
        if value is not None or name == "model-index":
            described[name] = value
    return described


def siblings_with_blobs(view: View) -> list[dict[str, Any]]:
    """Return `siblings` as `blobs=true` asks: with sizes and hashes."""
    return [{"rfilename": path, **_blob(blob)} for path, blob in view.commit.tree.files.items()]


def _blob(blob: Blob) -> dict[str, Any]:
    entry: dict[str, Any] = {"size": blob.size, "blobId": blob.oid}
    if blob.is_lfs:
        entry["lfs"] = {"sha256": blob.sha256, "size": blob.size, "pointerSize": len(blob.pointer)}
    return entry


def _config(view: View) -> dict[str, Any] | None:
    """The part of config.json that the Hub shows, not the whole file."""
    checkpoint = view.checkpoint
    shown: dict[str, Any] = {}
    if checkpoint.architectures:
        shown["architectures"] = list(checkpoint.architectures)
    for key in ("auto_map", "model_type", "quantization_config"):
        if key in checkpoint.config:
            shown[key] = checkpoint.config[key]
    if checkpoint.adapter_config:
        keys = ("base_model_name_or_path", "peft_type", "task_type")
        shown["peft"] = {key: checkpoint.adapter_config[key] for key in keys if key in checkpoint.adapter_config}
    if checkpoint.model_index:
        shown["diffusers"] = {"_class_name": checkpoint.model_index.get("_class_name")}
    if not shown:
        return None
    tokenizer = checkpoint.tokenizer_config
    shown["tokenizer_config"] = {key: tokenizer[key] for key in _TOKENIZER_KEYS if tokenizer.get(key) is not None}
    return shown


def _safetensors(view: View) -> dict[str, Any] | None:
    checkpoint = view.checkpoint
    of_gguf = checkpoint.gguf is not None and checkpoint.parameters == checkpoint.gguf.parameters
    if not checkpoint.parameters or of_gguf:
        return None
    return {"parameters": dict(checkpoint.parameters), "total": checkpoint.total_parameters}


def _gguf(view: View) -> dict[str, Any] | None:
    header = view.checkpoint.gguf
    if header is None:
        return None
    shown = {
        "total": sum(header.parameters.values()),
        "architecture": header.architecture,
        "context_length": header.context_length,
        "chat_template": header.chat_template or None,
        "bos_token": header.bos_token or None,
        "eos_token": header.eos_token or None,
    }
    return {key: value for key, value in shown.items() if value is not None}


def _widget_data(view: View) -> list[Any] | None:
    widget = view.card.data.get("widget")
    examples = [entry for entry in widget if isinstance(entry, dict)] if isinstance(widget, list) else []
    return examples or None


def _base_models(view: View, store: Store) -> dict[str, Any] | None:
    models = cardfacts.base_models(view.card.data, view.checkpoint)
    known = [{"_id": object_id(name), "id": name} for name in models if name in store.repositories]
    if not known:
        return None
    return {"relation": cardfacts.base_relation(view.card.data, view.checkpoint), "models": known}


def provider_mapping(repo: Repository, view: View) -> list[dict[str, Any]]:
    """Return who serves the repo: one provider for the warm ones."""
    if repo.inference != "warm" or not view.task:
        return []
    return [
        {"provider": "hf-inference", "providerId": repo.id, "status": "live", "task": view.task, "isModelAuthor": False}
    ]


def _model_index(view: View) -> Any:  # noqa: ANN401 - as the card has it
    return card_data(view.card.data).get("model-index")


_FIELDS: Mapping[str, Callable[[Repository, View, Store], Any]] = {
    "author": lambda repo, _view, _store: repo.namespace,
    "baseModels": lambda _repo, view, store: _base_models(view, store),
    "cardData": lambda _repo, view, _store: card_data(view.card.data) or None,
    "childrenModelCount": lambda repo, _view, store: store.children.get(repo.id),
    "config": lambda _repo, view, _store: _config(view),
    "createdAt": lambda repo, _view, _store: iso(repo.created),
    "disabled": lambda repo, _view, _store: repo.disabled,
    "downloads": lambda repo, _view, _store: repo.numbers.downloads,
    "downloadsAllTime": lambda repo, _view, _store: repo.numbers.downloads_all_time,
    "evalResults": lambda *_: None,
    "gated": lambda repo, _view, _store: repo.gated,
    "gguf": lambda _repo, view, _store: _gguf(view),
    "inference": lambda repo, _view, _store: repo.inference,
    "inferenceProviderMapping": lambda repo, view, _store: provider_mapping(repo, view),
    "lastModified": lambda repo, _view, _store: iso(repo.head.date),
    "library_name": lambda _repo, view, _store: view.library or None,
    "likes": lambda repo, _view, _store: repo.numbers.likes,
    "mask_token": lambda _repo, view, _store: view.checkpoint.mask_token or None,
    "model-index": lambda _repo, view, _store: _model_index(view),
    "modelId": lambda repo, _view, _store: repo.id,
    "pipeline_tag": lambda _repo, view, _store: view.task or None,
    "private": lambda repo, _view, _store: repo.private,
    "resourceGroup": lambda *_: None,
    "safetensors": lambda _repo, view, _store: _safetensors(view),
    "securityRepoStatus": lambda repo, view, _store: security.repo_status(repo, view.commit.tree),
    "sha": lambda _repo, view, _store: view.commit.id,
    "siblings": lambda _repo, view, _store: [{"rfilename": path} for path in view.commit.tree.files],
    "spaces": lambda *_: [],
    "tags": lambda _repo, view, _store: list(view.tags),
    "transformersInfo": lambda _repo, view, _store: transformers_info(view),
    "trendingScore": lambda repo, _view, _store: repo.numbers.trending,
    "usedStorage": lambda repo, _view, _store: repo.used_storage(),
    "widgetData": lambda _repo, view, _store: _widget_data(view),
    "xetEnabled": lambda *_: False,
}

EXPANDABLE = tuple(name for name in _FIELDS if name not in {"modelId", "securityRepoStatus"})
"""The names that `expand` takes."""
