"""What no tokenizer is given: files too large to load, texts that it cannot take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TokenizeOptions
from hubtui.core.untrusted import clean

MAX_TOKENIZER_BYTES = 200 << 20
"""A larger tokenizer.json is refused unread; the largest in use are a tenth of it."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def check_size(model: str, folder: str) -> None:
    """Refuse a tokenizer.json that is too large to be one.

    Raises:
        TokenizerError: it is.
    """
    path = Path(folder) / "tokenizer.json"
    try:
        size = path.stat().st_size
    except OSError:
        return
    if size > MAX_TOKENIZER_BYTES:
        raise TokenizerError(
            f"tokenizer.json of {model} has {size >> 20:,} MiB, more than the {MAX_TOKENIZER_BYTES >> 20} MiB that "
            "hubtui loads."
        )


def checked_file(path: str) -> str:
    """Return the absolute path of a file that the user named.

    Raises:
        TokenizerError: it is none: a folder, a device, a pipe, or nothing.
    """
    named = Path(path).expanduser()
    if not named.is_file():
        what = "a folder" if named.is_dir() else "no file that can be read from its beginning to its end"
        raise TokenizerError(
            f"{clean(path)} is {what if named.exists() else 'not there'}.", hint="Name a text file on this machine."
        )
    return str(named.absolute())


def check_texts(texts: Sequence[str], options: TokenizeOptions, pairs: Sequence[str] | None) -> None:
    """Refuse what no tokenizer takes.

    Raises:
        TokenizerError: these texts, or this length.
    """
    if pairs is not None and len(pairs) != len(texts):
        raise TokenizerError(f"There are {len(texts)} texts but {len(pairs)} second texts.")
    if options.max_length is not None and not 0 < options.max_length < 1 << 31:
        raise TokenizerError(f"A maximum length of {options.max_length} tokens makes no sense; it must be at least 1.")
    if options.stride is not None and not 0 <= options.stride < 1 << 31:
        raise TokenizerError(f"A stride of {options.stride} tokens makes no sense; it must be at least 0.")
    if options.pad_to_multiple_of is not None and not 0 < options.pad_to_multiple_of < 1 << 31:
        raise TokenizerError(f"A multiple of {options.pad_to_multiple_of} makes no sense; it must be at least 1.")
    for number, text in enumerate([*texts, *(pairs or ())]):
        if not text.isascii() and (found := _SURROGATE.search(text)):
            raise TokenizerError(
                f"Text {number % len(texts) + 1} holds half a character (the lone surrogate U+{ord(found[0]):04X} at "
                f"{found.start()}), which no tokenizer can read.",
                hint="It comes from bytes that are not UTF-8.",
            )
