"""Normalised text and pre-tokens as a Rust tokenizer really makes them.

Its stages can be called one by one, but that is not what happens inside: added tokens are taken out first, each with
its own rules on blanks, and normalizers and pre-tokenizers may depend on what stands before. So the tokenizer itself
encodes the text, with a model in place of its own that makes one token of each character: what comes out are the
characters that the real model would have got, their places in the text, and which pre-token each is in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hubtui.core.byte_pieces import byte_characters, fallback_byte
from hubtui.core.stages import PreToken, Run

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

# No tokenizer has ids as high as those of the characters: whatever is below is an added token.
_FIRST = 1 << 24
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class ProbedCharacter:
    """A character as the model would get it, or an added token.

    Attributes:
        start, end: the characters of the text that it comes from.
        part: number of the pre-token that it is in.
    """

    text: str
    start: int
    end: int
    part: int
    is_added: bool


class Probe:
    """Asks one tokenizer; it is as it was after every question.

    Args:
        backend: the Rust tokenizer.
        splits_special: it takes the text of special tokens for ordinary text.
    """

    def __init__(self, backend: Tokenizer, *, splits_special: bool) -> None:
        self._backend = backend
        self._splits_special = splits_special

    def characters(self, text: str, normalizer: Any, pre_tokenizer: Any) -> list[ProbedCharacter]:  # noqa: ANN401 - of tokenizers, or None
        """Return the characters that the model gets, with these in place of the tokenizer's own stages."""
        from tokenizers import models

        vocabulary = {f"<0x{byte:02X}>": _FIRST + byte for byte in range(256)}
        known = {*text, *byte_characters(), "▁", " "}
        for _ in range(_ROUNDS):
            characters = {char: _FIRST + 256 + at for at, char in enumerate(sorted(known))}
            model = models.BPE({**vocabulary, **characters}, [], byte_fallback=True)
            with self._in_place(model, normalizer, pre_tokenizer):
                encoding = self._backend.encode(text, add_special_tokens=False)
            missing = _missing(encoding)
            if not missing:
                break
            known |= missing
        return [
            ProbedCharacter(token if number >= _FIRST else self._added(number), *place, part or 0, number < _FIRST)
            for token, number, place, part in zip(
                encoding.tokens, encoding.ids, encoding.offsets, encoding.word_ids, strict=True
            )
        ]

    def _added(self, number: int) -> str:
        # an encoding calls an added token by the text that it took, blanks around it among that
        return self._backend.id_to_token(number) or ""

    def parts(self, text: str, normalizer: Any, pre_tokenizer: Any) -> list[PreToken]:  # noqa: ANN401 - as above
        """Return the pre-tokens; without a pre-tokenizer the texts between added tokens."""
        characters = self.characters(text, normalizer, pre_tokenizer)
        return [_part(list(members)) for _, members in groupby(characters, key=lambda one: one.part)]

    @contextmanager
    def _in_place(self, model: Any, normalizer: Any, pre_tokenizer: Any) -> Iterator[None]:  # noqa: ANN401 - as above
        backend = self._backend
        own = (backend.model, backend.normalizer, backend.pre_tokenizer, backend.post_processor)
        backend.encode_special_tokens = self._splits_special  # what every call of the tokenizer sets
        backend.no_truncation()  # likewise
        backend.no_padding()
        try:
            backend.model, backend.normalizer, backend.pre_tokenizer = model, normalizer, pre_tokenizer
            # some post-processors change the places of tokens
            backend.post_processor = None
            yield
        finally:
            backend.model, backend.normalizer, backend.pre_tokenizer, backend.post_processor = own


def _missing(encoding: Encoding) -> set[str]:
    """Return the characters that came out as bytes: they were not in the vocabulary."""
    data = b""
    for token, number in zip(encoding.tokens, encoding.ids, strict=True):
        if _FIRST <= number < _FIRST + 256:
            data += fallback_byte(token) or b""
    return set(data.decode("utf-8", errors="ignore"))


def _part(characters: list[ProbedCharacter]) -> PreToken:
    places = [(one.start, one.end) for one in characters if one.end > one.start]
    start, end = (min(place[0] for place in places), max(place[1] for place in places)) if places else (0, 0)
    return PreToken("".join(one.text for one in characters), start, end, characters[0].is_added)


def runs_of(text: str, characters: Sequence[ProbedCharacter]) -> list[Run]:
    """Return the normalised text in stretches, each beside what it was; also what was dropped."""
    runs: list[Run] = []
    position = 0
    for _, group in groupby(characters, key=lambda one: (one.start, one.end, one.is_added)):
        members = list(group)
        first = members[0]
        if first.start > position:
            runs.append(Run("", text[position : first.start], position, first.start, "dropped"))
        made = "".join(one.text for one in members)
        runs += _runs(made, text[first.start : first.end], first)
        position = max(position, first.end)
    if position < len(text):
        runs.append(Run("", text[position:], position, len(text), "dropped"))
    return _joined(runs)


def _runs(made: str, source: str, first: ProbedCharacter) -> list[Run]:
    """Return the runs of the characters that come from one place of the text."""
    if first.is_added:
        return [Run(made, source, first.start, first.end, "added")]
    same = Run(source, source, first.start, first.end, "same")
    if made == source:
        return [same]
    if not source:
        return [Run(made, "", first.start, first.start, "inserted")]
    if source not in made:
        return [Run(made, source, first.start, first.end, "changed")]
    # what is put before or after a character is given that character's place
    before, _, after = made.partition(source)
    around = (Run(before, "", first.start, first.start, "inserted"), Run(after, "", first.end, first.end, "inserted"))
    return [run for run in (around[0], same, around[1]) if run.text]


def _joined(runs: list[Run]) -> list[Run]:
    """Join neighbours of one kind; each added token and each change stays by itself."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last is None or last.kind != run.kind or run.kind in {"added", "changed"}:
            joined.append(run)
        else:
            joined[-1] = Run(last.text + run.text, last.source + run.source, last.start, run.end, run.kind)
    return joined
