"""What the Hugging Face cache of this machine holds, and what deleting some of it takes away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hubtui.core.numbers import size_text


@dataclass(frozen=True, slots=True)
class CachedFile:
    """One file of a cached revision; `blob` names the blob that it shares with other revisions, empty for its own."""

    path: str
    size: int
    blob: str = ""


@dataclass(frozen=True, slots=True)
class CachedRevision:
    """One commit of a model in the cache; `refs` are the branches, tags and pull requests known to be at it."""

    commit: str
    refs: tuple[str, ...] = ()
    files: tuple[CachedFile, ...] = ()
    fetched: datetime | None = None

    @property
    def size_bytes(self) -> int:
        """Bytes of its files, each blob once."""
        return sum({(file.blob or f"/{file.path}"): file.size for file in self.files}.values())


@dataclass(frozen=True, slots=True)
class CachedRepo:
    """One model in the cache.

    Attributes:
        revisions: newest first; none where only beginnings of files are kept.
        blobs: name → bytes on the disk, of whole blobs, whether a revision uses them or not.
        partials: name → bytes, of beginnings that a download goes on from.
    """

    model: str
    revisions: tuple[CachedRevision, ...] = ()
    blobs: Mapping[str, int] = field(default_factory=dict)
    partials: Mapping[str, int] = field(default_factory=dict)
    last_used: datetime | None = None

    @property
    def size_bytes(self) -> int:
        """Bytes on the disk."""
        own = sum(file.size for revision in self.revisions for file in revision.files if not file.blob)
        return own + sum(self.blobs.values()) + sum(self.partials.values())


@dataclass(frozen=True, slots=True)
class DeletionPlan:
    """What deleting revisions of a model from the cache takes away.

    Attributes:
        commits: the revisions that go.
        refs: the names that go with them.
        blobs: the blobs that no other revision uses, and so go; with the last revision also those that none uses.
        partials: beginnings of files that go with the last revision.
        freed_bytes: what the disk gains.
        kept_bytes: of these revisions, shared with others and so kept.
        is_whole: nothing of the model is left afterwards.
    """

    model: str
    commits: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    partials: tuple[str, ...] = ()
    freed_bytes: int = 0
    kept_bytes: int = 0
    is_whole: bool = False

    @property
    def sentence(self) -> str:
        """What to tell before it is done."""
        what = f"{len(self.commits)} revision{'' if len(self.commits) == 1 else 's'} of {self.model}"
        names = f" ({', '.join(self.refs)})" if self.refs else ""
        kept = f"{size_text(self.kept_bytes)} stay for other revisions" if self.kept_bytes else "the others stay"
        return f"Deleting {what}{names} frees {size_text(self.freed_bytes)}; {'all of it' if self.is_whole else kept}."


@dataclass(frozen=True, slots=True)
class Deletion:
    """What a deletion did: `left` names what could not be removed, a sentence each."""

    plan: DeletionPlan
    freed_bytes: int
    left: tuple[str, ...] = ()


def plan_deletion(repo: CachedRepo, commits: Collection[str] | None = None) -> DeletionPlan:
    """Return what deleting the commits takes away, all of the model for None; unknown commits are left out."""
    gone = [revision for revision in repo.revisions if commits is None or revision.commit in commits]
    stay = [revision for revision in repo.revisions if revision not in gone]
    is_whole = not stay and (bool(gone) or commits is None)
    used = {file.blob for revision in stay for file in revision.files}
    wanted = {file.blob for revision in gone for file in revision.files if file.blob}
    blobs = set(repo.blobs) if is_whole else wanted - used
    own_bytes = sum(file.size for revision in gone for file in revision.files if not file.blob)
    partials = dict(repo.partials) if is_whole else {}
    return DeletionPlan(
        model=repo.model,
        commits=tuple(revision.commit for revision in gone),
        refs=tuple(sorted(ref for revision in gone for ref in revision.refs)),
        blobs=tuple(sorted(blobs)),
        partials=tuple(sorted(partials)),
        freed_bytes=own_bytes + sum(repo.blobs.get(name, 0) for name in blobs) + sum(partials.values()),
        kept_bytes=sum(repo.blobs.get(name, 0) for name in wanted - blobs),
        is_whole=is_whole,
    )
