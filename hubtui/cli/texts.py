"""Differences between texts, as lines and as JSON."""

from __future__ import annotations

from hubtui.cli.output import print_line
from hubtui.core.differences import TextDiff


def text_document(text: TextDiff) -> dict[str, object]:
    """Return how one text differs, as JSON."""
    return {"path": text.path, "lines": list(text.lines), "is_cut": text.is_cut, "reason": text.reason or None}


def print_diff(text: TextDiff) -> None:
    """Print how one text differs, or why that is not shown."""
    for line in text.lines or (text.reason,):
        print_line(line)
    if text.is_cut:
        print_line("…")
