"""`hubtui run MODEL [INPUT…]`: run a checkpoint on one's own input."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hubtui.cli.answers import answer_lines
from hubtui.cli.documents import run_document
from hubtui.cli.output import note, print_json, print_line
from hubtui.cli.tokenize import standard_input
from hubtui.core.errors import RunError, UsageError
from hubtui.core.models import DownloadProgress
from hubtui.core.numbers import duration_text, size_text
from hubtui.core.ports import Services
from hubtui.core.results import RunDelta, RunOutcome, RunRequest, RunStage
from hubtui.core.task_choice import chosen
from hubtui.core.tasks import InputField, Parameter, RunnableTask
from hubtui.core.untrusted import clean
from hubtui.core.vocabulary import nearest


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Download what is missing, run, print."""
    facts = services.hub().facts(arguments.model, arguments.revision)
    task = chosen(facts, arguments.task)
    values = _named_values(arguments.parameters)
    inputs = _inputs(task, arguments.inputs, values)
    parameters = _parameters(task, values)
    show_progress = sys.stderr.isatty()
    downloads = services.downloads()
    start = time.monotonic()
    snapshot = downloads.fetch(
        facts, downloads.needed(facts, "run"), progress=_progress_line() if show_progress else None
    )
    download_s = time.monotonic() - start if snapshot.fetched_bytes else 0.0
    request = RunRequest(
        model=facts.id,
        folder=snapshot.folder,
        revision=facts.commit or facts.revision,
        task=task.id,
        inputs=inputs,
        parameters=parameters,
        device=arguments.device or services.settings.device,
        dtype=arguments.dtype or services.settings.dtype,
        seed=arguments.seed,
        stream=task.streams and not arguments.json and sys.stdout.isatty(),
    )
    outcome = asyncio.run(_run(services, request, show_progress=show_progress))
    if arguments.json:
        document = run_document(outcome)
        document["timings"]["download_s"] = download_s
        print_json(document)
    else:
        _print(outcome, streamed=request.stream)
    return 0


async def _run(services: Services, request: RunRequest, *, show_progress: bool) -> RunOutcome:
    inference = services.inference()
    outcome: RunOutcome | None = None
    try:
        async with contextlib.aclosing(inference.run(request)) as events:
            async for event in events:
                if isinstance(event, RunOutcome):
                    outcome = event
                elif isinstance(event, RunDelta):
                    if request.stream:
                        print_streamed(event.text)
                elif show_progress:
                    _show_stage(event)
    finally:
        await inference.close()
    if outcome is None:
        raise RunError("The inference process ended without an answer.")
    return outcome


def print_streamed(text: str) -> None:
    """Print generated text as it comes."""
    sys.stdout.write(clean(text, multiline=True))
    sys.stdout.flush()


def _show_stage(stage: RunStage) -> None:
    note(f"{stage.stage} {stage.detail}".strip() + "…")


def _progress_line() -> Callable[[DownloadProgress], None]:
    last = [""]

    def show(progress: DownloadProgress) -> None:
        if progress.path and progress.path != last[0]:
            last[0] = progress.path
            note(f"downloading {progress.path} ({size_text(progress.done_bytes)} of {size_text(progress.total_bytes)})")

    return show


def _named_values(pairs: Sequence[str]) -> dict[str, str]:
    values = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise UsageError(f"--param takes NAME=VALUE, not {pair!r}.")
        values[name] = value
    return values


def _inputs(task: RunnableTask, words: Sequence[str], values: dict[str, str]) -> dict[str, Any]:
    """Fill the task's form: first from `--param`, then in order from the words; words left over make a batch.

    Takes the fields which it uses out of `values`.
    """
    filled: dict[str, Any] = {field.name: values.pop(field.name) for field in task.inputs if field.name in values}
    texts = list(words)
    empty = [field for field in task.inputs if field.name not in filled]
    if texts == ["-"] or (not texts and empty == list(task.inputs)):
        texts = [_piped(task)]
    required = [field for field in empty if "optional" not in field.label]
    for position, field in enumerate(required):
        is_last = position == len(required) - 1
        if not texts:
            raise UsageError(
                f"{task.id} also needs {field.name} ({field.label.lower()}).", hint=f"Add --param {field.name}=…"
            )
        if is_last and (field.kind == "lines" or (len(texts) > 1 and field.name == "text")):
            filled[field.name] = texts
            return filled
        filled[field.name] = texts.pop(0)
    if texts:
        raise UsageError(f"{task.id} takes {len(task.inputs)} inputs; {len(texts)} are too many.")
    return {name: _typed(task.inputs, name, value) for name, value in filled.items()}


def _piped(task: RunnableTask) -> str:
    if sys.stdin.isatty():
        names = ", ".join(field.label.lower() for field in task.inputs)
        raise UsageError("There is no input.", hint=f"{task.id} takes: {names}.")
    return standard_input().rstrip("\n")


def _typed(fields: Sequence[InputField], name: str, value: Any) -> Any:  # noqa: ANN401  a form's values are of many types
    kind = next(field.kind for field in fields if field.name == name)
    if kind == "choices" and isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if kind == "lines" and isinstance(value, str):
        return value.splitlines()
    return value


def _parameters(task: RunnableTask, values: Mapping[str, str]) -> dict[str, Any]:
    known = {parameter.name: parameter for parameter in task.parameters}
    parameters = {}
    for name, text in values.items():
        if name not in known:
            near = nearest(name, known)
            raise UsageError(
                f"{task.id} has no parameter {name!r}.",
                hint=f"Did you mean {near}?" if near else f"It has {', '.join(known) or 'none'}.",
            )
        parameters[name] = _parsed(known[name], text)
    return parameters


def _parsed(parameter: Parameter, text: str) -> Any:  # noqa: ANN401  a parameter is of one of several types
    try:
        return _PARSERS[parameter.kind](text)
    except (ValueError, KeyError) as error:
        raise UsageError(f"{parameter.name} takes {_KIND_WORDS[parameter.kind]}, not {text!r}.") from error


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": lambda text: {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()],
    "text": str,
    "choices": lambda text: [part.strip() for part in text.split(",") if part.strip()],
}
_KIND_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "text": "a text",
    "choices": "words separated by commas",
}


def _print(outcome: RunOutcome, *, streamed: bool) -> None:
    if streamed:
        print_line()
    else:
        for line in answer_lines(outcome.outputs):
            print_line(line)
    times = outcome.timings
    note(
        f"{outcome.head} on {outcome.device}, {outcome.dtype}: load {duration_text(times.load_s)}, "
        f"run {duration_text(times.run_s)}, peak memory {size_text(outcome.peak_bytes)}"
    )
    for warning in outcome.warnings:
        note(f"warning: {warning}")
