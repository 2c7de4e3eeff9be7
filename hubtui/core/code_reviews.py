"""Which custom code a person has read, and what became of it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hubtui.core.custom_code import CodeFile, CustomCode
from hubtui.core.differences import TextDiff, text_diff

CodeState = Literal["new", "read", "changed"]
"""Of a file, to the person: never marked as read, as it was then, or other than it was then."""


@dataclass(frozen=True, slots=True)
class CodeReview:
    """The code of a model as a person read it.

    Attributes:
        commit: of the model.
        when: of the reading, UTC.
        digests: name of a file (`CodeFile.name`) → sha256 of it.
        commits: other model that code came from → its commit.
    """

    model: str
    commit: str
    when: datetime
    digests: Mapping[str, str] = field(default_factory=dict)
    commits: Mapping[str, str] = field(default_factory=dict)

    def state_of(self, file: CodeFile) -> CodeState:
        """Say what a file is to the person."""
        if file.name not in self.digests:
            return "new"
        return "read" if file.digest and self.digests[file.name] == file.digest else "changed"

    def covers(self, code: CustomCode) -> bool:
        """Say whether all of the code was read as it is."""
        return all(self.state_of(file) == "read" for file in code.files)


def review_of(model: str, code: CustomCode, when: datetime) -> CodeReview:
    """Return that all of some code was read."""
    return CodeReview(
        model,
        code.commit,
        when,
        {file.name: file.digest for file in code.files if file.digest and not file.is_cut},
        {file.repo: file.commit for file in code.files if file.repo and file.commit},
    )


def state_of(file: CodeFile, review: CodeReview | None) -> CodeState:
    """Say what a file is to a person who may have read an earlier state of it."""
    return review.state_of(file) if review else "new"


def code_changes(before: CustomCode, after: CustomCode) -> tuple[TextDiff, ...]:
    """Return how each file that is not the same differs: those that are run now, then those that no longer are."""
    old, new = ({file.name: file for file in code.files} for code in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        file_change(old.get(name), new.get(name))
        for name in names
        if name not in old or name not in new or old[name].digest != new[name].digest
    )


def file_change(before: CodeFile | None, after: CodeFile | None) -> TextDiff:
    """Return how one file differs; None stands for a file that was or is not run."""
    name = (after or before or CodeFile("")).name
    if any(file is not None and file.is_cut for file in (before, after)):
        return TextDiff(name, reason=f"{name} is too long to be compared line by line.")
    return text_diff(name, before.text if before else "", after.text if after else "")
