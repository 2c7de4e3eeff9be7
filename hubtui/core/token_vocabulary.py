"""The vocabulary of a tokenizer: its tokens, what is looked for in it, and what ids say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from hubtui.core.errors import UsageError

TokenKind = Literal["text", "byte", "special", "added", "none"]
QueryKind = Literal["all", "text", "regex", "range", "ids", "near"]

MOST_IDS = 100_000
"""More ids are not decoded at once."""

_RANGE = re.compile(r"\s*(\d{1,18})\s*(?:-|–|\.\.)\s*(\d{1,18})\s*")
_IDS = re.compile(r"\s*\[?\s*-?\d+(?:[\s,;]+-?\d+)*[\s,;]*\]?\s*")
_NUMBER = re.compile(r"-?\d+")
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One id of a vocabulary.

    Attributes:
        token: the piece as the vocabulary writes it, such as `Ġthe` or `##ing`; empty for an id without one.
        text: the characters that it stands for, ` the`; empty where its bytes alone are no character.
        kind: `special` and `added` tokens stand beside the pieces that were learnt; a `byte` is a part of a character;
            `none` is an id that no token has.
        bytes: what a byte-level or byte-fallback piece stands for, in hexadecimal (`c3 a9`); empty for other pieces.
    """

    id: int
    token: str
    text: str
    kind: TokenKind
    bytes: str = ""


@dataclass(frozen=True, slots=True)
class VocabularyQuery:
    """What is looked for in a vocabulary.

    Attributes:
        kind: `all` in the order of ids, special and added tokens before the others; `text` and `regex` in piece or
            text of a token; `range` from the first to the last of `ids`; `ids` these; `near` all by id, at `ids[0]`.
        words: the text or the pattern.
        ids: one or more, or the two ends of the range.
        any_case: capitals and small letters are the same.
    """

    kind: QueryKind = "all"
    words: str = ""
    ids: tuple[int, ...] = ()
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class VocabularyPage:
    """Some of the tokens that were found.

    Attributes:
        total: how many were found.
        first: which of them `entries` begins with.
        place: which of them is the token that was asked `near`, None when another question was asked.
        size: tokens in the vocabulary; highest_id: the highest of their ids.
    """

    total: int
    first: int
    entries: list[VocabularyEntry]
    size: int
    highest_id: int
    n_special: int
    n_added: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class DecodedIds:
    """What ids say.

    Attributes:
        entries: one for each id, of kind `none` for those outside the vocabulary, which the texts leave out.
        text: with special tokens; plain: without.
    """

    entries: list[VocabularyEntry]
    text: str
    plain: str
    outside: list[int] = field(default_factory=list)


def parse_ids(text: str) -> tuple[int, ...]:
    """Return the ids of a text such as `5 319 393`, `5,319,393` or `[5, 319, 393]`.

    Raises:
        UsageError: it is none.
    """
    if not _IDS.fullmatch(text):
        raise UsageError(f"{text!r} are no token ids.", hint="Give numbers, as in 5,319,393.")
    ids = tuple(max(-1, min(int(number), _LARGEST)) for number in _NUMBER.findall(text))
    if len(ids) > MOST_IDS:
        raise UsageError(f"{len(ids):,} ids are more than the {MOST_IDS:,} that are decoded at once.")
    return ids


def parse_query(text: str) -> VocabularyQuery:
    """Return what is looked for: `text`, `"100-200"` for that text itself, `/regex/`, `100-200`, `5 319 393`, `5`.

    Text without capitals matches in any case, as does `/regex/i`. Blanks around a text count: ` the` begins a word.

    Raises:
        UsageError: the range runs backwards.
    """
    if not text.strip():
        # a blank alone is a text to look for, nothing is not
        return VocabularyQuery("text", text) if text else VocabularyQuery()
    if found := re.fullmatch(r"/(.+)/(i?)", text.strip(), re.DOTALL):
        return VocabularyQuery("regex", found[1], any_case=bool(found[2]))
    if len(text) > 2 and text[0] == text[-1] == '"':
        return VocabularyQuery("text", text[1:-1])
    if found := _RANGE.fullmatch(text):
        first, last = (min(int(end), _LARGEST) for end in found.groups())
        if first > last:
            raise UsageError(f"The range {first}-{last} runs backwards.", hint=f"Ask for {last}-{first}.")
        return VocabularyQuery("range", ids=(first, last))
    if _IDS.fullmatch(text):
        ids = parse_ids(text)
        return VocabularyQuery("near" if len(ids) == 1 else "ids", ids=ids)
    return VocabularyQuery("text", text, any_case=text == text.lower())
