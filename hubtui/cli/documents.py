"""The JSON documents of the commands: their keys are a contract with whoever parses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hubtui.cli.safety import code_document, inquiry_documents, reason_document
from hubtui.core.cache import CachedRepo
from hubtui.core.differences import Comparison
from hubtui.core.fit import CachedLayers, Fit, best_verdict
from hubtui.core.inquiry import Inquiry
from hubtui.core.models import Commit, FileEntry, ModelFacts, ModelRow
from hubtui.core.results import RunOutcome, RunPeak
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


def facts_document(
    facts: ModelFacts, card: Mapping[str, Any] | None, fit: Fit, judgement: Judgement, inquiry: Inquiry
) -> dict[str, Any]:
    """Return `show --json`; with the catalogue alone, `listed` says as of when, and what needs files is null."""
    document = _facts_document(facts, card, fit, judgement, inquiry)
    if facts.listed is not None:
        document |= {"files": None, "verdict": None, "card": None, "listed": _date(facts.listed)}
        document["safety"]["code"] = None
    return document


def _facts_document(
    facts: ModelFacts, card: Mapping[str, Any] | None, fit: Fit, judgement: Judgement, inquiry: Inquiry
) -> dict[str, Any]:
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
        "files": [_file_document(entry) for entry in facts.files],
        "formats": list(facts.formats),
        "safety": {
            "status": facts.safety.status,
            "issues": [asdict(issue) for issue in facts.safety.issues],
            "custom_code": facts.safety.custom_code,
            "pickle_only": facts.safety.pickle_only,
            "code": code_document(inquiry.code, inquiry.review),
            "safe_revisions": list(inquiry.safe_revisions),
            "unknown": list(inquiry.unknown),
        },
        "verdict": {"level": judgement.level, "reasons": [reason_document(reason) for reason in judgement.reasons]},
        "card": dict(card or {}),
        "fit": fit_document(fit)["devices"],
        **inquiry_documents(facts, inquiry),
    }


def _file_document(entry: FileEntry) -> dict[str, Any]:
    """Return a file of `show --json`; what is not known has no key."""
    document: dict[str, Any] = {"path": entry.path, "size": entry.size, "format": entry.format}
    document |= {key: value for key, value in (("sha256", entry.sha256), ("blob_id", entry.blob_id)) if value}
    if entry.last_commit is not None:
        document["last_commit"] = commit_document(entry.last_commit)
    if entry.scan is not None:
        document["scan"] = {"status": entry.scan.status, "message": entry.scan.message}
        if entry.scan.imports:
            document["scan"]["imports"] = [asdict(found) for found in entry.scan.imports]
        if not all(word.is_quiet for word in entry.scan.words):
            document["scan"]["scanners"] = [asdict(word) for word in entry.scan.words]
    return document


def commit_document(commit: Commit) -> dict[str, Any]:
    """Return a commit; its authors where they are known."""
    document: dict[str, Any] = {"id": commit.id, "title": commit.title, "date": _date(commit.date)}
    return {**document, "authors": list(commit.authors)} if commit.authors else document


def comparison_document(found: Comparison) -> dict[str, Any]:
    """Return `diff --json`."""
    return {
        "model": found.model,
        "before": {"revision": found.before.revision, "commit": found.before.commit or None},
        "after": {"revision": found.after.revision, "commit": found.after.commit or None},
        "relation": found.relation,
        "commits": [commit_document(commit) for commit in found.commits],
        "files": [
            {
                "path": change.path,
                "kind": change.kind,
                "before": _file_document(change.before) if change.before else None,
                "after": _file_document(change.after) if change.after else None,
            }
            for change in found.files
        ],
        "values": [{**asdict(change), "sentence": change.sentence} for change in found.values],
        "notes": list(found.notes),
    }


def cached_document(repo: CachedRepo) -> dict[str, Any]:
    """Return one model of `cache list --json`."""
    return {
        "model": repo.model,
        "size_bytes": repo.size_bytes,
        "partial_bytes": sum(repo.partials.values()),
        "last_used": _date(repo.last_used),
        "revisions": [
            {
                "commit": revision.commit,
                "refs": list(revision.refs),
                "size_bytes": revision.size_bytes,
                "fetched": _date(revision.fetched),
                "files": [asdict(file) for file in revision.files],
            }
            for revision in repo.revisions
        ],
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
    if not document["overflow"]:
        del document["overflow"]
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
        "memory": {"peak_bytes": outcome.peak_bytes, "longest_tokens": outcome.longest_tokens},
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
                "needed_bytes": entry.needed_bytes,
                "largest_context": entry.largest_context,
                "largest_batch": entry.largest_batch,
            }
            for entry in fit.devices
        ],
        "assumptions": list(fit.assumptions),
        "activations_bytes": fit.activations_bytes,
        "loaded_dtype": fit.loaded_dtype or None,
        "max_length": fit.inputs.longest,
        "kv_cache": [_layers_document(fit, group) for group in fit.cache.layers] if fit.cache.is_known else None,
        "measured": None if fit.measured is None else _measured_document(fit.measured),
        "advice": [asdict(entry) for entry in fit.advice],
        "sources": {part: list(names) for part, names in fit.sources.items()},
    }


def _layers_document(fit: Fit, group: CachedLayers) -> dict[str, Any]:
    """Return what one kind of layer keeps; `bytes` is None without a context."""
    return {
        "kind": group.kind,
        "layers": group.layers,
        "values_per_token": group.values,
        "most_tokens": group.most_tokens if group.fixed_tokens is None else group.fixed_tokens,
        "state_values": group.state.values,
        "state_bytes": group.state.float_bytes,
        "bytes": fit.cache_bytes_of(group) if fit.context is not None else None,
    }


def _measured_document(peak: RunPeak) -> dict[str, Any]:
    return {
        "peak_bytes": peak.peak_bytes,
        "estimated_bytes": peak.estimated_bytes,
        "when": _date(peak.when),
        "device_kind": peak.device_kind,
        "dtype": peak.dtype,
        "task": peak.task,
        "tokens": peak.tokens,
    }


def _date(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat().replace("+00:00", "Z")
