"""The JSON documents of the commands: their keys are a contract with whoever parses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hubtui.core.fit import Fit, best_verdict
from hubtui.core.models import ModelFacts, ModelRow
from hubtui.core.results import RunOutcome
from hubtui.core.tokens import Tokenized, TokenSequence
from hubtui.core.verdict import Judgement


def row_document(row: ModelRow, fit: Fit) -> dict[str, Any]:
    """Return one entry of `search --json`."""
    return {
        "id": row.id,
        "task": row.pipeline_tag or None,
        "library": row.library or None,
        "license": row.license or None,
        "languages": list(row.languages),
        "parameters": row.parameters,
        "downloads": row.downloads,
        "likes": row.likes,
        "gated": row.gated.value,
        "updated": _date(row.updated),
        "formats": list(row.formats),
        "fit": best_verdict(fit),
    }


def facts_document(facts: ModelFacts, card: Mapping[str, Any], fit: Fit, judgement: Judgement) -> dict[str, Any]:
    """Return `show --json`."""
    return {
        "id": facts.id,
        "revision": facts.revision,
        "commit": facts.commit or None,
        "task": facts.pipeline_tag or None,
        "library": facts.library or None,
        "license": facts.license or None,
        "gated": facts.gated.value,
        "private": facts.private,
        "parameters": {"total": facts.parameters, "by_dtype": dict(facts.parameters_by_dtype)},
        "architectures": list(facts.architectures),
        "model_type": facts.model_type or None,
        "max_length": facts.max_length,
        "files": [{"path": entry.path, "size": entry.size, "format": entry.format} for entry in facts.files],
        "formats": list(facts.formats),
        "safety": {
            "status": facts.safety.status,
            "issues": [asdict(issue) for issue in facts.safety.issues],
            "custom_code": facts.safety.custom_code,
            "pickle_only": facts.safety.pickle_only,
        },
        "verdict": {"level": judgement.level, "reasons": [asdict(reason) for reason in judgement.reasons]},
        "card": dict(card),
        "fit": fit_document(fit)["devices"],
    }


def tokens_document(tokenized: Tokenized) -> dict[str, Any]:
    """Return `tokenize --json`."""
    info = tokenized.info
    return {
        "model": info.model,
        "algorithm": info.algorithm,
        "vocab_size": info.vocab_size,
        "fast": info.fast,
        "model_max_length": info.model_max_length,
        "padding_side": info.padding_side,
        "truncation_side": info.truncation_side,
        "special_tokens": {
            role: None if token is None else asdict(token) for role, token in info.special_tokens.items()
        },
        "sequences": [_sequence_document(sequence) for sequence in tokenized.sequences],
        "warnings": list(tokenized.warnings),
    }


def _sequence_document(sequence: TokenSequence) -> dict[str, Any]:
    document = asdict(sequence)
    if document["pair"] is None:
        del document["pair"]
    return document


def run_document(outcome: RunOutcome) -> dict[str, Any]:
    """Return `run --json`."""
    return {
        "model": outcome.model,
        "revision": outcome.revision,
        "task": outcome.task,
        "head": outcome.head,
        "device": outcome.device,
        "dtype": outcome.dtype,
        "parameters": dict(outcome.parameters),
        "outputs": outcome.outputs,
        "timings": asdict(outcome.timings),
        "memory": {"peak_bytes": outcome.peak_bytes},
        "tokens_per_second": outcome.tokens_per_second,
        "warnings": list(outcome.warnings),
        "versions": dict(outcome.versions),
    }


def fit_document(fit: Fit) -> dict[str, Any]:
    """Return `fit --json`."""
    return {
        "model": fit.model,
        "weights_bytes": fit.weights_bytes,
        "kv_cache_bytes": fit.kv_cache_bytes,
        "overhead_bytes": fit.overhead_bytes,
        "total_bytes": fit.total_bytes,
        "context": fit.context,
        "batch": fit.batch,
        "dtype": fit.dtype,
        "devices": [
            {
                "name": entry.device.name,
                "kind": entry.device.kind,
                "total_bytes": entry.device.total_bytes,
                "free_bytes": entry.device.free_bytes,
                "verdict": entry.verdict,
            }
            for entry in fit.devices
        ],
        "assumptions": list(fit.assumptions),
    }


def _date(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat().replace("+00:00", "Z")
