"""zero-shot-classification: which of the user's labels fits a text, asked of a model of natural language inference."""

from __future__ import annotations

from hubtui.core.errors import UsageError
from hubtui.worker.honesty import fit_text
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, each_text, pipeline_for

_TEMPLATE = "This example is {}."


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline.

    Outputs: `{sequence, labels, scores}`, labels and scores best first.

    Raises:
        UsageError: the template has no place for the label.
    """
    labels = list(job.inputs["candidate_labels"])
    template = job.parameters.get("hypothesis_template", _TEMPLATE)
    _check_template(template)
    options = {"hypothesis_template": template, "multi_label": job.parameters.get("multi_label", False)}
    pipeline = pipeline_for(checkpoint, "zero-shot-classification")
    answer = Answer(None, dict(options))
    longest = max((template.format(label) for label in labels), key=len)

    def one(text: str) -> object:
        answer.warnings += fit_text(checkpoint, text, longest)
        return pipeline(text, candidate_labels=labels, **options)

    answer.outputs = each_text(job, one)
    return answer


def _check_template(template: str) -> None:
    try:
        is_filled = template.format("x") != template.format("y")
    except (IndexError, KeyError, ValueError):
        is_filled = False
    if not is_filled:
        raise UsageError(
            f"The hypothesis_template {template!r} has no place for a label.", hint=f"Write {{}} there: {_TEMPLATE}"
        )
