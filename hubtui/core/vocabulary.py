"""What the Hub calls things: libraries, apps, sorts, languages, licences; and the nearest one to a wrong word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from hubtui.core import vocabulary_tables as tables

LicenseClass = Literal["permissive", "copyleft", "research", "custom", "unknown"]

SORTS: Mapping[str, str] = {
    "trending": "trendingScore",
    "downloads": "downloads",
    "likes": "likes",
    "updated": "lastModified",
    "created": "createdAt",
    "largest": "num_parameters",
    "smallest": "num_parameters",
}
"""Word of the query language → the Hub's `sort` value; the first one is the default."""

RISING_SORTS = frozenset({"smallest"})
"""The sorts whose lowest value comes first; the Hub's other orders all fall."""

FORMATS: Mapping[str, str] = {
    "safetensors": "safetensors",
    "pickle": "pytorch",
    "gguf": "gguf",
    "onnx": "onnx",
    "tensorflow": "tf",
    "jax": "jax",
}
"""Weight format → the tag that the Hub gives to a repo which holds such files."""


@cache
def libraries() -> Mapping[str, str]:
    """Return library id → label, by id."""
    return _read(tables.LIBRARIES)


@cache
def apps() -> Mapping[str, str]:
    """Return local app id → label."""
    return _read(tables.APPS)


def nearest_to_app(app: str) -> str:
    """Return the search that comes nearest to what a local app can run, for where only the Hub could say it exactly.

    Read off the rules by which @huggingface/tasks shows an app on a model's page.
    """
    return _NEAREST_TO_APP.get(app, "is:gguf")


@cache
def providers() -> Mapping[str, str]:
    """Return inference provider → itself; `all` is any of them."""
    return _read(tables.PROVIDERS)


@cache
def tags() -> Mapping[str, str]:
    """Return tag → what it says, of the tags that the Hub's own filter page offers beside tasks and libraries."""
    return _read(tables.TAGS)


@cache
def languages() -> Mapping[str, str]:
    """Return language code → English name, the most frequent ones first; the Hub knows many more."""
    return _read(tables.LANGUAGES)


@cache
def licenses() -> Mapping[str, str]:
    """Return licence id → name, the permissive ones first."""
    return {license_id: name for kind in _LICENSE_TABLES for license_id, name in _read(_LICENSE_TABLES[kind]).items()}


def license_class(license_id: str) -> LicenseClass:
    """Return what a licence asks for, in one word; `research` means not for commercial use. Not legal advice."""
    return _license_classes().get(license_id.lower(), "unknown")


def nearest(word: str, candidates: Iterable[str], *, cutoff: float = 0.5) -> str:
    """Return the candidate most like `word` in the sense of `difflib`, or an empty string when none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    folded = word.casefold()
    starts = sorted((name for name in by_folded if folded and name.startswith(folded)), key=len)
    close = starts or difflib.get_close_matches(folded, by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else ""


_NEAREST_TO_APP: Mapping[str, str] = {
    "vllm": "library:transformers task:text-generation",
    "sglang": "library:transformers task:text-generation",
    "tgi": "tag:text-generation-inference",
    "mlx-lm": "library:mlx",
    "drawthings": "library:diffusers task:text-to-image",
    "diffusionbee": "library:diffusers task:text-to-image",
    "joyfusion": "tag:joyfusion",
}
"""The other apps all run GGUF files."""

_LICENSE_TABLES: Mapping[LicenseClass, str] = {
    "permissive": tables.PERMISSIVE_LICENSES,
    "copyleft": tables.COPYLEFT_LICENSES,
    "research": tables.RESEARCH_LICENSES,
    "custom": tables.CUSTOM_LICENSES,
}


@cache
def _license_classes() -> Mapping[str, LicenseClass]:
    found: dict[str, LicenseClass] = {}
    for kind, table in _LICENSE_TABLES.items():
        found.update(dict.fromkeys(_read(table), kind))
    for vague in ("other", "unknown", "cc"):
        found[vague] = "unknown"
    return found


def _read(table: str) -> dict[str, str]:
    entries = (entry.split(None, 1) for entry in table.split(";"))
    return {parts[0]: " ".join(parts[-1].split()) for parts in entries}
