"""What several tokenizers make of the same text, to be laid side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hubtui.core.language_samples import UNSPACED
from hubtui.core.tokens import TokenizerInfo
from hubtui.core.untrusted import reveal

MOST_TOKENIZERS = 6
"""More than these are not laid side by side."""

MOST_CHARACTERS = 10_000
"""Of all texts together; a longer text tells no more about a tokenizer."""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A token that stands for text: none of those that the tokenizer adds.

    Attributes:
        start, end: in characters of the text; the same where the tokenizer does not tell.
    """

    token: str
    id: int
    start: int
    end: int
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """One text as one tokenizer cuts it; `n_added` tokens such as `[CLS]` come on top of the pieces."""

    text: str
    pieces: list[TextPiece]
    n_added: int

    @property
    def n_tokens(self) -> int:
        """All tokens, those that are added too."""
        return len(self.pieces) + self.n_added


@dataclass(frozen=True, slots=True)
class Fertility:
    """What a short text of a language costs; added tokens are not counted."""

    language: str
    n_tokens: int
    n_words: int
    n_characters: int
    n_unknown: int

    @property
    def value(self) -> float:
        """Tokens a word, or a character in languages without blanks between words."""
        of = self.n_characters if self.language in UNSPACED else self.n_words
        return self.n_tokens / of if of else 0.0


@dataclass(frozen=True, slots=True)
class TokenizerMeasure:
    """What one tokenizer makes of some texts, and of a sample in each language that hubtui has one of."""

    info: TokenizerInfo
    texts: list[MeasuredText]
    fertility: list[Fertility]

    @property
    def n_tokens(self) -> int:
        """All tokens of all texts."""
        return sum(one.n_tokens for one in self.texts)

    @property
    def n_added(self) -> int:
        """Tokens that stand for no text."""
        return sum(one.n_added for one in self.texts)

    @property
    def n_unknown(self) -> int:
        """Pieces that the vocabulary does not have."""
        return sum(piece.is_unknown for one in self.texts for piece in one.pieces)

    @property
    def per_word(self) -> float | None:
        """Pieces for each word between blanks; None without words."""
        return self._per(sum(len(one.text.split()) for one in self.texts))

    @property
    def per_character(self) -> float | None:
        """Pieces for each character, blanks included; None without characters."""
        return self._per(sum(len(one.text) for one in self.texts))

    def _per(self, number: int) -> float | None:
        return sum(len(one.pieces) for one in self.texts) / number if number else None


@dataclass(frozen=True, slots=True)
class MovedToken:
    """A token that both vocabularies hold, under ids that differ."""

    token: str
    id: int
    other_id: int


@dataclass(frozen=True, slots=True)
class SharedVocabulary:
    """What two vocabularies have in common.

    Attributes:
        size, other_size: tokens of each.
        shared: tokens that are written the same in both, marks such as `##`, `▁` and `Ġ` included.
        moved: how many of those have another id.
        n_texts, other_texts, shared_texts: the same counted by the text that tokens stand for, marks aside.
        examples: some that moved.
    """

    size: int
    other_size: int
    shared: int
    moved: int
    n_texts: int
    other_texts: int
    shared_texts: int
    examples: list[MovedToken] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether the two give the same ids to the same tokens."""
        return self.size == self.other_size == self.shared and not self.moved


def settings_rows(
    infos: Sequence[TokenizerInfo], number: Callable[[int], str] = "{:,}".format
) -> list[tuple[str, list[str]]]:
    """Return what tokenizers are set to: name → a value for each; special tokens that none has are left out.

    Foreign text in the values is made visible; `number` writes large numbers.
    """
    rows: list[tuple[str, list[str]]] = [
        ("algorithm", [info.algorithm for info in infos]),
        ("class", [info.tokenizer_class or "–" for info in infos]),
        ("vocabulary", [number(info.vocab_size) for info in infos]),
        ("max length", [number(info.model_max_length) if info.model_max_length else "none" for info in infos]),
        ("padding side", [info.padding_side for info in infos]),
        ("truncation side", [info.truncation_side for info in infos]),
    ]
    roles = list(dict.fromkeys(role for info in infos for role, token in info.special_tokens.items() if token))
    for role in roles:
        tokens = [info.special_tokens.get(role) for info in infos]
        rows.append(
            (role, ["none" if token is None else f"{reveal(token.token)} {_number(token.id)}" for token in tokens]),
        )
    return rows


def _number(token_id: int | None) -> str:
    return "(no id)" if token_id is None else f"= {token_id}"


def named(text: str, model: str) -> tuple[str, str | None]:
    """Return the model and the revision that a person names: `model`, `model@revision`, `@revision` of `model`.

    The model may also be a Hub URL or the path of a folder; of the latter, nothing is a revision.
    """
    text = text.strip()
    if "://" in text or text.startswith((".", "/", "~")):
        return text, None
    other, _, revision = text.partition("@")
    return other or model, revision or None


def differing(rows: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str]]]:
    """Return the rows in which not all values are the same."""
    return [(name, values) for name, values in rows if len(set(values)) > 1]
