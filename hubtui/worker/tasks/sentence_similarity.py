"""sentence-similarity: how close texts are in meaning; the vectors behind it are those of sentence-transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubtui.worker.honesty import fit_text
from hubtui.worker.pooling import SentenceRecipe, pool, similarity
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, stop_if_cancelled

if TYPE_CHECKING:
    import torch


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Compare one sentence with others.

    Outputs: a list of numbers, one a sentence, larger is more alike (cosine unless the repo says otherwise).
    """
    recipe = checkpoint.sentence or SentenceRecipe()
    answer = Answer([], describe(recipe))
    if not recipe.is_stated:
        answer.warnings.append(
            f"{checkpoint.name} says nothing about sentence vectors: the mean of its token vectors was taken, "
            "which it was perhaps never trained for."
        )
    source = vector(checkpoint, recipe, job.inputs["source_sentence"], answer.warnings)
    for sentence in job.inputs["sentences"]:
        stop_if_cancelled(job)
        answer.outputs.append(similarity(recipe, source, vector(checkpoint, recipe, sentence, answer.warnings)))
    return answer


def describe(recipe: SentenceRecipe) -> dict[str, object]:
    """Return the recipe as the parameters of an answer."""
    shown: dict[str, object] = {"pooling": "+".join(recipe.modes), "normalize": recipe.normalize}
    shown |= {"similarity": recipe.similarity}
    more = {"dense": len(recipe.dense), "prompt": recipe.prompt, "max_tokens": recipe.max_tokens}
    return {**shown, **{name: value for name, value in more.items() if value}}


def vector(checkpoint: Checkpoint, recipe: SentenceRecipe, text: str, warnings: list[str]) -> torch.Tensor:
    """Return the vector of one text, (width,)."""
    import torch

    tokenizer = checkpoint.tokenizer
    text = recipe.prompt + (text.strip().lower() if recipe.lower_case else text.strip())
    limits = [limit for limit in (recipe.max_tokens, checkpoint.max_tokens) if limit is not None]
    warnings += fit_text(checkpoint, text, limit=min(limits, default=None))
    bounds = {"truncation": True, "max_length": min(limits)} if limits else {}
    encoded = tokenizer(text, return_tensors="pt", **bounds).to(checkpoint.model.device)
    with torch.no_grad():
        hidden = checkpoint.model(**encoded).last_hidden_state[0]
    mask = encoded["attention_mask"][0].clone()
    if recipe.prompt and not recipe.pools_prompt:
        # as sentence-transformers counts: the prompt's tokens without the special one at its end
        ids = tokenizer(recipe.prompt)["input_ids"]
        mask[: len(ids) - (1 if ids and ids[-1] in tokenizer.all_special_ids else 0)] = 0
    return pool(recipe, hidden, mask)
