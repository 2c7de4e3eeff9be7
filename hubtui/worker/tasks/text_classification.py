"""text-classification: the labels of a text, or of a pair of texts."""

from __future__ import annotations

from typing import Any

from hubtui.core.errors import UsageError
from hubtui.worker.honesty import fit_text
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, check_top_k, each_text, pipeline_for

_FUNCTIONS = ("softmax", "sigmoid", "none")


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline.

    Outputs: a list of `{label, score}`, best first, all labels unless `top_k` says otherwise.
    """
    pair = job.inputs.get("text_pair")
    function = job.parameters.get("function_to_apply") or _function_of(checkpoint.model.config)
    if function not in _FUNCTIONS:
        raise UsageError(f"function_to_apply must be one of {', '.join(_FUNCTIONS)}, not {function!r}.")
    check_top_k(job)
    top_k = job.parameters.get("top_k")
    pipeline = pipeline_for(checkpoint, "text-classification")
    answer = Answer(None, {"top_k": top_k or checkpoint.model.config.num_labels, "function_to_apply": function})

    def one(text: str) -> object:
        answer.warnings += fit_text(checkpoint, text, pair)
        inputs = text if pair is None else {"text": text, "text_pair": pair}
        return pipeline(inputs, top_k=top_k, function_to_apply=function, truncation=True)

    answer.outputs = each_text(job, one)
    return answer


def _function_of(config: Any) -> str:  # noqa: ANN401 - any transformers config
    """What makes scores of logits, as the pipeline chooses it from the config."""
    if config.problem_type == "regression":
        return "none"
    if config.problem_type == "multi_label_classification" or config.num_labels == 1:
        return "sigmoid"
    return "softmax"
