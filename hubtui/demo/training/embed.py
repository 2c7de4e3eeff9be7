"""A sentence embedder in the layout of sentence-transformers: mean pooling over a small BERT, then length one."""

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerBase

from hubtui.demo.training.batches import attention, chunks, drawn, encoded, padded
from hubtui.demo.training.loop import Batch, Plan, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.sizes import SHARP, SMALL, STILL
from hubtui.demo.training.text.grammar import split, words
from hubtui.demo.training.text.paraphrases import paraphrases
from hubtui.demo.training.tokenization import bert_tokenizer, characters

PLAN = Plan(steps=1200, batch=48, rate=2e-3)
_SCALE = 20.0  # the multiple-negatives ranking loss of sentence-transformers uses this factor on cosines


def build_embedder(space: Workspace, plan: Plan = PLAN) -> Outcome:
    """Train with in-batch negatives: a sentence must be nearest to its own paraphrase."""
    rng = seeded(plan)
    training, held_out = split(paraphrases())
    texts = [text.lower() for pair in training for text in pair[:2]]
    tokenizer = bert_tokenizer(words(texts, least=40), characters(texts, cased=False), 64)
    tokenizer.save_pretrained(space.main)
    config = BertConfig(
        vocab_size=len(tokenizer), max_position_embeddings=64, pad_token_id=0, **SMALL, **STILL, **SHARP
    )
    model = BertModel(config, add_pooling_layer=False)
    left = encoded(tokenizer, [first for first, _, _ in training])
    right = encoded(tokenizer, [second for _, second, _ in training])

    def next_batch() -> Batch:
        chosen = drawn(rng, len(left), plan.batch)
        rows = [left[i] for i in chosen] + [right[i] for i in chosen]
        return {"input_ids": padded(rows, 0), "attention_mask": attention(rows)}

    def loss_of(batch: Batch) -> Tensor:
        vectors = _pooled(model, batch)
        first, second = vectors.chunk(2)
        target = torch.arange(len(first))
        return torch.nn.functional.cross_entropy(first @ second.T * _SCALE, target)

    done = train(model, next_batch, plan, loss_of=loss_of)
    model.save_pretrained(space.main)
    _write_layout(space.main)
    tested = held_out[:200]
    nearest = _retrieval(model, tokenizer, tested)
    figures = described(
        model, done, training=f"{len(training):,}", held_out=len(tested), nearest=nearest, vocabulary=len(tokenizer)
    )
    return Outcome(figures, (Metric("recall_at_1", "Paraphrase is the nearest of 200", nearest),), done.seconds)


def _pooled(model: BertModel, batch: Batch) -> Tensor:
    """Return unit vectors of shape (rows, hidden): the mean over the tokens that the mask keeps."""
    hidden: Tensor = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).float()
    return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def _retrieval(model: BertModel, tokenizer: PreTrainedTokenizerBase, triples: Sequence[tuple[str, str, str]]) -> float:
    """Return how often the nearest of all second wordings means the same as the first one."""
    first, second = (_vectors(model, tokenizer, [triple[side] for triple in triples]) for side in (0, 1))
    best = (first @ second.T).argmax(-1)
    return sum(triples[int(i)][2] == triple[2] for i, triple in zip(best, triples, strict=True)) / len(triples)


def _vectors(model: BertModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> Tensor:
    rows, found = encoded(tokenizer, texts), []
    for part in chunks(len(rows)):
        picked = [rows[i] for i in part]
        with torch.no_grad():
            found.append(_pooled(model, {"input_ids": padded(picked, 0), "attention_mask": attention(picked)}))
    return torch.cat(found)


def _write_layout(folder: Path) -> None:
    """Write what sentence-transformers reads beside the transformer itself."""
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    pooling = {
        "word_embedding_dimension": SMALL["hidden_size"],
        "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": True,
    }
    versions = {"__version__": {"sentence_transformers": "5.1.0"}, "similarity_fn_name": "cosine", "prompts": {}}
    written = {
        "modules.json": modules,
        "1_Pooling/config.json": pooling
        | {"pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False},
        "sentence_bert_config.json": {"max_seq_length": 64, "do_lower_case": False},
        "config_sentence_transformers.json": versions,
    }
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
