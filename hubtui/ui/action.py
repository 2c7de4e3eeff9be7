"""What one action is: a row of the table in `actions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


def move(name: str, keys: str, action: str, label: str, text: str) -> Action:
    """Return a movement in a list, which the palette does not offer."""
    return Action(name, keys, action, "list", label, text, in_palette=False)


def of(  # noqa: PLR0917 - its calls are the rows of a table
    name: str, keys: str, action: str, where: Where, label: str, text: str
) -> Action:
    """Return what makes sense in one place alone, and so is no entry of the palette."""
    return Action(name, keys, action, where, label, text, in_palette=False)
