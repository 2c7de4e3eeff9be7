"""What is asked about a model's safety beyond its facts: its code, its author, its scans, its other revisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from hubtui.core.authors import Author
from hubtui.core.code_reviews import CodeReview
from hubtui.core.custom_code import CodeSource, CustomCode, read_code
from hubtui.core.errors import HubError
from hubtui.core.models import FileEntry, ModelFacts, Quota, Ref
from hubtui.core.tree import TreePage, walk

MOST_REVISIONS = 6
"""Revisions that are looked at for safetensors: two or three requests each."""

_SAFE = "safetensors"
_NOWHERE: tuple[tuple[str, ...], int] = ((), 0)

T = TypeVar("T")


class InquirySource(CodeSource, Protocol):
    """What an inquiry asks of a Hub."""

    @property
    def endpoint(self) -> str:
        """The Hub's address."""

    @property
    def quota(self) -> Quota | None:
        """The API quota now."""

    def author(self, name: str) -> Author | None:
        """Return who owns a namespace."""

    def refs(self, model: str) -> tuple[Ref, ...]:
        """Return branches, tags and pull requests."""

    def tree(self, facts: ModelFacts, *, cursor: str | None = None) -> TreePage:
        """Return files with their scan state."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What was found out.

    Attributes:
        files: of the facts, with their scans where the Hub's scanners have findings.
        author: who owns the namespace, None when nobody could be asked.
        safe_revisions: other revisions whose weights are safetensors; looked for where there are only pickles.
        looked_at: how many revisions were looked at for that.
        review: the code as the user read it last, None when they never did.
        page: the model's address on the Hub, empty for a folder.
        unknown: what could not be asked and why, a sentence each.
    """

    code: CustomCode = field(default_factory=CustomCode)
    files: tuple[FileEntry, ...] = ()
    author: Author | None = None
    safe_revisions: tuple[str, ...] = ()
    looked_at: int = 0
    review: CodeReview | None = None
    page: str = ""
    unknown: tuple[str, ...] = ()


def inquire(hub: InquirySource, facts: ModelFacts, review: CodeReview | None = None) -> Inquiry:
    """Ask what is not known yet; nothing here raises, what fails is told in `unknown`.

    A model with safetensors, no findings and no code costs one or two requests (its author).

    Args:
        hub: whom to ask.
        facts: of the model; files with scans are not asked for again.
        review: the code as the user read it last.
    """
    code = read_code(hub, facts)
    if facts.folder:
        return Inquiry(code, facts.files, review=review)
    page = f"{hub.endpoint}/{facts.id}"
    if facts.from_cache:
        unknown = "The Hub was not asked: its author, other revisions and what each scanner says are not known."
        return Inquiry(code, facts.files, review=review, page=page, unknown=(unknown,))
    tried = _Tried()
    return Inquiry(
        code,
        tried("What each scanner says", lambda: _scanned(hub, facts), facts.files),
        tried("Its author", lambda: hub.author(facts.id.partition("/")[0]), None) if "/" in facts.id else None,
        *tried("Other revisions", lambda: _safe_revisions(hub, facts), _NOWHERE),
        review=review,
        page=page,
        unknown=tuple(tried.failures),
    )


class _Tried:
    """Calls what may fail, and keeps why it did."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def __call__(self, what: str, call: Callable[[], T], otherwise: T) -> T:
        try:
            return call()
        except HubError as error:
            self.failures.append(f"{what} could not be asked: {error.message}")
            return otherwise


def _scanned(hub: InquirySource, facts: ModelFacts) -> tuple[FileEntry, ...]:
    """The files with what each scanner says, where one has something to say."""
    if not facts.safety.issues or any(file.scan for file in facts.files):
        return facts.files
    known: Sequence[FileEntry] = facts.files
    bad = {issue.path for issue in facts.safety.issues}
    for known in walk(lambda cursor: hub.tree(facts, cursor=cursor), facts.files, quota=lambda: hub.quota):
        if all(file.scan for file in known if file.path in bad):
            break
    return tuple(known)


def _safe_revisions(hub: InquirySource, facts: ModelFacts) -> tuple[tuple[str, ...], int]:
    """Other revisions with safetensors, newest pull requests first; and how many were looked at."""
    if not facts.safety.pickle_only:
        return (), 0
    refs = [ref for ref in hub.refs(facts.id) if ref.commit != facts.commit]
    proposed = [ref for ref in refs if ref.kind == "pull request"]
    others = [ref for ref in refs if ref.kind != "pull request"]
    looked = [*reversed(proposed), *others][:MOST_REVISIONS]
    return tuple(ref.name for ref in looked if _SAFE in hub.facts(facts.id, ref.name).formats), len(looked)
