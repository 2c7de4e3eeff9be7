"""The stages of a tokenizer with a Rust backend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from hubtui.core.byte_pieces import byte_level_bytes, fallback_byte, hex_text
from hubtui.core.stages import ModelWord, PreToken, Run, Stage, StageKind, StageMember, StagePiece
from hubtui.worker.tokenizers.stages.probe import Probe, runs_of
from hubtui.worker.tokenizers.stages.settings import Described, beginnings, described
from hubtui.worker.tokenizers.stages.steps import ModelSteps

UNEQUAL = (
    "The stages together do not give the ids that AutoTokenizer gives: its class does something of its own besides, "
    "or the model cuts by chance."
)
_NO_STEPS = "The library does not tell what the text is between these steps."


class FastStages:
    """Takes texts apart with one tokenizer.

    Args:
        tokenizer: of transformers.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - transformers' many classes
        self._tokenizer = tokenizer
        self._backend = tokenizer.backend_tokenizer
        self._probe = Probe(self._backend, splits_special=bool(getattr(tokenizer, "split_special_tokens", False)))
        self._steps = ModelSteps(self._backend.model)
        described_stages = {kind: described(stage) for kind, stage in self._objects().items()}
        self._described: dict[StageKind, Described] = described_stages
        names = [self._described[kind] for kind in ("normalizer", "pre-tokenizer")]
        self._is_byte_level = any(
            "ByteLevel" in {each.name, *(member.name for member in each.members)} for each in names
        )

    def _objects(self) -> dict[StageKind, Any]:
        backend = self._backend
        return {
            "normalizer": backend.normalizer,
            "pre-tokenizer": backend.pre_tokenizer,
            "model": backend.model,
            "post-processor": backend.post_processor,
            "decoder": backend.decoder,
        }

    def normalized(self, text: str) -> list[Run]:
        """Return the normalised text beside the text."""
        return runs_of(text, self._probe.characters(text, self._backend.normalizer, None))

    def pre_tokens(self, text: str) -> list[PreToken]:
        """Return the pre-tokens and the added tokens among them."""
        return self._probe.parts(text, self._backend.normalizer, self._backend.pre_tokenizer)

    def words(self, text: str, pre_tokens: Sequence[PreToken], unknown_id: int | None) -> tuple[list[ModelWord], bool]:
        """Return what the model makes of each pre-token, and whether that is what encoding the text gives."""
        encoding = self._backend.encode(text, add_special_tokens=False)
        entries = list(zip(encoding.ids, encoding.offsets, encoding.word_ids, strict=True))
        in_words = [[entry[:2] for entry in group] for _, group in groupby(entries, key=lambda entry: entry[2])]
        self._steps.start()
        words: list[ModelWord] = []
        is_right = True
        at = 0
        for pre_token in pre_tokens:
            found = self._cut(pre_token)
            # a model may make nothing of a pre-token, which then is in no token's place
            places = in_words[at] if found and at < len(in_words) else []
            at += bool(found)
            is_right &= [number for _, number in found] == [number for number, _ in places]
            places = places if len(places) == len(found) else [(number, (0, 0)) for _, number in found]
            pieces = [
                self._piece(token, number, offsets, unknown_id, is_added=pre_token.is_added)
                for (token, number), (_, offsets) in zip(found, places, strict=True)
            ]
            words.append(ModelWord(pieces) if pre_token.is_added else self._steps.follow(pre_token.text, pieces))
        return words, is_right and at == len(in_words)

    def _cut(self, pre_token: PreToken) -> list[tuple[str, int]]:
        """Return what the model itself makes of a pre-token; of an added token, that token."""
        if pre_token.is_added:
            return [(pre_token.text, self._backend.token_to_id(pre_token.text))]
        # a token's own name for unknown text is that text, where the id means the unknown token
        return [(token.value, token.id) for token in self._backend.model.tokenize(pre_token.text)]

    def _piece(
        self, token: str, number: int, offsets: tuple[int, int], unknown_id: int | None, *, is_added: bool
    ) -> StagePiece:
        if is_added:  # also where the text spells the unknown token out
            return StagePiece(token, number, *offsets)
        data = byte_level_bytes(token) if self._is_byte_level else fallback_byte(token)
        return StagePiece(token, number, *offsets, number == unknown_id, None if data is None else hex_text(data))

    # -- the stages themselves

    def stages(self, text: str, tokens: Sequence[str]) -> list[Stage]:
        """Return all five.

        Args:
            text: that goes through them.
            tokens: that come out of it, for the decoder; special ones left out.
        """
        outputs = {
            "normalizer": self._after_normalizers(text),
            "pre-tokenizer": self._after_pre_tokenizers(text),
            "decoder": self._after_decoders(tokens),
        }
        return [_stage(kind, each, outputs.get(kind, [])) for kind, each in self._described.items()]

    def _after_normalizers(self, text: str) -> list[list[str]]:
        steps = beginnings(self._backend.normalizer, "normalizer")
        return [[part.text for part in self._probe.parts(text, step, None)] for step in steps]

    def _after_pre_tokenizers(self, text: str) -> list[list[str]]:
        own = self._backend.normalizer
        steps = beginnings(self._backend.pre_tokenizer, "pre_tokenizer")
        return [[part.text for part in self._probe.parts(text, own, step)] for step in steps]

    def _after_decoders(self, tokens: Sequence[str]) -> list[list[str]]:
        return [[step.decode(list(tokens))] for step in beginnings(self._backend.decoder, "decoder")]


def _stage(kind: StageKind, each: Described, outputs: Sequence[list[str]]) -> Stage:
    is_told = len(outputs) == len(each.members)
    members = [
        StageMember(member.name, member.settings, outputs[at] if is_told else None)
        for at, member in enumerate(each.members)
    ]
    limit = each.limit or (_NO_STEPS if members and not is_told else "")
    return Stage(kind, each.name, each.settings, members, limit)
