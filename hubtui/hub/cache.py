"""What this machine's Hugging Face cache holds, revision by revision, and its safe deletion.

huggingface_hub's own `delete_revisions` follows a snapshot's links wherever they lead, removes a repo's whole folder
while another process writes into it, and gives up on a repo with one stray ref. So hubtui plans and deletes by itself:
only names that the layout knows, only inside the cache, each blob under the lock that downloads take.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from huggingface_hub import DeleteCacheStrategy

from hubtui.core.cache import CachedFile, CachedRepo, CachedRevision, Deletion, DeletionPlan, plan_deletion
from hubtui.core.errors import CacheError
from hubtui.core.names import is_commit, is_file_path, is_model_id
from hubtui.core.settings import Settings
from hubtui.hub.blobs import RepoStore, is_blob_name
from hubtui.hub.client import cache_folder
from hubtui.hub.local_files import ModelCache

_PARTIAL = ".incomplete"
_LONGEST_REF = 256


class CacheFolder:
    """Implements `core.ports.Cache`; shared by threads."""

    def __init__(self, settings: Settings) -> None:
        self._cache = ModelCache(cache_folder(settings))

    def repos(self) -> tuple[CachedRepo, ...]:
        """Return the models with their revisions and files, last used first."""
        found = [repo for model in self._cache.folders() if (repo := self.repo(model)) is not None]
        return tuple(sorted(found, key=lambda repo: repo.last_used or datetime.min.replace(tzinfo=UTC), reverse=True))

    def repo(self, model: str) -> CachedRepo | None:
        """Return one model, None when nothing of it is in the cache."""
        folder = self._cache.repo(model)
        if not is_model_id(model) or not folder.is_dir():
            return None
        blobs, partials = _blobs(folder)
        revisions = _revisions(folder, blobs)
        if not (revisions or blobs or partials):
            return None
        return CachedRepo(model, revisions, blobs, partials, _last_used(folder))

    def delete(self, plan: DeletionPlan) -> Deletion:
        """Delete what a plan says, as far as it still holds: what another revision uses by now stays.

        Raises:
            CacheError: a download of the model is under way in some process, or the cache is laid out as none is.
        """
        folder = self._cache.repo(plan.model)
        if not is_model_id(plan.model) or self.repo(plan.model) is None:
            raise CacheError(f"Nothing of {plan.model} is in the cache {self._cache.folder}.")
        _refuse_links(folder)
        store = RepoStore(folder)
        try:
            with store.unused() as is_free:
                busy = "" if is_free else "it"
                if not busy and (name := store.blob_in_transit()):
                    busy = f"its blob {name[:12]}…"
                if busy:
                    raise CacheError(
                        f"{plan.model} is not deleted: a download of {busy} is under way.",
                        hint="Stop it, or wait until it is over.",
                    )
                return self._deleted(store, plan)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise CacheError(
                f"{plan.model} cannot be deleted from the cache {self._cache.folder}: {why}.",
                hint="Check who owns the files.",
            ) from error

    def _deleted(self, store: RepoStore, plan: DeletionPlan) -> Deletion:
        """Delete names first, then links, then bytes: what a kill leaves behind is no broken revision."""
        repo = self.repo(plan.model)
        assert repo is not None  # noqa: S101 - asked for above
        is_whole = plan.is_whole and {revision.commit for revision in repo.revisions} <= set(plan.commits)
        now = plan_deletion(repo, None if is_whole else plan.commits)
        before = repo.size_bytes
        for ref in now.refs:
            (store.folder / "refs" / ref).unlink(missing_ok=True)
        for commit in now.commits:
            _remove(store.snapshot(commit))
            _remove(store.folder / ".no_exist" / commit)
            (store.folder / "trees" / f"{commit}.json").unlink(missing_ok=True)
        left = [*self._free(store, now), *_drop_partials(store, now.partials)]
        if now.is_whole:
            for part in ("refs", ".no_exist", "trees"):
                _remove(store.folder / part)
            _sweep(store.folder)
        after = self.repo(plan.model)
        return Deletion(now, before - (after.size_bytes if after else 0), tuple(left))

    def _free(self, store: RepoStore, plan: DeletionPlan) -> Iterator[str]:
        """Remove the blobs, each under its lock and unless a revision uses it by now; yield why one was left."""
        for name in plan.blobs:
            with store.locked_at_once(name) as is_ours:
                if not is_ours:
                    yield f"Blob {name[:12]}… was left: a download uses it."
                elif all(name != blob for _, blob in _places(store.folder / "snapshots", store.folder)):
                    self._unlink(store.blob(name))

    def _unlink(self, blob: Path) -> None:
        if not blob.is_symlink():
            blob.unlink(missing_ok=True)
            return
        # A link into the store that repos share (huggingface_hub's layout): it counts who else refers to the bytes
        DeleteCacheStrategy(
            expected_freed_size=0,
            blobs=frozenset({blob}),
            refs=frozenset(),
            repos=frozenset(),
            snapshots=frozenset(),
            cache_dir=self._cache.folder.resolve(),
        ).execute()


def _refuse_links(folder: Path) -> None:
    """Refuse a repo of which a part is a link: deleting there would delete somewhere else."""
    for place in (folder, *(folder / name for name in ("blobs", "refs", "snapshots", ".no_exist", "trees"))):
        if place.is_symlink():
            raise CacheError(
                f"{place} is a link to another place, so that nothing is deleted there.", hint="Delete it by hand."
            )


def _blobs(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return name → bytes of the whole blobs, and of the kept beginnings."""
    whole: dict[str, int] = {}
    partial: dict[str, int] = {}
    for place in _entries(folder / "blobs"):
        with suppress(OSError):
            if place.name.endswith(_PARTIAL):
                partial[place.name] = place.lstat().st_size
            elif is_blob_name(place.name):
                whole[place.name] = place.stat().st_size
    return whole, partial


def _revisions(folder: Path, blobs: dict[str, int]) -> tuple[CachedRevision, ...]:
    refs = _refs(folder)
    found = []
    for place in _entries(folder / "snapshots"):
        if is_commit(place.name) and place.is_dir() and not place.is_symlink():
            fetched = datetime.fromtimestamp(place.stat().st_mtime, UTC)
            files = tuple(sorted(_files(place, folder, blobs), key=lambda file: file.path))
            found.append(CachedRevision(place.name, tuple(sorted(refs.get(place.name, ()))), files, fetched))
    return tuple(sorted(found, key=lambda revision: (revision.fetched, revision.commit), reverse=True))


def _files(snapshot: Path, folder: Path, blobs: dict[str, int]) -> Iterator[CachedFile]:
    for place, blob in _places(snapshot, folder):
        path = place.relative_to(snapshot).as_posix()
        with suppress(OSError):
            if blob in blobs and is_file_path(path):
                yield CachedFile(path, blobs[blob], blob)
            elif not place.is_symlink() and is_file_path(path):
                yield CachedFile(path, place.lstat().st_size)


def _places(below: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files and links below a place, each with the repo's own blob that it leads to, empty for none."""
    own = (folder / "blobs").resolve()
    leads_there: dict[Path, bool] = {}  # most links of a folder lead to the same place, which is slow to look up
    for root, folders, names in os.walk(below):
        for name in (*names, *folders):
            place = Path(root, name)
            try:
                target = place.parent / place.readlink()
                if target.parent not in leads_there:
                    leads_there[target.parent] = target.parent.resolve() == own
            except (OSError, RuntimeError):  # no link, or one in a circle
                if name not in folders:
                    yield place, ""
                continue
            yield place, target.name if leads_there[target.parent] and is_blob_name(target.name) else ""


def _refs(folder: Path) -> dict[str, list[str]]:
    """Return commit → the names that point to it."""
    found: dict[str, list[str]] = {}
    top = folder / "refs"
    for root, _, names in os.walk(top):
        for name in names:
            place = Path(root, name)
            with suppress(OSError, ValueError):
                if not place.is_symlink():
                    with place.open("rb") as file:
                        commit = file.read(_LONGEST_REF).decode("ascii").strip()
                    found.setdefault(commit, []).append(place.relative_to(top).as_posix())
    return found


def _last_used(folder: Path) -> datetime | None:
    times = [0.0]
    for place in _entries(folder / "blobs"):
        with suppress(OSError):
            status = place.stat()
            times.append(max(status.st_atime, status.st_mtime))
    return datetime.fromtimestamp(max(times), UTC) if max(times) else None


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _remove(place: Path) -> None:
    """Remove a folder with what is in it; links in it go, what they lead to stays."""
    if place.is_symlink():
        place.unlink()
    elif place.is_dir():
        shutil.rmtree(place)


def _drop_partials(store: RepoStore, names: tuple[str, ...]) -> Iterator[str]:
    for file in names:
        name = file.removesuffix(_PARTIAL).partition(".")[0]
        if is_blob_name(name):
            with store.locked_at_once(name) as is_ours:
                if is_ours:
                    (store.folder / "blobs" / file).unlink(missing_ok=True)
                else:
                    yield f"{file} was left: a download writes it."


def _sweep(folder: Path) -> None:
    """Remove the folders of a repo that are empty now; one into which somebody has just written stays."""
    for place in (folder / "snapshots", folder / "blobs", folder):
        with suppress(OSError):
            place.rmdir()
