"""Texts encoded and decoded again: whether they come back, and what changed the first character that did not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hubtui.core.round_trips import Difference, LossCause, RoundTrip, difference_at, first_difference
from hubtui.core.tokens import TokenizeOptions, TokenSequence
from hubtui.core.untrusted import reveal
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer

_SPACE = "▁"
_SHOWN = 12


def round_trips(loaded: LoadedAutoTokenizer, texts: list[str]) -> list[RoundTrip]:
    """Encode texts without special tokens and decode them with everything that was there.

    Raises:
        TokenizerError: the tokenizer does not take a text.
    """
    sequences = loaded.encode(texts, TokenizeOptions(special_tokens=False), None).sequences
    return [_round_trip(loaded, sequence) for sequence in sequences]


def _kinds(normalizer: dict[str, Any]) -> Iterator[str]:
    """Yield what a normalizer is, or is put together from."""
    parts = normalizer.get("normalizers")
    if isinstance(parts, list):
        for part in parts:
            yield from _kinds(part)
    else:
        yield str(normalizer.get("type", "custom"))


def _round_trip(loaded: LoadedAutoTokenizer, sequence: TokenSequence) -> RoundTrip:
    said = loaded.tokenizer.decode(sequence.ids, skip_special_tokens=False)
    decoded = said if isinstance(said, str) else str(said.get("text", ""))
    unknown = loaded.info.special_tokens["unk"]
    n_unknown = 0 if unknown is None or unknown.id is None else sequence.ids.count(unknown.id)
    place = first_difference(sequence.text, decoded)
    difference = None if place is None else _Case(loaded, sequence, decoded, place).difference()
    return RoundTrip(sequence.text, decoded, sequence.n_tokens, n_unknown, difference)


@dataclass(frozen=True, slots=True)
class _Case:
    """One difference and what may have made it; each suspect is tried on the text itself."""

    loaded: LoadedAutoTokenizer
    sequence: TokenSequence
    decoded: str
    place: int

    def difference(self) -> Difference:
        cause, reason = self._cause()
        return difference_at(self.sequence.text, self.decoded, self.place, cause, reason)

    def _cause(self) -> tuple[LossCause, str]:
        suspects: tuple[tuple[LossCause, str], ...] = (
            ("unknown", self._unknown()),
            ("clean-up", self._cleaned()),
            ("normalizer", self._normalized()),
            ("dropped", self._dropped()),
            ("blanks", self._blanks()),
            ("case", self._case()),
        )
        return next(((cause, reason) for cause, reason in suspects if reason), ("", ""))

    @property
    def _text(self) -> str:
        return self.sequence.text

    def _unknown(self) -> str:
        unknown = self.loaded.info.special_tokens["unk"]
        if unknown is None:
            return ""
        for token_id, (start, end) in zip(self.sequence.ids, self.sequence.offsets, strict=True):
            source = self._text[start:end]
            if token_id == unknown.id and start <= self.place < end and source != unknown.token:
                return self._without_piece(source, unknown.token)
        # slow tokenizers may not say which characters a token is of
        is_blank = self._text[self.place : self.place + 1].isspace()
        if not is_blank and self.decoded[self.place :].lstrip().startswith(unknown.token):
            return self._without_piece(self._text[self.place : self.place + 1], unknown.token)
        return ""

    @staticmethod
    def _without_piece(source: str, unknown: str) -> str:
        shown = reveal(source[:_SHOWN]) + ("…" if len(source) > _SHOWN else "")
        return f"The vocabulary has no piece for {shown}, which became {reveal(unknown)}." if source else ""

    def _cleaned(self) -> str:
        """Decoding without clean-up keeps what only the clean-up takes away."""
        tokenizer: Any = self.loaded.tokenizer
        try:
            kept = tokenizer.decode(self.sequence.ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        except (TypeError, ValueError):  # Mistral's own tokenizers have no such switch
            return ""
        if not isinstance(kept, str) or kept == self.decoded:
            return ""
        place = first_difference(self._text, kept)
        if place is not None and place <= self.place:
            return ""
        return "Decoding cleans up blanks before punctuation: clean_up_tokenization_spaces=False keeps them."

    def _normalized(self) -> str:
        backend = getattr(self.loaded.tokenizer, "backend_tokenizer", None) if self.loaded.info.fast else None
        normalizer = getattr(backend, "normalizer", None)
        if normalizer is None:
            return ""
        normalized = normalizer.normalize_str(self._text)
        blanks = normalized.replace(_SPACE, " ")
        if blanks.startswith(" ") and not self._text.startswith(" "):
            blanks = blanks[1:]  # put before every text, and taken away again
        # what it changed first is what came back changed first
        if first_difference(self._text, blanks) != self.place or not self._is_kept(blanks):
            return ""
        names = ", ".join(dict.fromkeys(_kinds(json.loads(normalizer.__getstate__()))))
        return f"The normalizer ({names}) changed it before any token was made."

    def _is_kept(self, normalized: str) -> bool:
        """Whether the decoded text goes on as the normalized one does, blanks aside."""
        wanted = "".join(normalized[self.place :].split())[:1]
        got = "".join(self.decoded[self.place :].split())[:1]
        return wanted == got

    def _dropped(self) -> str:
        if self.place >= len(self._text):
            return ""
        char = self._text[self.place]
        covered = any(start <= self.place < end for start, end in self.sequence.offsets)
        is_back = self.decoded[self.place : self.place + 1] == char
        if covered or is_back or char.isspace() or not self.loaded.info.fast:
            return ""
        return f"No token stands for {reveal(char)}: it was dropped."

    def _blanks(self) -> str:
        return self._stripped() or self._lost_blanks()

    def _stripped(self) -> str:
        """Added tokens may take the blanks around them."""
        if not self.loaded.info.fast or not self._text[self.place : self.place + 1].isspace():
            return ""
        before, after = self._text[: self.place], self._text[self.place :].lstrip()
        for token in self.loaded.tokenizer.backend_tokenizer.get_added_tokens_decoder().values():
            if token.lstrip and after.startswith(token.content):
                return f"{reveal(token.content)} takes the blanks before it (lstrip)."
            if token.rstrip and before.endswith(token.content):
                return f"{reveal(token.content)} takes the blanks after it (rstrip)."
        return ""

    def _lost_blanks(self) -> str:
        if "".join(self._text.split()) != "".join(self.decoded.split()):
            one, other = self._text[self.place : self.place + 1], self.decoded[self.place : self.place + 1]
            if not (one.isspace() or other.isspace()):
                return ""
        return "The pieces do not keep blanks as they were: the decoder puts its own."

    def _case(self) -> str:
        one, other = self._text[self.place : self.place + 1], self.decoded[self.place : self.place + 1]
        if not one or one == other or one.lower() != other:
            return ""
        return "The tokenizer makes capitals small."
