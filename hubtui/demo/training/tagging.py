"""Token classifiers: named entities in the news, drugs and doses in medical notes."""

import random
from collections.abc import Sequence

import torch
from transformers import BertConfig, BertForTokenClassification, PreTrainedModel, PreTrainedTokenizerBase

from hubtui.demo.training.batches import IGNORED, attention, chunks, drawn, padded
from hubtui.demo.training.loop import Plan, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.sizes import SMALL, STILL, names_of
from hubtui.demo.training.text.entities import Tagged, clinic_notes, joined, news_sentences, renamed, strangers
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.tokenization import bert_tokenizer, characters

NEWS = Plan(steps=1500, batch=48, rate=2e-3)
CLINIC = Plan(steps=800, batch=48, rate=2e-3)
Row = tuple[list[int], list[int]]
"""Token ids and label ids of one sentence, special tokens included."""


def build_news(space: Workspace, plan: Plan = NEWS) -> Outcome:
    """Train the tagger of people, organisations and places."""
    return _fit(news_sentences(), ["PER", "ORG", "LOC"], space, plan)


def build_clinic(space: Workspace, plan: Plan = CLINIC) -> Outcome:
    """Train the tagger of drugs, doses and symptoms."""
    return _fit(clinic_notes(), ["DRUG", "DOSE", "SYMPTOM"], space, plan)


def _fit(examples: Sequence[Tagged], kinds: Sequence[str], space: Workspace, plan: Plan) -> Outcome:
    rng = seeded(plan)
    labels = ["O", *(f"{begin}-{kind}" for kind in kinds for begin in "BI")]
    training, held_out = split(examples)
    texts = [joined(tagged) for tagged in examples]
    tokenizer = bert_tokenizer(words(texts), characters(texts, cased=True), 96, cased=True)
    tokenizer.save_pretrained(space.main)
    config = BertConfig(
        vocab_size=len(tokenizer), max_position_embeddings=96, pad_token_id=0, **SMALL, **STILL, **names_of(labels)
    )
    model = BertForTokenClassification(config)
    rows = [_row(renamed(tagged, rng), tokenizer, labels) for tagged in training]

    def next_batch() -> dict[str, torch.Tensor]:
        return _batch([rows[i] for i in drawn(rng, len(rows), plan.batch)])

    done = train(model, next_batch, plan)
    model.save_pretrained(space.main)
    known = held_out[:500]
    foreign = [strangers(tagged, random.Random(3)) for tagged in known]
    right = _exact(model, [_row(tagged, tokenizer, labels) for tagged in known])
    unseen = _exact(model, [_row(tagged, tokenizer, labels) for tagged in foreign])
    figures = described(
        model,
        done,
        training=f"{len(training):,}",
        held_out=len(known),
        exact=right,
        unseen=unseen,
        vocabulary=len(tokenizer),
    )
    metrics = (
        Metric("accuracy", "Sentences tagged without a mistake", right),
        Metric("accuracy", "The same, names replaced by invented ones", unseen),
    )
    return Outcome(figures, metrics, done.seconds)


def _row(tagged: Tagged, tokenizer: PreTrainedTokenizerBase, labels: Sequence[str]) -> Row:
    """Tokenize the sentence as a user would type it, and label every piece of a word: B on its first, I on the rest."""
    found = tokenizer(joined(tagged), return_offsets_mapping=True)
    text, starts, at = joined(tagged), [], 0
    for word, tag in tagged:
        at = text.index(word, at)
        starts.append((at, at + len(word), tag))
        at += len(word)
    ids = []
    for begin, end in found["offset_mapping"]:
        inside = [(start, tag) for start, stop, tag in starts if start <= begin and end <= stop and end > begin]
        ids.append(_label(begin, *inside[0], labels) if inside else IGNORED)
    return list(found["input_ids"]), ids


def _label(begin: int, start: int, tag: str, labels: Sequence[str]) -> int:
    return labels.index(tag if begin == start else tag.replace("B-", "I-"))


def _batch(rows: Sequence[Row]) -> dict[str, torch.Tensor]:
    ids = [row[0] for row in rows]
    return {
        "input_ids": padded(ids, 0),
        "attention_mask": attention(ids),
        "labels": padded([row[1] for row in rows], IGNORED),
    }


def _exact(model: PreTrainedModel, rows: Sequence[Row]) -> float:
    """Return the share of sentences in which every token has its right label."""
    right = 0
    for part in chunks(len(rows)):
        batch = _batch([rows[i] for i in part])
        with torch.no_grad():
            best = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.argmax(-1)
        wrong = (best != batch["labels"]) & (batch["labels"] != IGNORED)
        right += int((~wrong.any(-1)).sum())
    return right / len(rows)
