"""What a tokenizer makes of some texts, in figures that can be laid beside those of another."""

from __future__ import annotations

from hubtui.core.language_samples import SENTENCES
from hubtui.core.tokenizer_comparison import Fertility, MeasuredText, TextPiece, TokenizerMeasure
from hubtui.core.tokens import TokenizeOptions, TokenizerInfo, TokenSequence
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer


def measure(tokenizer: LoadedAutoTokenizer, texts: list[str]) -> TokenizerMeasure:
    """Encode the texts whole, and the samples of all languages.

    Raises:
        TokenizerError: the tokenizer does not take these texts.
    """
    measured = _measured(tokenizer, texts)
    fertility = [
        _fertility(language, _measured(tokenizer, list(sentences))) for language, sentences in SENTENCES.items()
    ]
    return TokenizerMeasure(tokenizer.info, measured, fertility)


def _measured(tokenizer: LoadedAutoTokenizer, texts: list[str]) -> list[MeasuredText]:
    return [_text(one, tokenizer.info) for one in tokenizer.encode(texts, TokenizeOptions(), None).sequences]


def _text(sequence: TokenSequence, info: TokenizerInfo) -> MeasuredText:
    unknown = info.special_tokens["unk"]
    pieces = [
        TextPiece(
            token,
            number,
            start,
            end,
            # where the text spells the token out, nothing is unknown
            unknown is not None and number == unknown.id and sequence.text[start:end] != unknown.token,
        )
        for token, number, (start, end), belongs in zip(
            sequence.tokens, sequence.ids, sequence.offsets, sequence.sequence_ids, strict=True
        )
        if belongs is not None
    ]
    return MeasuredText(sequence.text, pieces, len(sequence.ids) - len(pieces))


def _fertility(language: str, texts: list[MeasuredText]) -> Fertility:
    return Fertility(
        language,
        sum(len(one.pieces) for one in texts),
        sum(len(one.text.split()) for one in texts),
        sum(not char.isspace() for one in texts for char in one.text),
        sum(piece.is_unknown for one in texts for piece in one.pieces),
    )
