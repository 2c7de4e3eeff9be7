"""A text taken apart, as a byte-level tokenizer of 700 entries does it."""

from __future__ import annotations

from dataclasses import replace

from hubtui.core.stages import (
    Merge,
    ModelWord,
    PreToken,
    Run,
    SequenceToken,
    Stage,
    StageMember,
    StagePiece,
    TokenStages,
    UnitCount,
)
from tests.fakes_model import INFO

DRAGONS = TokenStages(
    text="Café  dragons",
    info=replace(INFO, algorithm="BPE", vocab_size=700, tokenizer_class="GPT2Tokenizer"),
    stages=[
        Stage(
            "normalizer",
            "Sequence",
            members=[
                StageMember("NFC", {}, ["Café  dragons"]),
                StageMember("Lowercase", {}, ["café  dragons"]),
                StageMember("Replace", {"pattern": '{"Regex": " {2,}"}', "content": '" "'}, ["café dragons"]),
            ],
        ),
        Stage("pre-tokenizer", "ByteLevel", {"add_prefix_space": "false", "use_regex": "true"}),
        Stage("model", "BPE", {"dropout": "null", "vocab": "700 entries", "merges": "443 merges"}),
        Stage("post-processor", "TemplateProcessing", {"single": "<s>:0 $A:0", "special_tokens": "<s> = 5"}),
        Stage("decoder", "ByteLevel", {"add_prefix_space": "true"}),
    ],
    normalized=[
        Run("c", "C", 0, 1, "changed"),
        Run("afé", "afé", 1, 4, "same"),
        Run(" ", " ", 4, 5, "same"),
        Run("", " ", 5, 6, "dropped"),
        Run("dragons", "dragons", 6, 13, "same"),
    ],
    pre_tokens=[PreToken("cafÃ©", 0, 4), PreToken("Ġdragons", 4, 13)],
    words=[
        ModelWord(
            [
                StagePiece("ca", 301, 0, 2, data="63 61"),
                StagePiece("f", 70, 2, 3, data="66"),
                StagePiece("Ã", 128, 3, 4, data="c3"),
                StagePiece("©", 103, 3, 4, data="a9"),
            ],
            merges=[
                Merge(None, "", "", ["c", "a", "f", "Ã", "©"]),
                Merge(1204, "c", "a", ["ca", "f", "Ã", "©"]),
            ],
        ),
        ModelWord(
            [StagePiece("Ġdragon", 602, 4, 12, data="20 64 72 61 67 6f 6e"), StagePiece("s", 83, 12, 13, data="73")],
            merges=[
                Merge(None, "", "", ["Ġ", "d", "r", "a", "g", "o", "n", "s"]),
                Merge(40, "Ġ", "d", ["Ġd", "r", "a", "g", "o", "n", "s"]),
                Merge(49, "o", "n", ["Ġd", "r", "a", "g", "on", "s"]),
                Merge(310, "Ġdrag", "on", ["Ġdragon", "s"]),
            ],
        ),
    ],
    tokens=[
        SequenceToken("<s>", 5, 0, 0, 0, is_special=True),
        SequenceToken("ca", 301, 0, 2, 0, is_special=False),
        SequenceToken("f", 70, 2, 3, 0, is_special=False),
        SequenceToken("Ã", 128, 3, 4, 0, is_special=False),
        SequenceToken("©", 103, 3, 4, 0, is_special=False),
        SequenceToken("Ġdragon", 602, 4, 12, 0, is_special=False),
        SequenceToken("s", 83, 12, 13, 0, is_special=False),
    ],
    decoded="café dragons",
    decoded_with_special="<s>café dragons",
    counts=[
        UnitCount("word", 2, 2, 2, ["Café", "dragons"]),
        UnitCount("character", 11, 13, 1, ["é"]),
        UnitCount("token", 6, 6, 0, []),
    ],
)

_HIDDEN = "ByT5Tokenizer is Python code that does not show this by itself."

BYTES = replace(
    DRAGONS,
    text="é",
    info=replace(INFO, algorithm="byte", vocab_size=259, fast=False, tokenizer_class="ByT5Tokenizer"),
    stages=[
        Stage("normalizer", "", limit=_HIDDEN),
        Stage("pre-tokenizer", "", limit=_HIDDEN),
        Stage("model", "ByT5Tokenizer", {"vocab": "259 entries"}),
        Stage("post-processor", "ByT5Tokenizer", {"method": "build_inputs_with_special_tokens"}),
        Stage("decoder", "ByT5Tokenizer", {"method": "convert_tokens_to_string"}),
    ],
    normalized=None,
    pre_tokens=None,
    words=[ModelWord([StagePiece("Ã", 198, 0, 1, data="c3"), StagePiece("©", 172, 0, 1, data="a9")])],
    tokens=[
        SequenceToken("Ã", 198, 0, 1, 0, is_special=False),
        SequenceToken("©", 172, 0, 1, 0, is_special=False),
        SequenceToken("</s>", 1, 0, 0, 0, is_special=True),
    ],
    decoded="é",
    decoded_with_special="é</s>",
    counts=[
        UnitCount("word", 1, 1, 1, ["é"]),
        UnitCount("character", 1, 1, 1, ["é"]),
        UnitCount("token", 2, 2, 0, []),
    ],
)
"""A tokenizer of Python code, which shows little of itself."""
