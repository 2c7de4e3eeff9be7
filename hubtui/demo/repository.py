"""One repo of the demo Hub: its history, its numbers, and what its files say at each commit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from hubtui.core import cardfacts
from hubtui.core.checkpoint import Checkpoint, examine
from hubtui.demo.card import Card, read_card
from hubtui.demo.gitlike import Blob, Commit, Tree

_COMMIT = re.compile(r"[0-9a-f]{7,40}")  # whole or shortened


def object_id(name: str) -> str:
    """Return the 24 hex digits by which the Hub's database would know something of that name."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A discussion, or with `head` a pull request."""

    num: int
    title: str
    author: str
    date: datetime
    status: str
    text: str = ""
    head: Commit | None = None
    base: Commit | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scanner says about a file: level `unsafe`, `suspicious` or `caution`."""

    level: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What people did with the repo."""

    downloads: int = 0
    downloads_all_time: int = 0
    likes: int = 0
    trending: int = 0


@dataclass(frozen=True)
class View:
    """A repo at one commit.

    Attributes:
        task, library: ids, empty when unknown.
        tags: in the Hub's order.
    """

    commit: Commit
    checkpoint: Checkpoint
    card: Card
    task: str
    library: str
    tags: tuple[str, ...]


class TreeFiles:
    """The files of a tree as `core.checkpoint` reads them."""

    def __init__(self, files: Mapping[str, Blob]) -> None:
        self._files = files

    def sizes(self) -> Mapping[str, int]:
        """Return path → bytes."""
        return {path: blob.size for path, blob in self._files.items()}

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return self._files[path].read(offset, length)


@dataclass(frozen=True)
class Repository:
    """A repo and its history.

    Attributes:
        task, library: stated ids; None leaves it to card and files, empty means unknown.
        branches, tags: name → commit; `main` is always there.
        inference: `warm` when a provider would serve it.
    """

    id: str
    created: datetime
    branches: Mapping[str, Commit]
    tags: Mapping[str, Commit] = field(default_factory=dict)
    discussions: tuple[Discussion, ...] = ()
    numbers: Numbers = Numbers()
    gated: Literal[False, "auto", "manual"] = False
    private: bool = False
    disabled: bool = False
    task: str | None = None
    library: str | None = None
    inference: str | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)
    _views: dict[int, View] = field(default_factory=dict, repr=False, compare=False)

    @property
    def namespace(self) -> str:
        """The organization or user it belongs to."""
        return self.id.partition("/")[0]

    @property
    def head(self) -> Commit:
        """The newest commit of `main`."""
        return self.branches["main"]

    @cached_property
    def pull_requests(self) -> Mapping[int, Discussion]:
        """Number → pull request."""
        return {entry.num: entry for entry in self.discussions if entry.head is not None}

    def resolve(self, revision: str) -> Commit | None:
        """Return the commit that a branch, tag, `refs/…` or full or short commit id names; None when there is none."""
        named = self.branches.get(revision.removeprefix("refs/heads/")) or self.tags.get(
            revision.removeprefix("refs/tags/")
        )
        if named is not None:
            return named
        number = re.fullmatch(r"refs/pr/(\d{1,9})", revision)
        if number:
            entry = self.pull_requests.get(int(number[1]))
            return entry.head if entry else None
        if _COMMIT.fullmatch(revision):
            return next((commit for commit in self._commits() if commit.id.startswith(revision)), None)
        return None

    def _commits(self) -> Iterator[Commit]:
        for tip in (*self.branches.values(), *self.tags.values()):
            yield from tip.history()
        yield from (entry.head for entry in self.pull_requests.values() if entry.head)

    def view(self, commit: Commit | None = None) -> View:
        """Return what the files say at a commit, the head of main when None; read once."""
        commit = commit or self.head
        known = self._views.get(id(commit))
        if known is None:
            known = self._views[id(commit)] = self._look(commit)
        return known

    def _look(self, commit: Commit) -> View:
        checkpoint = examine(TreeFiles(commit.tree.files))
        card = _card(commit.tree)
        task = cardfacts.pipeline_tag(card.data, checkpoint) if self.task is None else self.task
        library = cardfacts.library(card.data, checkpoint) if self.library is None else self.library
        tags = cardfacts.tags(card.data, checkpoint, task=task, library_name=library, card_text=card.text)
        return View(commit, checkpoint, card, task, library, tags)

    def used_storage(self) -> int:
        """Return the bytes of every version of every file."""
        return sum({id(blob): blob.size for commit in self._commits() for blob in commit.tree.files.values()}.values())


def _card(tree: Tree) -> Card:
    blob = tree.files.get("README.md")
    try:
        return read_card(blob.read(0, 1 << 20)) if blob else Card()
    except OSError:
        return Card()


def transformers_info(view: View) -> dict[str, Any] | None:
    """Return how transformers loads it, with only those keys which the client knows; None for other libraries."""
    checkpoint = view.checkpoint
    if view.library != "transformers" or not checkpoint.auto_class:
        return None
    info: dict[str, Any] = {"auto_model": checkpoint.auto_class}
    if checkpoint.custom_code:
        reference = checkpoint.config.get("auto_map")
        own = reference.get(checkpoint.auto_class) if isinstance(reference, dict) else None
        if isinstance(own, str):
            info["custom_class"] = own
    if view.task:
        info["pipeline_tag"] = view.task
    paths = view.commit.tree.files
    if "preprocessor_config.json" in paths or "processor_config.json" in paths:
        info["processor"] = "AutoProcessor"
    elif "tokenizer.json" in paths or "tokenizer_config.json" in paths:
        info["processor"] = "AutoTokenizer"
    return info
