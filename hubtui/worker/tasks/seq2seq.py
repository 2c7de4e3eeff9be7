"""summarization and text2text-generation: encoder-decoder models that write, as transformers 4 ran them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hubtui.worker.generation import Progress, keywords, settings, shortened
from hubtui.worker.honesty import fit_text, positions
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, each_text

_OUTPUT = {
    "summarization": "summary_text",
    "translation": "translation_text",
    "text2text-generation": "generated_text",
}

Encode = Callable[[str], Mapping[str, Any]]
"""A text → keywords of `generate`: the encoded text, perhaps a forced first token."""


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Generate from the Auto class (transformers 5 has no pipeline for it).

    Outputs: `[{summary_text}]` or `[{generated_text}]`. config.json's `task_specific_params` (prefix, beams, lengths)
    of the task are applied as the pipelines of transformers 4 did.
    """
    extra = task_settings(checkpoint, job.task)
    return write(checkpoint, job, extra, encoder(checkpoint, str(extra.get("prefix", ""))))


def task_settings(checkpoint: Checkpoint, name: str) -> dict[str, Any]:
    """Return config.json's `task_specific_params` of a task (`summarization`, `translation_en_to_fr`)."""
    every = getattr(checkpoint.model.config, "task_specific_params", None)
    own = every.get(name) if isinstance(every, dict) else None
    return dict(own) if isinstance(own, dict) else {}


def encoder(checkpoint: Checkpoint, prefix: str) -> Encode:
    """Return a function that encodes a text behind a prefix; a text that has it already gets no second one."""

    def encode(text: str) -> Mapping[str, Any]:
        whole = text if text.startswith(prefix) else prefix + text
        encoded = checkpoint.tokenizer(whole, return_tensors="pt", truncation=True)
        # some tokenizers give type ids that the models beside them do not take
        return {name: encoded[name] for name in ("input_ids", "attention_mask") if name in encoded}

    return encode


def write(checkpoint: Checkpoint, job: Job, extra: Mapping[str, Any], encode: Encode) -> Answer:
    """Generate one output a text."""
    import torch

    prefix = str(extra.get("prefix", ""))
    used = settings(checkpoint, job, _room(checkpoint), extra)
    shown = {**({"prefix": prefix} if prefix else {}), **used, **({"seed": job.seed} if used["do_sample"] else {})}
    answer = Answer(None, shown, shortened(checkpoint, job, used))

    def one(text: str) -> list[dict[str, str]]:
        answer.warnings.extend(fit_text(checkpoint, prefix + text))
        inputs = {
            name: value.to(checkpoint.model.device) if isinstance(value, torch.Tensor) else value
            for name, value in encode(text).items()
        }
        progress = Progress(checkpoint, job, streams=used["num_beams"] == 1)
        with torch.no_grad():
            sequences = checkpoint.model.generate(**inputs, **keywords(checkpoint, used, progress))
        progress.finish(answer)
        if progress.tokens >= used["max_new_tokens"]:
            answer.warnings.append(f"The output was cut at max_new_tokens = {used['max_new_tokens']}.")
        return [{_OUTPUT[job.task]: checkpoint.tokenizer.decode(sequences[0], skip_special_tokens=True)}]

    answer.outputs = each_text(job, one)
    return answer


def _room(checkpoint: Checkpoint) -> int | None:
    """New tokens that the decoder has positions for: one stands before the first."""
    limit = positions(checkpoint.model.get_decoder(), {})
    return None if limit is None else limit - 1
