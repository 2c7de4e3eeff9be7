"""Whether a text comes back as it was when it is encoded and decoded, and where it first does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hubtui.core.untrusted import reveal

LossCause = Literal["unknown", "normalizer", "clean-up", "dropped", "blanks", "case", ""]

_BEFORE = 16
_SHOWN = 24
_MOST_SIGNS = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where the decoded text differs.

    Attributes:
        place: index of the first character that differs; the end of the shorter text where one begins with the other.
        before: the last few characters that are still the same.
        expected: the text from there on; got: the decoded text from there on; a few characters of each.
        cause: what did it; empty where that cannot be told.
        reason: that in a sentence; foreign characters in it are made visible.
    """

    place: int
    before: str
    expected: str
    got: str
    cause: LossCause
    reason: str


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A text, encoded without special tokens and decoded with everything that was there.

    Attributes:
        difference: None when the text came back as it was.
    """

    text: str
    decoded: str
    n_tokens: int
    n_unknown: int
    difference: Difference | None = None

    @property
    def is_equal(self) -> bool:
        """Whether the text came back as it was."""
        return self.difference is None


def first_difference(one: str, other: str) -> int | None:
    """Return the index of the first character that differs, None for equal texts."""
    if one == other:
        return None
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def difference_at(text: str, decoded: str, place: int, cause: LossCause, reason: str) -> Difference:
    """Return what there is to show of the first difference."""
    return Difference(
        place=place,
        before=text[max(0, place - _BEFORE) : place],
        expected=text[place : place + _SHOWN],
        got=decoded[place : place + _SHOWN],
        cause=cause,
        reason=reason,
    )


def code_points(text: str) -> str:
    """Return the first characters of a text by number, for those that look alike: `U+0065 U+0301`."""
    return " ".join(f"U+{ord(char):04X}" for char in text[:_MOST_SIGNS]) or "the end"


def changed_signs(expected: str, got: str) -> tuple[str, str]:
    """Return the first character of both sides by number, with the marks that combine with it."""
    return code_points(_cluster(expected)), code_points(_cluster(got))


def _cluster(text: str) -> str:
    end = 1
    while end < len(text) and "\u0300" <= text[end] <= "\u036f":
        end += 1
    return text[:end]


def verdict(trips: Sequence[RoundTrip]) -> str:
    """Return in a sentence whether the texts came back; the first that did not is to be shown."""
    changed = [number for number, trip in enumerate(trips, 1) if not trip.is_equal]
    if not changed:
        return "comes back as it was" if len(trips) == 1 else f"all {len(trips)} lines come back as they were"
    if len(trips) == 1:
        return "comes back changed"
    if len(changed) == 1:
        return f"line {changed[0]} of {len(trips)} comes back changed"
    return f"{len(changed)} of {len(trips)} lines come back changed, first line {changed[0]}"


def shown(text: str) -> str:
    """Return a side of a difference as it is shown; nothing is left is said."""
    return reveal(text) or "(the end)"
