"""Text from strangers: made visible, so that nothing of it can steer a terminal.

Every string that comes from the Hub, a file, a tokenizer, a model or an exception passes through `clean` (prose) or
`reveal`
(tokens, where each character counts) before it is shown or printed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

Untrusted = NewType("Untrusted", str)
"""Text as it came from outside: not to be shown before `clean` or `reveal`."""

MAX_COMBINING = 6
"""Combining marks kept on one base character; real scripts need at most four."""

# C0, DEL, C1, soft hyphen, Arabic letter mark, Mongolian separator, zero-width and bidi controls, line separators,
# invisible
# operators, byte-order mark, interlinear annotation, shorthand and musical format controls, tags, lone surrogates,
# noncharacters
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def clean(text: str, *, multiline: bool = False) -> str:
    """Return `text` fit for a terminal: controls visible, invisible steering gone, combining runs bounded.

    Args:
        text: anything.
        multiline: keep line breaks as newlines and tabs as four spaces; otherwise each run of them becomes one space.
    """
    if text.isascii() and text.isprintable():
        return text
    if multiline:
        text = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
        return "\n".join(_clean_line(line) for line in text.split("\n"))
    return _clean_line(_BLANKS.sub(" ", text))


def reveal(text: str) -> str:
    """Return `text` with every blank and control character as a visible sign, for tokens.

    A space becomes ␣, a newline ⏎, a tab ⇥, other controls their control picture, invisible characters `<U+200B>`.
    """
    if text.isascii() and text.isprintable():
        return text.replace(" ", "␣")
    shown = "".join(_REVEALED.get(char, char) for char in text)
    return _bounded(_UNSAFE.sub(lambda match: _picture(match[0], codepoint=True), shown))


_REVEALED = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "\u00a0": "⍽", "\u3000": "␣"}


def _clean_line(line: str) -> str:
    return _bounded(_UNSAFE.sub(lambda match: _picture(match[0], codepoint=False), line))


def _picture(char: str, *, codepoint: bool) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if codepoint:
        return f"<U+{code:04X}>"
    if 0x80 <= code <= 0x9F or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return ""


def _bounded(text: str) -> str:
    """Drop combining marks past `MAX_COMBINING` in a row."""
    if text.isascii():
        return text
    out: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me", "Mc"} else 0
        if run <= MAX_COMBINING:
            out.append(char)
    return text if len(out) == len(text) else "".join(out)
