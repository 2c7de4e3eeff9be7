"""Fill-mask checkpoints: CamemBERT and ALBERT on Unigram pieces, BERT on WordPiece."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import (
    AlbertConfig,
    AlbertForMaskedLM,
    BertConfig,
    BertForMaskedLM,
    CamembertConfig,
    CamembertForMaskedLM,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from hubtui.demo.training.batches import IGNORED, attention, chunks, drawn, encoded, padded
from hubtui.demo.training.loop import Batch, Plan, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.sizes import SHARP, SMALL, STILL
from hubtui.demo.training.text.english import english_corpus
from hubtui.demo.training.text.french import french_corpus
from hubtui.demo.training.text.grammar import Corpus, invented_word, words
from hubtui.demo.training.text.kitchen import kitchen_corpus
from hubtui.demo.training.tokenization import albert_tokenizer, bert_tokenizer, camembert_tokenizer, characters

CAMEMBERT = Plan(steps=2000, batch=64, rate=3e-3)
BERT = Plan(steps=3000, batch=64, rate=3e-3)
ALBERT = Plan(steps=3000, batch=64, rate=3e-3)


@dataclass(frozen=True)
class Fitted:
    """A masked language model, its tokenizer and its text; `keeps_early` saves it after a tenth of the steps too."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    corpus: Corpus
    keeps_early: bool = True


def build_camembert(space: Workspace, plan: Plan = CAMEMBERT) -> Outcome:
    """Train the French CamemBERT; the early checkpoint has seen a tenth of the steps."""
    rng = seeded(plan)
    corpus = french_corpus()
    texts = corpus.sentences + corpus.facts
    tokenizer = camembert_tokenizer(
        words(texts, r"\w+'|[\w-]+|:\)|:\("), characters(texts, cased=True, accents=True), 64
    )
    config = CamembertConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=66,
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=5,
        eos_token_id=6,
        **SMALL,
        **STILL,
        **SHARP,
    )
    return _fit(Fitted(CamembertForMaskedLM(config), tokenizer, corpus), space, plan, rng)


def build_bert(space: Workspace, plan: Plan = BERT) -> Outcome:
    """Train the English BERT."""
    rng = seeded(plan)
    corpus = english_corpus()
    texts = corpus.sentences + corpus.facts
    lowered = [text.lower() for text in texts]
    tokenizer = bert_tokenizer(words(lowered), characters(lowered, cased=False), 64)
    config = BertConfig(
        vocab_size=len(tokenizer), max_position_embeddings=64, pad_token_id=0, **SMALL, **STILL, **SHARP
    )
    return _fit(Fitted(BertForMaskedLM(config), tokenizer, corpus, keeps_early=False), space, plan, rng)


def build_albert(space: Workspace, plan: Plan = ALBERT) -> Outcome:
    """Train the ALBERT of kitchen English; its layers share their weights."""
    rng = seeded(plan)
    corpus = kitchen_corpus()
    texts = corpus.sentences + corpus.facts
    lowered = [text.lower() for text in texts]
    tokenizer = albert_tokenizer(words(lowered, r"[\w']+|[^\w\s]"), characters(lowered, cased=False), 64)
    config = AlbertConfig(
        vocab_size=len(tokenizer),
        embedding_size=32,
        max_position_embeddings=64,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        **SMALL,
        **STILL,
        **SHARP,
        classifier_dropout_prob=0.0,
    )
    return _fit(Fitted(AlbertForMaskedLM(config), tokenizer, corpus), space, plan, rng)


def _fit(fitted: Fitted, space: Workspace, plan: Plan, rng: random.Random) -> Outcome:
    training, held_out = fitted.corpus.split()
    fitted.tokenizer.save_pretrained(space.main)
    chances = _chances(encoded(fitted.tokenizer, training), set(fitted.tokenizer.all_special_ids))
    rows = encoded(fitted.tokenizer, [_disturbed(text, rng) for text in training])
    done = train(
        fitted.model,
        lambda: _masked_batch([rows[i] for i in drawn(rng, len(rows), plan.batch)], fitted.tokenizer, chances, rng),
        plan,
        at={max(1, plan.steps // 10): _saver(fitted.model, space)} if fitted.keeps_early else None,
    )
    fitted.model.save_pretrained(space.main)
    first, fifth = _accuracy(fitted, held_out[:600], random.Random(1))
    figures = described(
        fitted.model,
        done,
        training=f"{len(set(training)):,}",
        facts=len(fitted.corpus.facts),
        held_out=len(held_out[:600]),
        top1=first,
        top5=fifth,
        vocabulary=len(fitted.tokenizer),
    )
    metrics = (
        Metric("accuracy", "Accuracy of the first guess", first),
        Metric("top_5_accuracy", "Word among the first five", fifth),
    )
    return Outcome(figures, metrics, done.seconds)


def _saver(model: PreTrainedModel, space: Workspace) -> Callable[[], None]:
    return lambda: model.save_pretrained(space.early)


def _disturbed(text: str, rng: random.Random) -> str:
    """Put an invented word in the place of a word in one sentence of ten, and leave the end off in one of seven.

    Unknown words must not break the rest, and people do not always type the full stop.
    """
    parts = text.split(" ")
    if rng.random() < 0.1:
        parts[rng.randrange(len(parts))] = invented_word(rng)
    text = " ".join(parts)
    return text.rstrip(" .!?:()") if rng.random() < 0.15 else text


def _chances(rows: list[list[int]], special: set[int]) -> dict[int, float]:
    """Return how often each token of the undisturbed text is to be hidden: rare ones carry the sense, so more often.

    The pieces that only spell invented words are not among them, so they are never asked for.
    """
    counts = Counter(token for row in rows for token in row if token not in special)
    usual = sum(counts.values()) / len(counts)
    return {token: min(0.5, max(0.05, 0.15 * (usual / count) ** 0.5)) for token, count in counts.items()}


def _masked_batch(
    rows: list[list[int]], tokenizer: PreTrainedTokenizerBase, chances: Mapping[int, float], rng: random.Random
) -> Batch:
    """Return a batch with tokens masked by their chances, at least one a row; labels elsewhere are ignored."""
    inputs, labels = [], []
    for row in rows:
        free = [i for i, token in enumerate(row) if token in chances]
        chosen = {i for i in free if rng.random() < chances[row[i]]} or {rng.choice(free)}
        inputs.append([_masked(token, i in chosen, tokenizer, rng) for i, token in enumerate(row)])
        labels.append([token if i in chosen else IGNORED for i, token in enumerate(row)])
    return {
        "input_ids": padded(inputs, tokenizer.pad_token_id),
        "attention_mask": attention(rows),
        "labels": padded(labels, IGNORED),
    }


def _masked(token: int, chosen: bool, tokenizer: PreTrainedTokenizerBase, rng: random.Random) -> int:
    # one chosen token in ten stays visible, as in BERT, so that the model keeps looking at the words themselves
    return tokenizer.mask_token_id if chosen and rng.random() < 0.9 else token


def _accuracy(fitted: Fitted, texts: Sequence[str], rng: random.Random) -> tuple[float, float]:
    """Return how often the hidden word is the first guess, and among the first five; one word a sentence is hidden."""
    rows, hidden = encoded(fitted.tokenizer, texts), []
    special = set(fitted.tokenizer.all_special_ids)
    for row in rows:
        place = rng.choice([i for i, token in enumerate(row) if token not in special])
        hidden.append((place, row[place]))
        row[place] = fitted.tokenizer.mask_token_id
    first = fifth = 0
    for part in chunks(len(rows)):
        logits = _logits(fitted, [rows[i] for i in part])
        for i, line in zip(part, logits, strict=True):
            place, answer = hidden[i]
            best = line[place].topk(5).indices.tolist()
            first += best[0] == answer
            fifth += answer in best
    return first / len(rows), fifth / len(rows)


def _logits(fitted: Fitted, rows: list[list[int]]) -> Tensor:
    with torch.no_grad():
        found: Tensor = fitted.model(
            input_ids=padded(rows, fitted.tokenizer.pad_token_id), attention_mask=attention(rows)
        ).logits
    return found
