"""The Hub's JSON read leniently: a field of a wrong type costs that field, an entry without an id that entry."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

from hubtui.core import cardfacts, checkpoint, listed
from hubtui.core.listed import count, date, text
from hubtui.core.models import Commit, FileEntry, ModelRow, Ref, Safety, SafetyIssue
from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision

ROW_FIELDS = (
    "downloads",
    "likes",
    "trendingScore",
    "gated",
    "private",
    "createdAt",
    "lastModified",
    "pipeline_tag",
    "library_name",
    "tags",
    "safetensors",
    "gguf",
)
"""What `expand` asks for, so that a row of the list needs no further request."""

CATALOGUE_FIELDS = ("siblings", "inference", "inferenceProviderMapping")
"""What a sync asks for beside, so that a row says all that a search can be narrowed by."""

_CARD = "README.md"
_KEPT_AS_SENT = ("id", "modelId", *(name for name in ROW_FIELDS if name != "gguf"), "inference")

_MOST_FILES = 100_000
_MOST_ISSUES = 300
_SHA1 = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def row(entry: object, cached: Container[str] = ()) -> ModelRow | None:
    """Return one entry of a listing, None when it names no model."""
    if not isinstance(entry, dict):
        return None
    model = entry.get("id") or entry.get("modelId")
    if not isinstance(model, str) or not is_model_id(model):
        return None
    tags = listed.tags(entry.get("tags"))
    task = listed.word(entry.get("pipeline_tag"))
    by_dtype, total = listed.parameters(entry.get("safetensors"), entry.get("gguf"))
    stated = [tag for tag in tags if ":" in tag]  # here and below: what is done for millions of models is done once
    return ModelRow(
        id=model,
        pipeline_tag=task,
        library=listed.word(entry.get("library_name")),
        license=listed.license_of(stated),
        languages=listed.languages_of(tags),
        parameters=total,
        parameters_by_dtype=by_dtype,
        downloads=count(entry.get("downloads")) or 0,
        likes=count(entry.get("likes")) or 0,
        trending=float(count(entry.get("trendingScore")) or 0),
        gated=listed.gated(entry.get("gated")),
        private=entry.get("private") is True,
        updated=date(entry.get("lastModified")),
        created=date(entry.get("createdAt")),
        formats=listed.formats_of(tags, task),
        tags=tags,
        base_models=listed.base_models_of(stated) if stated else (),
        is_cached=model in cached,
        has_card=_has_card(entry),
        is_warm=listed.is_warm(entry.get("inference")),
        providers=listed.providers(entry.get("inferenceProviderMapping")),
    )


def lean(entry: object) -> object:
    """Return an entry of a listing with no more than `row` reads of it: of the files only the card, of GGUF the total.

    What is left makes the same row; it is what a page of a sync takes on disk. None for what is no object.
    """
    if not isinstance(entry, dict):
        return None
    kept = {name: entry[name] for name in _KEPT_AS_SENT if entry.get(name) is not None}
    has_card, of_gguf = _has_card(entry), entry.get("gguf")
    if has_card is not None:
        kept["siblings"] = [{"rfilename": _CARD}] if has_card else []
    if providers := listed.providers(entry.get("inferenceProviderMapping")):
        kept["inferenceProviderMapping"] = [{"provider": name} for name in providers]
    if isinstance(of_gguf, dict):
        kept["gguf"] = {"total": of_gguf.get("total")}
    return kept


def _has_card(entry: Mapping[str, Any]) -> bool | None:
    siblings = entry.get("siblings")
    if not isinstance(siblings, list):
        return None
    return any(isinstance(file, dict) and file.get("rfilename") == _CARD for file in siblings)


def files(entry: Mapping[str, Any]) -> tuple[tuple[FileEntry, ...], tuple[SafetyIssue, ...]]:
    """Return the files of an info answer (`siblings` with `blobs=true`), and those whose names cannot be trusted."""
    siblings = entry.get("siblings")
    found: dict[str, FileEntry] = {}
    refused: list[SafetyIssue] = []
    for sibling in siblings[:_MOST_FILES] if isinstance(siblings, list) else ():
        path = sibling.get("rfilename") if isinstance(sibling, dict) else None
        if not isinstance(path, str):
            continue
        if not is_file_path(path):
            refused.append(SafetyIssue(text(path), "unsafe", "A file of this name could be written anywhere."))
            continue
        found[path] = _file(path, sibling)
    return tuple(found[path] for path in sorted(found)), tuple(refused)


def _file(path: str, sibling: Mapping[str, Any]) -> FileEntry:
    lfs = sibling.get("lfs")
    lfs = lfs if isinstance(lfs, dict) else {}
    size = count(lfs.get("size"))
    return FileEntry(
        path=path,
        size=count(sibling.get("size")) if size is None else size,
        sha256=sha256(lfs.get("sha256") or lfs.get("oid")),
        blob_id=sha1(sibling.get("blobId")),
        format=checkpoint.file_format(path),
    )


def sha256(value: object) -> str:
    """Return a sha256 of 64 hex digits, empty for anything else."""
    return _matching(_SHA256, value)


def sha1(value: object) -> str:
    """Return a sha1 of 40 hex digits, empty for anything else."""
    return _matching(_SHA1, value)


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def safety(entry: Mapping[str, Any], refused: Iterable[SafetyIssue], *, custom_code: bool, pickle_only: bool) -> Safety:
    """Return what the Hub's scanners found (`securityStatus=true`), with what hubtui saw itself."""
    status = entry.get("securityRepoStatus")
    status = status if isinstance(status, dict) else {}
    found = status.get("filesWithIssues")
    issues = [
        SafetyIssue(text(issue.get("path")), text(issue.get("level")) or "suspicious", text(issue.get("message")))
        for issue in (found[:_MOST_ISSUES] if isinstance(found, list) else ())
        if isinstance(issue, dict)
    ]
    issues += refused
    if any(issue.level == "unsafe" for issue in issues):
        verdict = "unsafe"
    elif issues:
        verdict = "suspicious"
    else:
        verdict = "safe" if status.get("scansDone") is True else "unscanned"
    return Safety(verdict, tuple(issues), custom_code, pickle_only)


def card_languages(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the languages of the card's front matter, of the tags when it has none."""
    card = entry.get("cardData")
    stated = cardfacts.languages(card) if isinstance(card, dict) else ()
    return tuple(map(text, stated)) or listed.languages_of(listed.tags(entry.get("tags")))


def commits(document: object) -> tuple[Commit, ...]:
    """Return the readable entries of a commits answer."""
    return tuple(found for entry in (document if isinstance(document, list) else ()) if (found := _commit(entry)))


def _commit(entry: object) -> Commit | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not is_commit(entry["id"]):
        return None
    authors = entry.get("authors")
    names = tuple(
        name
        for author in (authors if isinstance(authors, list) else ())
        if isinstance(author, dict) and (name := text(author.get("user")))
    )
    return Commit(entry["id"], text(entry.get("title")), names, date(entry.get("date")))


_REF_KINDS = {"branches": "branch", "tags": "tag", "pullRequests": "pull request"}


def refs(document: object) -> tuple[Ref, ...]:
    """Return branches, tags and pull requests; a pull request is named by its whole ref."""
    found: list[Ref] = []
    for key, kind in _REF_KINDS.items():
        entries = document.get(key) if isinstance(document, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            name = entry.get("ref" if kind == "pull request" else "name") if isinstance(entry, dict) else None
            commit = entry.get("targetCommit") if isinstance(entry, dict) else None
            if isinstance(name, str) and is_revision(name) and isinstance(commit, str) and is_commit(commit):
                found.append(Ref(name, kind, commit))
    return tuple(found)
