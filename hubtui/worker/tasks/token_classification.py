"""token-classification: the entities or word classes of a text."""

from __future__ import annotations

from hubtui.core.errors import UsageError
from hubtui.worker.honesty import fit_text
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, each_text, pipeline_for

_STRATEGIES = ("none", "simple", "first", "average", "max")


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline.

    Outputs: a list of `{entity_group, score, word, start, end}`, or with the strategy `none` of `{entity, score, index,
    word, start, end}` a token; `start` and `end` are characters of the text.
    """
    strategy = job.parameters.get("aggregation_strategy", "simple")
    if strategy not in _STRATEGIES:
        raise UsageError(f"aggregation_strategy must be one of {', '.join(_STRATEGIES)}, not {strategy!r}.")
    if strategy not in {"none", "simple"} and not checkpoint.tokenizer.is_fast:
        raise UsageError(
            f"The tokenizer of {checkpoint.name} is not a fast one and knows no words, which {strategy!r} needs.",
            hint="Take the aggregation_strategy simple or none.",
        )
    pipeline = pipeline_for(checkpoint, "token-classification")
    answer = Answer(None, {"aggregation_strategy": strategy})

    def one(text: str) -> object:
        answer.warnings += fit_text(checkpoint, text)
        return pipeline(text, aggregation_strategy=strategy)

    answer.outputs = each_text(job, one)
    return answer
