"""Whether a checkpoint can be used without asking for trouble: one verdict from its files, its licence and its age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hubtui.core.license_kinds import WORDS, kind_of
from hubtui.core.models import Gated, ModelFacts

Level = Literal["good", "care", "stop"]
"""`good`: nothing speaks against it; `care`: read the reason first; `stop`: do not load it as it is."""

_LEVELS: tuple[Level, ...] = ("good", "care", "stop")
_OLD_DAYS = 3 * 365
_BAD_SCANS = frozenset({"unsafe", "suspicious"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was looked at.

    Attributes:
        topic: `files`, `scan`, `code`, `licence`, `access` or `age`.
        says: one short sentence without its full stop.
    """

    topic: str
    level: Level
    says: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict: the level of the gravest reason, and all reasons, the gravest first."""

    level: Level
    reasons: tuple[Reason, ...]

    @property
    def line(self) -> str:
        """The verdict in one line: what speaks against the checkpoint, or what was looked at without a finding."""
        grave = [reason.says for reason in self.reasons if reason.level == self.level]
        head = {"good": "no objection", "care": "with care", "stop": "do not load"}[self.level]
        return f"{head}: {'; '.join(grave)}"


def judge(facts: ModelFacts, now: datetime) -> Judgement:
    """Judge a revision by what is known of it; its age is counted to `now`."""
    found = [*_files(facts), *_scan(facts), *_code(facts), *_license(facts), *_access(facts), *_age(facts, now)]
    reasons = sorted(found, key=lambda reason: -_LEVELS.index(reason.level))
    return Judgement(reasons[0].level if reasons else "good", tuple(reasons))


def _files(facts: ModelFacts) -> Iterator[Reason]:
    if facts.safety.pickle_only:
        yield Reason("files", "stop", "the only weights are pickles, which run code when loaded")
    elif "safetensors" in facts.formats:
        yield Reason("files", "good", "weights as safetensors")
    elif facts.formats:
        yield Reason("files", "good", f"weights as {', '.join(facts.formats)}")
    elif facts.listed is None:
        yield Reason("files", "care", "no weights in this repo")


def _scan(facts: ModelFacts) -> Iterator[Reason]:
    safety = facts.safety
    if safety.status in _BAD_SCANS:
        named = ", ".join(dict.fromkeys(issue.path for issue in safety.issues[:3]))
        about = f" ({named})" if named else ""
        # What the scanners object to is only loaded where there is nothing else.
        level: Level = "stop" if safety.status == "unsafe" or safety.pickle_only else "care"
        yield Reason("scan", level, f"the Hub's scanners call it {safety.status}{about}")
    elif safety.status == "safe":
        yield Reason("scan", "good", "the Hub's scanners found nothing")


def _code(facts: ModelFacts) -> Iterator[Reason]:
    if facts.safety.custom_code:
        yield Reason("code", "care", "it wants to run Python of its own, which hubtui does not")


def _license(facts: ModelFacts) -> Iterator[Reason]:
    kind = kind_of(facts.license)
    level: Level = "good" if kind in {"permissive", "copyleft"} else "care"
    name = f"{facts.license} is {kind}: " if facts.license and kind != "unstated" else ""
    yield Reason("licence", level, name + WORDS[kind])


def _access(facts: ModelFacts) -> Iterator[Reason]:
    if facts.disabled:
        yield Reason("access", "stop", "the Hub has disabled it")
    if facts.gated is Gated.NO:
        return
    if facts.has_access:
        yield Reason("access", "good", "gated, and this token may fetch it")
    elif facts.has_access is False:
        how = "at once" if facts.gated is Gated.AUTO else "when its authors agree"
        yield Reason("access", "care", f"gated: accept its terms on the Hub, the files are opened {how}")
    else:
        yield Reason("access", "care", "gated: its terms must be accepted on the Hub")


def _age(facts: ModelFacts, now: datetime) -> Iterator[Reason]:
    if facts.updated is not None and (now - facts.updated).days > _OLD_DAYS:
        yield Reason("age", "good", f"last commit {(now - facts.updated).days // 365} years ago")
