"""fill-mask: the words that a masked language model puts where the mask token stands."""

from __future__ import annotations

from typing import Any

from hubtui.core.errors import TaskError
from hubtui.worker.honesty import fit_text
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, check_top_k, each_text, pipeline_for

_TOP_K = 5


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline.

    Outputs: a list of `{score, token, token_str, sequence}`, best first; with several masks in a text one list a mask.

    Raises:
        TaskError: no mask in a text, or it stands after the last token that the model takes.
    """
    check_top_k(job)
    answer = Answer(None)
    pipeline = pipeline_for(checkpoint, "fill-mask")
    targets = job.parameters.get("targets")
    options: dict[str, Any] = {"top_k": min(job.parameters.get("top_k", _TOP_K), len(checkpoint.tokenizer))}
    answer.parameters.update(options)
    if targets:
        answer.parameters["targets"] = targets
        answer.warnings += _notes_on_targets(checkpoint, targets)
        options["targets"] = targets

    def one(text: str) -> object:
        answer.warnings += _check_masks(checkpoint, text)
        return pipeline(text, tokenizer_kwargs={"truncation": True}, **options)

    answer.outputs = each_text(job, one)
    return answer


def _check_masks(checkpoint: Checkpoint, text: str) -> list[str]:
    """Return the warning about a cut text; refuse a text without a mask the model can see."""
    tokenizer = checkpoint.tokenizer
    mask = tokenizer.mask_token
    if mask is None:
        raise TaskError(f"The tokenizer of {checkpoint.name} has no mask token, so it cannot fill one.")
    mask_id = tokenizer.mask_token_id
    whole = tokenizer(text, verbose=False)["input_ids"].count(mask_id)
    if not whole:
        raise TaskError(
            f"The text holds no {mask}, the mask token of {checkpoint.name}.",
            hint=f"Write {mask} where a word is missing.",
        )
    cut = fit_text(checkpoint, text)
    if cut and tokenizer(text, truncation=True)["input_ids"].count(mask_id) < whole:
        raise TaskError(
            f"A {mask} stands after the {checkpoint.max_tokens} tokens that {checkpoint.name} takes.",
            hint="Shorten the text before it.",
        )
    return cut


def _notes_on_targets(checkpoint: Checkpoint, targets: list[str]) -> list[str]:
    """Say which words are not in the vocabulary: the pipeline scores their first piece instead."""
    vocabulary = checkpoint.tokenizer.get_vocab()
    notes = []
    for target in targets:
        if target in vocabulary:
            continue
        pieces = checkpoint.tokenizer(target, add_special_tokens=False)["input_ids"]
        if not pieces:
            raise TaskError(f"{target!r} has no tokens, so it cannot be scored.", hint="Leave it out of targets.")
        first = checkpoint.tokenizer.convert_ids_to_tokens(pieces[0])
        notes.append(f"{target!r} is not one token of {checkpoint.name}; its first piece {first!r} was scored instead.")
    return notes
