"""What each stage of a tokenizer does to one text, as plain values: the shapes of `hubtui tokenize --stages --json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hubtui.core.tokens import TokenizerInfo

StageKind = Literal["normalizer", "pre-tokenizer", "model", "post-processor", "decoder"]
STAGES: tuple[StageKind, ...] = ("normalizer", "pre-tokenizer", "model", "post-processor", "decoder")
"""The stages in the order in which a text goes through them."""

RunKind = Literal["same", "changed", "inserted", "dropped", "added"]

MOST_CHARACTERS = 20_000
"""A longer text is not taken apart."""


@dataclass(frozen=True, slots=True)
class StageMember:
    """One step of a stage that is a sequence of several.

    Attributes:
        name: its type in tokenizer.json.
        settings: name → value as JSON writes it; long values are cut and say how long they are.
        output: what the text is after it: of a normalizer the texts between added tokens, of a pre-tokenizer the
            pre-tokens, of a decoder the whole text; None where the library cannot be asked.
    """

    name: str
    settings: dict[str, str]
    output: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its type, or an empty name where the tokenizer has none.

    Attributes:
        settings: see `StageMember`; of a sequence, those of its members are theirs.
        members: of a sequence, in order; empty for any other type.
        limit: a sentence on what cannot be told about it, empty when all can.
    """

    kind: StageKind
    name: str
    settings: dict[str, str] = field(default_factory=dict)
    members: list[StageMember] = field(default_factory=list)
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the normalised text and the characters of the text that it comes from.

    Attributes:
        text: as it is afterwards; empty when it was dropped.
        source: as it was; empty when it was inserted.
        start, end: of `source`, in characters of the text.
        kind: `added` for an added token, which is taken out before anything else sees it.
    """

    text: str
    source: str
    start: int
    end: int
    kind: RunKind


@dataclass(frozen=True, slots=True)
class PreToken:
    """A pre-token: pieces never reach across its ends.

    Attributes:
        text: as the model gets it.
        start, end: in characters of the text.
        is_added: an added token, which no model cuts.
    """

    text: str
    start: int
    end: int
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class StagePiece:
    """A token.

    Attributes:
        token: as the vocabulary has it.
        start, end: in characters of the text.
        data: the bytes that it stands for, as hex digits, where the tokenizer works on bytes; else None.
    """

    token: str
    id: int
    start: int
    end: int
    is_unknown: bool = False
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """A step of BPE: two neighbours became one.

    Attributes:
        rank: place of the merge in the tokenizer's table, from 0 on; None for the beginning, before any merge.
        left, right: what was merged.
        pieces: what the pre-token consists of then.
    """

    rank: int | None
    left: str
    right: str
    pieces: list[str]


@dataclass(frozen=True, slots=True)
class LongestMatch:
    """A step of WordPiece: the longest piece of the vocabulary that the rest begins with.

    Attributes:
        rest: what is left of the pre-token before it.
        piece: that was taken, None where not even one character is in the vocabulary: all becomes unknown then.
        longer: longer beginnings of the rest, none of which is in the vocabulary.
    """

    rest: str
    piece: str | None
    longer: int


@dataclass(frozen=True, slots=True)
class Path:
    """A way of Unigram through a pre-token.

    Attributes:
        pieces: of the way.
        scores: log probability of each, None for an unknown one.
        score: their sum, None with an unknown piece.
        without: the piece that the model had to do without to go this way; None for the way that it goes.
    """

    pieces: list[str]
    scores: list[float | None]
    score: float | None
    without: str | None = None


@dataclass(frozen=True, slots=True)
class ModelWord:
    """What the model made of one pre-token, and how; of the three ways at most that of its algorithm is told.

    Attributes:
        silence: why the steps are not told, empty when they are or when there are none.
    """

    pieces: list[StagePiece]
    merges: list[Merge] = field(default_factory=list)
    matches: list[LongestMatch] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    silence: str = ""


@dataclass(frozen=True, slots=True)
class SequenceToken:
    """A token of the whole sequence, after the post-processor.

    Attributes:
        is_special: the post-processor put it there.
    """

    token: str
    id: int
    start: int
    end: int
    type_id: int
    is_special: bool


@dataclass(frozen=True, slots=True)
class UnitCount:
    """The text cut into units of one kind.

    Attributes:
        unit: `word` (letters and digits in a row, or one other sign), `character` (blanks too), `token` (of this
            tokenizer, without special tokens).
        vocabulary: different units in this text: the least that a vocabulary of them needs for it.
        length: units in this text.
        unknown: of those, how many the tokenizer's own vocabulary does not hold as one piece; of tokens, how many are
            its unknown token.
        unknown_units: some of them, as they come.
    """

    unit: Literal["word", "character", "token"]
    vocabulary: int
    length: int
    unknown: int
    unknown_units: list[str]


@dataclass(frozen=True, slots=True)
class TokenStages:
    """One text on its way through a tokenizer.

    Attributes:
        stages: one of each of `STAGES`.
        normalized: None where the tokenizer does not show it.
        pre_tokens: likewise.
        words: what the model made of each pre-token; of the text as a whole where there are no pre-tokens to see.
        tokens: the sequence that AutoTokenizer gives.
        decoded: what it makes of those tokens, special ones left out.
        decoded_with_special: and with them.
        counts: words, characters, tokens.
        doubt: a sentence where the stages together do not give AutoTokenizer's ids; empty when they do.
    """

    text: str
    info: TokenizerInfo
    stages: list[Stage]
    normalized: list[Run] | None
    pre_tokens: list[PreToken] | None
    words: list[ModelWord]
    tokens: list[SequenceToken]
    decoded: str
    decoded_with_special: str
    counts: list[UnitCount]
    doubt: str = ""

    @property
    def is_same(self) -> bool:
        """The text comes back as it was."""
        return self.decoded == self.text

    @property
    def differs_at(self) -> int | None:
        """The first character that does not come back, None when all do."""
        if self.is_same:
            return None
        pairs = zip(self.text, self.decoded, strict=False)
        shorter = min(len(self.text), len(self.decoded))
        return next((at for at, (was, now) in enumerate(pairs) if was != now), shorter)
