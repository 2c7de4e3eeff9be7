"""The HTML elements that cards use, by what they do to the text in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubtui.cards.model import Mark, Style

if TYPE_CHECKING:
    from hubtui.cards.tables import Align

MARKS = {
    "b": Mark.STRONG,
    "strong": Mark.STRONG,
    "mark": Mark.STRONG,
    "i": Mark.EMPHASIS,
    "em": Mark.EMPHASIS,
    "cite": Mark.EMPHASIS,
    "dfn": Mark.EMPHASIS,
    "var": Mark.EMPHASIS,
    "s": Mark.STRIKE,
    "del": Mark.STRIKE,
    "strike": Mark.STRIKE,
    "u": Mark.UNDERLINE,
    "ins": Mark.UNDERLINE,
}
STYLES = {"code": Style.CODE, "tt": Style.CODE, "samp": Style.CODE, "kbd": Style.KEY}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CELLS = frozenset({"td", "th"})
LISTS = frozenset({"ul", "ol", "menu", "dir"})
TABLE_PARTS = CELLS | {"table", "tr", "thead", "tbody", "tfoot", "caption"}
_NAMES_OF_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form header hgroup html legend li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
BLOCKS = frozenset(_NAMES_OF_BLOCKS.split()) | frozenset(HEADINGS)
# whose text is not for reading
DROPPED = frozenset({"script", "style", "head", "title", "template", "svg", "math", "iframe", "object", "noscript"})
_NAMES_OF_IGNORED = (
    "a abbr acronym area audio base basefont bdi bdo big button circle col colgroup data datalist defs embed font "
    "frame frameset g input label link map meta meter optgroup option output param path picture polygon progress q rb "
    "rect rp rt rtc ruby select slot small source span sub sup textarea time track video wbr br hr img"
)
KNOWN = BLOCKS | DROPPED | frozenset(MARKS) | frozenset(STYLES) | frozenset(_NAMES_OF_IGNORED.split())
"""Everything else is text that looks like a tag: ``<mask>``, ``<unk>``, ``<think>``."""

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
# opening the key closes an open element of the values, as HTML's optional end tags do
CLOSES = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr"}),
    "td": CELLS,
    "th": CELLS,
    "thead": frozenset({"thead", "tbody", "tfoot"}),
    "tbody": frozenset({"thead", "tbody", "tfoot"}),
    "tfoot": frozenset({"thead", "tbody", "tfoot"}),
}
# where the search for an element to close stops
SCOPES = {
    "li": LISTS,
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    **dict.fromkeys(("tr", "td", "th", "thead", "tbody", "tfoot"), frozenset({"table"})),
}

_TEXT_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)", re.IGNORECASE)


def alignment(tag: str, attributes: dict[str, str]) -> Align:
    """Return how an element asks for its text to be aligned, empty where it does not."""
    if tag == "center":
        return "center"
    asked = attributes.get("align", "").strip().lower()
    match = _TEXT_ALIGN.search(attributes.get("style", "")[:500])
    if match:
        asked = match[1].lower()
    if asked in {"center", "middle"}:
        return "center"
    return "right" if asked == "right" else "left" if asked == "left" else ""


def span_count(attributes: dict[str, str], name: str) -> int:
    """Return ``colspan`` or ``rowspan``, 1 where it is missing or senseless."""
    written = attributes.get(name, "").strip()
    return max(1, min(int(written), 1000)) if written.isdecimal() and len(written) < 5 else 1
