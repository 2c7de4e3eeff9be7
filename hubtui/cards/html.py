"""A tokenizer for the HTML in model cards: tags, text, nothing else.

``html.parser`` needs 35 s for 60 KB of ``<a `` and raises on ``<![``; this one is linear and takes everything.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG_START = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])")
# possessive, so that a quote that never closes costs one pass and not one for each way to split it
_TAG_REST = re.compile(r"((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_MAX_FAILURES = 20


class HtmlToken(NamedTuple):
    """A piece of HTML: ``text`` (entities decoded) or a tag; ``source`` is the tag as written."""

    kind: Literal["text", "open", "close"]
    text: str
    attributes: dict[str, str]
    source: str


def decode(text: str) -> str:
    """Decode character references; what cannot be a character stays as written."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number of more than 4,300 digits
        return text


def tokenize(source: str) -> Iterator[HtmlToken]:
    """Yield the tags and texts of `source` in order; comments, declarations and instructions are dropped."""
    position = start = 0
    failures = 0
    while (found := source.find("<", position)) >= 0:
        skipped = _skip_markup(source, found)
        if skipped is not None:
            yield from _text(source[start:found])
            position = start = skipped
            continue
        tag = _TAG_START.match(source, found)
        if tag is None:
            position = found + 1
            continue
        rest = _TAG_REST.match(source, tag.end()) if failures < _MAX_FAILURES else None
        if rest is None:
            # a quote that is never closed: the tag ends at the first ">", as a reader would see it
            failures += 1
            end = source.find(">", tag.end())
            if end < 0:
                break
            attributes = source[tag.end() : end]
        else:
            end, attributes = rest.end() - 1, rest[1]
        yield from _text(source[start:found])
        position = start = end + 1
        yield HtmlToken("close" if tag[1] else "open", tag[2].lower(), _attributes(attributes), source[found:start])
    yield from _text(source[start:])


def _skip_markup(source: str, found: int) -> int | None:
    """Return where a comment, declaration or instruction ends, None where there is none at `found`."""
    opening = source[found + 1 : found + 2]
    if opening not in {"!", "?"}:
        return None
    closing = "-->" if source.startswith("<!--", found) else ">"
    end = source.find(closing, found + 2)
    return len(source) if end < 0 else end + len(closing)


def _text(text: str) -> Iterator[HtmlToken]:
    if text:
        yield HtmlToken("text", decode(text), {}, text)


def _attributes(source: str) -> dict[str, str]:
    if not source or source.isspace():
        return {}
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(source):
        found.setdefault(name.lower(), decode(double or single or bare))
    return found
