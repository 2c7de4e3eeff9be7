"""Whether a checkpoint can be used without asking for trouble: one verdict from its files, its licence and its age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from hubtui.core import verdict_words as words
from hubtui.core.license_kinds import kind_of, strictest, words_of
from hubtui.core.license_stated import LicenseStated
from hubtui.core.models import Gated, ModelFacts
from hubtui.core.numbers import age_text, count_text
from hubtui.core.verdict_words import Step

if TYPE_CHECKING:
    from hubtui.core.inquiry import Inquiry

Level = Literal["good", "care", "stop"]
"""`good`: nothing speaks against it; `care`: read the reason first; `stop`: do not load it as it is."""

_LEVELS: tuple[Level, ...] = ("good", "care", "stop")
_OLD_DAYS = 3 * 365
_BAD_SCANS = frozenset({"unsafe", "suspicious"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was looked at.

    Attributes:
        topic: `files`, `scan`, `code`, `licence`, `access`, `age` or `author`.
        says: one short sentence without its full stop.
        means: what that is to the user, a sentence or two.
        step: what to do next, None where there is nothing to do.
    """

    topic: str
    level: Level
    says: str
    means: str = ""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict: the level of the gravest reason, and all reasons, the gravest first."""

    level: Level
    reasons: tuple[Reason, ...]

    @property
    def line(self) -> str:
        """The verdict in one line: what speaks against the checkpoint, or what was looked at without a finding."""
        grave = [reason.says for reason in self.reasons if reason.level == self.level and reason.topic != "author"]
        head = {"good": "no objection", "care": "with care", "stop": "do not load"}[self.level]
        return f"{head}: {'; '.join(grave)}"


def judge(facts: ModelFacts, now: datetime, inquiry: Inquiry | None = None) -> Judgement:
    """Judge a revision by what is known of it; its age is counted to `now`.

    Args:
        facts: of the revision.
        now: the moment that ages are counted to.
        inquiry: what was asked beyond the facts; without it the author is not spoken of, nor what the code is.
    """
    found = [
        *_files(facts, inquiry),
        *_scan(facts),
        *_code(facts, inquiry),
        *_license(facts),
        *_access(facts, inquiry),
        *_age(facts, now, inquiry),
        *_author(inquiry),
    ]
    reasons = sorted(found, key=lambda reason: -_LEVELS.index(reason.level))
    return Judgement(reasons[0].level if reasons else "good", tuple(reasons))


def _files(facts: ModelFacts, inquiry: Inquiry | None) -> Iterator[Reason]:
    if facts.safety.pickle_only:
        says = "the only weights are pickles, which run code when loaded"
        yield Reason("files", "stop", says, words.PICKLES, words.without_pickles(facts, inquiry))
    elif "safetensors" in facts.formats:
        means = words.SAFETENSORS + (words.AND_PICKLES if "pickle" in facts.formats else "")
        yield Reason("files", "good", "weights as safetensors", means)
    elif facts.formats:
        means = words.OTHER_FORMATS + (words.AND_KERAS if "tensorflow" in facts.formats else "")
        yield Reason("files", "good", f"weights as {', '.join(facts.formats)}", means)
    elif facts.is_partial:
        yield Reason("files", "care", "what weights it has is not known without the Hub", words.PARTIAL)
    elif facts.listed is None:
        yield Reason("files", "care", "no weights in this repo", words.NO_WEIGHTS, words.to_base(facts))


def _scan(facts: ModelFacts) -> Iterator[Reason]:
    safety = facts.safety
    if safety.status in _BAD_SCANS:
        named = ", ".join(dict.fromkeys(issue.path for issue in safety.issues[:3]))
        about = f" ({named})" if named else ""
        # What the scanners object to is only loaded where there is nothing else.
        level: Level = "stop" if safety.status == "unsafe" or safety.pickle_only else "care"
        calls = "ask for caution" if safety.is_mild else f"call it {safety.status}"
        says = f"the Hub's scanners {calls}{about}"
        yield Reason("scan", level, says, words.finding(safety), Step("See what each scanner says below."))
    elif safety.status == "safe":
        yield Reason("scan", "good", "the Hub's scanners found nothing", words.CLEAN)


def _code(facts: ModelFacts, inquiry: Inquiry | None) -> Iterator[Reason]:
    files = inquiry.code.files if inquiry else ()
    if facts.safety.custom_code or files:
        says = "it wants to run Python of its own, which hubtui does not"
        yield Reason("code", "care", says, words.code(inquiry), words.to_code(inquiry))


def _license(facts: ModelFacts) -> Iterator[Reason]:
    decides = strictest((facts.license, *facts.more_licenses)) if facts.more_licenses else facts.license
    kind = kind_of(decides)
    if spoken := LicenseStated(facts.license, facts.license_section).words:
        yield Reason("licence", "care", spoken, words.LICENSES["custom"], words.to_terms(facts))
        return
    if kind == "unstated" and facts.is_partial:
        yield Reason("licence", "care", "its licence is not known without the Hub", words.PARTIAL)
        return
    level: Level = "good" if kind in {"permissive", "copyleft"} else "care"
    called = facts.license_name if decides == "other" and facts.license_name else decides
    name = f"{called} is {kind}: " if called and kind != "unstated" else ""
    beside = [other for other in (facts.license, *facts.more_licenses) if other != decides]
    several = f" (beside {', '.join(beside)})" if beside else ""
    yield Reason("licence", level, f"{name}{words_of(decides)}{several}", words.LICENSES[kind], words.to_terms(facts))


def _access(facts: ModelFacts, inquiry: Inquiry | None) -> Iterator[Reason]:
    if facts.disabled:
        yield Reason("access", "stop", "the Hub has disabled it", words.DISABLED)
    if facts.gated is Gated.NO:
        return
    if facts.has_access:
        yield Reason("access", "good", "gated, and this token may fetch it", words.ADMITTED)
        return
    if facts.has_access is False:
        how = "at once" if facts.gated is Gated.AUTO else "when its authors agree"
        says = f"gated: accept its terms on the Hub, the files are opened {how}"
    else:
        says = "gated: its terms must be accepted on the Hub"
    yield Reason("access", "care", says, words.gate(facts), words.to_gate(inquiry))


def _age(facts: ModelFacts, now: datetime, inquiry: Inquiry | None) -> Iterator[Reason]:
    if facts.updated is None:
        return
    if (now - facts.updated).days > _OLD_DAYS:
        says = f"last commit {(now - facts.updated).days // 365} years ago"
        yield Reason("age", "good", says, words.OLD)
    elif inquiry is not None:
        born = f", created {_ago(facts.created, now)}" if facts.created else ""
        used = f"{count_text(facts.downloads)} downloads a month, {count_text(facts.likes)} likes."
        yield Reason("age", "good", f"last commit {_ago(facts.updated, now)}{born}", used)


def _ago(when: datetime, now: datetime) -> str:
    short = age_text(when, now)
    return "just now" if short == "now" else f"{short} ago"


def _author(inquiry: Inquiry | None) -> Iterator[Reason]:
    author = inquiry.author if inquiry else None
    if author is None:
        return
    kind = {"organisation": "an organisation", "user": "one user"}[author.kind]
    called = f"{author.full_name} ({author.name})" if author.full_name not in {"", author.name} else author.name
    yield Reason("author", "good", f"by {called}, {kind}", words.author(author), words.to_author(inquiry))
