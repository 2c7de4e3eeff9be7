"""The one table of actions: each row is a key binding, an entry of the palette and a line of help.

A widget takes its bindings with `bindings(where)`; Textual's keymap rebinds them by id (the `keys` table of the
config file).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

Where = Literal[
    "main",
    "model",
    "list",
    "dialog",
    "search",
    "start",
    "card",
    "card-find",
    "files",
    "files-text",
    "revisions",
    "safety",
    "code",
    "tokens",
    "tokens-chat",
    "tokens-stages",
    "tokens-batch",
    "tokens-grid",
    "tokens-vocabulary",
    "tokens-find",
    "tokens-compare",
    "run-form",
    "weights",
]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the user can do with a key.

    Attributes:
        id: name in the config file's `keys` table.
        keys: comma-separated; empty for what only the palette offers.
        action: Textual's action, looked up on the widget or screen that holds the binding.
        where: who holds the binding: `main` the main screen; `model` the main screen, which hands it to the open model;
            `list` every `LinesView`; `dialog` every overlay; `search` the search line; `start` the start page; `card`,
            `tokens`, `run-form` those tabs; `tokens-…` the views of the tokens, `tokens-grid` the matrix of the batch;
            `card-find` the line to type what is looked for in a card; `files` the list of files and revisions,
            `files-text` a file that is looked at, `revisions` the comparison of two revisions; `weights` the list of
            tensors; `safety` and `code` what the verdict on a model says, and its own code.
        label: one or two words for the bottom line and the palette.
        help: a sentence for the help screen.
        has_priority: works inside text fields too, before the field sees the key.
        in_palette: offered by the palette.
    """

    id: str
    keys: str
    action: str
    where: Where
    label: str
    help: str
    has_priority: bool = False
    in_palette: bool = True


def _move(name: str, keys: str, action: str, label: str, text: str) -> Action:
    return Action(name, keys, action, "list", label, text, in_palette=False)


def _of(  # noqa: PLR0917 - its calls are the rows of a table
    name: str, keys: str, action: str, where: Where, label: str, text: str
) -> Action:
    return Action(name, keys, action, where, label, text, in_palette=False)


ACTIONS: tuple[Action, ...] = (
    Action("search", "/", "search", "main", "search", "Edit the search line."),
    Action("filters", "f", "filters", "main", "filters", "Filter by task, library, language, licence, size."),
    Action("sort", "s", "sort", "main", "sort", "Choose the order of the results."),
    Action("fold", "x", "fold", "main", "fold", "Fold quantizations, conversions, fine-tunes under their base model."),
    Action("family", "space", "family", "main", "open family", "Show what is folded under the model, or hide it."),
    Action(
        "catalogue", "C", "catalogue", "main", "catalogue", "Search the catalogue on this machine; sync or drop it."
    ),
    Action("save-search", "S", "save_search", "main", "save search", "Save the search, or take it away again."),
    Action("home", "", "home", "main", "start page", "Empty the search: saved and recent ones, trending models."),
    Action("back", "[", "back", "main", "back", "Go back to the search or model before."),
    Action("forward", "]", "forward", "main", "forward", "Go forward again."),
    Action("next", "tab", "next_pane", "main", "next pane", "Go to the next pane or field.", in_palette=False),
    Action("previous", "shift+tab", "previous_pane", "main", "previous pane", "Go back a pane.", in_palette=False),
    Action("leave", "escape", "leave", "main", "leave", "Leave a text field; go back to the list.", in_palette=False),
    Action("zoom", "z", "zoom", "main", "zoom", "Give the whole width to this side, or share it again."),
    Action("bookmark", "b", "bookmark", "main", "bookmark", "Bookmark the model, or take the bookmark away."),
    Action("copy", "y", "copy", "main", "copy", "Copy the id, the address, the snippet or the output."),
    Action("url", "o", "show_url", "main", "show URL", "Show the model's address on the Hub."),
    Action("retry", "r", "retry", "main", "reload", "Ask again: after an error, or for fresh data."),
    Action("revision", "u", "revision", "main", "revision", "Open another branch, tag or commit of the model."),
    Action("card", "1", "tab(1)", "main", "card", "Show the model card."),
    Action("files", "2", "tab(2)", "main", "files", "Show the files, their sizes and what the scanners say."),
    Action("tokens", "3", "tab(3)", "main", "tokens", "Show what the tokenizer does to your text."),
    Action("run-tab", "4", "tab(4)", "main", "run form", "Show the form to run the model."),
    Action("compare", "5", "tab(5)", "main", "compare", "Show the pinned models side by side."),
    Action("pin", "c", "pin", "model", "pin", "Pin the model to compare it, or take the pin out."),
    Action("download", "d", "download", "model", "download", "Download the model into the Hugging Face cache."),
    Action("memory", "M", "memory", "model", "memory", "Show the memory it needs by context, batch and dtype."),
    Action(
        "architecture", "A", "architecture", "model", "architecture", "Show how it is built: modules, sizes, heads."
    ),
    Action(
        "weights",
        "P",
        "weights",
        "model",
        "weights",
        "Show its tensors and parameters: names, shapes, dtypes, metadata.",
    ),
    Action("safety", "V", "safety", "model", "safety", "Show the verdict on it, why, its own code, what to do next."),
    Action("run", "ctrl+r", "run", "model", "run", "Run the model on the form's input.", has_priority=True),
    Action(
        "cancel-run",
        "ctrl+x",
        "cancel_run",
        "model",
        "stop",
        "Stop the search, the download or the run; twice ends the run's process.",
        has_priority=True,
    ),
    Action("theme", "", "next_theme", "main", "next theme", "Dark, light, or the terminal's own 16 colours."),
    Action("palette", "ctrl+p", "palette", "main", "palette", "Find any action by name.", in_palette=False),
    Action("help", "?", "help", "main", "help", "Show what the keys do here, and all of them."),
    Action("quit", "q", "quit", "main", "quit", "Quit; asks only while a run or download goes on."),
    _move("down", "j,down", "cursor_down", "down", "Go down a line."),
    _move("up", "k,up", "cursor_up", "up", "Go up a line."),
    _move("page-down", "pagedown,ctrl+d", "page_down", "page down", "Go down a page."),
    _move("page-up", "pageup,ctrl+u", "page_up", "page up", "Go up a page."),
    _move("first", "g,home", "first", "first", "Go to the first line."),
    _move("last", "G,end", "last", "last", "Go to the last line."),
    _move("left", "h,left", "scroll_sideways(-8)", "left", "Move long lines to the left."),
    _move("right", "l,right", "scroll_sideways(8)", "right", "Move long lines to the right."),
    _move("page-left", "<", "page_sideways(-1)", "page left", "Move long lines to the left by a view's width."),
    _move("page-right", ">", "page_sideways(1)", "page right", "Move long lines to the right by a view's width."),
    _move("open", "enter", "choose", "open", "Open or choose the line under the cursor."),
    _of("submit", "enter", "submit", "search", "search", "Search now; open what is named by id, address or folder."),
    _of("complete", "tab", "complete", "search", "complete", "Take the suggestion that is lit, or the correction."),
    _of(
        "next-suggestion",
        "right",
        "next_suggestion",
        "search",
        "next suggestion",
        "At the end of the text: light the next suggestion, for tab to take.",
    ),
    _of("last-suggestion", "left", "last_suggestion", "search", "suggestion before", "Light the suggestion before."),
    _of("to-results", "down", "to_results", "search", "results", "Go down into the results."),
    _of(
        "forget",
        "backspace,delete",
        "forget",
        "start",
        "remove",
        "Take the saved search or bookmark under the cursor away.",
    ),
    _of(
        "card-find",
        "/",
        "find",
        "card",
        "find in card",
        "Find words in this card; elsewhere / edits the search.",
    ),
    _of(
        "next-heading", "n", "next_hit(1)", "card", "next", "Go to the next place found; without a search to a heading."
    ),
    _of(
        "last-heading",
        "N",
        "next_hit(-1)",
        "card",
        "before",
        "Go to the place found before; without a search to a heading.",
    ),
    _of("end-find", "escape", "end_find", "card", "end the search", "End the search in the card, if there is one."),
    _of("outline", "t", "outline", "card", "contents", "Choose a heading of the card to jump to."),
    _of("links", "L", "links", "card", "links", "List where the links lead; enter opens a model, or copies."),
    _of("images", "i", "images", "card", "images", "List the images; enter shows one, a foreign one after asking."),
    _of("to-training-data", "T", "jump('training_data')", "card", "training data", "Jump to the training data."),
    _of("to-limitations", "W", "jump('limitations')", "card", "limitations", "Jump to where the model fails."),
    _of("to-bias", "B", "jump('bias')", "card", "bias", "Jump to what is said of bias."),
    _of("to-evaluation", "E", "jump('evaluation')", "card", "evaluation", "Jump to the evaluation."),
    _of("find-done", "enter", "find_done", "card-find", "keep", "Keep the places lit and go back to the card."),
    _of("choose-file", "space", "choose_file", "files", "choose", "Choose the file for the download, or leave it out."),
    _of("choose-files", "a", "choose_files", "files", "choose all", "Choose all files in sight, or none of them."),
    _of("narrow-files", "n", "narrow", "files", "narrow", "Show only the files whose path or format has some words."),
    _of("pause", "p", "pause", "files", "pause", "Pause the download, go on with it, or try it again."),
    _of("mark-revision", "m", "mark", "files", "mark", "Mark a revision; on another one, compare the two."),
    _of("delete-cached", "D", "delete_cached", "files", "delete", "Delete revisions from the cache; tells first what."),
    _of("fold-values", "enter,space", "fold", "files-text", "fold", "Fold or open the value of a JSON file."),
    _of("fold-all", "a", "fold_all", "files-text", "fold all", "Fold or open all values of a JSON file."),
    _of("leave-file", "escape", "leave", "files-text", "back", "Go back to the list of files."),
    _of("compare-again", "r", "retry", "revisions", "retry", "Compare the revisions again."),
    _of("read-code", "c", "read_code", "safety", "code", "Read the Python that a load of the model would run."),
    _of("code-changes", "d", "turn_changes", "code", "changes", "Show what changed since you read it, or all of it."),
    _of("code-read", "m", "mark_read", "code", "mark as read", "Remember that you read it, to be told of changes."),
    _of("token-text", "e", "token_edit", "tokens", "edit text", "Edit the text; each line is a sequence."),
    _of(
        "token-padding",
        "p",
        "token_option('padding')",
        "tokens",
        "padding",
        "Pad not at all, to the longest, to the maximum.",
    ),
    _of("token-truncation", "t", "token_option('truncation')", "tokens", "truncation", "Cut what is too long or not."),
    _of("token-special", "a", "token_option('special')", "tokens", "special tokens", "Add special tokens, or not."),
    _of("token-length", "m", "token_option('length')", "tokens", "max length", "Set the maximum length, in tokens."),
    _of("token-padding-side", "P", "token_option('padding_side')", "tokens", "pad side", "Pad on the other side."),
    _of("token-cut-side", "T", "token_option('truncation_side')", "tokens", "cut side", "Cut at the other side."),
    _of("token-multiple", "8", "token_option('multiple')", "tokens", "multiple of", "Pad to a multiple of 8, 16, …"),
    _of("token-strategy", "n", "token_option('strategy')", "tokens", "strategy", "Choose which text of a pair is cut."),
    _of("token-pairs", "i", "token_option('pairs')", "tokens", "pairs", "Take the lines two by two, as pairs."),
    _of(
        "token-stride",
        "w",
        "token_option('stride')",
        "tokens",
        "stride",
        "In the batch: show what is cut off, in windows.",
    ),
    _of("token-shown", "v", "token_shown", "tokens-batch", "ids, tokens", "Show ids, tokens, mask or type ids."),
    _of("pad-doctor", "D", "pad_doctor", "tokens-batch", "pad doctor", "Show what is wrong with the pad token."),
    _of("leave-doctor", "escape", "leave_doctor", "tokens-batch", "back", "Go back to the matrix."),
    _of("grid-first", "0", "grid_column(-1)", "tokens-grid", "first column", "Go to the first column."),
    _of(
        "grid-last", "dollar_sign", "grid_column(1)", "tokens-grid", "last column", "Go to the last column of the row."
    ),
    _of("token-next-view", "full_stop", "token_view(1)", "tokens", "next view", "Look at the text another way."),
    _of("token-last-view", "comma", "token_view(-1)", "tokens", "view before", "Go back to the view before."),
    _of(
        "chat-edit",
        "e",
        "chat_edit",
        "tokens-chat",
        "edit",
        "Edit the message, the tools or the JSON under the cursor.",
    ),
    _of("chat-add", "a", "chat_add", "tokens-chat", "add", "Add a message after this one."),
    _of("chat-role", "space", "chat_role", "tokens-chat", "role", "Let system, user, assistant or tool say it."),
    _of("chat-remove", "backspace,delete", "chat_remove", "tokens-chat", "remove", "Take the message away."),
    _of("chat-down", "J", "chat_move(1)", "tokens-chat", "move down", "Move the message down."),
    _of("chat-up", "K", "chat_move(-1)", "tokens-chat", "move up", "Move the message up."),
    _of("chat-tools", "t", "chat_tools", "tokens-chat", "tools", "Edit the tools: JSON schemas of functions."),
    _of("chat-json", "i", "chat_json", "tokens-chat", "JSON", "Edit the whole conversation as JSON, or paste one."),
    _of(
        "chat-ending",
        "p",
        "chat_ending",
        "tokens-chat",
        "ending",
        "End with the generation prompt, the closed turn, or the last message left open.",
    ),
    _of("chat-thinking", "w", "chat_thinking", "tokens-chat", "thinking", "Switch enable_thinking: unsaid, on, off."),
    _of("chat-template", "n", "chat_template", "tokens-chat", "template", "Take the tokenizer's next template."),
    _of("chat-panel", "v", "chat_panel", "tokens-chat", "show", "Show the prompt, its tokens, or the template."),
    _of("fold-stage", "enter,space", "fold", "tokens-stages", "open", "Open a stage or a word's steps, or fold it."),
    _of("fold-stages", "a", "fold_all", "tokens-stages", "open all", "Open all stages; fold them when some are open."),
    _of(
        "vocabulary-find",
        "/",
        "find",
        "tokens-vocabulary",
        "find token",
        "Find tokens, decode ids, measure a @file.",
    ),
    _of(
        "vocabulary-near",
        "n",
        "near",
        "tokens-vocabulary",
        "neighbours",
        "Show the token among its neighbours by id.",
    ),
    _of("vocabulary-end", "escape", "end_find", "tokens-vocabulary", "all tokens", "End the search: show all tokens."),
    _of("vocabulary-done", "enter,down", "find_done", "tokens-find", "results", "Go down into the tokens found."),
    _of(
        "compare-with",
        "v",
        "compare_with",
        "tokens-compare",
        "compare with",
        "Name another model, or another revision, whose tokenizer to compare with.",
    ),
    _of("compare-drop", "backspace,delete", "compare_drop", "tokens-compare", "drop", "Drop what was named last."),
    _of("run-text", "e", "edit_input", "run-form", "edit input", "Edit the first field of the form."),
    _of("run-example", "n", "next_example", "run-form", "next example", "Fill in the card's next example."),
    _of("run-task", "t", "next_task", "run-form", "task", "Run the model for another task that suits it."),
    _of("run-device", "v", "next_device", "run-form", "device", "Run on another device."),
    _of("run-dtype", "w", "next_dtype", "run-form", "dtype", "Load the weights as another type of number."),
    _of("narrow-weights", "/", "narrow", "weights", "narrow", "Show only the tensors that have some words."),
    _of(
        "fold-layers", "x", "fold_layers", "weights", "each layer", "Show layers that are alike one by one, or as one."
    ),
    _of("open-modules", "a", "open_all", "weights", "open all", "Open all modules, or fold them."),
    _of("copy-tensor", "y", "copy", "weights", "copy name", "Copy the name of the tensor, or a value of the metadata."),
    _of("read-again", "r", "retry", "weights", "retry", "Read the headers again."),
    Action("close", "escape", "close", "dialog", "close", "Close the overlay and change nothing.", in_palette=False),
)
"""Every action, in the order of the help screen."""

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

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

_DISPLAY = {
    "escape": "esc",
    "backspace": "⌫",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "slash": "/",
    "comma": ",",
    "full_stop": ".",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "dollar_sign": "$",
}


def bindings(*places: Where) -> list[BindingType]:
    """Return the bindings of everything that belongs to the places."""
    return [
        Binding(action.keys, action.action, action.label, id=action.id, priority=action.has_priority)
        for action in ACTIONS
        if action.where in places and action.keys
    ]


def keys_of(action: Action, rebound: Mapping[str, str]) -> list[str]:
    """Return the keys of an action as they are shown: the user's own where there are any."""
    return [display(key) for key in rebound.get(action.id, action.keys).split(",") if key]


def display(key: str) -> str:
    """Return a key as help shows it: `esc`, `pgdn`, `ctrl+r`."""
    return _DISPLAY.get(key.strip(), key.strip())


def unknown_ids(rebound: Iterable[str]) -> list[tuple[str, str]]:
    """Return the ids of a `keys` table that name no action, each with the nearest one that does (or nothing)."""
    wrong = [name for name in rebound if name not in BY_ID]
    return [(name, next(iter(difflib.get_close_matches(name, BY_ID, 1)), "")) for name in wrong]
