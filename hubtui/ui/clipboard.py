"""OSC 52: how a program on a remote machine reaches the clipboard of the terminal in front of the user."""

from __future__ import annotations

import base64

MAX_BYTES = 74_994
"""Longest text that terminals commonly take: xterm and others stop at 100,000 characters of base64."""


def is_too_long(text: str) -> bool:
    """Say whether most terminals would drop the text."""
    return len(text.encode("utf-8", "replace")) > MAX_BYTES


def sequence(text: str, *, in_tmux: bool) -> str:
    """Return the bytes that put a text on the clipboard; no terminal says whether it did.

    tmux takes the plain sequence when its `set-clipboard` is on, and passes the wrapped one through when its
    `allow-passthrough` is: both are sent.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"
    if not in_tmux:
        return plain
    return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
