"""The Run tab: the form of the model's task, the run, its answer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from hubtui.core.arguments import own_pictures, read_inputs, read_parameters
from hubtui.core.errors import CancelledError, HubtuiError, RunError, TaskError
from hubtui.core.fit import Device, remember_run
from hubtui.core.ports import Inference, Services
from hubtui.core.results import RunOutcome, RunRequest, RunStage
from hubtui.core.task_choice import chosen, suitable
from hubtui.core.untrusted import clean
from hubtui.ui import clock
from hubtui.ui.actions import bindings
from hubtui.ui.drawing import flow
from hubtui.ui.messages import Notice, RunFinished
from hubtui.ui.panes import run_words
from hubtui.ui.panes.download_words import waiting_lines
from hubtui.ui.panes.opened import OpenedCard, OpenedModel
from hubtui.ui.panes.outcome_lines import plain_answer
from hubtui.ui.panes.run_choices import RunChoices
from hubtui.ui.panes.run_parts import Answer, Heard
from hubtui.ui.panes.run_script import Script, script_lines, write
from hubtui.ui.panes.tab import BusyChanged, ModelTab, Progressed
from hubtui.ui.text import Line, spread
from hubtui.ui.widgets.face import Face, FaceState
from hubtui.ui.widgets.fields import FieldLeft
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.run_form import RunForm
from hubtui.ui.widgets.switches import Switches
from hubtui.ui.work import in_thread, start

_READ_ON = "Its card and its files can be read all the same."


class RunTab(ModelTab, can_focus=True):
    """A form, what is going on, and the answer; the form stays while the answer is read."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("run-form")
    DEFAULT_CSS = """
    RunTab { layout: vertical; }
    RunTab > Switches, RunTab > #run-stage { padding: 0 1; }
    RunTab > #run-stage { min-height: 1; margin-top: 1; }
    RunTab > MadeLines { height: 1fr; min-height: 3; padding: 0 0 0 1; }
    RunTab > Face { display: none; }
    RunTab.-face > * { display: none; }
    RunTab.-face > Face { display: block; }
    RunTab.-low > #run-stage { margin-top: 0; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._choices = RunChoices(services.settings.device, services.settings.dtype)
        self.form: RunForm | None = None
        self._inference: Inference | None = None
        self._phase: Literal["idle", "fetching", "running", "stopping"] = "idle"
        self._streamed = ""
        self._is_wanted = False
        self._is_filled = False
        self._outcome: RunOutcome | None = None
        self._script: Script | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out; the form comes with the task."""
        yield Switches()
        yield Lines(id="run-stage")
        yield Answer()
        yield Face()

    @property
    def answer(self) -> MadeLines:
        """Where the answer is shown."""
        return self.query_one(MadeLines)

    def on_resize(self) -> None:
        """Save lines where there are few."""
        self.set_class(self.size.height < 20, "-low")

    def allow_focus(self) -> bool:
        """Take the focus only while nothing in it can."""
        return self.form is None

    def focus_first(self) -> None:
        """Put the focus into the answer, or keep it here until there is a form; in a field the keys would be typed."""
        (self if self.form is None else self.answer).focus()

    @on(FieldLeft)
    def _leave_field(self, event: FieldLeft) -> None:
        event.stop()
        self.answer.focus()

    # -- model and task

    def show(self, opened: OpenedModel) -> None:
        """Choose the task of another model and make its form."""
        super().show(opened)
        self._abandon()
        # a run that was asked for before there was a form is of this model; a later one was of the model before
        self._is_wanted = self._is_wanted and self.form is None
        choices, facts = self._choices, opened.facts
        try:
            choices.task = chosen(facts)
        except TaskError as error:
            choices.task = None
            self._is_wanted = False
            self._replace_form(None)
            self.add_class("-face")
            self.query_one(Face).state = FaceState("error", error.message, _READ_ON, (("1", "card"), ("2", "files")))
            return
        choices.tasks = suitable(facts) or (choices.task,)
        choices.best_device = opened.fit.best.device.name if opened.fit.best else ""
        self.remove_class("-face")
        self._show_task()
        start(self, "devices", self.services.box.devices, self._know_devices, self._no_devices)
        self.await_work("warm", self._warm(), lambda _: None, self._not_warm)

    def show_card(self, card: OpenedCard) -> None:
        """Fill the form with the card's first example, unless something is in it already."""
        super().show_card(card)
        form = self.form
        if form is not None and not any(form.inputs().values()):
            self._fill()

    async def _warm(self) -> None:
        self._inference = await in_thread(self.services.inference)
        self._inference.warm()

    def _not_warm(self, error: HubtuiError) -> None:
        self.answer.show(partial(run_words.failure, error))

    def _know_devices(self, devices: tuple[Device, ...]) -> None:
        self._choices.devices = run_words.device_choices(devices)
        self._show_switches()

    def _no_devices(self, error: HubtuiError) -> None:
        self._choices.devices = ()
        self._stage([(error.message, self.answer.inks.warn)])

    def _show_task(self) -> None:
        if self._choices.task is None:
            return
        self._outcome = self._script = None
        self._is_filled = False
        self.answer.show(None)
        self._invite()
        self._replace_form(RunForm(self._choices.task))
        self._show_switches()

    def _replace_form(self, form: RunForm | None) -> None:
        had_focus = self.has_focus_within
        if self.form is not None:
            self.form.remove()
        self.form = form
        if form is not None:
            self.mount(form, after=self.query_one(Switches))
        if had_focus:
            self.focus_first()

    @on(RunForm.Ready)
    def _form_ready(self, event: RunForm.Ready) -> None:
        event.stop()
        self._fill()

    def _fill(self) -> None:
        form, card = self.form, self.card
        if form is None or card is None or not form.is_mounted:
            return
        self._is_filled = True
        self._choices.find_examples(card.front_matter.widget, self.facts.languages)
        if self._choices.examples:
            form.fill(self._choices.examples[0])
        self._show_switches()
        if self._is_wanted:
            self._is_wanted = False
            self.run_model()
        else:
            self._show_script()

    def _show_script(self) -> None:
        """Show the snippet of what is in the form, while there is no answer."""
        try:
            request = self._request()
        except HubtuiError:
            return
        if request is not None and self._outcome is None:
            start(self, "script", lambda: write(request, None), self._script_came, lambda _: None)

    def _script_came(self, script: Script) -> None:
        self._script = script
        if self._outcome is None and self._phase == "idle":
            self.answer.show(lambda _, inks: [[], *script_lines(script, inks)])

    def _show_switches(self) -> None:
        self.query_one(Switches).show(self._choices.switches())

    @on(Switches.Hit)
    async def _switch(self, event: Switches.Hit) -> None:
        event.stop()
        await self.run_action(f"next_{event.name}")

    def action_next_task(self) -> None:
        """Take the next of the tasks that suit the model."""
        if self._phase == "idle" and self._choices.next_task():
            self._show_task()

    def action_next_device(self) -> None:
        """Take the next device."""
        self._choices.next_device()
        self._show_switches()

    def action_next_dtype(self) -> None:
        """Take the next dtype."""
        self._choices.next_dtype()
        self._show_switches()

    def action_next_example(self) -> None:
        """Fill in the card's next example."""
        values = self._choices.next_example()
        if values and self.form is not None:
            self.form.fill(values)
            self._show_switches()
            if self._outcome is None:
                self._show_script()

    def action_edit_input(self) -> None:
        """Edit the first field."""
        if self.form is not None:
            self.form.focus_first()

    # -- the run

    @property
    def is_busy(self) -> bool:
        """Whether a run goes on."""
        return self._phase != "idle"

    def run_model(self) -> None:
        """Run the form."""
        form = self.form
        if self._phase != "idle" or self.has_class("-face"):
            return
        if form is None:
            self._is_wanted = True
            return
        if not self._is_filled and not any(form.inputs().values()):
            # the form is being made, or the card's example is on its way: run on that
            self._is_wanted = True
            return
        try:
            request = self._request()
        except HubtuiError as error:
            self._failed(error)
            if not any(form.inputs().values()):
                form.focus_first()
            return
        if request is None:
            return
        self._enter("fetching")
        self._streamed, self._outcome = "", None
        self.answer.show(None)
        self._going("looking up the files")
        self.await_work("run", self._run(request), lambda done: self._answered(*done, request), self._failed)

    def _request(self) -> RunRequest | None:
        task, form, facts = self._choices.task, self.form, self.facts
        if task is None or form is None:
            return None
        return RunRequest(
            model=facts.folder or facts.id,
            folder="",
            revision="" if facts.folder else facts.commit or facts.revision,
            task=task.id,
            inputs=read_inputs(task, form.inputs()),
            parameters=read_parameters(task, form.parameters()),
            device=self._choices.device,
            dtype=self._choices.dtype,
            stream=task.streams,
        )

    async def _run(self, request: RunRequest) -> tuple[RunOutcome, Script]:
        task, facts = self._choices.task, self.facts
        pictures = own_pictures(task, request.inputs, facts.files, os.path.isfile) if task else {}
        snapshot = await self.fetch_files(facts, "run", tuple(pictures.values()))
        fetched = {name: str(Path(snapshot.folder, entry.path)) for name, entry in pictures.items()}
        request = replace(request, folder=snapshot.folder, inputs={**request.inputs, **fetched})
        inference = self._inference = await in_thread(self.services.inference)
        self._enter("running")
        outcome: RunOutcome | None = None
        async with aclosing(inference.run(request)) as events:
            async for event in events:
                if isinstance(event, RunOutcome):
                    outcome = event
                else:
                    self.post_message(Heard(event))
        if outcome is None:
            raise RunError("The run ended without an answer.", hint="Run it again.")
        download_s = snapshot.seconds if snapshot.fetched_bytes else 0.0
        outcome = replace(outcome, timings=replace(outcome.timings, download_s=download_s))
        return outcome, await in_thread(lambda: write(request, outcome))

    def on_progressed(self, event: Progressed) -> None:
        """Tell how far the download is."""
        if self._phase == "fetching":
            self._stage(*waiting_lines(event.item, self._width, self.answer.inks))

    def on_heard(self, event: Heard) -> None:
        """Tell the stage, and show text as it comes."""
        if self._phase == "idle":
            return
        if isinstance(event.event, RunStage):
            if self._phase == "running":
                self._going(run_words.stage_words(event.event))
            return
        is_first = not self._streamed
        self._streamed += event.event.text
        streamed = self._streamed
        self.answer.show(lambda width, inks: flow([(clean(streamed, multiline=True), inks.text)], width))
        if not is_first:
            self.answer.action_last()

    def _answered(self, outcome: RunOutcome, script: Script, request: RunRequest) -> None:
        self._enter("idle")
        self._outcome, self._script = outcome, script
        self._stage(*run_words.summary(outcome, self._width, self.answer.inks))
        self.post_message(RunFinished(outcome))
        facts, memory = self.facts, self.services.memory
        start(self, "peak", lambda: remember_run(memory, facts, outcome, clock.now()), lambda _: None, self._not_kept)
        self.answer.show(partial(run_words.answer, outcome, script, request.inputs))

    def _not_kept(self, error: HubtuiError) -> None:
        self.post_message(Notice(f"The memory of the run is not kept: {error}", "warning"))

    def _failed(self, error: HubtuiError) -> None:
        self._enter("idle")
        if isinstance(error, CancelledError):
            self._stage([(f"stopped  {error.hint}".rstrip(), self.answer.inks.muted)])
            return
        self._stage()
        self.answer.show(partial(run_words.failure, error))

    def cancel_run(self) -> None:
        """Stop the run between tokens; the second time, end its process."""
        if self._phase == "fetching":
            self.workers.cancel_group(self, "run")
            self._failed(CancelledError("The run was stopped.", hint="What has arrived is kept: ctrl+r goes on."))
        elif self._phase == "running" and self._inference is not None:
            self._enter("stopping")
            self._going("stopping", "again ends the process")
            self._inference.cancel()
        elif self._phase == "stopping" and self._inference is not None:
            self._going("ending the process", "")
            self._inference.kill()

    def _abandon(self) -> None:
        if self._phase in {"running", "stopping"} and self._inference is not None:
            self._inference.cancel()
        self.workers.cancel_group(self, "run")
        self._enter("idle")

    def _enter(self, phase: Literal["idle", "fetching", "running", "stopping"]) -> None:
        was_busy = self.is_busy
        self._phase = phase
        if was_busy != self.is_busy:
            self.post_message(BusyChanged())

    def _going(self, words: str, stop: str = "stops") -> None:
        inks = self.answer.inks
        right: Line = [("ctrl+x", inks.key), (f" {stop}", inks.muted)] if stop else []
        self._stage(spread([("… ", inks.accent), (words, inks.text)], right, self._width))

    def _invite(self) -> None:
        self._stage(*run_words.invitation(self.facts, self.answer.inks))

    def _stage(self, *lines: Line) -> None:
        self.query_one("#run-stage", Lines).show(*lines)

    @property
    def _width(self) -> int:
        return max(20, self.size.width - 2)

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return the answer and the snippet."""
        answer = [("the answer", plain_answer(self._outcome))] if self._outcome else []
        return [*answer, *([("the Python snippet", self._script.text)] if self._script else [])]
