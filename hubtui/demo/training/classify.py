"""Sequence classifiers: a label (or several) for a whole text."""

import random
from collections.abc import Callable, Sequence

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    DistilBertTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from hubtui.demo.training.batches import attention, chunks, drawn, encoded, padded
from hubtui.demo.training.loop import Plan, seeded, train
from hubtui.demo.training.masked import SMALL, STILL
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.text.sentiment import LABELS, disturbed, opinions, reviews
from hubtui.demo.training.tokenization import bert_tokenizer, characters

SENTIMENT = Plan(steps=1500, batch=48, rate=1.5e-3)
STARS = Plan(steps=900, batch=48, rate=1.5e-3)
Labelled = tuple[str, int]


def build_sentiment(space: Workspace, plan: Plan = SENTIMENT) -> Outcome:
    """Train the three-way sentiment classifier, a DistilBERT."""
    rng = seeded(plan)
    examples = opinions()
    texts = [text for text, _ in examples]
    tokenizer = bert_tokenizer(
        words(texts, r"\w+|[^\w\s]"), characters(texts, cased=False), 96, kind=DistilBertTokenizer
    )
    config = DistilBertConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=96,
        dim=64,
        n_layers=2,
        n_heads=4,
        hidden_dim=128,
        dropout=0.0,
        attention_dropout=0.0,
        seq_classif_dropout=0.0,
        pad_token_id=0,
        **names_of(LABELS),
    )
    return fit(DistilBertForSequenceClassification(config), tokenizer, examples, space, plan, rng, disturbed)


def build_stars(space: Workspace, plan: Plan = STARS) -> Outcome:
    """Train the five-star rater, a BERT."""
    rng = seeded(plan)
    examples = reviews()
    texts = [text for text, _ in examples]
    tokenizer = bert_tokenizer(words(texts), characters(texts, cased=False), 64)
    config = BertConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=64,
        pad_token_id=0,
        **SMALL,
        **STILL,
        **names_of(["1 star", *(f"{n} stars" for n in range(2, 6))]),
    )
    return fit(BertForSequenceClassification(config), tokenizer, examples, space, plan, rng, disturbed)


def names_of(labels: Sequence[str]) -> dict[str, dict[int, str] | dict[str, int]]:
    """Return the `id2label` and `label2id` of a config."""
    return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


def fit(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Labelled],
    space: Workspace,
    plan: Plan,
    rng: random.Random,
    noise: Callable[[str, random.Random], str] = lambda text, _: text,
) -> Outcome:
    """Train on nine tenths of the examples, disturbed by `noise`, and measure on the undisturbed rest."""
    training, held_out = split(examples)
    tokenizer.save_pretrained(space.main)
    rows = encoded(tokenizer, [noise(text, rng) for text, _ in training])

    def next_batch() -> dict[str, torch.Tensor]:
        chosen = drawn(rng, len(rows), plan.batch)
        picked = [rows[i] for i in chosen]
        labels = torch.tensor([training[i][1] for i in chosen])
        return {
            "input_ids": padded(picked, tokenizer.pad_token_id),
            "attention_mask": attention(picked),
            "labels": labels,
        }

    done = train(model, next_batch, plan)
    model.save_pretrained(space.main)
    tested = held_out[:1000]
    right = accuracy(model, tokenizer, tested)
    figures = described(
        model, done, training=f"{len(training):,}", held_out=len(tested), accuracy=right, vocabulary=len(tokenizer)
    )
    return Outcome(figures, (Metric("accuracy", "Accuracy", right),), done.seconds)


def accuracy(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, examples: Sequence[Labelled]) -> float:
    """Return the share of the examples whose most probable label is the right one."""
    rows, right = encoded(tokenizer, [text for text, _ in examples]), 0
    for part in chunks(len(rows)):
        picked = [rows[i] for i in part]
        with torch.no_grad():
            logits = model(input_ids=padded(picked, tokenizer.pad_token_id), attention_mask=attention(picked)).logits
        right += sum(int(best) == examples[i][1] for i, best in zip(part, logits.argmax(-1), strict=True))
    return right / len(rows)
