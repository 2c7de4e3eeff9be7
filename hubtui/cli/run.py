"""`hubtui run MODEL [INPUT…]`: run a checkpoint on one's own input."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hubtui.cli.answers import answer_lines
from hubtui.cli.documents import run_document
from hubtui.cli.output import flush, note, print_json, print_line, write
from hubtui.cli.tokenizer.inputs import standard_input
from hubtui.core.arguments import own_pictures, read_inputs, read_parameters
from hubtui.core.errors import LocalStateError, RunError, UsageError
from hubtui.core.models import DownloadProgress, ModelFacts
from hubtui.core.numbers import duration_text, plural, size_text
from hubtui.core.ports import Services
from hubtui.core.results import RunDelta, RunOutcome, RunRequest, RunStage
from hubtui.core.task_choice import chosen
from hubtui.core.tasks import RunnableTask
from hubtui.core.untrusted import clean


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Download what is missing, run, print."""
    facts = services.hub().facts(arguments.model, arguments.revision)
    task = chosen(facts, arguments.task)
    values = _named_values(arguments.parameters)
    inputs = _inputs(task, arguments.inputs, values)
    parameters = read_parameters(task, values)
    show_progress = sys.stderr.isatty()
    downloads = services.downloads()
    start = time.monotonic()
    pictures = own_pictures(task, inputs, facts.files, os.path.isfile)
    snapshot = downloads.fetch(
        facts,
        (*downloads.needed(facts, "run"), *pictures.values()),
        progress=_progress_line() if show_progress else None,
    )
    fetched = {name: str(Path(snapshot.folder, entry.path)) for name, entry in pictures.items()}
    download_s = time.monotonic() - start if snapshot.fetched_bytes else 0.0
    request = RunRequest(
        model=facts.id,
        folder=snapshot.folder,
        revision=facts.commit or facts.revision,
        task=task.id,
        inputs={**inputs, **fetched},
        parameters=parameters,
        device=arguments.device or services.settings.device,
        dtype=arguments.dtype or services.settings.dtype,
        seed=arguments.seed,
        stream=task.streams and not arguments.json and sys.stdout.isatty(),
    )
    outcome = asyncio.run(_run(services, request, show_progress=show_progress))
    _remember(services, facts, outcome)
    if arguments.json:
        document = run_document(outcome)
        document["timings"]["download_s"] = download_s
        print_json(document)
    else:
        _print(outcome, streamed=request.stream)
    return 0


def _remember(services: Services, facts: ModelFacts, outcome: RunOutcome) -> None:
    """Keep the measured memory; what cannot be kept costs no answer."""
    from hubtui.core.fit import remember_run  # noqa: PLC0415  after the run, so that it starts sooner

    try:
        remember_run(services.memory, facts, outcome, datetime.now(UTC))
    except LocalStateError as error:
        note(f"The memory of the run is not kept: {error}")


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
    write(clean(text, multiline=True))
    flush()


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
    given: dict[str, Any] = {field.name: values.pop(field.name) for field in task.inputs if field.name in values}
    texts = list(words)
    if texts == ["-"] or not (texts or given):
        texts = [_piped(task)]
    open_fields = [field for field in task.inputs if field.required and field.name not in given]
    for field in open_fields[: len(texts)]:
        is_last = field is open_fields[-1]
        given[field.name] = texts.pop(0)
        if is_last and texts and (field.kind == "lines" or field.name == "text"):
            given[field.name] = [given[field.name], *texts]
            texts = []
    if texts:
        raise UsageError(f"{task.id} takes {plural(len(task.inputs), 'input')}; {len(texts):,} are too many.")
    return read_inputs(task, given)


def _piped(task: RunnableTask) -> str:
    if sys.stdin.isatty():
        names = ", ".join(field.label.lower() for field in task.inputs)
        raise UsageError("There is no input.", hint=f"{task.id} takes: {names}.")
    return standard_input().rstrip("\n")


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
