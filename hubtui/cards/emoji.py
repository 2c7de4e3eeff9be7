"""Emoji of cards: shortcodes as their signs, and signs only as wide as every terminal draws them.

Terminals disagree on signs that are made of several characters: a flag, a keycap, a skin tone, a text sign with the
request to be drawn in colour. Where hubtui counts two cells and the terminal draws one, a table falls apart.
"""

from __future__ import annotations

import re

from rich.emoji import Emoji, NoEmoji

# ":name:" as GitHub reads it: not within a word, a time or an address
_SHORTCODE = re.compile(r"(?<![\w:/]):([a-z0-9_+-]{2,40}):(?![\w:])")
# GitHub's and the Hub's own names that rich spells otherwise
_NAMES = {"hugs": "🤗", "tm": "™"}
_DRESSINGS = re.compile("[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
_FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")
_REGION_A, _LETTER_A = 0x1F1E6, ord("A")


def with_emoji(text: str) -> str:
    """Return text with the shortcodes in it as emoji; what is no emoji's name stays as written."""
    return _SHORTCODE.sub(_sign, text) if ":" in text else text


def _sign(match: re.Match[str]) -> str:
    name = match[1]
    if name in _NAMES:
        return _NAMES[name]
    try:
        return str(Emoji(name))
    except NoEmoji:
        return match[0]


def of_sure_width(text: str) -> str:
    """Return text without what makes terminals disagree on its width; flags become the letters of their country."""
    if text.isascii():
        return text
    return _DRESSINGS.sub("", _FLAG.sub(lambda flag: _letter(flag[1]) + _letter(flag[2]), text))


def _letter(sign: str) -> str:
    return chr(ord(sign) - _REGION_A + _LETTER_A)
