"""Deleting revisions of a model from the cache of this machine: what there is, what would go, then a confirmation."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from hubtui.core.cache import CachedRepo, Deletion, DeletionPlan, plan_deletion
from hubtui.core.errors import HubtuiError
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services
from hubtui.core.untrusted import clean
from hubtui.ui import clock, text
from hubtui.ui.screens.picker import Entry, Picker
from hubtui.ui.work import start

_ALL = "all"


class CacheDeletion:
    """Asks and deletes for a pane.

    Args:
        pane: whose workers do it.
        services: hold the cache.
        say: puts one line at the edge of the screen; the second argument is whether it is an error.
        changed: called when something was deleted.
    """

    def __init__(
        self, pane: Widget, services: Services, say: Callable[[str, bool], None], changed: Callable[[], None]
    ) -> None:
        self._pane, self._services, self._say, self._changed = pane, services, say, changed

    def begin(self, model: str, commit: str) -> None:
        """Offer the cached revisions of a model; `commit` is the one that is open."""

        def found(repo: CachedRepo | None) -> None:
            if repo is None:
                self._say(f"Nothing of {clean(model)} is in the cache.", False)
            else:
                self._choose(repo, commit)

        start(self._pane, "cached", lambda: self._services.cache().repo(model), found, self._failed)

    def _choose(self, repo: CachedRepo, commit: str) -> None:
        note = f"{size_text(repo.size_bytes)} on the disk. Choose what is to go; nothing is deleted yet."

        def answered(value: str | None) -> None:
            if value is not None:
                self._confirm(plan_deletion(repo, None if value == _ALL else {value}))

        picker = Picker(f"Delete {clean(repo.model)} from the cache", _entries(repo, commit), note=note)
        self._pane.app.push_screen(picker, answered)

    def _confirm(self, plan: DeletionPlan) -> None:
        entries = [
            Entry("keep", "keep it"),
            Entry("delete", "delete", f"frees {size_text(plan.freed_bytes)}"),
        ]

        def answered(value: str | None) -> None:
            if value == "delete":
                start(self._pane, "deletion", lambda: self._services.cache().delete(plan), self._done, self._failed)

        self._pane.app.push_screen(Picker(clean(plan.sentence), entries, note=_note(plan)), answered)

    def _done(self, done: Deletion) -> None:
        self._say(f"{size_text(done.freed_bytes)} are free again.", False)
        for sentence in done.left:
            self._say(sentence, True)
        self._changed()

    def _failed(self, error: HubtuiError) -> None:
        self._say(str(error), True)


def _entries(repo: CachedRepo, commit: str) -> list[Entry]:
    now = clock.now()
    entries = []
    for revision in repo.revisions:
        names = ", ".join(clean(ref) for ref in revision.refs) or "no name"
        freed = size_text(plan_deletion(repo, {revision.commit}).freed_bytes)
        fetched = f", fetched {text.ago(revision.fetched, now)}" if revision.fetched else ""
        is_open = " · open" if revision.commit == commit else ""
        entries.append(Entry(revision.commit, f"{revision.commit[:7]} {names}", f"frees {freed}{fetched}{is_open}"))
    if len(entries) != 1 or repo.partials:
        begun = f", with {text.plural(len(repo.partials), 'begun file')}" if repo.partials else ""
        entries.append(Entry(_ALL, "all of it", f"frees {size_text(plan_deletion(repo).freed_bytes)}{begun}"))
    return entries


def _note(plan: DeletionPlan) -> str:
    """Say of what the bytes are: files that no other revision uses."""
    said = [text.plural(len(plan.blobs), "stored file")]
    if plan.partials:
        said.append(text.plural(len(plan.partials), "begun file"))
    return f"Takes away {' and '.join(said)}."
