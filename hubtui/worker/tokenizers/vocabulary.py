"""The vocabulary of a loaded tokenizer as a table, what is found in it, and what ids say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from hubtui.core.byte_pieces import byte_level_bytes, bytes_text, fallback_byte, hex_text
from hubtui.core.errors import TokenizerError
from hubtui.core.token_vocabulary import DecodedIds, TokenKind, VocabularyEntry, VocabularyPage, VocabularyQuery
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer

MOST_ENTRIES = 5_000
"""A page has no more."""

_KEPT_QUERIES = 4
_BROKEN = "\ufffd"
_SPACE = "▁"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Added:
    token: str
    is_special: bool


class Vocabulary:
    """All tokens of one tokenizer by id; texts are worked out when they are first looked for.

    Args:
        tokenizer: of transformers.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - transformers' many classes
        self._tokenizer = tokenizer
        self.added = _added(tokenizer)
        pieces = {number: piece for piece, number in tokenizer.get_vocab().items()}
        pieces |= {number: one.token for number, one in self.added.items()}
        self.ids: Sequence[int] = sorted(pieces)
        self.pieces: Mapping[int, str] = pieces
        self._places = {number: at for at, number in enumerate(self.ids)}
        self._found: dict[VocabularyQuery, Sequence[int]] = {}
        self._read = _reader(tokenizer)

    @cached_property
    def texts(self) -> Mapping[int, str]:
        """The text of every token; empty for parts of characters."""
        learnt = [number for number in self.ids if number not in self.added]
        read = self._read(learnt, [self.pieces[number] for number in learnt])
        texts = {number: text for number, (text, _) in zip(learnt, read, strict=True)}
        return texts | {number: one.token for number, one in self.added.items()}

    @cached_property
    def beginning_with_special(self) -> Sequence[int]:
        """All ids: special tokens, added tokens, then the pieces that were learnt, each by id."""
        special = [number for number in self.ids if number in self.added and self.added[number].is_special]
        added = [number for number in self.ids if number in self.added and not self.added[number].is_special]
        return [*special, *added, *(number for number in self.ids if number not in self.added)]

    def entries(self, ids: Iterable[int]) -> list[VocabularyEntry]:
        """Return what the ids stand for."""
        wanted = list(ids)
        learnt = [number for number in wanted if number in self.pieces and number not in self.added]
        read = dict(zip(learnt, self._read(learnt, [self.pieces[number] for number in learnt]), strict=True))
        return [self._entry(number, read) for number in wanted]

    def _entry(self, number: int, read: Mapping[int, tuple[str, bytes | None]]) -> VocabularyEntry:
        if (added := self.added.get(number)) is not None:
            token = _sendable(added.token)
            return VocabularyEntry(number, token, token, "special" if added.is_special else "added")
        piece = self.pieces.get(number)
        if piece is None:
            return VocabularyEntry(number, "", "", "none")
        text, data = read[number]
        is_byte = data is not None and (bytes_text(data) is None or fallback_byte(piece) is not None)
        kind: TokenKind = "byte" if is_byte else "text"
        return VocabularyEntry(number, _sendable(piece), _sendable(text), kind, hex_text(data) if data else "")

    def page(self, query: VocabularyQuery, first: int | None, count: int) -> VocabularyPage:
        """Return some of what a query finds; `first` None begins at what it is about.

        Raises:
            TokenizerError: the pattern cannot be read.
        """
        count = max(0, min(count, MOST_ENTRIES))
        found = self.find(query)
        place = None
        if query.kind == "near":
            # an id that no token has stands where it would
            place = self._places.get(query.ids[0])
        if first is None:
            first = 0 if place is None else place - count // 2
        first = max(0, min(first, len(found) - 1))
        return VocabularyPage(
            total=len(found),
            first=first,
            entries=self.entries(found[first : first + count]),
            size=len(self.ids),
            highest_id=self.ids[-1] if self.ids else -1,
            n_special=sum(one.is_special for one in self.added.values()),
            n_added=sum(not one.is_special for one in self.added.values()),
            place=place,
        )

    def find(self, query: VocabularyQuery) -> Sequence[int]:
        """Return the ids that a query finds; those of the last few are kept for their other pages."""
        if query not in self._found:
            self._found[query] = self._find(query)
            if len(self._found) > _KEPT_QUERIES:
                del self._found[next(iter(self._found))]
        return self._found[query]

    def _find(self, query: VocabularyQuery) -> Sequence[int]:
        match query.kind:
            case "all":
                return self.beginning_with_special
            case "near":
                return self.ids
            case "ids":
                return query.ids
            case "range":
                first, last = query.ids
                return [number for number in self.ids if first <= number <= last]
            case "regex":
                pattern = _pattern(query)
                return self._where(lambda text: pattern.search(text) is not None)
            case "text":
                return self._with_text(query)

    def _where(self, is_found: Callable[[str], bool]) -> Sequence[int]:
        texts = self.texts
        pieces = self.pieces
        return [number for number in self.ids if is_found(texts[number]) or is_found(pieces[number])]

    def _with_text(self, query: VocabularyQuery) -> Sequence[int]:
        """The token that is the text comes first, then those that begin with it, then the others; each by id."""
        fold: Callable[[str], str] = str.lower if query.any_case else str
        wanted = fold(query.words)
        found = self._where(lambda text: wanted in fold(text))

        def rank(number: int) -> int:
            text, piece = fold(self.texts[number]), fold(self.pieces[number])
            if wanted in {text, piece}:
                return 0 if piece == wanted else 1
            if wanted.strip() in {text.strip(), piece.strip()}:
                return 2
            return 3 if text.lstrip().startswith(wanted.lstrip()) else 4

        return sorted(found, key=rank)

    def decode(self, ids: Sequence[int]) -> DecodedIds:
        """Return what ids say, without those that no token has."""
        known = [number for number in ids if number in self.pieces]
        return DecodedIds(
            entries=self.entries(ids),
            text=_sendable(_decoded(self._tokenizer, known, skips_special=False)),
            plain=_sendable(_decoded(self._tokenizer, known, skips_special=True)),
            outside=sorted({number for number in ids if number not in self.pieces}),
        )


_MADE: WeakKeyDictionary[LoadedAutoTokenizer, Vocabulary] = WeakKeyDictionary()


def vocabulary_of(loaded: LoadedAutoTokenizer) -> Vocabulary:
    """Return the vocabulary of a tokenizer, made once."""
    if loaded not in _MADE:
        _MADE[loaded] = Vocabulary(loaded.tokenizer)
    return _MADE[loaded]


def _decoded(tokenizer: Any, ids: Sequence[int], *, skips_special: bool) -> str:  # noqa: ANN401 - see above
    said = tokenizer.decode(list(ids), skip_special_tokens=skips_special)
    # tokenizers of speech say more than the text
    return said if isinstance(said, str) else str(said.get("text", ""))


def _added(tokenizer: Any) -> dict[int, _Added]:  # noqa: ANN401 - see above
    decoder = getattr(tokenizer, "added_tokens_decoder", None)
    special = {int(number) for number in tokenizer.all_special_ids}
    if not isinstance(decoder, Mapping):
        return {number: _Added(str(tokenizer.convert_ids_to_tokens(number)), is_special=True) for number in special}
    return {
        int(number): _Added(str(token), bool(getattr(token, "special", False)) or int(number) in special)
        for number, token in decoder.items()
    }


_Reader = Callable[[Sequence[int], Sequence[str]], list[tuple[str, bytes | None]]]


def _reader(tokenizer: Any) -> _Reader:  # noqa: ANN401 - see above
    """Return what reads pieces: for each its text, and its bytes where it is written in bytes."""
    if getattr(tokenizer, "is_fast", False):
        return _fast_reader(tokenizer.backend_tokenizer)
    if tokenizer.vocab_size >= 0x110000:  # CANINE: every code point is its own token
        return lambda _, pieces: [(piece, None) for piece in pieces]
    return lambda _, pieces: [_slow(tokenizer, piece) for piece in pieces]


def _fast_reader(backend: Any) -> _Reader:  # noqa: ANN401 - a Tokenizer
    decoder = "" if backend.decoder is None else str(backend.decoder)
    is_byte_level, has_fallback = "ByteLevel(" in decoder, "ByteFallback(" in decoder
    prefix = getattr(backend.model, "continuing_subword_prefix", None) or ""

    def read(ids: Sequence[int], pieces: Sequence[str]) -> list[tuple[str, bytes | None]]:
        texts = backend.decode_batch([[number] for number in ids], skip_special_tokens=False)
        found: list[tuple[str, bytes | None]] = []
        for piece, text in zip(pieces, texts, strict=True):
            data = byte_level_bytes(piece) if is_byte_level else fallback_byte(piece) if has_fallback else None
            found.append((_spaced(piece, text, prefix) if data is None else bytes_text(data) or "", data))
        return found

    return read


def _spaced(piece: str, text: str, prefix: str) -> str:
    """Return the text of one piece with the blank that a decoder leaves out at the beginning of a sentence."""
    blanks = piece.replace(_SPACE, " ")
    if blanks != piece and blanks.strip(" ") == text.strip(" "):
        return blanks
    return piece.removeprefix(prefix) if prefix and text == piece else text


def _slow(tokenizer: Any, piece: str) -> tuple[str, bytes | None]:  # noqa: ANN401 - see above
    if getattr(tokenizer, "_utf_vocab_size", None) == 256 and len(piece) == 1:  # ByT5 and Perceiver
        own = bytes((ord(piece),)) if ord(piece) < 256 else piece.encode()
        return bytes_text(own) or "", own
    said = tokenizer.convert_tokens_to_string([piece])
    text = said if isinstance(said, str) else piece
    data = fallback_byte(piece)
    return _spaced(piece, "" if text == _BROKEN else text, ""), data


def _pattern(query: VocabularyQuery) -> re.Pattern[str]:
    try:
        return re.compile(query.words, re.IGNORECASE if query.any_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise TokenizerError(
            f"The pattern /{query.words[:60]}/ cannot be read: {error}.", hint="It is a regular expression of Python."
        ) from error


def _sendable(text: str) -> str:
    """Return a text that can be sent: half characters, which CANINE has tokens for, by number."""
    if text.isascii():
        return text
    return _SURROGATE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
