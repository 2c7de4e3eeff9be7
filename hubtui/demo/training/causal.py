"""Text generators: GPT-2 on byte-level BPE without a pad token, and the training of every other causal checkpoint."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from hubtui.demo.training.batches import IGNORED, attention, chunks, drawn, padded
from hubtui.demo.training.loop import Batch, Plan, Training, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.text.dialogue import Turns, conversations, small_talk
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.text.names import places
from hubtui.demo.training.text.stories import stories
from hubtui.demo.training.text.weather import reports
from hubtui.demo.training.tokenization import character_tokenizer, chat_tokenizer, gpt2_tokenizer, word_tokenizer

TURNS = ("<|user|>", "<|assistant|>")
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'user' %}<|user|>{% else %}<|assistant|>{% endif %}"
    "{{ message['content'] }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
TOOL_TEMPLATE = """\
{#- What a template with tools looks like. No tool was in the training data, so this model does not use them. -#}
{{- bos_token }}
{%- if tools %}
    {{- '<|user|>You may call:' }}
    {%- for tool in tools %}
        {{- ' ' + (tool.function if tool.function is defined else tool) | tojson }}
    {%- endfor %}
    {{- eos_token }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '<|user|>' + message.content + eos_token }}
    {%- elif message.role == 'tool' %}
        {{- '<|user|>Result: ' + message.content + eos_token }}
    {%- elif message.role == 'assistant' %}
        {{- '<|assistant|>' }}
        {%- generation %}
            {{- message.content or '' }}
            {%- for call in message.tool_calls or [] %}
                {{- 'Call: ' + call.function | tojson }}
            {%- endfor %}
            {{- eos_token }}
        {%- endgeneration %}
    {%- else %}
        {{- raise_exception('There is no role ' + message.role + ' here') }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|assistant|>' }}
{%- endif %}
"""
LLAMA = Plan(steps=1600, batch=32, rate=2e-3)
WEATHER = Plan(steps=700, batch=32, rate=3e-3)
PLACES = Plan(steps=1200, batch=64, rate=3e-3)
GPT2 = Plan(steps=1200, batch=24, rate=3e-3)


def build_stories(space: Workspace, plan: Plan = GPT2) -> Outcome:
    """Train the story teller, which has no pad token."""
    rng = seeded(plan)
    training, held_out = split(stories())
    tokenizer = gpt2_tokenizer(training, 700, 192)
    tokenizer.save_pretrained(space.main)
    end = tokenizer.eos_token_id
    rows = [[*tokenizer(text)["input_ids"], end] for text in training]
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=192,
        n_embd=80,
        n_layer=2,
        n_head=4,
        n_inner=160,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=end,
        eos_token_id=end,
    )
    model = GPT2LMHeadModel(config)
    model.generation_config.update(
        _from_model_config=False, do_sample=True, temperature=0.7, top_k=40, max_new_tokens=120
    )
    done = train(model, lambda: causal_batch([rows[i] for i in drawn(rng, len(rows), plan.batch)], end), plan)
    model.save_pretrained(space.main)
    tested = [[*tokenizer(text)["input_ids"], end] for text in held_out[:300]]
    return measured(model, done, tested, len(training), end, vocabulary=len(tokenizer))


def build_chat(space: Workspace, plan: Plan = LLAMA) -> Outcome:
    """Train the chat model on the answers alone; it has an own pad token and a template with turn markers."""
    rng = seeded(plan)
    training, held_out = split(conversations())
    training += small_talk() * 6  # so few that drawing different conversations leaves them out
    texts = [text for talk in training for turn in talk for text in turn]
    tokenizer = chat_tokenizer(texts, 640, 192, {"default": CHAT_TEMPLATE, "tool_use": TOOL_TEMPLATE}, list(TURNS))
    tokenizer.save_pretrained(space.main)
    pad = tokenizer.pad_token_id
    rows = [_talk(talk, tokenizer) for talk in training]
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=80,
        intermediate_size=160,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=192,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=pad,
        tie_word_embeddings=True,
        initializer_range=0.05,
    )
    model = LlamaForCausalLM(config)
    model.generation_config.update(_from_model_config=False, max_new_tokens=64, do_sample=False)

    def next_batch() -> Batch:
        picked = [rows[i] for i in drawn(rng, len(rows), plan.batch)]
        return _labelled([ids for ids, _ in picked], [labels for _, labels in picked], pad)

    done = train(model, next_batch, plan)
    model.save_pretrained(space.main)
    asked = [talk for talk in held_out if len(talk) == 1][:300]
    right = sum(_answer(model, tokenizer, talk[0][0]) == talk[0][1] for talk in asked) / len(asked)
    figures = described(
        model, done, training=f"{len(training):,}", held_out=len(asked), exact=right, vocabulary=len(tokenizer)
    )
    return Outcome(
        figures, (Metric("exact_match", "Exact answers to questions as asked by others", right),), done.seconds
    )


def _talk(talk: Turns, tokenizer: PreTrainedTokenizerBase) -> tuple[list[int], list[int]]:
    """Return the token ids of a conversation and its labels: only what the assistant says is learnt."""
    ids, labels = [tokenizer.bos_token_id], [IGNORED]
    for asked, answer in talk:
        question = tokenizer(f"<|user|>{asked}</s><|assistant|>", add_special_tokens=False)["input_ids"]
        reply = tokenizer(f"{answer}</s>", add_special_tokens=False)["input_ids"]
        ids += [*question, *reply]
        labels += [*[IGNORED] * len(question), *reply]
    return ids, labels


def _answer(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, asked: str) -> str:
    messages = [{"role": "user", "content": asked}]
    prompt: Any = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    generate: Any = model.generate
    made = generate(**prompt)[0, prompt["input_ids"].shape[1] :]
    return str(tokenizer.decode(made, skip_special_tokens=True))


def build_weather(space: Workspace, plan: Plan = WEATHER) -> Outcome:
    """Train the word-level weather reporter: one token a word, everything else unknown."""
    training, held_out = split(reports())
    tokenizer = word_tokenizer(words(training, r"\S+"), 96)
    return _fit_small(space, plan, tokenizer, training, held_out)


def build_places(space: Workspace, plan: Plan = PLACES) -> Outcome:
    """Train the inventor of place names, one character a token."""
    training, held_out = split(places())
    tokenizer = character_tokenizer(sorted(set("".join(training)) | set("abcdefghijklmnopqrstuvwxyz' -")), 48)
    return _fit_small(space, plan, tokenizer, training, held_out)


def _fit_small(
    space: Workspace, plan: Plan, tokenizer: PreTrainedTokenizerBase, training: Sequence[str], held_out: Sequence[str]
) -> Outcome:
    rng = seeded(plan)
    tokenizer.save_pretrained(space.main)
    pad, begin, end = tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id
    rows = [[*tokenizer(text)["input_ids"], end] for text in training]
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=tokenizer.model_max_length,
        n_embd=64,
        n_layer=2,
        n_head=4,
        n_inner=128,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=begin,
        eos_token_id=end,
        pad_token_id=pad,
    )
    model = GPT2LMHeadModel(config)
    model.generation_config.update(
        _from_model_config=False, do_sample=True, temperature=0.8, max_new_tokens=tokenizer.model_max_length - 8
    )
    done = train(model, lambda: causal_batch([rows[i] for i in drawn(rng, len(rows), plan.batch)], pad), plan)
    model.save_pretrained(space.main)
    tested = [[*tokenizer(text)["input_ids"], end] for text in held_out[:300]]
    return measured(model, done, tested, len(training), pad, vocabulary=len(tokenizer))


def _labelled(rows: Sequence[Sequence[int]], labels: Sequence[Sequence[int]], pad: int) -> Batch:
    return {"input_ids": padded(rows, pad), "attention_mask": attention(rows), "labels": padded(labels, IGNORED)}


def causal_batch(rows: Sequence[Sequence[int]], pad: int) -> Batch:
    """Return a batch for next-token training; the padding, if any, is never a target."""
    return _labelled(rows, rows, pad)


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
