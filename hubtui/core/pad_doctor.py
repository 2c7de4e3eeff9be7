"""What is wrong with the pad token of a checkpoint, what follows from it, and the line of Python that settles it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from hubtui.core.tokens import SpecialToken
from hubtui.core.untrusted import reveal

Severity = Literal["bad", "doubtful"]

_ADD = 'tokenizer.add_special_tokens({"pad_token": "<pad>"}); model.resize_token_embeddings(len(tokenizer))'


@dataclass(frozen=True, slots=True)
class PadFacts:
    """What a checkpoint says about padding.

    Attributes:
        pad, eos, unk: of the tokenizer; None where it has none.
        padding_side: of the tokenizer.
        vocab_size: `len(tokenizer)`.
        embedding_size: rows of the model's embedding, None when config.json does not say.
        has_config: there is a config.json that transformers reads.
        config_pad_id: `pad_token_id` of the model's config, defaults of its class included; None for none.
        config_pad_token: what that id stands for in the tokenizer, None for nothing.
        generation_pad_id: the same of generation_config.json, None where it or the file is missing.
        is_decoder: the model writes text from left to right (and has no encoder).
    """

    pad: SpecialToken | None
    eos: SpecialToken | None
    unk: SpecialToken | None
    padding_side: str
    vocab_size: int
    embedding_size: int | None = None
    has_config: bool = False
    config_pad_id: int | None = None
    config_pad_token: str | None = None
    generation_pad_id: int | None = None
    is_decoder: bool = False


@dataclass(frozen=True, slots=True)
class PadFinding:
    """One thing that is wrong.

    Attributes:
        name: `none`, `not-in-vocabulary`, `outside-embedding`, `shared-with-unk`, `config-disagrees`,
            `generation-disagrees`, `wrong-side`, `is-eos` or `config-none`.
        severity: `bad` fails or gives wrong answers, `doubtful` does in some uses.
        what: a sentence without its full stop.
        consequence: what follows, likewise.
        fix: a line of Python.
    """

    name: str
    severity: Severity
    what: str
    consequence: str
    fix: str

    @property
    def sentence(self) -> str:
        """All of it on one line."""
        return f"{self.what}: {self.consequence}: {self.fix}"


@dataclass(frozen=True, slots=True)
class PadReport:
    """What a checkpoint says about padding, and what is wrong with it (gravest first)."""

    model: str
    facts: PadFacts
    findings: list[PadFinding] = field(default_factory=list)


OF_CONFIG = frozenset({"config-disagrees", "generation-disagrees", "config-none", "wrong-side"})
"""Findings that need the model's configs, not the tokenizer alone."""


def examine(facts: PadFacts) -> list[PadFinding]:
    """Return what is wrong, gravest first."""
    if facts.pad is None:
        found = [_none(facts)]
    elif facts.pad.id is None:
        found = [_not_in_vocabulary(facts.pad)]
    else:
        found = list(_of_pad(facts, facts.pad.token, facts.pad.id))
    if facts.is_decoder and facts.padding_side == "right":
        found.append(_WRONG_SIDE)
    return sorted(found, key=lambda finding: finding.severity != "bad")


_WRONG_SIDE = PadFinding(
    "wrong-side",
    "bad",
    "Padding is on the right, and this model writes on from the last token",
    "in a batch the shorter prompts end in pads, and generate continues those instead of the text",
    'tokenizer.padding_side = "left"',
)


def _none(facts: PadFacts) -> PadFinding:
    if facts.config_pad_id is not None and facts.config_pad_token is not None:
        what = f"The tokenizer has no pad token, though the model's config names id {facts.config_pad_id} for it"
        fix = f"tokenizer.pad_token = tokenizer.convert_ids_to_tokens({facts.config_pad_id})"
    else:
        what, fix = "The tokenizer has no pad token", _ADD
        if facts.eos is not None:
            fix = "tokenizer.pad_token = tokenizer.eos_token; model.config.pad_token_id = tokenizer.pad_token_id"
    return PadFinding(
        "none",
        "bad",
        what,
        "asked to pad it raises a ValueError, so texts of different lengths cannot go to the model in one batch",
        fix,
    )


def _not_in_vocabulary(pad: SpecialToken) -> PadFinding:
    return PadFinding(
        "not-in-vocabulary",
        "bad",
        f"The pad token {reveal(pad.token)} is not in the vocabulary",
        "it has no id, so padding fails or fills up with the unknown token",
        _ADD.replace("<pad>", reveal(pad.token)),
    )


def _of_pad(facts: PadFacts, token: str, number: int) -> Iterator[PadFinding]:
    shown = f"{reveal(token)} = {number}"
    if facts.embedding_size is not None and number >= facts.embedding_size:
        yield PadFinding(
            "outside-embedding",
            "bad",
            f"The pad token {shown} is outside the model's embedding of {facts.embedding_size:,} rows",
            "the first padded batch ends in an IndexError, on a GPU in a device-side assert",
            "model.resize_token_embeddings(len(tokenizer))",
        )
    if facts.unk is not None and facts.unk.id == number:
        yield PadFinding(
            "shared-with-unk",
            "bad",
            f"The pad token {shown} is the unknown token too",
            "unknown text looks like padding to all that goes by the id: losses, position ids, collators that mask it",
            _ADD,
        )
    yield from _of_config(facts, number)
    if facts.eos is not None and facts.eos.id == number:
        yield PadFinding(
            "is-eos",
            "doubtful",
            f"The pad token is the end-of-sequence token ({reveal(token)})",
            "only the attention mask tells them apart, and training that masks padding never teaches the model to stop",
            _ADD,
        )


def _of_config(facts: PadFacts, number: int) -> Iterator[PadFinding]:
    if facts.config_pad_id is not None and facts.config_pad_id != number:
        yield PadFinding(
            "config-disagrees",
            "bad",
            f"The tokenizer pads with id {number}, the model's config says {facts.config_pad_id}",
            "the model takes its pads for text: wrong position ids, wrong last token in classification, wrong loss",
            "model.config.pad_token_id = tokenizer.pad_token_id",
        )
    if facts.generation_pad_id is not None and facts.generation_pad_id != number:
        yield PadFinding(
            "generation-disagrees",
            "doubtful",
            f"The tokenizer pads with id {number}, generation_config.json says {facts.generation_pad_id}",
            "generate fills finished sequences with another token, which decoding does not drop as padding",
            "model.generation_config.pad_token_id = tokenizer.pad_token_id",
        )
    if facts.has_config and facts.is_decoder and facts.config_pad_id is None:
        yield PadFinding(
            "config-none",
            "doubtful",
            "The model's config names no pad token, though the tokenizer has one",
            "classification heads refuse batches of more than one, and generate takes the end token with a warning",
            "model.config.pad_token_id = tokenizer.pad_token_id",
        )
