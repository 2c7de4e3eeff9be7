"""How a model comes from a pre-token to its pieces.

Each step is an answer of the library's own model class, given only that part of the vocabulary which the pre-token can
use: BPE with the first so many merges, Unigram without one of the pieces. Steps that do not end in what the whole model
gives are not shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

from hubtui.core.stages import LongestMatch, Merge, ModelWord, Path, StagePiece

_LONGEST_WORD = 120
"""Characters of a pre-token whose steps are told."""
_LONGEST_PIECE = 64
_MOST_WORDS = 400
"""Different pre-tokens of a text whose steps are told."""
_MOST_OTHER_PATHS = 2
_BPE_SETTINGS = ("unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback")
TOO_LONG = f"Steps are told for pre-tokens of up to {_LONGEST_WORD} characters."
TOO_MANY = f"Steps are told for the first {_MOST_WORDS} different pre-tokens."
UNSURE = "The steps could not be followed to the model's own result, so none are told."


class ModelSteps:
    """Tells the steps of one model.

    Args:
        model: of tokenizers; its tables are read when they are first needed, and kept.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - of tokenizers
        self._model = model
        self._kind = type(model).__name__
        self._told: dict[str, ModelWord] = {}

    @cached_property
    def _state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._model.__getstate__())
        found.pop("vocab" if self._kind == "BPE" else "", None)
        return found

    @cached_property
    def _ranks(self) -> dict[tuple[str, str], int]:
        return {(left, right): rank for rank, (left, right) in enumerate(self._state.pop("merges", []))}

    @cached_property
    def _scores(self) -> dict[str, float]:
        return dict(self._state["vocab"])

    def start(self) -> None:
        """Begin with another text."""
        self._told.clear()

    def follow(self, text: str, pieces: list[StagePiece]) -> ModelWord:
        """Return the pieces of a pre-token with the steps to them."""
        if text not in self._told:
            if len(text) > _LONGEST_WORD:
                return ModelWord(pieces, silence=TOO_LONG)
            if len(self._told) >= _MOST_WORDS:
                return ModelWord(pieces, silence=TOO_MANY)
            self._told[text] = self._steps(text)
        told = self._told[text]
        return ModelWord(pieces, told.merges, told.matches, told.paths, told.silence)

    def _steps(self, text: str) -> ModelWord:
        wanted = [token.value for token in self._model.tokenize(text)]
        if self._kind == "BPE":
            merges = self._merges(text)
            is_right = bool(merges) and merges[-1].pieces == wanted
            return ModelWord([], merges=merges) if is_right else ModelWord([], silence=UNSURE)
        if self._kind == "WordPiece":
            limit = self._model.max_input_chars_per_word
            if len(text) > limit:
                return ModelWord(
                    [], silence=f"It is longer than max_input_chars_per_word = {limit}, so all is unknown."
                )
            matches = self._matches(text)
            taken = [match.piece for match in matches]
            is_right = wanted == (taken if None not in taken else [self._model.unk_token])
            return ModelWord([], matches=matches) if is_right else ModelWord([], silence=UNSURE)
        if self._kind == "Unigram":
            paths = self._paths(text)
            is_right = bool(paths) and paths[0].pieces == wanted
            return ModelWord([], paths=paths) if is_right else ModelWord([], silence=UNSURE)
        return ModelWord([])

    # -- BPE: the library's model with the first 0, 1, 2 … of the merges

    def _merges(self, text: str) -> list[Merge]:
        model = self._model
        if model.dropout:
            return []
        if model.ignore_merges and model.token_to_id(text) is not None:
            return [Merge(None, "", "", [text])]  # taken as it is, which is what this setting says
        table = self._table(text)
        state = self._with_merges(text, table[:0])
        steps = [Merge(None, "", "", state)]
        for count, (rank, left, right) in enumerate(table, 1):
            # the last merge of a table is made after all others: where its pair is not, it changes nothing
            if (left, right) not in pairwise(state):
                continue
            state = self._with_merges(text, table[:count])
            steps.append(Merge(rank, left, right, state))
        return steps

    def _table(self, text: str) -> list[tuple[int, str, str]]:
        """Return the merges that can be made in a text, by rank."""
        found: set[tuple[int, str, str]] = set()
        for whole in self._substrings(text):
            for left, right in self._splits(whole):
                rank = self._ranks.get((left, right))
                if rank is not None:
                    found.add((rank, left, right))
        return sorted(found)

    def _splits(self, whole: str) -> Iterator[tuple[str, str]]:
        prefix, suffix = self._model.continuing_subword_prefix or "", self._model.end_of_word_suffix or ""
        for at in range(1, len(whole)):
            for before in {"", prefix}:
                for after in {"", suffix}:
                    yield before + whole[:at], prefix + whole[at:] + after

    def _with_merges(self, text: str, table: list[tuple[int, str, str]]) -> list[str]:
        from tokenizers import models

        model = self._model
        prefix, suffix = model.continuing_subword_prefix or "", model.end_of_word_suffix or ""
        names = {before + char + after for char in text for before in ("", prefix) for after in ("", suffix)}
        names |= {f"<0x{byte:02X}>" for byte in range(256)} if model.byte_fallback else set()
        names |= {name for _, left, right in table for name in (left, right, left + right.removeprefix(prefix))}
        names |= {model.unk_token} if model.unk_token else set()
        vocabulary = {name: number for name in names if (number := model.token_to_id(name)) is not None}
        # the library takes a setting that is not there for one of the wrong type
        settings = {name: value for name in _BPE_SETTINGS if (value := getattr(model, name)) is not None}
        part = models.BPE(vocabulary, [(left, right) for _, left, right in table], **settings)
        return [token.value for token in part.tokenize(text)]

    # -- WordPiece: what the vocabulary holds of the beginnings of the rest

    def _matches(self, text: str) -> list[LongestMatch]:
        model = self._model
        matches: list[LongestMatch] = []
        at = 0
        while at < len(text):
            rest, mark = text[at:], model.continuing_subword_prefix if at else ""
            end = next((end for end in range(len(rest), 0, -1) if model.token_to_id(mark + rest[:end]) is not None), 0)
            matches.append(LongestMatch(rest, mark + rest[:end] if end else None, len(rest) - max(end, 1)))
            if not end:
                break
            at += end
        return matches

    # -- Unigram: the library's model without one piece of the best way

    def _paths(self, text: str) -> list[Path]:
        candidates = {piece for piece in self._substrings(text) if piece in self._scores}
        best = self._path(text, candidates, None)
        if best is None:
            return []
        others = []
        for piece in dict.fromkeys(best.pieces):
            if len(piece) > 1 and piece in candidates:
                other = self._path(text, candidates, piece)
                if other is not None and other.score is not None and other.pieces != best.pieces:
                    others.append(other)
        others.sort(key=lambda path: -(path.score or 0))
        return [best, *others[:_MOST_OTHER_PATHS]]

    def _path(self, text: str, candidates: set[str], without: str | None) -> Path | None:
        from tokenizers import models

        unknown = self._state.get("unk_id")
        entries = [(piece, self._scores[piece]) for piece in sorted(candidates) if piece != without]
        # what an unknown character costs depends on the lowest score of all
        lowest = self._lowest
        if lowest[0] not in candidates and lowest[0] != without:
            entries.append(lowest)
        name = self._state["vocab"][unknown][0] if unknown is not None else None
        entries = [entry for entry in entries if entry[0] != name]
        byte_fallback = bool(self._state.get("byte_fallback"))
        if byte_fallback:
            entries += [(piece, self._scores[piece]) for piece in self._byte_pieces]
        if name is not None:
            entries.insert(0, (name, self._scores[name]))
        if not entries:
            return None
        part = models.Unigram(entries, 0 if name is not None else None, byte_fallback)
        try:
            tokens = part.tokenize(text)
        except Exception:  # noqa: BLE001 - without an unknown token the Rust library refuses what it cannot cut
            return None
        pieces = [token.value for token in tokens]
        scores = [None if name is not None and token.id == 0 else self._scores.get(token.value) for token in tokens]
        known = [score for score in scores if score is not None]
        return Path(pieces, scores, sum(known) if len(known) == len(scores) else None, without)

    @cached_property
    def _lowest(self) -> tuple[str, float]:
        return min(self._scores.items(), key=lambda entry: entry[1])

    @cached_property
    def _byte_pieces(self) -> list[str]:
        return [piece for byte in range(256) if (piece := f"<0x{byte:02X}>") in self._scores]

    def _substrings(self, text: str) -> Iterator[str]:
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + _LONGEST_PIECE) + 1):
                yield text[start:end]
