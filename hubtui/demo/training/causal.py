"""Text generators: GPT-2 on byte-level BPE without a pad token, and the training of every other causal checkpoint."""

import math
from collections.abc import Sequence

import torch
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedModel

from hubtui.demo.training.batches import IGNORED, attention, chunks, drawn, padded
from hubtui.demo.training.loop import Batch, Plan, Training, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.text.grammar import split
from hubtui.demo.training.text.stories import stories
from hubtui.demo.training.tokenization import gpt2_tokenizer

GPT2 = Plan(steps=1200, batch=24, rate=3e-3)


def build_stories(space: Workspace, plan: Plan = GPT2) -> Outcome:
    """Train the story teller; the early checkpoint has seen a twentieth of the steps and still mumbles."""
    rng = seeded(plan)
    training, held_out = split(stories())
    tokenizer = gpt2_tokenizer(training, 700, 192)
    tokenizer.save_pretrained(space.main)
    end = tokenizer.eos_token_id
    rows = [[*tokenizer(text)["input_ids"], end] for text in training]
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=192,
        n_embd=96,
        n_layer=2,
        n_head=4,
        n_inner=192,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=end,
        eos_token_id=end,
    )
    model = GPT2LMHeadModel(config)
    model.generation_config.update(_from_model_config=False, do_sample=True, temperature=0.7, top_k=40, max_new_tokens=120)
    early = {max(1, plan.steps // 20): lambda: model.save_pretrained(space.early)}
    done = train(model, lambda: causal_batch([rows[i] for i in drawn(rng, len(rows), plan.batch)], end), plan, early)
    model.save_pretrained(space.main)
    tested = [[*tokenizer(text)["input_ids"], end] for text in held_out[:300]]
    return measured(model, done, tested, len(training), end, vocabulary=len(tokenizer))


def causal_batch(rows: Sequence[Sequence[int]], pad: int, prompts: Sequence[int] | None = None) -> Batch:
    """Return a batch for next-token training.

    Args:
        rows: Token ids, the end of text included.
        pad: What fills the shorter rows; never a target, because the labels ignore it.
        prompts: How many tokens at the start of each row are given and need not be learnt.
    """
    given = prompts or [0] * len(rows)
    labels = [[*[IGNORED] * start, *row[start:]] for row, start in zip(rows, given, strict=True)]
    return {"input_ids": padded(rows, pad), "attention_mask": attention(rows), "labels": padded(labels, IGNORED)}


def measured(
    model: PreTrainedModel, done: Training, tested: list[list[int]], count: int, pad: int, **more: object
) -> Outcome:
    """Return the outcome of a generator, with its perplexity a token on held-out texts."""
    perplexity = math.exp(_loss(model, tested, pad))
    figures = described(
        model, done, training=f"{count:,}", held_out=len(tested), perplexity=f"{perplexity:.2f}", **more
    )
    return Outcome(figures, (Metric("perplexity", "Perplexity per token", round(perplexity, 3)),), done.seconds)


def _loss(model: PreTrainedModel, rows: list[list[int]], pad: int) -> float:
    total = tokens = 0.0
    for part in chunks(len(rows), 32):
        picked = [rows[i] for i in part]
        predicted = sum(len(row) - 1 for row in picked)
        with torch.no_grad():
            total += model(**causal_batch(picked, pad)).loss.item() * predicted
        tokens += predicted
    return total / tokens
