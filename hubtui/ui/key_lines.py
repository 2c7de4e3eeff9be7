"""The keys that the bottom line names for each pane, and the headings of the help screen."""

from __future__ import annotations

from collections.abc import Mapping

from hubtui.ui.action import Where

KEY_LINES: Mapping[str, tuple[str, ...]] = {
    "results": ("open", "search", "filters", "sort", "fold", "pin", "download", "copy", "help", "quit"),
    "start": ("open", "search", "filters", "catalogue", "help", "palette", "quit"),
    "search": ("submit", "complete", "next-suggestion", "to-results", "leave", "palette"),
    "found-none": ("search", "filters", "retry", "back", "help", "quit"),
    "face": ("retry", "leave", "search", "back", "copy", "help", "quit"),
    "field": ("leave", "next", "run", "cancel-run", "palette"),
    "card": ("card-find", "outline", "links", "images", "tokens", "run-tab", "copy", "zoom", "help", "quit"),
    "card-found": ("next-heading", "last-heading", "end-find", "card-find", "outline", "help", "quit"),
    "card-find": ("find-done", "leave", "palette"),
    "files": (
        "open",
        "choose-file",
        "download",
        "narrow-files",
        "mark-revision",
        "delete-cached",
        "pause",
        "revision",
        "help",
        "quit",
    ),
    "files-text": ("leave-file", "fold-values", "fold-all", "copy", "zoom", "help", "quit"),
    "files-about": ("leave-file", "retry", "copy", "zoom", "help", "quit"),
    "files-narrow": ("leave", "palette"),
    "compare": ("pin", "card", "run-tab", "copy", "help", "quit"),
    "tokens": ("token-text", "token-padding", "token-truncation", "token-special", "token-length", "copy", "help"),
    "tokens-chat": (
        "chat-edit",
        "chat-add",
        "chat-role",
        "chat-remove",
        "chat-tools",
        "chat-json",
        "chat-panel",
        "copy",
        "help",
    ),
    "tokens-stages": ("fold-stage", "fold-stages", "token-text", "token-last-view", "token-next-view", "copy", "help"),
    "tokens-grid": ("token-text", "token-shown", "pad-doctor", "token-pairs", "token-stride", "copy", "help"),
    "tokens-doctor": ("leave-doctor", "token-text", "copy", "help"),
    "tokens-vocabulary": (
        "vocabulary-find",
        "vocabulary-near",
        "vocabulary-end",
        "token-text",
        "token-last-view",
        "token-next-view",
        "copy",
        "help",
    ),
    "tokens-find": ("vocabulary-done", "leave", "palette"),
    "tokens-compare": ("token-text", "compare-with", "pin", "compare-drop", "copy", "zoom", "help"),
    "run-form": ("run", "run-text", "run-example", "run-device", "cancel-run", "copy", "help"),
    "model": (
        "card",
        "files",
        "tokens",
        "run-tab",
        "compare",
        "run",
        "download",
        "pin",
        "copy",
        "zoom",
        "help",
        "quit",
    ),
}
"""Context of the focused widget → the few actions that its bottom line names.

A widget or pane says its context with a class attribute `key_context`; the nearest one above the focus counts.
"""

WHERE_TITLES: Mapping[Where, str] = {
    "main": "Everywhere",
    "model": "The model that is meant: the open one, or the one under the cursor",
    "search": "In the search line",
    "start": "On the start page",
    "list": "In lists and texts",
    "card": "Card",
    "card-find": "While typing what to find in a card",
    "files": "Files and revisions",
    "files-text": "While looking at a file",
    "revisions": "While comparing two revisions",
    "safety": "While looking at the verdict",
    "code": "While reading a model's own code",
    "tokens": "Tokens",
    "tokens-chat": "Tokens, chat",
    "tokens-stages": "Stages of the tokenizer",
    "tokens-batch": "Tokens: the batch",
    "tokens-grid": "Tokens: the matrix of the batch",
    "tokens-vocabulary": "Tokens, vocabulary",
    "tokens-find": "While typing what to find in a vocabulary",
    "tokens-compare": "Comparison of tokenizers",
    "run-form": "Run",
    "weights": "Weights",
    "dialog": "In overlays",
}
"""Place → heading of its keys on the help screen, in their order there."""
