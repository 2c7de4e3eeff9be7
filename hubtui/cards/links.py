"""What a link or image address of a card is, and whether it may be opened."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from hubtui.cards.model import LinkKind
from hubtui.core.untrusted import clean

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")
_BADGE = re.compile(
    r"shields\.io|badge|colab\.research|(?:^|/)(?:build|coverage|license|version)\b.*\.svg", re.IGNORECASE
)
_SHIELD = re.compile(r"img\.shields\.io/badge/([^/?#]+)")
_MAX_ADDRESS = 2_000
BARE_URL = re.compile(r"(?<![\w/])(?:https?://|www\.)[^\s<>\"'`（）。，、｜|]{1,2000}", re.IGNORECASE)


def link_kind(url: str) -> LinkKind:
    """Say what opening `url` would mean; anything but web, mail, repository files and jumps is unsafe."""
    # browsers skip controls and blanks inside a scheme: "java\tscript:" is javascript
    compact = _IGNORED_BY_BROWSERS.sub("", url)
    if compact.startswith("#"):
        return "anchor"
    match = _SCHEME.match(compact)
    if match is None:
        return "web" if compact.startswith("//") else "relative"
    scheme = match[1].lower()
    if scheme in {"http", "https"}:
        return "web"
    return "mail" if scheme == "mailto" else "unsafe"


def address(url: str) -> str:
    """Return an address fit to show and keep: safe characters, no inline data, bounded length."""
    stripped = url.strip()
    if stripped[:5].lower() == "data:":
        return clean(stripped[:200].split(",", 1)[0] + ",…")
    return clean(stripped if len(stripped) <= _MAX_ADDRESS else stripped[: _MAX_ADDRESS - 1] + "…")


def trim_bare_url(url: str) -> str:
    """Cut what belongs to the sentence and not to the address: closing punctuation, an unmatched bracket."""
    while url:
        last = url[-1]
        unmatched = (last == ")" and url.count(")") > url.count("(")) or (
            last == "]" and url.count("]") > url.count("[")
        )
        if last not in ".,;:!?*_~'\"…" and not unmatched:
            break
        url = url[:-1]
    return url


def is_badge(src: str) -> bool:
    """Tell a status badge from a picture, by its address."""
    return _BADGE.search(src[:_MAX_ADDRESS]) is not None


def image_name(alt: str, src: str) -> str:
    """Return what to call an image: its alt text, else what its badge says, else its file name, else ``image``."""
    name = clean(" ".join(alt.split()))
    if name:
        return name
    shield = _SHIELD.search(src[:_MAX_ADDRESS])
    if shield:
        parts = unquote(shield[1]).replace("--", "\0").split("-")
        words = [part.replace("\0", "-").replace("_", " ").strip() for part in parts[:-1] or parts]
        return clean(": ".join(word for word in words if word)) or "badge"
    if src[:5].lower() == "data:":
        return "image"
    try:
        path = urlsplit(src[:_MAX_ADDRESS]).path
    except ValueError:  # "http://[" has no path
        return "image"
    return clean(unquote(path.rstrip("/").rsplit("/", 1)[-1])).strip() or "image"
