"""The Python that does what a run did: transformers' Auto classes, ready to be copied into a script."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent
from typing import Any

from hubtui.core.snippet_steps import WRITERS, Script, literal, needs_library, similarity_library
from hubtui.core.tasks import RUNNABLE


def snippet(
    model: str,
    revision: str,
    task: str,
    inputs: Mapping[str, Any],
    parameters: Mapping[str, Any],
    *,
    head: str = "",
    device: str = "cpu",
    dtype: str = "auto",
) -> str:
    """Return a script that prints the outputs of a run.

    Args:
        model: id, or a folder's path.
        revision: branch, tag or commit; empty for a folder.
        task: of `core.tasks.RUNNABLE`.
        inputs: as in `RunRequest`.
        parameters: the outcome's, which name what was really used; before a run the request's.
        head: the outcome's.
        device: torch's name, as the outcome has it; `auto` and `cpu` leave the model where it is loaded.
        dtype: `auto` for as stored.

    Raises:
        KeyError: hubtui does not run the task.
    """
    names = [f"model_id = {literal(model)}", *([f"revision = {literal(revision)}"] if revision else [])]
    where = "model_id, revision=revision" if revision else "model_id"
    if needs_library(task, parameters):
        return _joined([*similarity_library(task, inputs, where, names)])
    script = WRITERS[task](inputs, parameters)
    auto = "AutoModelForTextEncoding" if head.endswith("EncoderModel") else RUNNABLE[task].auto_classes[0]
    reader = "AutoImageProcessor" if task == "image-classification" else "AutoTokenizer"
    cast = f', dtype="{dtype}"' if dtype != "auto" else ""
    move = f'.to("{device}")' if device not in {"cpu", "auto"} else ""
    return _joined(
        [
            *script.imports,
            f"from transformers import {', '.join(sorted({auto, reader, *script.names}))}",
            "",
            *names,
            f"{'processor' if 'Image' in reader else 'tokenizer'} = {reader}.from_pretrained({where})",
            f"model = {auto}.from_pretrained({where}{cast}){move}",
            *(["", script.setup.strip("\n")] if script.setup else []),
            "",
            *(f"{name} = {literal(value)}" for name, value in script.values.items()),
            *_body(script, inputs),
        ]
    )


def _body(script: Script, inputs: Mapping[str, Any]) -> list[str]:
    """The steps, once or for each text of a batch."""
    steps = script.steps.strip("\n")
    if script.subject not in inputs:
        return [steps, "print(outputs)"]
    value = inputs[script.subject]
    if isinstance(value, str):
        return [f"{script.subject} = {literal(value)}", steps, "print(outputs)"]
    loop = [f"for {script.subject} in {literal(value)}:", indent(steps, "    "), "    every.append(outputs)"]
    return ["every = []", *loop, "print(every)"]


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.rstrip("\n") + "\n"
