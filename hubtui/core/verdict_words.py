"""What the reasons of a verdict mean to the user, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtui.core.license_kinds import strictest
from hubtui.core.license_terms import terms_of
from hubtui.core.numbers import count_text, size_text

if TYPE_CHECKING:
    from hubtui.core.authors import Author
    from hubtui.core.inquiry import Inquiry
    from hubtui.core.license_kinds import LicenseKind
    from hubtui.core.models import ModelFacts, Safety


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next; at most one of the others says how the interface can do it.

    Attributes:
        says: a sentence.
        address: to look at in a browser.
        revision: of the model, to open.
        model: to open.
        query: a search.
        shows_code: the model's own code is to be read.
    """

    says: str
    address: str = ""
    revision: str = ""
    model: str = ""
    query: str = ""
    shows_code: bool = False


PICKLES = (
    "A pickle is a program: loading it can do on this machine all that you can. hubtui reads it, and never loads it."
)
SAFETENSORS = "Safetensors hold numbers and nothing else; loading them runs no code."
AND_PICKLES = " The pickles beside them are not loaded."
OTHER_FORMATS = "None of these is a pickle. hubtui runs safetensors only; their own libraries load these."
AND_KERAS = " Old Keras files (.h5) can hold code that loading runs."
NO_WEIGHTS = "There is nothing to run here: it may be a configuration, a tokenizer or an announcement."
PARTIAL = "Only the files that are on this machine are known; the Hub was not asked for the others."
CLEAN = "They look at every file of the repo for malware and for pickles that call what weights need not."
DISABLED = "Its files cannot be had; what was downloaded before should not be used before you know why."
ADMITTED = "You have accepted its terms; they go on to bind you."
OLD = "An old checkpoint still works; what was learned since, and found wrong in it, is not in there."
LICENSES: Mapping[LicenseKind, str] = {
    "permissive": "You may use, change and sell it, as long as its notice stays with it.",
    "copyleft": "You may use and change it; who receives what you make of it gets the same rights.",
    "restricted": "You may use it except as its terms forbid: by purpose, by size of company, by what is made of it.",
    "research": "You may try it and publish about it; earning money with it needs another licence.",
    "custom": "What you may do is said in its own terms alone.",
    "unstated": "Without a licence you may look at it, and no more: ask its author for one.",
}


def without_pickles(facts: ModelFacts, inquiry: Inquiry | None) -> Step:
    """Say where the same weights are as safetensors."""
    if inquiry is not None and inquiry.safe_revisions:
        revision = inquiry.safe_revisions[0]
        return Step(f"Open revision {revision}: its weights are safetensors.", revision=revision)
    if inquiry is not None and inquiry.looked_at:
        many = f"its {inquiry.looked_at} other revisions" if inquiry.looked_at > 1 else "its other revision"
        says = f"No safetensors in {many} either: search what others have made of it."
        return Step(says, query=f"base:{facts.id}")
    return Step("Look for a revision with safetensors, often a pull request, or for what others have made of it.")


def to_base(facts: ModelFacts) -> Step | None:
    """Say which model it builds upon."""
    if not facts.base_models:
        return None
    return Step(f"Open what it was made from: {facts.base_models[0]}.", model=facts.base_models[0])


def finding(safety: Safety) -> str:
    """Say how bad the worst finding is."""
    if safety.status == "unsafe":
        return "At least one file holds what is known to do harm. Do not open it with anything but a text viewer."
    if safety.is_mild:
        return "Nothing is known to be wrong; a scanner asks that a person looks at it first."
    return "At least one file does what harmless weights seldom do; a false alarm is possible, harm is as well."


def code(inquiry: Inquiry | None) -> str:
    """Say what a load would run."""
    rights = "on this machine, with your rights"
    if inquiry is None or not inquiry.code.files:
        return f"With trust_remote_code=True, loading it runs Python files of the repo {rights}."
    found = inquiry.code
    many = f"{len(found.files)} Python files" if len(found.files) > 1 else "1 Python file"
    said = f"With trust_remote_code=True, loading it runs {many} ({size_text(found.size_bytes)}) {rights}."
    if found.repos:
        said += f" Part of them lies in {', '.join(found.repos)}, and may change there without a commit here."
    return said


def to_code(inquiry: Inquiry | None) -> Step:
    """Say what is left to be read of the code."""
    if inquiry is None or not inquiry.code.files:
        return Step("Read its Python files before you let anything run them.")
    review = inquiry.review
    if review is None:
        return Step("Read the code before you let anything run it.", shows_code=True)
    seen = review.commit[:7] or "your last look"
    if review.covers(inquiry.code):
        return Step(f"You have read it, as of {seen}; it has not changed since.", shows_code=True)
    changed = sum(review.state_of(file) != "read" for file in inquiry.code.files)
    many = f"{changed} files" if changed > 1 else "1 file"
    return Step(f"Read what changed since {seen}, which you have read: {many}.", shows_code=True)


def to_terms(facts: ModelFacts) -> Step | None:
    """Say where the licence's terms are."""
    link = facts.license_link
    address = link if re.match(r"https?://", link) else terms_of(strictest((facts.license, *facts.more_licenses)))
    if address:
        return Step("Its terms:", address=address)
    return Step(f"Its terms are in the repo: {link}.") if link else None


def gate(facts: ModelFacts) -> str:
    """Say what the form asks."""
    asked = facts.gate.fields if facts.gate else ()
    wants = f" The form asks for: {', '.join(asked)}." if asked else ""
    answer = "" if facts.gated.value == "auto" else ", who decide"
    return f"Name and e-mail of your account go to its authors{answer}.{wants}"


def to_gate(inquiry: Inquiry | None) -> Step:
    """Say where to ask for access."""
    return Step("Ask for access:", address=inquiry.page) if inquiry and inquiry.page else Step("Ask on its page.")


def author(found: Author) -> str:
    """Say what is known of who made it."""
    counts = [
        f"{count_text(number)} {what}"
        for number, what in ((found.models, "models"), (found.followers, "followers"))
        if number is not None
    ]
    said = f"{' and '.join(counts)} on this Hub. " if counts else ""
    return f"{said}Names are not verified: look whether the page is who it says it is."


def to_author(inquiry: Inquiry | None) -> Step | None:
    """Say where the author's page is."""
    page = inquiry.page if inquiry else ""
    return Step("Who that is:", address=page.rpartition("/")[0]) if page else None
