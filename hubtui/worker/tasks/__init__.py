"""The tasks that the inference process can run: one module a family, each with `run(checkpoint, job)`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from hubtui.worker.tasks.base import Answer, Checkpoint, Job

_MODULES: Mapping[str, str] = {
    "fill-mask": "fill_mask",
    "text-classification": "text_classification",
    "token-classification": "token_classification",
    "question-answering": "question_answering",
    "zero-shot-classification": "zero_shot",
    "translation": "translation",
    "summarization": "seq2seq",
    "text2text-generation": "seq2seq",
    "text-generation": "text_generation",
    "sentence-similarity": "sentence_similarity",
    "feature-extraction": "feature_extraction",
    "image-classification": "image_classification",
}


def runner(task: str) -> Callable[[Checkpoint, Job], Answer]:
    """Return the function that runs a task of `core.tasks.RUNNABLE`."""
    module = importlib.import_module(f"hubtui.worker.tasks.{_MODULES[task]}")
    run: Callable[[Checkpoint, Job], Answer] = module.run
    return run
