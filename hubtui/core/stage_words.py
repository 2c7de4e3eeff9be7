"""What the stages and the algorithms of tokenizers are, in two sentences each."""

from __future__ import annotations

from collections.abc import Mapping

from hubtui.core.stages import StageKind
from hubtui.core.tokens import Algorithm

STAGE_SENTENCES: Mapping[StageKind, str] = {
    "normalizer": "Rewrites characters before anything is cut: case, accents, Unicode forms, blanks.",
    "pre-tokenizer": "Cuts the text where no piece may reach across: at blanks, around punctuation.",
    "model": "Cuts each pre-token into pieces of the vocabulary.",
    "post-processor": "Puts special tokens around the pieces.",
    "decoder": "Makes text of tokens again.",
}
"""What each stage is for."""

ALGORITHMS: Mapping[Algorithm, tuple[str, str]] = {
    "BPE": (
        "BPE was trained by joining the most frequent pair of neighbours again and again, and keeps the list of joins.",
        "A word starts as single characters or bytes, and of the joins that fit the one learnt first is made next.",
    ),
    "WordPiece": (
        "WordPiece was trained to keep the joins that make its training text most likely, and keeps their results.",
        "A word gives the longest piece that it begins with, then the longest of the rest, marked as a continuation.",
    ),
    "Unigram": (
        "Unigram was trained by dropping pieces that its training text missed least; the rest have probabilities.",
        "Of all ways to cut a word the one with the highest product of probabilities is taken.",
    ),
    "WordLevel": (
        "Word-level tokenizers have one entry for each whole word that they were given.",
        "Any other word becomes the unknown token, and what it said is lost.",
    ),
    "character": (
        "Character tokenizers make one token of each character.",
        "Little or nothing is unknown, but sequences are as long as the text.",
    ),
    "byte": (
        "Byte tokenizers make one token of each byte of the text in UTF-8.",
        "256 entries write every text there is, but é takes two tokens and a Chinese character three.",
    ),
}
"""How each algorithm was trained, and how it cuts."""

WHY_SUBWORDS = (
    "A list of words never ends, and what is not on it is unknown; a list of characters is short, but its sequences "
    "are long. Sub-words stand between: frequent words stay whole, rare ones fall into pieces that are known."
)
"""What the comparison of words, characters and tokens shows."""

DEFINITIONS = (
    "Words are letters and digits in a row, or one other sign; characters include blanks; tokens are without special "
    "ones. Entries: how many different ones this text needs. Unknown: those for which this vocabulary has no single "
    "piece, neither alone nor after a blank."
)
"""How words and characters are counted."""
