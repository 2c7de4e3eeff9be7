"""The Hub's JSON read leniently: a field of a wrong type costs that field, an entry without an id that entry."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from hubtui.core import cardfacts, checkpoint, vocabulary
from hubtui.core.models import Commit, FileEntry, Gated, ModelRow, Ref, Safety, SafetyIssue
from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision
from hubtui.core.untrusted import clean

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

_MOST_TAGS = 1000
_STRINGS = frozenset((str,))
_MOST_FILES = 100_000
_LONGEST = 300
_LARGEST = 1 << 62
_FORMAT_BY_TAG = {tag: name for name, tag in vocabulary.FORMATS.items()}
_BASE_MODEL = re.compile(r"base_model:([^:]+)")
_SHA1 = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def row(entry: object, cached: Container[str] = ()) -> ModelRow | None:
    """Return one entry of a listing, None when it names no model."""
    if not isinstance(entry, dict):
        return None
    model = entry.get("id") or entry.get("modelId")
    if not isinstance(model, str) or not is_model_id(model):
        return None
    tags = tags_of(entry)
    task = _word(entry.get("pipeline_tag"))
    by_dtype, total = parameters(entry)
    stated = [tag for tag in tags if ":" in tag]  # here and below: what is done for millions of models is done once
    return ModelRow(
        id=model,
        pipeline_tag=task,
        library=_word(entry.get("library_name")),
        license=license_of(stated),
        languages=languages_of(tags),
        parameters=total,
        parameters_by_dtype=by_dtype,
        downloads=count(entry.get("downloads")) or 0,
        likes=count(entry.get("likes")) or 0,
        trending=float(count(entry.get("trendingScore")) or 0),
        gated=gated(entry.get("gated")),
        private=entry.get("private") is True,
        updated=date(entry.get("lastModified")),
        created=date(entry.get("createdAt")),
        formats=formats_of(tags, task),
        tags=tags,
        base_models=base_models_of(stated) if stated else (),
        is_cached=model in cached,
        has_card=_has_card(entry),
        is_warm=None if entry.get("inference") is None else entry["inference"] == "warm",
        providers=_providers(entry.get("inferenceProviderMapping")),
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
    if providers := _providers(entry.get("inferenceProviderMapping")):
        kept["inferenceProviderMapping"] = [{"provider": name} for name in providers]
    if isinstance(of_gguf, dict):
        kept["gguf"] = {"total": of_gguf.get("total")}
    return kept


def _has_card(entry: Mapping[str, Any]) -> bool | None:
    siblings = entry.get("siblings")
    if not isinstance(siblings, list):
        return None
    return any(isinstance(file, dict) and file.get("rfilename") == _CARD for file in siblings)


def _providers(mapping: object) -> tuple[str, ...]:
    """Return the providers that serve a model now; the Hub sends a list, older answers an object by name."""
    if not mapping:
        return ()
    if isinstance(mapping, dict):
        mapping = [{"provider": name, **entry} for name, entry in mapping.items() if isinstance(entry, dict)]
    found = [
        text(entry.get("provider"))
        for entry in (mapping if isinstance(mapping, list) else ())
        if isinstance(entry, dict) and entry.get("status", "live") == "live"
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def text(value: object) -> str:
    """Return a string cleaned and cut, empty for anything else."""
    return clean(value[:_LONGEST]) if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """Return a number that is not negative, None for anything else."""
    if type(value) is int and 0 <= value < _LARGEST:  # nearly always, and quicker
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LARGEST:
        return None
    return int(value)


def date(value: object) -> datetime | None:
    """Return a time, which JSON has as ISO 8601 text, as UTC; None for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def gated(value: object) -> Gated:
    """Return the kind of the form; a value that is not known counts as one that a person decides about."""
    if value is False or value is None:
        return Gated.NO
    return Gated.AUTO if value == "auto" else Gated.MANUAL


def tags_of(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags, cleaned, each once."""
    tags = entry.get("tags")
    if not isinstance(tags, list):
        return ()
    words = tags[:_MOST_TAGS] if _STRINGS.issuperset(map(type, tags)) else [tag for tag in tags if isinstance(tag, str)]
    cleaned = dict.fromkeys(map(_cleaned, words[:_MOST_TAGS]))
    cleaned.pop("", None)
    return tuple(cleaned)


def _word(value: object) -> str:
    """As `text`, for words that a listing repeats thousands of times."""
    return _cleaned(value) if isinstance(value, str) else ""


_cleaned = lru_cache(maxsize=1 << 15)(text)


def license_of(tags: Iterable[str]) -> str:
    """Return the licence id that the tags state."""
    return next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "")


def languages_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags which are codes of the frequent languages; a listing does not say which tags are languages."""
    known = vocabulary.languages()
    return tuple([tag for tag in tags if tag in known])  # a list first: twice as fast


def base_models_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the models that this one was made from."""
    stated = (tag for tag in tags if tag.startswith("base_model:"))
    return tuple(match[1] for tag in stated if (match := _BASE_MODEL.fullmatch(tag)))


def formats_of(tags: Iterable[str], task: str) -> tuple[str, ...]:
    """Return the weight formats that the tags state.

    The Hub derives framework tags from the files and puts them before the task; those behind it are the author's words.
    """
    found: set[str] = set()
    for tag in tags:
        if task and tag == task:
            break
        if tag in _FORMAT_BY_TAG:
            found.add(_FORMAT_BY_TAG[tag])
    return tuple(name for name in checkpoint.WEIGHT_FORMATS if name in found)


def parameters(entry: Mapping[str, Any]) -> tuple[dict[str, int], int | None]:
    """Return the number of weights by dtype and in all; None when neither safetensors nor GGUF says."""
    stated = entry.get("safetensors")
    stated = stated if isinstance(stated, dict) else {}
    listed = stated.get("parameters")
    by_dtype = {
        name: number
        for dtype, value in (listed.items() if isinstance(listed, dict) else ())
        if (name := _word(dtype)) and (number := count(value)) is not None
    }
    of_gguf = entry.get("gguf")
    total = count(stated.get("total")) or sum(by_dtype.values()) or None
    if total is None and isinstance(of_gguf, dict):
        total = count(of_gguf.get("total")) or None
    return by_dtype, total


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
        sha256=_matching(_SHA256, lfs.get("sha256") or lfs.get("oid")),
        blob_id=_matching(_SHA1, sibling.get("blobId")),
        format=checkpoint.file_format(path),
    )


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def safety(entry: Mapping[str, Any], refused: Iterable[SafetyIssue], *, custom_code: bool, pickle_only: bool) -> Safety:
    """Return what the Hub's scanners found (`securityStatus=true`), with what hubtui saw itself."""
    status = entry.get("securityRepoStatus")
    status = status if isinstance(status, dict) else {}
    listed = status.get("filesWithIssues")
    issues = [
        SafetyIssue(text(issue.get("path")), text(issue.get("level")) or "suspicious", text(issue.get("message")))
        for issue in (listed[:_LONGEST] if isinstance(listed, list) else ())
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
    return tuple(map(text, stated)) or languages_of(tags_of(entry))


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
        listed = document.get(key) if isinstance(document, dict) else None
        for entry in listed if isinstance(listed, list) else ():
            name = entry.get("ref" if kind == "pull request" else "name") if isinstance(entry, dict) else None
            commit = entry.get("targetCommit") if isinstance(entry, dict) else None
            if isinstance(name, str) and is_revision(name) and isinstance(commit, str) and is_commit(commit):
                found.append(Ref(name, kind, commit))
    return tuple(found)
