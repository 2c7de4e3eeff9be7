"""Models that read two texts: extractive question answering, and inference for zero-shot classification."""

from collections.abc import Sequence

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    MPNetConfig,
    MPNetForQuestionAnswering,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from hubtui.demo.training.batches import attention, chunks, drawn, padded
from hubtui.demo.training.loop import Plan, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.sizes import SHARP, SMALL, STILL, names_of
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.text.inference import VERDICTS, premises
from hubtui.demo.training.text.questions import Question, questions
from hubtui.demo.training.tokenization import bert_tokenizer, characters, mpnet_tokenizer

ANSWERS = Plan(steps=5000, batch=32, rate=2e-3)
INFERENCE = Plan(steps=5000, batch=48, rate=1e-3, seed=7)
Span = tuple[list[int], int, int]
"""Token ids, position of the first and of the last token of the answer."""


def build_answers(space: Workspace, plan: Plan = ANSWERS) -> Outcome:
    """Train the extractive question answerer."""
    rng = seeded(plan)
    training, held_out = split(questions())
    texts = [f"{asked} {paragraph}" for asked, paragraph, _ in training]
    tokenizer = mpnet_tokenizer(words(texts, least=50), characters(texts, cased=True), 160)
    tokenizer.save_pretrained(space.main)
    config = MPNetConfig(vocab_size=len(tokenizer), max_position_embeddings=162, **SMALL, **STILL, **SHARP)
    model = MPNetForQuestionAnswering(config)
    rows = [_span(example, tokenizer) for example in training]
    done = train(model, lambda: _span_batch([rows[i] for i in drawn(rng, len(rows), plan.batch)]), plan)
    model.save_pretrained(space.main)
    tested = [_span(example, tokenizer) for example in held_out[:600]]
    exact = _exact_spans(model, tested)
    figures = described(
        model, done, training=f"{len(training):,}", held_out=len(tested), exact=exact, vocabulary=len(tokenizer)
    )
    return Outcome(figures, (Metric("exact_match", "Exact match", exact),), done.seconds)


def _span(example: Question, tokenizer: PreTrainedTokenizerBase) -> Span:
    asked, paragraph, answer = example
    start = paragraph.index(answer)
    found = tokenizer(asked, paragraph)
    first = found.char_to_token(start, sequence_index=1)
    last = found.char_to_token(start + len(answer) - 1, sequence_index=1)
    return list(found["input_ids"]), first, last


def _span_batch(rows: Sequence[Span]) -> dict[str, torch.Tensor]:
    ids = [row[0] for row in rows]
    return {
        "input_ids": padded(ids, 1),
        "attention_mask": attention(ids),
        "start_positions": torch.tensor([row[1] for row in rows]),
        "end_positions": torch.tensor([row[2] for row in rows]),
    }


def _exact_spans(model: PreTrainedModel, rows: Sequence[Span]) -> float:
    right = 0
    for part in chunks(len(rows)):
        batch = _span_batch([rows[i] for i in part])
        starts, ends = batch.pop("start_positions"), batch.pop("end_positions")
        with torch.no_grad():
            output = model(**batch)
        hidden = batch["attention_mask"] == 0
        first = output.start_logits.masked_fill(hidden, -1e4).argmax(-1)
        last = output.end_logits.masked_fill(hidden, -1e4).argmax(-1)
        right += int(((first == starts) & (last == ends)).sum())
    return right / len(rows)


def build_inference(space: Workspace, plan: Plan = INFERENCE) -> Outcome:
    """Train the inference model that zero-shot classification asks whether "This example is about …" follows."""
    rng = seeded(plan)
    training, held_out = split(premises())
    texts = [text.lower() for premise, hypothesis, _ in training for text in (premise, hypothesis)]
    tokenizer = bert_tokenizer(words(texts, least=50), characters(texts, cased=False), 96)
    tokenizer.save_pretrained(space.main)
    config = BertConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=96,
        pad_token_id=0,
        **SMALL,
        **STILL,
        **SHARP,
        **names_of(VERDICTS),
    )
    model = BertForSequenceClassification(config)
    rows = [(tokenizer(premise, hypothesis), verdict) for premise, hypothesis, verdict in training]
    done = train(model, lambda: _pair_batch([rows[i] for i in drawn(rng, len(rows), plan.batch)]), plan)
    model.save_pretrained(space.main)
    tested = [(tokenizer(premise, hypothesis), verdict) for premise, hypothesis, verdict in held_out[:800]]
    right = _pairs_right(model, tested)
    figures = described(
        model, done, training=f"{len(training):,}", held_out=len(tested), accuracy=right, vocabulary=len(tokenizer)
    )
    return Outcome(figures, (Metric("accuracy", "Accuracy", right),), done.seconds)


def _pair_batch(rows: Sequence[tuple[dict[str, list[int]], int]]) -> dict[str, torch.Tensor]:
    ids = [row["input_ids"] for row, _ in rows]
    segments = padded([row["token_type_ids"] for row, _ in rows], 0)
    labels = torch.tensor([verdict for _, verdict in rows])
    return {"input_ids": padded(ids, 0), "attention_mask": attention(ids), "token_type_ids": segments, "labels": labels}


def _pairs_right(model: PreTrainedModel, rows: Sequence[tuple[dict[str, list[int]], int]]) -> float:
    right = 0
    for part in chunks(len(rows)):
        batch = _pair_batch([rows[i] for i in part])
        labels = batch.pop("labels")
        with torch.no_grad():
            right += int((model(**batch).logits.argmax(-1) == labels).sum())
    return right / len(rows)
