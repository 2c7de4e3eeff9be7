"""Which task a checkpoint is run for: its own, another that its head serves, or none here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hubtui.core import tasks, vocabulary
from hubtui.core.architectures import task_and_auto_class
from hubtui.core.errors import TaskError, UsageError
from hubtui.core.models import ModelFacts
from hubtui.core.tasks import RUNNABLE, RunnableTask

LIBRARIES = frozenset({"", "transformers", "sentence-transformers", "pytorch", "safetensors"})
"""Hub libraries whose checkpoints transformers loads; empty where a repo names none."""

_TEXT = "Natural language"
_SEQ2SEQ = ("translation", "summarization", "text2text-generation")


def named(text: str) -> RunnableTask:
    """Return the runnable task of an id or a label.

    Raises:
        UsageError: the Hub has no such task.
        TaskError: the Hub has it, hubtui cannot run it.
    """
    ids = tasks.all_ids()
    folded = text.strip().casefold()
    found = next((task_id for task_id in ids if folded in {task_id, tasks.label(task_id).casefold()}), None)
    if found is None:
        near = vocabulary.nearest(folded, ids)
        raise UsageError(f"There is no task {text!r}.", hint=f"Did you mean {near}?" if near else "")
    if found not in RUNNABLE:
        raise TaskError(f"hubtui cannot run {tasks.label(found)} yet.", hint=f"It runs {', '.join(RUNNABLE)}.")
    return RUNNABLE[found]


def served_by(architectures: Sequence[str], config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the runnable tasks which the heads of these architectures serve, the most natural first.

    Every model that reads text serves feature-extraction; it comes last, as what is left without a head.
    """
    found: list[str] = []
    for architecture in architectures:
        task_id, _ = task_and_auto_class(architecture, config)
        found += _SEQ2SEQ[::-1] if task_id == "text2text-generation" else (task_id,)
        if task_id == "text-classification" and _has_entailment(config):
            found.append("zero-shot-classification")
        if task_id == "feature-extraction":
            found.append("sentence-similarity")
    if found and all(not task or tasks.modality(task) == _TEXT for task in found):
        found.append("feature-extraction")
    return tuple(dict.fromkeys(task for task in found if task in RUNNABLE))


def suitable(facts: ModelFacts) -> tuple[RunnableTask, ...]:
    """Return the tasks to offer for a model, its own first; empty when none can be run here."""
    if facts.library not in LIBRARIES:
        return ()
    served = served_by(facts.architectures, facts.config)
    own = facts.pipeline_tag
    if own in RUNNABLE and (own in served or not facts.architectures or _may_serve(own, served)):
        served = (own, *(task for task in served if task != own))
    return tuple(RUNNABLE[task] for task in served)


def chosen(facts: ModelFacts, named_task: str | None = None) -> RunnableTask:
    """Return the task to run.

    Raises:
        UsageError, TaskError: as `named`; TaskError also when nothing can be run, with the reason.
    """
    if named_task is not None:
        return named(named_task)
    offered = suitable(facts)
    if offered:
        return offered[0]
    if facts.library not in LIBRARIES:
        label = vocabulary.libraries().get(facts.library, facts.library)
        base = facts.base_models[0] if facts.base_models else ""
        raise TaskError(
            f"{facts.id} is {_a(label)} model, which hubtui cannot run: it runs checkpoints of transformers.",
            hint=f"Run the model it was made from: {base}." if base else "Its card, files and history can be read.",
        )
    if facts.pipeline_tag:
        raise TaskError(
            f"hubtui cannot run {tasks.label(facts.pipeline_tag)} yet.", hint=f"It runs {', '.join(RUNNABLE)}."
        )
    raise TaskError(f"{facts.id} does not say which task it is for.", hint="Name one with --task.")


def _has_entailment(config: Mapping[str, Any]) -> bool:
    labels = config.get("id2label")
    return isinstance(labels, Mapping) and any("entail" in str(label).lower() for label in labels.values())


def _may_serve(task_id: str, served: Sequence[str]) -> bool:
    """Say whether the repo's own word for its task goes with the head: embeddings go by two names."""
    return task_id in {"sentence-similarity", "feature-extraction"} and bool(served)


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'AEIOUaeiou' else 'a'} {noun}"
