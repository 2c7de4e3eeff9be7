"""Sequence classifiers: a label (or several) for a whole text."""

import random
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    CamembertForSequenceClassification,
    CanineConfig,
    CanineForSequenceClassification,
    CanineTokenizer,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    DistilBertTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from hubtui.demo.training.batches import attention, chunks, drawn, encoded, padded
from hubtui.demo.training.loop import Plan, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.sizes import SHARP, SMALL, STILL, names_of
from hubtui.demo.training.text.feelings import LABELS as FEELING_LABELS
from hubtui.demo.training.text.feelings import feelings
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.text.inference import TOPIC_LABELS, mixed_topics
from hubtui.demo.training.text.languages import LANGUAGES, lines
from hubtui.demo.training.text.sentiment import LABELS, disturbed, opinions, reviews
from hubtui.demo.training.tokenization import bert_tokenizer, characters

SENTIMENT = Plan(steps=1500, batch=48, rate=1.5e-3)
STARS = Plan(steps=900, batch=48, rate=1.5e-3)
FEELINGS = Plan(steps=600, batch=32, rate=1e-3)
LANGUAGE = Plan(steps=1200, batch=32, rate=1.5e-3)
TOPIC = Plan(steps=1600, batch=48, rate=2e-3)
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
    return fit(DistilBertForSequenceClassification(config), tokenizer, examples, space, plan, rng=rng, noise=disturbed)


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
    return fit(BertForSequenceClassification(config), tokenizer, examples, space, plan, rng=rng, noise=disturbed)


def build_feelings(space: Workspace, plan: Plan = FEELINGS) -> Outcome:
    """Fine-tune the French CamemBERT on four feelings; tokenizer and encoder are those of the fill-mask checkpoint."""
    rng = seeded(plan)
    base = space.repos / "demo/tiny-camembert-fr/main"
    config = AutoConfig.from_pretrained(base, **names_of(FEELING_LABELS))
    model = CamembertForSequenceClassification.from_pretrained(base, config=config)
    return fit(model, AutoTokenizer.from_pretrained(base), feelings(), space, plan, rng=rng)


def build_language(space: Workspace, plan: Plan = LANGUAGE) -> Outcome:
    """Train the language guesser, a CANINE, which reads code points and has no vocabulary."""
    rng = seeded(plan)
    tokenizer = CanineTokenizer(model_max_length=128)
    config = CanineConfig(
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=256,
        num_hash_buckets=512,
        num_hash_functions=8,
        local_transformer_stride=32,
        type_vocab_size=2,
        **STILL,
        **names_of(LANGUAGES),
    )
    return fit(CanineForSequenceClassification(config), tokenizer, lines(), space, plan, rng=rng)


def build_topics(space: Workspace, plan: Plan = TOPIC) -> Outcome:
    """Train the multi-label topic finder: one sigmoid a topic, so that a text may have two topics or none."""
    rng = seeded(plan)
    examples = mixed_topics()
    texts = [text.lower() for text, _ in examples]
    tokenizer = bert_tokenizer(words(texts, least=20), characters(texts, cased=False), 96)
    config = BertConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=96,
        pad_token_id=0,
        problem_type="multi_label_classification",
        **SMALL,
        **STILL,
        **SHARP,
        **names_of(TOPIC_LABELS),
    )
    return fit(BertForSequenceClassification(config), tokenizer, examples, space, plan, rng=rng)


def fit(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Labelled],
    space: Workspace,
    plan: Plan,
    *,
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
        labels = _targets(model, [training[i][1] for i in chosen])
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


def _targets(model: PreTrainedModel, labels: Sequence[int]) -> Tensor:
    """Return class numbers or, for a multi-label model, the bits of each label as rows of 0.0 and 1.0."""
    if model.config.problem_type != "multi_label_classification":
        return torch.tensor(labels)
    return torch.tensor(
        [[float(label >> bit & 1) for bit in range(len(model.config.id2label or {}))] for label in labels]
    )


def accuracy(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, examples: Sequence[Labelled]) -> float:
    """Return the share of the examples with the right label, or with exactly the right set of labels."""
    rows, right = encoded(tokenizer, [text for text, _ in examples]), 0
    for part in chunks(len(rows)):
        picked = [rows[i] for i in part]
        with torch.no_grad():
            logits = model(input_ids=padded(picked, tokenizer.pad_token_id), attention_mask=attention(picked)).logits
        wanted = _targets(model, [examples[i][1] for i in part])
        found = logits.argmax(-1) == wanted if wanted.ndim == 1 else ((logits > 0) == (wanted > 0)).all(-1)
        right += int(found.sum())
    return right / len(rows)
