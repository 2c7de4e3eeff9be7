"""Made-up tokenizers that cut at places of their own, to be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hubtui.core.language_samples import SENTENCES
from hubtui.core.tokenizer_comparison import (
    Fertility,
    MeasuredText,
    MovedToken,
    SharedVocabulary,
    TextPiece,
    TokenizerMeasure,
)
from hubtui.core.tokens import SpecialToken, TokenizerInfo
from tests.fakes_model import INFO

WORD_PIECE = replace(
    INFO,
    algorithm="WordPiece",
    vocab_size=30_522,
    tokenizer_class="BertTokenizer",
    special_tokens={**INFO.special_tokens, "pad": SpecialToken("[PAD]", 0), "bos": None, "eos": None},
)
SHARED = SharedVocabulary(
    size=32_005,
    other_size=30_522,
    shared=9_134,
    moved=9_120,
    n_texts=29_900,
    other_texts=28_100,
    shared_texts=11_407,
    examples=[MovedToken("est", 222, 9_765), MovedToken("tion", 310, 3_508)],
)
SAME = SharedVocabulary(32_005, 32_005, 32_005, 0, 29_900, 29_900, 29_900)


def measured(model: str, texts: Sequence[str]) -> TokenizerMeasure:
    """Cut words every four characters, those of BERT every three, where signs beyond Latin are unknown."""
    is_bert = model.startswith("google-bert")
    size = 3 if is_bert else 4
    info: TokenizerInfo = replace(WORD_PIECE if is_bert else INFO, model=model)
    return TokenizerMeasure(
        info,
        [_text(text, size, 2, is_bert) for text in texts],
        [_fertility(language, [_text(one, size, 0, is_bert) for one in told]) for language, told in SENTENCES.items()],
    )


def _text(text: str, size: int, n_added: int, knows_latin_alone: bool) -> MeasuredText:
    pieces = [
        TextPiece(found[0], at + 10, *found.span(), is_unknown=knows_latin_alone and max(found[0]) > "\u024f")
        for at, found in enumerate(re.finditer(rf"\w{{1,{size}}}|[^\w\s]", text))
    ]
    return MeasuredText(text, pieces, n_added)


def _fertility(language: str, texts: Sequence[MeasuredText]) -> Fertility:
    pieces = [piece for one in texts for piece in one.pieces]
    return Fertility(
        language,
        len(pieces),
        sum(len(one.text.split()) for one in texts),
        sum(not char.isspace() for one in texts for char in one.text),
        sum(piece.is_unknown for piece in pieces),
    )
