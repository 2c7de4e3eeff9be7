"""Compares two revisions of a model: asks for what changed, and leaves the comparing to `core.differences`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol

from hubtui.core.differences import (
    MOST_TEXT,
    Comparison,
    FileChange,
    Relation,
    TextDiff,
    ValueChange,
    cut,
    file_changes,
    text_diff,
    value_changes,
)
from hubtui.core.errors import HubError
from hubtui.core.models import Commit, ModelFacts
from hubtui.core.tokenizer_differences import FILES as TOKENIZER_FILES
from hubtui.core.tokenizer_differences import tokenizer_changes
from hubtui.core.untrusted import clean
from hubtui.hub.facts import cleaned

_JSON_CAP = 16 << 20
_MOST_COMMITS = 100
_MOST_JSON = 40
_CONFIGS = ("config.json", "generation_config.json")
_VALUES = frozenset({"config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json"})
_TEXT_FORMATS = frozenset({"config", "tokenizer", "card", "code", "text", "other"})


class Source(Protocol):
    """What comparing asks of a Hub."""

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        """Return the facts of a revision."""

    def commits(self, model: str, revision: str | None = None, *, limit: int = 50) -> tuple[Commit, ...]:
        """Return the newest commits."""

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return part of a file."""


def compare(hub: Source, model: str, before: str, after: str) -> Comparison:
    """Return what changed from `before` to `after`; what cannot be read is noted, and the rest compared.

    Raises:
        HubError: there is no such model or revision, or the Hub cannot be asked.
    """
    with ThreadPoolExecutor(2, thread_name_prefix="compare") as pool:
        old, new = pool.map(lambda revision: hub.facts(model, revision), (before, after))
    notes = _missing_files(old, new)
    files = file_changes(old.files, new.files)
    changes, unread = _values(hub, old, new, files)
    values, more = cut(changes)
    relation, commits, without_history = _between(hub, old, new)
    all_notes = (*notes, *unread, *filter(None, (more, without_history)))
    return Comparison(old.id, old, new, files, tuple(map(_clean, values)), relation, commits, all_notes)


def file_diff(hub: Source, comparison: Comparison, path: str) -> TextDiff:
    """Return how the text of one changed file differs; bounded in bytes, lines and characters.

    Raises:
        HubError: the file cannot be read.
    """
    change = next((change for change in comparison.files if change.path == path), None)
    if change is None:
        return TextDiff(path, reason=f"{path} is the same in both.")
    sides = [entry for entry in (change.before, change.after) if entry is not None]
    if any(entry.format not in _TEXT_FORMATS for entry in sides):
        return TextDiff(path, reason=f"{path} is no text.")
    if any((entry.size or 0) > MOST_TEXT for entry in sides):
        return TextDiff(path, reason=f"{path} is too long to be compared line by line.")
    old = _text(hub, comparison.before, change.before.path) if change.before else ""
    new = _text(hub, comparison.after, change.after.path) if change.after else ""
    return text_diff(path, old, new)


def _text(hub: Source, facts: ModelFacts, path: str) -> str:
    return hub.read_bytes(facts, path, length=MOST_TEXT + 1).decode("utf-8", "replace")


def _missing_files(old: ModelFacts, new: ModelFacts) -> list[str]:
    offline = [facts.revision for facts in (old, new) if facts.is_partial]
    if not offline:
        return []
    return [f"Of {' and '.join(offline)} only the files in the cache were compared: others may look removed or added."]


def _values(
    hub: Source, old: ModelFacts, new: ModelFacts, files: tuple[FileChange, ...]
) -> tuple[list[ValueChange], list[str]]:
    changed = [change.path for change in files if change.kind == "changed"]
    # Configs lie at the top and in the folders of a pipeline (unet/config.json); the tokenizer's files at the top alone
    configs = [path for path in changed if path.rpartition("/")[2] in _VALUES][:_MOST_JSON]
    tokenizers = [path for path in TOKENIZER_FILES if path in changed]
    notes: list[str] = []
    sides = [dict(_documents(hub, facts, (*configs, *tokenizers), notes.append)) for facts in (old, new)]
    values: list[ValueChange] = []
    for path in sorted(configs, key=lambda path: (path not in _CONFIGS, path)):
        if path in sides[0] and path in sides[1]:
            values += value_changes(path, sides[0][path], sides[1][path])
    values += tokenizer_changes(*({path: side[path] for path in tokenizers if path in side} for side in sides))
    return values, list(dict.fromkeys(notes))


def _documents(
    hub: Source, facts: ModelFacts, paths: tuple[str, ...], note: Callable[[str], None]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield path and JSON object of those that can be read; note the others."""
    sizes = {file.path: file.size or 0 for file in facts.files}
    for path in paths:
        if sizes.get(path, 0) > _JSON_CAP:
            note(f"{path} is too long to be compared value by value.")
            continue
        try:
            document = json.loads(hub.read_bytes(facts, path, length=_JSON_CAP))
        except HubError as error:
            note(f"{path} could not be compared: {error.message}")
        except (ValueError, RecursionError):
            note(f"{path} at {facts.revision} is not JSON.")
        else:
            if isinstance(document, dict):
                yield path, document


def _clean(change: ValueChange) -> ValueChange:
    """Make the strings fit for a terminal; only now, for two tokens may differ in nothing that can be seen."""
    shown = cleaned({"before": change.before, "after": change.after})
    return replace(change, key=clean(change.key), before=shown["before"], after=shown["after"])


def _between(hub: Source, old: ModelFacts, new: ModelFacts) -> tuple[Relation, tuple[Commit, ...], str]:
    """Return how the revisions' histories lie, the commits between them, and why that is not known."""
    if old.commit == new.commit:
        return "same", (), ""
    try:
        since = hub.commits(new.id, new.commit, limit=_MOST_COMMITS)
        at = _index(since, old.commit)
        if at is not None:
            return "ahead", since[:at], ""
        back = hub.commits(old.id, old.commit, limit=_MOST_COMMITS)
    except HubError as error:
        return "unknown", (), f"The commits between them are not known: {error.message}"
    at = _index(back, new.commit)
    if at is not None:
        return "behind", back[:at], ""
    shared = {commit.id for commit in back}
    at = next((at for at, commit in enumerate(since) if commit.id in shared), None)
    if at is None:
        return "unknown", (), f"The last {_MOST_COMMITS} commits of both have none in common."
    return "apart", since[:at], ""


def _index(commits: tuple[Commit, ...], commit: str) -> int | None:
    return next((at for at, entry in enumerate(commits) if entry.id == commit), None)
