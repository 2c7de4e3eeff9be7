"""feature-extraction: the hidden states of a text, or one vector made of them."""

from __future__ import annotations

from hubtui.core.errors import UsageError
from hubtui.worker.honesty import fit_text
from hubtui.worker.pooling import MODES, SentenceRecipe
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, each_text, pipeline_for
from hubtui.worker.tasks.sentence_similarity import describe, vector


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline, or pool its hidden states.

    Outputs: without pooling a nested list [1][tokens][width]; with `pooling` (`mean`, `cls`, `max`, `lasttoken`, or
    `repo` for what modules.json says) a list of `width` numbers.
    """
    pooling = job.parameters.get("pooling", "none")
    if pooling != "none":
        return _pooled(checkpoint, job, pooling)
    pipeline = pipeline_for(checkpoint, "feature-extraction")
    answer = Answer(None, {"pooling": "none"})

    def one(text: str) -> object:
        answer.warnings += fit_text(checkpoint, text)
        return pipeline(text, truncation=True)

    answer.outputs = each_text(job, one)
    return answer


def _pooled(checkpoint: Checkpoint, job: Job, pooling: str) -> Answer:
    if pooling == "repo":
        recipe = checkpoint.sentence or SentenceRecipe()
    elif pooling in MODES:
        recipe = SentenceRecipe(modes=(pooling,))
    else:
        raise UsageError(f"pooling must be one of none, repo, {', '.join(MODES)}, not {pooling!r}.")
    parameters = {name: value for name, value in describe(recipe).items() if name != "similarity"}
    answer = Answer(None, parameters)
    answer.outputs = each_text(job, lambda text: vector(checkpoint, recipe, text, answer.warnings).float().tolist())
    return answer
