"""What a listing says of a model, read leniently value by value: a value of a wrong type counts as none.

Shared by all that list models, the Hub's JSON and the columns of a dump, so that they cannot read the same differently.
A catalogue reads millions of models with it, so what is quicker is preferred here to what is shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache

from hubtui.core import vocabulary
from hubtui.core.checkpoint import WEIGHT_FORMATS
from hubtui.core.models import Gated
from hubtui.core.untrusted import clean

_MOST_TAGS = 1000
_LONGEST = 300
_LARGEST = 1 << 62
_STRINGS = frozenset((str,))
_FORMAT_BY_TAG = {tag: name for name, tag in vocabulary.FORMATS.items()}
_BASE_MODEL = re.compile(r"base_model:([^:]+)")


def text(value: object) -> str:
    """Return a string cleaned and cut, empty for anything else."""
    return clean(value[:_LONGEST]) if isinstance(value, str) else ""


_repeated = lru_cache(maxsize=1 << 15)(text)


def word(value: object) -> str:
    """As `text`, for words that a listing repeats thousands of times."""
    return _repeated(value) if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """Return a number that is not negative, None for anything else."""
    if type(value) is int and 0 <= value < _LARGEST:  # nearly always, and quicker
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LARGEST:
        return None
    return int(value)


def date(value: object) -> datetime | None:
    """Return a time, which JSON has as ISO 8601 text, as UTC; None for anything else."""
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


def tags(value: object) -> tuple[str, ...]:
    """Return a list of tags, cleaned, each once."""
    if not isinstance(value, list):
        return ()
    words = value if _STRINGS.issuperset(map(type, value)) else [tag for tag in value if isinstance(tag, str)]
    cleaned = dict.fromkeys(map(_repeated, words if len(words) <= _MOST_TAGS else words[:_MOST_TAGS]))
    cleaned.pop("", None)
    return tuple(cleaned)


def license_of(tags: Iterable[str]) -> str:
    """Return the licence id that the tags state."""
    for tag in tags:
        if tag.startswith("license:"):
            return tag[8:]
    return ""


def languages_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags which are codes of the frequent languages; a listing does not say which tags are languages."""
    known = vocabulary.languages()
    return tuple([tag for tag in tags if tag in known])  # a list first: twice as fast


def base_models_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the models that this one was made from."""
    stated = (tag for tag in tags if tag.startswith("base_model:"))
    return tuple(match[1] for tag in stated if (match := _BASE_MODEL.fullmatch(tag)))


def formats_of(tags: Sequence[str], task: str) -> tuple[str, ...]:
    """Return the weight formats that the tags state.

    The Hub derives framework tags from the files and puts them before the task; those behind it are the author's words.
    """
    before = tags[: tags.index(task)] if task and task in tags else tags
    return _in_order(frozenset([_FORMAT_BY_TAG[tag] for tag in before if tag in _FORMAT_BY_TAG]))


@cache
def _in_order(formats: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in WEIGHT_FORMATS if name in formats)


def parameters(safetensors: object, gguf: object) -> tuple[dict[str, int], int | None]:
    """Return the number of weights by dtype and in all; None when neither safetensors nor GGUF says."""
    by_dtype: dict[str, int] = {}
    total = None
    if isinstance(safetensors, dict):
        listed = safetensors.get("parameters")
        for dtype, value in listed.items() if isinstance(listed, dict) else ():
            if (name := word(dtype)) and (number := count(value)) is not None:
                by_dtype[name] = number
        total = count(safetensors.get("total")) or sum(by_dtype.values())
    if not total and isinstance(gguf, dict):
        total = count(gguf.get("total"))
    return by_dtype, total or None


def is_warm(inference: object) -> bool | None:
    """Say whether a provider serves a model; None where that is not told."""
    return None if inference is None else inference == "warm"


def providers(mapping: object) -> tuple[str, ...]:
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
