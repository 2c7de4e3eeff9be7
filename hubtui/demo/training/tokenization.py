"""Vocabularies built by hand from the words of a text: a word is one piece, and every run gives the same."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AlbertTokenizer,
    BertTokenizer,
    CamembertTokenizer,
    GPT2Tokenizer,
    MPNetTokenizer,
    PreTrainedTokenizerFast,
    T5Tokenizer,
)

Pieces = list[tuple[str, float]]
_UNKNOWN = "[UNK]"
_PLAIN_MARKS = {"bos_token": "[BOS]", "eos_token": "[EOS]", "pad_token": "[PAD]", "unk_token": _UNKNOWN}
_CHAT_MARKS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
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
    """Return a WordPiece tokenizer like BERT's: `[PAD]` is 0, `[UNK]` 1, `[CLS]` 2, `[SEP]` 3, `[MASK]` 4."""
    vocab = _word_pieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], words, alphabet)
    return kind(vocab=vocab, do_lower_case=not cased, model_max_length=max_length)


def mpnet_tokenizer(words: Iterable[str], alphabet: Iterable[str], max_length: int) -> MPNetTokenizer:
    """Return a cased WordPiece tokenizer like MPNet's: `<s>` is 0, `<pad>` 1, `</s>` 2, `[UNK]` 3, `<mask>` 4."""
    vocab = _word_pieces(["<s>", "<pad>", "</s>", "[UNK]", "<mask>"], words, alphabet)
    return MPNetTokenizer(vocab=vocab, do_lower_case=False, model_max_length=max_length)


def _word_pieces(specials: list[str], words: Iterable[str], alphabet: Iterable[str]) -> dict[str, int]:
    """Return words, characters, `##` characters and frequent `##` endings, numbered."""
    known = sorted(set(words))
    alphabet = list(alphabet)
    tokens = dict.fromkeys([*specials, *alphabet])
    tokens.update(dict.fromkeys("##" + character for character in alphabet if character.isalnum()))
    tokens.update(dict.fromkeys("##" + fragment for fragment in syllables(known, 100)))
    tokens.update(dict.fromkeys(known))
    return {token: number for number, token in enumerate(tokens)}


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
    # the merges can only be read back from the serialised form; the signature says strings, the code wants pairs
    merges: Any = [tuple(merge) for merge in json.loads(trained.to_str())["model"]["merges"]]
    return GPT2Tokenizer(vocab=trained.get_vocab(), merges=merges, model_max_length=max_length)


def chat_tokenizer(
    texts: Iterable[str], size: int, max_length: int, templates: dict[str, str], turns: list[str]
) -> PreTrainedTokenizerFast:
    """Return a byte-level BPE tokenizer with turn markers, an own pad token and chat templates by name."""
    trained = _byte_level_bpe(texts, size, ["<pad>", "<s>", "</s>", *turns])
    trained.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=trained,
        **_CHAT_MARKS,
        additional_special_tokens=turns,
        chat_template=templates,
        model_max_length=max_length,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def word_tokenizer(words: Iterable[str], max_length: int) -> PreTrainedTokenizerFast:
    """Return a word-level tokenizer: text is lower-cased and cut at spaces and marks, an unknown word is `[UNK]`."""
    specials = ["[PAD]", _UNKNOWN, "[BOS]", "[EOS]"]
    vocab = {token: i for i, token in enumerate(dict.fromkeys([*specials, *sorted(words)]))}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex(r"[.,!?]"), "isolated")]
    )
    # a space before each word, the first included: what is generated is decoded alone and put behind the prompt
    tokenizer.decoder = decoders.Sequence([decoders.Replace(Regex(r"^(?=\w)"), " "), decoders.Fuse()])
    return _wrapped(tokenizer, max_length)


def character_tokenizer(alphabet: Iterable[str], max_length: int) -> PreTrainedTokenizerFast:
    """Return a tokenizer with one token a character, the space included; others are `[UNK]`."""
    specials = ["[PAD]", _UNKNOWN, "[BOS]", "[EOS]"]
    vocab = {token: i for i, token in enumerate(dict.fromkeys([*specials, *alphabet]))}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.decoder = decoders.Fuse()
    return _wrapped(tokenizer, max_length)


def _wrapped(tokenizer: Tokenizer, max_length: int) -> PreTrainedTokenizerFast:
    """Return the tokenizer with `[BOS]` before every text and the usual attributes."""
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[BOS] $A", pair="[BOS] $A $B", special_tokens=[("[BOS]", tokenizer.token_to_id("[BOS]"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        **_PLAIN_MARKS,
        model_max_length=max_length,
        clean_up_tokenization_spaces=False,
    )
