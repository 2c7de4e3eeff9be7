"""What is said about a run while it goes on, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hubtui.core.errors import HubtuiError, RunError
from hubtui.core.fit import Device
from hubtui.core.models import ModelFacts
from hubtui.core.numbers import duration_text, size_text
from hubtui.core.results import RunOutcome, RunStage
from hubtui.core.untrusted import clean
from hubtui.ui.drawing import facts_in_lines, flow
from hubtui.ui.panes.outcome_lines import outcome_lines
from hubtui.ui.panes.run_script import Script, script_lines
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks

_LOG_LINES = 12


def device_choices(devices: Sequence[Device]) -> list[tuple[str, str]]:
    """Return what a run may be told to run on, each with how it is shown: (`cuda:0`, `GPU0, 22.1 GB free`)."""
    choices: list[tuple[str, str]] = []
    gpus = 0
    for device in devices:
        torch_name = {"gpu": f"cuda:{gpus}", "mps": "mps"}.get(device.kind, "cpu")
        gpus += device.kind == "gpu"
        choices.append((torch_name, f"{device.name}, {size_text(device.free_bytes)} free"))
    return choices


def invitation(facts: ModelFacts, inks: Inks) -> list[Line]:
    """Return what can be done with the form, and whether the model may ask for what is refused."""
    keys = [("ctrl+r", " runs the model on this box"), ("e", " edits the input")]
    lines: list[Line] = [[piece for key, words in keys for piece in ((key, inks.key), (f"{words}   ", inks.muted))]]
    if facts.safety.custom_code:
        said = "it brings Python of its own, which is not run here   "
        lines.append([("! ", inks.warn), (said, inks.text), ("V", inks.key), (" shows it", inks.muted)])
    return lines


def stage_words(stage: RunStage) -> str:
    """Return what is going on: `loading the weights · 45 %`."""
    words = {
        "starting": "starting the inference process",
        "downloading": "downloading",
        "loading": "loading the model",
        "running": "running",
    }.get(stage.stage, stage.stage)
    parts = [words, clean(stage.detail), "" if stage.fraction is None else f"{stage.fraction:.0%}".replace("%", " %")]
    return " · ".join(part for part in parts if part)


def summary(outcome: RunOutcome, width: int, inks: Inks) -> list[Line]:
    """Return times, speed and memory of a run."""
    timings = outcome.timings
    facts = [f"run {duration_text(timings.run_s)}"]
    if outcome.tokens_per_second:
        facts.append(f"{outcome.tokens_per_second:.0f} tokens/s")
    if timings.first_token_s is not None:
        facts.append(f"first token {duration_text(timings.first_token_s)}")
    facts.append(f"peak {size_text(outcome.peak_bytes)}")
    if timings.load_s:
        facts.append(f"load {duration_text(timings.load_s)}")
    if timings.download_s >= 0.05:
        facts.append(f"download {duration_text(timings.download_s)}")
    first, *others = facts_in_lines([(fact, inks.text) for fact in facts], width - 2, inks.faint)
    return [[("✓ ", inks.good), *first], *([("  ", inks.text), *line] for line in others)]


def provenance(outcome: RunOutcome, width: int, inks: Inks) -> list[Line]:
    """Return what ran: class, device, dtype, parameters, versions."""
    parts = [outcome.head, outcome.device, outcome.dtype]
    parts += [f"{name}={clean(str(value))}" for name, value in outcome.parameters.items()]
    parts += [f"{name} {version}" for name, version in outcome.versions.items()]
    return facts_in_lines([(part, inks.muted) for part in parts if part], width, inks.faint)


def answer(outcome: RunOutcome, script: Script, inputs: Mapping[str, object], width: int, inks: Inks) -> list[Line]:
    """Return the whole answer: doubts, outputs, what ran, and the script that gives the same."""
    lines: list[Line] = [*doubts(outcome, width, inks), *outcome_lines(outcome, inputs, width, inks)]
    return [*lines, [], *provenance(outcome, width, inks), [], *script_lines(script, inks)]


def doubts(outcome: RunOutcome, width: int, inks: Inks) -> list[Line]:
    """Return what makes the answer doubtful."""
    return [line for sentence in outcome.warnings for line in flow([(f"! {clean(sentence)}", inks.warn)], width)]


def failure(error: HubtuiError, width: int, inks: Inks) -> list[Line]:
    """Return why a run failed: what happened, the next step, the end of the process's log."""
    lines = flow([("✗ ", inks.bad), (clean(error.message), inks.strong)], width)
    if error.hint:
        lines += flow([(clean(error.hint), inks.text)], width)
    if isinstance(error, RunError) and error.log_tail:
        lines += [[], [("the end of its log", inks.muted)]]
        for line in clean(error.log_tail, multiline=True).splitlines()[-_LOG_LINES:]:
            lines += flow([(line, inks.muted)], width)
    return lines
