"""What the keys do: first those of the focused pane, then all of them, the marks, and the query language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubtui.core.query_keys import KEYS
from hubtui.ui.actions import ACTIONS, BY_ID, KEY_LINES, WHERE_TITLES, Action, bindings, keys_of
from hubtui.ui.text import (
    BOOKMARK_MARK,
    CACHED_MARK,
    CHOSEN_MARK,
    DOWNLOADS_MARK,
    FIT_MARKS,
    GATED_MARK,
    LIKES_MARK,
    NEEDED_MARK,
    SCAN_MARKS,
    Line,
    fit,
    wrap,
)
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.overlay_parts import KeysFoot, bound

_CONTEXT_TITLES: Mapping[str, str] = {
    "results": "In the results",
    "start": "On the start page",
    "search": "In the search line",
    "found-none": "While there are no results",
    "face": "While there is no model to be seen",
    "field": "In a text field",
    "model": "At the model",
    "card": "In the card",
    "card-found": "In the card, while something is looked for",
    "card-find": "While typing what to find in the card",
    "files": "In the files and revisions",
    "files-text": "In a file",
    "files-about": "In a file",
    "files-narrow": "While narrowing the files",
    "tokens": "In the tokens",
    "tokens-stages": "In the stages of the tokenizer",
    "tokens-vocabulary": "In the vocabulary",
    "tokens-find": "While typing what to find in a vocabulary",
    "tokens-compare": "In the comparison of tokenizers",
    "run-form": "In the run form",
}
_MARKS = (
    (FIT_MARKS["fits"], "fits the free memory of this box"),
    (FIT_MARKS["tight"], "fits, but tightly"),
    (FIT_MARKS["no"], "does not fit"),
    (FIT_MARKS["unknown"], "the Hub does not say how large it is"),
    (GATED_MARK, "gated: its author admits by a form"),
    (CACHED_MARK, "in this machine's Hugging Face cache"),
    (f"{NEEDED_MARK} {CHOSEN_MARK}", "file that a run loads; file that was chosen for the download"),
    (
        " ".join(SCAN_MARKS[state] for state in ("safe", "caution", "unsafe", "unscanned")),
        "a file's scan: safe, doubtful, unsafe, not scanned",
    ),
    (BOOKMARK_MARK, "bookmarked"),
    (DOWNLOADS_MARK, "downloads of 30 days"),
    (LIKES_MARK, "likes"),
)
_KEY_WIDTH = 16


class _HelpLines(LinesView):
    """Headings and pairs; keys scroll."""

    has_cursor = False

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        super().__init__()
        self._rows = rows
        self._broken: list[tuple[str, str]] = []

    def on_resize(self) -> None:
        width = max(self.view_width - _KEY_WIDTH - 1, 10)
        self._broken = [
            ("" if at else left, part)
            for left, right in self._rows
            for at, part in enumerate(wrap(right, width) or [right])
        ]
        self.set_count(len(self._broken))

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - broken for the width already
        left, right = self._broken[index]
        if not right:
            return [(f" {left}", self.inks.strong)]
        return [(f" {fit(left, _KEY_WIDTH)}", self.inks.key), (right, self.inks.text)]


class HelpScreen(ModalScreen[None]):
    """Help over the main screen.

    Args:
        context: key context of the focused pane.
        rebound: the user's own keys.
    """

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen:ansi { background: transparent; }
    HelpScreen > Vertical { width: 84; max-width: 96%; height: 90%; background: $raised; padding: 0 1;
        border: round $faint; }
    HelpScreen LinesView { scrollbar-background: $raised; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dialog"), Binding("q,question_mark", "close", show=False)]

    def __init__(self, context: str, rebound: Mapping[str, str]) -> None:
        super().__init__()
        self._rebound = rebound
        self._rows = help_rows(context, rebound)

    def compose(self) -> ComposeResult:
        """Yield the lines and how to leave them."""
        with Vertical():
            yield _HelpLines(self._rows)
            yield KeysFoot(*bound(self._rebound, ("close", "back"), ("down up", "more")))

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def help_rows(context: str, rebound: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the rows of the help: a heading has no second part."""
    here = [BY_ID[name] for name in KEY_LINES.get(context, ())]
    rows = [(_CONTEXT_TITLES.get(context, "Here"), ""), *_rows(here, rebound)]
    for place, title in WHERE_TITLES.items():
        group = [action for action in ACTIONS if action.where == place and action.keys]
        rows += [("", " "), (title, ""), *_rows(group, rebound)]
    rows += [("", " "), ("Marks", ""), *_MARKS]
    rows += [("", " "), ("Query language", ""), *((f"{key.name}:", _sentence(key.help)) for key in KEYS.values())]
    rows += [
        ("a,b", "Either: task:fill-mask,text-generation."),
        ("-key:value", "Not: -license:cc-by-nc-4.0. A minus before a word works too."),
        ("word", "Found in the model id."),
    ]
    return rows


def _rows(actions: list[Action], rebound: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("  ".join(keys_of(action, rebound)), action.help) for action in actions]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
