"""The one table of actions: each row is a key binding, an entry of the palette and a line of help.

A widget takes its bindings with `bindings(where)`; Textual's keymap rebinds them by id (the `keys` table of the
config file).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType

from hubtui.ui.action import Action, Where, move, of

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
    move("down", "j,down", "cursor_down", "down", "Go down a line."),
    move("up", "k,up", "cursor_up", "up", "Go up a line."),
    move("page-down", "pagedown,ctrl+d", "page_down", "page down", "Go down a page."),
    move("page-up", "pageup,ctrl+u", "page_up", "page up", "Go up a page."),
    move("first", "g,home", "first", "first", "Go to the first line."),
    move("last", "G,end", "last", "last", "Go to the last line."),
    move("left", "h,left", "scroll_sideways(-8)", "left", "Move long lines to the left."),
    move("right", "l,right", "scroll_sideways(8)", "right", "Move long lines to the right."),
    move("page-left", "<", "page_sideways(-1)", "page left", "Move long lines to the left by a view's width."),
    move("page-right", ">", "page_sideways(1)", "page right", "Move long lines to the right by a view's width."),
    move("open", "enter", "choose", "open", "Open or choose the line under the cursor."),
    of("submit", "enter", "submit", "search", "search", "Search now; open what is named by id, address or folder."),
    of("complete", "tab", "complete", "search", "complete", "Take the suggestion that is lit, or the correction."),
    of(
        "next-suggestion",
        "right",
        "next_suggestion",
        "search",
        "next suggestion",
        "At the end of the text: light the next suggestion, for tab to take.",
    ),
    of("last-suggestion", "left", "last_suggestion", "search", "suggestion before", "Light the suggestion before."),
    of("to-results", "down", "to_results", "search", "results", "Go down into the results."),
    of(
        "forget",
        "backspace,delete",
        "forget",
        "start",
        "remove",
        "Take the saved search or bookmark under the cursor away.",
    ),
    of(
        "card-find",
        "/",
        "find",
        "card",
        "find in card",
        "Find words in this card; elsewhere / edits the search.",
    ),
    of(
        "next-heading", "n", "next_hit(1)", "card", "next", "Go to the next place found; without a search to a heading."
    ),
    of(
        "last-heading",
        "N",
        "next_hit(-1)",
        "card",
        "before",
        "Go to the place found before; without a search to a heading.",
    ),
    of("end-find", "escape", "end_find", "card", "end the search", "End the search in the card, if there is one."),
    of("outline", "t", "outline", "card", "contents", "Choose a heading of the card to jump to."),
    of("links", "L", "links", "card", "links", "List where the links lead; enter opens a model, or copies."),
    of("images", "i", "images", "card", "images", "List the images; enter shows one, a foreign one after asking."),
    of("to-training-data", "T", "jump('training_data')", "card", "training data", "Jump to the training data."),
    of("to-limitations", "W", "jump('limitations')", "card", "limitations", "Jump to where the model fails."),
    of("to-bias", "B", "jump('bias')", "card", "bias", "Jump to what is said of bias."),
    of("to-evaluation", "E", "jump('evaluation')", "card", "evaluation", "Jump to the evaluation."),
    of("find-done", "enter", "find_done", "card-find", "keep", "Keep the places lit and go back to the card."),
    of("choose-file", "space", "choose_file", "files", "choose", "Choose the file for the download, or leave it out."),
    of("choose-files", "a", "choose_files", "files", "choose all", "Choose all files in sight, or none of them."),
    of("narrow-files", "n", "narrow", "files", "narrow", "Show only the files whose path or format has some words."),
    of("pause", "p", "pause", "files", "pause", "Pause the download, go on with it, or try it again."),
    of("mark-revision", "m", "mark", "files", "mark", "Mark a revision; on another one, compare the two."),
    of("delete-cached", "D", "delete_cached", "files", "delete", "Delete revisions from the cache; tells first what."),
    of("fold-values", "enter,space", "fold", "files-text", "fold", "Fold or open the value of a JSON file."),
    of("fold-all", "a", "fold_all", "files-text", "fold all", "Fold or open all values of a JSON file."),
    of("leave-file", "escape", "leave", "files-text", "back", "Go back to the list of files."),
    of("compare-again", "r", "retry", "revisions", "retry", "Compare the revisions again."),
    of("read-code", "c", "read_code", "safety", "code", "Read the Python that a load of the model would run."),
    of("code-changes", "d", "turn_changes", "code", "changes", "Show what changed since you read it, or all of it."),
    of("code-read", "m", "mark_read", "code", "mark as read", "Remember that you read it, to be told of changes."),
    of("token-text", "e", "token_edit", "tokens", "edit text", "Edit the text; each line is a sequence."),
    of(
        "token-padding",
        "p",
        "token_option('padding')",
        "tokens",
        "padding",
        "Pad not at all, to the longest, to the maximum.",
    ),
    of("token-truncation", "t", "token_option('truncation')", "tokens", "truncation", "Cut what is too long or not."),
    of("token-special", "a", "token_option('special')", "tokens", "special tokens", "Add special tokens, or not."),
    of("token-length", "m", "token_option('length')", "tokens", "max length", "Set the maximum length, in tokens."),
    of("token-padding-side", "P", "token_option('padding_side')", "tokens", "pad side", "Pad on the other side."),
    of("token-cut-side", "T", "token_option('truncation_side')", "tokens", "cut side", "Cut at the other side."),
    of("token-multiple", "8", "token_option('multiple')", "tokens", "multiple of", "Pad to a multiple of 8, 16, …"),
    of("token-strategy", "n", "token_option('strategy')", "tokens", "strategy", "Choose which text of a pair is cut."),
    of("token-pairs", "i", "token_option('pairs')", "tokens", "pairs", "Take the lines two by two, as pairs."),
    of(
        "token-stride",
        "w",
        "token_option('stride')",
        "tokens",
        "stride",
        "In the batch: show what is cut off, in windows.",
    ),
    of("token-shown", "v", "token_shown", "tokens-batch", "ids, tokens", "Show ids, tokens, mask or type ids."),
    of("pad-doctor", "D", "pad_doctor", "tokens-batch", "pad doctor", "Show what is wrong with the pad token."),
    of("leave-doctor", "escape", "leave_doctor", "tokens-batch", "back", "Go back to the matrix."),
    of("grid-first", "0", "grid_column(-1)", "tokens-grid", "first column", "Go to the first column."),
    of("grid-last", "dollar_sign", "grid_column(1)", "tokens-grid", "last column", "Go to the last column of the row."),
    of("token-next-view", "full_stop", "token_view(1)", "tokens", "next view", "Look at the text another way."),
    of("token-last-view", "comma", "token_view(-1)", "tokens", "view before", "Go back to the view before."),
    of(
        "chat-edit",
        "e",
        "chat_edit",
        "tokens-chat",
        "edit",
        "Edit the message, the tools or the JSON under the cursor.",
    ),
    of("chat-add", "a", "chat_add", "tokens-chat", "add", "Add a message after this one."),
    of("chat-role", "space", "chat_role", "tokens-chat", "role", "Let system, user, assistant or tool say it."),
    of("chat-remove", "backspace,delete", "chat_remove", "tokens-chat", "remove", "Take the message away."),
    of("chat-down", "J", "chat_move(1)", "tokens-chat", "move down", "Move the message down."),
    of("chat-up", "K", "chat_move(-1)", "tokens-chat", "move up", "Move the message up."),
    of("chat-tools", "t", "chat_tools", "tokens-chat", "tools", "Edit the tools: JSON schemas of functions."),
    of("chat-json", "i", "chat_json", "tokens-chat", "JSON", "Edit the whole conversation as JSON, or paste one."),
    of(
        "chat-ending",
        "p",
        "chat_ending",
        "tokens-chat",
        "ending",
        "End with the generation prompt, the closed turn, or the last message left open.",
    ),
    of("chat-thinking", "w", "chat_thinking", "tokens-chat", "thinking", "Switch enable_thinking: unsaid, on, off."),
    of("chat-template", "n", "chat_template", "tokens-chat", "template", "Take the tokenizer's next template."),
    of("chat-panel", "v", "chat_panel", "tokens-chat", "show", "Show the prompt, its tokens, or the template."),
    of("fold-stage", "enter,space", "fold", "tokens-stages", "open", "Open a stage or a word's steps, or fold it."),
    of("fold-stages", "a", "fold_all", "tokens-stages", "open all", "Open all stages; fold them when some are open."),
    of(
        "vocabulary-find",
        "/",
        "find",
        "tokens-vocabulary",
        "find token",
        "Find tokens, decode ids, measure a @file.",
    ),
    of(
        "vocabulary-near",
        "n",
        "near",
        "tokens-vocabulary",
        "neighbours",
        "Show the token among its neighbours by id.",
    ),
    of("vocabulary-end", "escape", "end_find", "tokens-vocabulary", "all tokens", "End the search: show all tokens."),
    of("vocabulary-done", "enter,down", "find_done", "tokens-find", "results", "Go down into the tokens found."),
    of(
        "compare-with",
        "v",
        "compare_with",
        "tokens-compare",
        "compare with",
        "Name another model, or another revision, whose tokenizer to compare with.",
    ),
    of("compare-drop", "backspace,delete", "compare_drop", "tokens-compare", "drop", "Drop what was named last."),
    of("run-text", "e", "edit_input", "run-form", "edit input", "Edit the first field of the form."),
    of("run-example", "n", "next_example", "run-form", "next example", "Fill in the card's next example."),
    of("run-task", "t", "next_task", "run-form", "task", "Run the model for another task that suits it."),
    of("run-device", "v", "next_device", "run-form", "device", "Run on another device."),
    of("run-dtype", "w", "next_dtype", "run-form", "dtype", "Load the weights as another type of number."),
    of("narrow-weights", "/", "narrow", "weights", "narrow", "Show only the tensors that have some words."),
    of("fold-layers", "x", "fold_layers", "weights", "each layer", "Show layers that are alike one by one, or as one."),
    of("open-modules", "a", "open_all", "weights", "open all", "Open all modules, or fold them."),
    of("copy-tensor", "y", "copy", "weights", "copy name", "Copy the name of the tensor, or a value of the metadata."),
    of("read-again", "r", "retry", "weights", "retry", "Read the headers again."),
    Action("close", "escape", "close", "dialog", "close", "Close the overlay and change nothing.", in_palette=False),
)
"""Every action, in the order of the help screen."""

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}


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
