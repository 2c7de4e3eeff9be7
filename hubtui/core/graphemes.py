"""Where a text may be cut without cutting what its reader sees as one character.

The boundaries of Unicode's annex 29 as far as `unicodedata` tells them: marks, joiners, modifiers, flags, Hangul jamo,
and consonants joined by a virama.
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"
_FLAG = range(0x1F1E6, 0x1F200)
_MODIFIER = range(0x1F3FB, 0x1F400)
_VIRAMA = 9  # canonical combining class
_LEADING = range(0x1100, 0x1160)
_VOWEL = range(0x1160, 0x11A8)
_TRAILING = range(0x11A8, 0x1200)
_SYLLABLE = range(0xAC00, 0xD7A4)
_LONE_FLAG = re.compile("(?:[\U0001f1e6-\U0001f1ff]{2})+|[\U0001f1e6-\U0001f1ff]")


def is_inside(text: str, at: int) -> bool:
    """Tell whether a cut before character `at` goes through what is seen as one character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if after < "\u0300":
        return before == "\r" and after == "\n"
    if _extends(after):
        return before not in "\r\n"
    if before == _JOINER:
        return unicodedata.category(after) == "So"
    if ord(after) in _FLAG:
        return _flags_before(text, at) % 2 == 1
    is_conjunct = unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo"
    return is_conjunct or _joins_jamo(ord(before), ord(after))


def safe(text: str) -> str:
    """Return a piece of a text with what hangs on its absent neighbours given a stand of its own.

    A mark would else be drawn on the boundary before it, half a flag is as wide as the terminal pleases.
    """
    if text.isascii():
        return text
    if _extends(text[0]) or ord(text[0]) in _VOWEL or ord(text[0]) in _TRAILING:
        text = "◌" + text
    return _LONE_FLAG.sub(lambda found: found[0] if len(found[0]) > 1 else f"<U+{ord(found[0]):04X}>", text)


def cluster_at(text: str, at: int) -> str:
    """Return what is seen as one character around character `at`."""
    start, stop = at, at + 1
    while is_inside(text, start):
        start -= 1
    while is_inside(text, stop):
        stop += 1
    return text[start:stop]


def _extends(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me", "Mc"} or char == _JOINER or ord(char) in _MODIFIER


def _flags_before(text: str, at: int) -> int:
    count = 0
    while at - count > 0 and ord(text[at - count - 1]) in _FLAG:
        count += 1
    return count


def _joins_jamo(before: int, after: int) -> bool:
    if before in _LEADING:
        return after in _LEADING or after in _VOWEL or after in _SYLLABLE
    if before in _VOWEL or (before in _SYLLABLE and (before - _SYLLABLE.start) % 28 == 0):
        return after in _VOWEL or after in _TRAILING
    return (before in _TRAILING or before in _SYLLABLE) and after in _TRAILING
