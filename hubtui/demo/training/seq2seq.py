"""T5 checkpoints: translation and summaries on Unigram pieces, plurals on bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import ByT5Tokenizer, PreTrainedModel, PreTrainedTokenizerBase, T5Config, T5ForConditionalGeneration

from hubtui.demo.training.batches import IGNORED, attention, chunks, drawn, encoded, padded
from hubtui.demo.training.loop import Plan, Training, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.text.plurals import plurals
from hubtui.demo.training.text.summaries import summaries
from hubtui.demo.training.text.translation import pairs, phrases
from hubtui.demo.training.tokenization import characters, t5_tokenizer

TRANSLATION = Plan(steps=2400, batch=48, rate=3e-3)
SUMMARY = Plan(steps=2000, batch=24, rate=3e-3)
PLURALS = Plan(steps=2200, batch=64, rate=3e-3)
TRANSLATE, SUMMARIZE = "translate English to French: ", "summarize: "
_PIECES = r"\w+'|[\w-]+|[^\w\s]"
Pairs = Sequence[tuple[str, str]]


def build_translation(space: Workspace, plan: Plan = TRANSLATION) -> Outcome:
    """Train the English to French translator, with the prefix of the real T5."""
    known, held_out = split(pairs())
    asked = [(TRANSLATE + english, french) for english, french in known + phrases() * 10]
    # every fourth without its prefix: people forget it, and nothing but translating is ever asked for here
    training = [
        (text.removeprefix(TRANSLATE) if i % 4 == 0 else text, french) for i, (text, french) in enumerate(asked)
    ]
    tested = [(TRANSLATE + english, french) for english, french in held_out[:400]]
    tasks = {"translation_en_to_fr": {"early_stopping": True, "max_length": 48, "num_beams": 4, "prefix": TRANSLATE}}
    return _build(space, plan, training, tested, tasks=tasks, least=3)


def build_summary(space: Workspace, plan: Plan = SUMMARY) -> Outcome:
    """Train the summarizer of short reports."""
    known, held_out = split(summaries())
    training = [(SUMMARIZE + report, short) for report, short in known]
    tested = [(SUMMARIZE + report, short) for report, short in held_out[:200]]
    tasks = {
        "summarization": {
            "early_stopping": True,
            "max_length": 48,
            "min_length": 4,
            "num_beams": 2,
            "prefix": SUMMARIZE,
        }
    }
    return _build(space, plan, training, tested, tasks=tasks, least=40)


def _build(
    space: Workspace, plan: Plan, training: Pairs, tested: Pairs, *, tasks: Mapping[str, object], least: int
) -> Outcome:
    seeded(plan)
    texts = [text for pair in training for text in pair]
    tokenizer = t5_tokenizer(words(texts, _PIECES, least), characters(texts, cased=True, accents=True), 192)
    config = _config(len(tokenizer), tasks)
    return _fit(T5ForConditionalGeneration(config), tokenizer, training, space, plan, tested=tested)


def build_plurals(space: Workspace, plan: Plan = PLURALS) -> Outcome:
    """Train the byte-level model that puts nouns into the plural."""
    seeded(plan)
    training, held_out = plurals()
    tokenizer = ByT5Tokenizer(extra_ids=0, model_max_length=64)
    return _fit(T5ForConditionalGeneration(_config(len(tokenizer))), tokenizer, training, space, plan, tested=held_out)


def _config(size: int, tasks: Mapping[str, object] | None = None) -> T5Config:
    chosen: dict[str, Any] = {"d_model": 64, "d_kv": 16, "d_ff": 128, "num_layers": 2, "num_decoder_layers": 2}
    chosen |= {"num_heads": 4, "relative_attention_num_buckets": 16, "relative_attention_max_distance": 64}
    chosen |= {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0, "dropout_rate": 0.0}
    chosen |= {"task_specific_params": tasks} if tasks else {}
    return T5Config(vocab_size=size, **chosen)


def _fit(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    training: Pairs,
    space: Workspace,
    plan: Plan,
    *,
    tested: Pairs,
) -> Outcome:
    rng = seeded(plan)
    tokenizer.save_pretrained(space.main)
    sources = encoded(tokenizer, [source for source, _ in training])
    targets = encoded(tokenizer, [target for _, target in training])

    def next_batch() -> dict[str, torch.Tensor]:
        chosen = drawn(rng, len(sources), plan.batch)
        picked = [sources[i] for i in chosen]
        labels = padded([targets[i] for i in chosen], IGNORED)
        return {"input_ids": padded(picked, 0), "attention_mask": attention(picked), "labels": labels}

    done = train(model, next_batch, plan)
    model.generation_config.update(_from_model_config=False, max_new_tokens=48)
    model.save_pretrained(space.main)
    return _measured(model, tokenizer, done, tested, len(training))


def _measured(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, done: Training, tested: Pairs, count: int
) -> Outcome:
    generate: Any = model.generate
    right, sources = 0, encoded(tokenizer, [source for source, _ in tested])
    for part in chunks(len(tested), 50):
        picked = [sources[i] for i in part]
        made = generate(padded(picked, 0), attention_mask=attention(picked), do_sample=False, num_beams=1)
        answers = tokenizer.batch_decode(made, skip_special_tokens=True)
        right += sum(answer == tested[i][1] for i, answer in zip(part, answers, strict=True))
    exact = right / len(tested)
    figures = described(
        model, done, training=f"{count:,}", held_out=len(tested), exact=exact, vocabulary=len(tokenizer)
    )
    return Outcome(figures, (Metric("exact_match", "Exact match", exact),), done.seconds)
