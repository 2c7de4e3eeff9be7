"""What a licence of the Hub permits, in five kinds: a first orientation, no legal advice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

LicenseKind = Literal["permissive", "copyleft", "restricted", "research", "custom", "unstated"]
"""`restricted`: open but for certain uses or users; `research`: not for commerce; `custom`: read it."""

WORDS: dict[LicenseKind, str] = {
    "permissive": "any use, keep the notice",
    "copyleft": "any use, pass it on under the same terms",
    "restricted": "open, but not for every use or user",
    "research": "not for commercial use",
    "custom": "terms of its own, read them",
    "unstated": "no licence stated: all rights reserved",
}
"""Kind → what it means, in a few words."""

_RESEARCH = ("-nc-", "-nc", "noncommercial", "research", "apple-amlr", "deepfloyd")
_RESTRICTED = ("openrail", "bloom-rail", "llama", "gemma", "grok2", "-nd-")
_COPYLEFT = (
    *("gpl", "mpl-", "epl-", "eupl-", "osl-", "lppl-", "gfdl", "odbl", "cdla-sharing", "-sa-"),
    *("c-uda",),
)
_PERMISSIVE = (
    *("apache-", "mit", "bsd", "isc", "0bsd", "zlib", "bsl-", "ncsa", "postgresql", "unlicense", "wtfpl", "afl-"),
    *(
        "artistic-",
        "ecl-",
        "ms-pl",
        "ofl-",
        "cc0-",
        "cc-by-",
        "pddl",
        "odc-by",
        "cdla-permissive",
        "openmdw",
        "open-mdw",
    ),
    *("open-mdw", "etalab-", "apple-ascl"),
)


_FREE = ("cc0-", "unlicense", "wtfpl", "0bsd", "pddl")
_STRICTEST: tuple[LicenseKind, ...] = ("custom", "research", "restricted", "copyleft", "permissive", "unstated")


def words_of(license_id: str) -> str:
    """Return what a licence permits, in a few words."""
    return "any use, nothing asked for" if license_id.lower().startswith(_FREE) else WORDS[kind_of(license_id)]


def strictest(license_ids: Sequence[str]) -> str:
    """Return the id that asks for the most, of several that may each cover a part; an empty text without any."""
    return min(license_ids, key=lambda name: _STRICTEST.index(kind_of(name)), default="")


def kind_of(license_id: str) -> LicenseKind:
    """Return the kind of a licence by its id on the Hub; the strictest condition of an id decides."""
    name = license_id.lower()
    if name in {"", "unknown"}:
        return "unstated"
    if any(part in name for part in _RESEARCH):
        return "research"
    if any(part in name for part in _RESTRICTED):
        return "restricted"
    if any(part in name for part in _COPYLEFT):
        return "copyleft"
    return "permissive" if name.startswith(_PERMISSIVE) else "custom"
