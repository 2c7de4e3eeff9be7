"""Printing: data to stdout, everything else to stderr, nothing foreign unclean."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from hubtui.core.errors import HubtuiError, OutputError
from hubtui.core.untrusted import clean


def write(text: str) -> None:
    """Write text to standard output as it is.

    Raises:
        OutputError: it cannot be written.
        BrokenPipeError: its reader went away.
    """
    with _written():
        sys.stdout.write(text)


def flush() -> None:
    """Send what was printed on its way.

    Raises:
        OutputError, BrokenPipeError: as `write`.
    """
    with _written():
        sys.stdout.flush()


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        why = "no space left" if error.errno == errno.ENOSPC else (error.strerror or type(error).__name__).lower()
        raise OutputError(f"Standard output cannot be written: {why}.") from error


def print_json(document: Any) -> None:  # noqa: ANN401  any JSON document
    """Print one JSON document; JSON's own escapes keep control characters off the terminal."""
    ascii_only = not _can_print_unicode()
    text = json.dumps(document, ensure_ascii=ascii_only, indent=2, default=_plain, allow_nan=False)
    write(_escape_invisible(text) + "\n")


def print_line(text: str = "") -> None:
    """Print one line of text that may hold a stranger's words."""
    write(_encodable(clean(text, multiline=True)) + "\n")


def print_table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> None:
    """Print aligned columns.

    Args:
        rows: cells; all rows have the same number.
        right: indexes of the columns that are aligned to the right.
    """
    from rich.cells import cell_len  # noqa: PLC0415  only tables need it

    cleaned = [[_encodable(clean(cell)) for cell in row] for row in rows]
    widths = [max(cell_len(row[index]) for row in cleaned) for index in range(len(cleaned[0]))] if cleaned else []
    for row in cleaned:
        cells = []
        for index, cell in enumerate(row):
            space = " " * (widths[index] - cell_len(cell))
            cells.append(space + cell if index in right else cell + space)
        write("  ".join(cells).rstrip() + "\n")


def print_facts(facts: Mapping[str, str]) -> None:
    """Print `name  value` lines, leaving out what has no value."""
    print_table([[name, value] for name, value in facts.items() if value])


def note(text: str) -> None:
    """Tell the user something that is no data."""
    sys.stderr.write(_encodable(clean(text)) + "\n")


def complain(error: HubtuiError) -> None:
    """Say what went wrong, on one line."""
    note(f"hubtui: {error}")


def wants_colour() -> bool:
    """Return whether stdout is a terminal that may be coloured (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")


def _can_print_unicode() -> bool:
    return "utf" in (sys.stdout.encoding or "").lower()


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "replace").decode(encoding)


def _escape_invisible(text: str) -> str:
    """Escape, as JSON does, what `json.dumps` leaves alone but a terminal may obey: DEL, C1, bidi, zero-width."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(char if char == "\n" or clean(char) == char else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[index]:02x}{units[index + 1]:02x}" for index in range(0, len(units), 2))
