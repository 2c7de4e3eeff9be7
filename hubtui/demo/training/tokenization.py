"""Vocabularies built by hand from the words of a text, so that a word is always one piece and every run gives the same."""

import json
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AlbertTokenizer,
    BertTokenizer,
    CamembertTokenizer,
    GPT2Tokenizer,
    PreTrainedTokenizerFast,
    T5Tokenizer,
)

Pieces = list[tuple[str, float]]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MARKS = ".,;:!?'\"()[]-–—/%&+*=<>@#$€_«»…’0123456789"
_ACCENTED = "àâäéèêëîïôöùûüçœæÀÂÉÈÊÎÔÙÇŒñáíóúßãõå"


def characters(texts: Iterable[str], *, cased: bool, accents: bool = False) -> list[str]:
    """Return the characters that every vocabulary holds beside those of its texts, in a fixed order."""
    base = _LETTERS + (_LETTERS.upper() if cased else "") + _MARKS + (_ACCENTED if accents else "")
    seen = sorted({character for text in texts for character in text if not character.isspace()} - set(base))
    return [*base, *seen]


def syllables(words: Iterable[str], count: int) -> list[str]:
    """Return the most frequent fragments of two and three letters: they spell words that the vocabulary lacks."""
    seen: Counter[str] = Counter()
    for word in sorted(set(words)):
        if word.isalpha():
            seen.update(word[i : i + n] for n in (2, 3) for i in range(len(word) - n + 1))
    return [
        fragment for fragment, _ in sorted(seen.items(), key=lambda item: (-item[1] * len(item[0]), item[0]))[:count]
    ]


def unigram_pieces(specials: Pieces, words: Iterable[str], alphabet: Iterable[str], fragments: int = 150) -> Pieces:
    """Return Unigram pieces with scores that make a known word beat any way of spelling it.

    Args:
        specials: The special tokens, in the order that the architecture expects.
        words: Words, and marks that stand apart, each of which becomes one `▁word` piece.
        alphabet: Single characters.
        fragments: How many frequent fragments to add between characters and words.
    """
    known = sorted(set(words))
    pieces = dict(specials)
    pieces.setdefault("▁", -4.0)
    for character in alphabet:
        pieces.setdefault(character, -8.0)
    for fragment in syllables(known, fragments):
        pieces.setdefault(fragment, -9.5)
    for word in known:
        pieces.setdefault("▁" + word, -3.0)
    return list(pieces.items())


def camembert_tokenizer(words: Iterable[str], alphabet: Iterable[str], max_length: int) -> CamembertTokenizer:
    """Return a CamemBERT tokenizer with the fairseq order of special tokens: `<pad>` is 1, `<s>` 5, `</s>` 6."""
    names = ["<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED", "<s>", "</s>", "<mask>"]
    pieces = unigram_pieces([(name, 0.0) for name in names], words, alphabet)
    return CamembertTokenizer(vocab=pieces, model_max_length=max_length)


def albert_tokenizer(words: Iterable[str], alphabet: Iterable[str], max_length: int) -> AlbertTokenizer:
    """Return a lower-casing ALBERT tokenizer: `<pad>` is 0, `<unk>` 1, `[CLS]` 2, `[SEP]` 3, `[MASK]` 4."""
    names = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    pieces = unigram_pieces([(name, 0.0) for name in names], words, alphabet)
    return AlbertTokenizer(vocab=pieces, model_max_length=max_length)


def t5_tokenizer(words: Iterable[str], alphabet: Iterable[str], max_length: int) -> T5Tokenizer:
    """Return a T5 tokenizer without sentinels: `<pad>` is 0 and also starts the decoder, `</s>` 1, `<unk>` 2."""
    names = ["<pad>", "</s>", "<unk>"]
    pieces = unigram_pieces([(name, 0.0) for name in names], words, alphabet)
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=max_length)


def bert_tokenizer(
    words: Iterable[str],
    alphabet: Iterable[str],
    max_length: int,
    *,
    cased: bool = False,
    kind: type[BertTokenizer] = BertTokenizer,
) -> BertTokenizer:
    """Return a WordPiece tokenizer: words, characters, `##` characters and frequent `##` endings."""
    known = sorted(set(words))
    alphabet = list(alphabet)
    tokens = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *alphabet])
    tokens.update(dict.fromkeys("##" + character for character in alphabet if character.isalnum()))
    tokens.update(dict.fromkeys("##" + fragment for fragment in syllables(known, 100)))
    tokens.update(dict.fromkeys(known))
    vocab = {token: number for number, token in enumerate(tokens)}
    return kind(vocab=vocab, do_lower_case=not cased, model_max_length=max_length)


def _byte_level_bpe(texts: Iterable[str], size: int, specials: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=specials,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def gpt2_tokenizer(texts: Iterable[str], size: int, max_length: int) -> GPT2Tokenizer:
    """Return a byte-level BPE tokenizer like GPT-2's: one special token, `<|endoftext|>`, and no pad token."""
    trained = _byte_level_bpe(texts, size, ["<|endoftext|>"])
    merges = [tuple(merge) for merge in _merges(trained)]
    return GPT2Tokenizer(vocab=trained.get_vocab(), merges=merges, model_max_length=max_length)


def _merges(trained: Tokenizer) -> list[list[str]]:
    found: list[list[str]] = json.loads(trained.to_str())["model"]["merges"]
    return found


def chat_tokenizer(
    texts: Iterable[str], size: int, max_length: int, template: str, turns: list[str]
) -> PreTrainedTokenizerFast:
    """Return a byte-level BPE tokenizer with turn markers, an own pad token and a chat template."""
    trained = _byte_level_bpe(texts, size, ["<pad>", "<s>", "</s>", *turns])
    trained.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=trained,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        additional_special_tokens=turns,
        chat_template=template,
        model_max_length=max_length,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
