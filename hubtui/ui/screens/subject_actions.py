"""What the keys do with the model that is meant: the open one in its own side, else the one under the cursor."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from hubtui.core.errors import HubtuiError
from hubtui.core.ports import Services
from hubtui.ui import work
from hubtui.ui.messages import SafetyWanted, Severity
from hubtui.ui.screens.sides import Sides

if TYPE_CHECKING:
    from hubtui.core.fit import Device
    from hubtui.core.gguf import GgufSizes
    from hubtui.core.models import ModelFacts
    from hubtui.core.results import RunPeak
    from hubtui.core.verdict_words import Step
    from hubtui.ui.panes.side import ModelSide
    from hubtui.ui.screens.overlays import Overlays

NO_MODEL = "Choose a model first: search, or open one of the list."
NO_FACTS = "Its files are not known here yet: that takes the Hub."


class SubjectActions(Screen[None], inherit_bindings=False):
    """The part of the main screen that acts on one model.

    Args:
        services: what the interface may ask of the rest of the program.
        sides: which model is meant, and where it is shown.
    """

    def __init__(self, services: Services, sides: Sides) -> None:
        super().__init__()
        self.services = services
        self._sides = sides

    def _say(self, text: str, severity: Severity = "information") -> None:
        self.notify(text, severity=severity, markup=False)

    @property
    def _overlays(self) -> Overlays:
        from hubtui.ui.screens.overlays import Overlays  # noqa: PLC0415 - after the first frame

        return Overlays(self, self.services, self._say)

    def _with_side(self, act: Callable[[ModelSide], None]) -> None:
        if not self._sides.with_subject(act):
            self._say(NO_MODEL)

    def action_pin(self) -> None:
        """Pin the model that is meant, or take its pin out."""
        model = self._sides.subject
        if model and self._sides.model is not None:
            self._sides.model.toggle_pin(model)
        else:
            self._with_side(lambda side: side.toggle_pin(model))

    def action_download(self) -> None:
        """Download the model that is meant."""
        self._with_side(lambda side: side.download())

    def action_memory(self) -> None:
        """Show what memory the model that is meant needs."""
        self._with_side(lambda side: self._show_memory(side.facts) if side.facts else self._say(NO_FACTS))

    def action_architecture(self) -> None:
        """Show how the model that is meant is built."""
        self._with_side(lambda side: self._show_architecture(side.facts) if side.facts else self._say(NO_FACTS))

    def action_weights(self) -> None:
        """Show the tensors of the model that is meant."""
        self._with_side(lambda side: None if side.facts is None else self._show_weights(side.facts))

    def _show_weights(self, facts: ModelFacts) -> None:
        from hubtui.ui.screens.weights import WeightsScreen  # noqa: PLC0415 - when it is first opened

        self.app.push_screen(WeightsScreen(self.services, facts))

    def action_safety(self) -> None:
        """Show the verdict on the model that is meant, and why."""
        self._with_side(lambda side: self._show_safety(side.facts) if side.facts else self._say(NO_FACTS))

    def on_safety_wanted(self, event: SafetyWanted) -> None:
        """Show the verdict on the model that is open, whichever the cursor is on."""
        event.stop()
        side = self._sides.model
        if side is not None and side.facts is not None:
            self._show_safety(side.facts)

    def _show_safety(self, facts: ModelFacts) -> None:
        from hubtui.ui.screens.safety import SafetyScreen  # noqa: PLC0415 - when it is first opened

        def answered(step: Step | None) -> None:
            if step is None:
                return
            if step.query:
                self._sides.search_for(step.query)
            else:
                self._sides.go(step.model or facts.id, step.revision or None)

        self.app.push_screen(SafetyScreen(self.services, facts), answered)

    def _show_architecture(self, facts: ModelFacts) -> None:
        from hubtui.ui.screens.architecture import ArchitectureScreen  # noqa: PLC0415 - when it is first opened

        if facts.config and not facts.config_problem:
            self.app.push_screen(ArchitectureScreen(self.services, facts))
        else:
            why = facts.config_problem or f"{facts.id} has no config.json."
            self._say(f"{why} Without it nothing can be built.")

    def _show_memory(self, facts: ModelFacts) -> None:
        box, memory = self.services.box, self.services.memory

        def call() -> tuple[tuple[Device, ...], tuple[RunPeak, ...], GgufSizes | None]:
            from hubtui.core.fit import sizes_file  # noqa: PLC0415 - after the first frame

            sizes = None
            if sizes_file(facts):
                with contextlib.suppress(HubtuiError):  # the estimate says that it knows no cache then
                    sizes = self.services.headers().gguf_sizes(facts)
            return box.devices(), memory.peaks(), sizes

        def read(found: tuple[tuple[Device, ...], tuple[RunPeak, ...], GgufSizes | None]) -> None:
            from hubtui.ui.screens.memory import MemoryScreen  # noqa: PLC0415 - when it is first opened

            def answered(text: str | None) -> None:
                if text is not None:
                    self._sides.search_for(text)

            self.app.push_screen(MemoryScreen(facts, *found), answered)

        def failed(error: HubtuiError) -> None:
            self._say(str(error), "error")

        work.start(self, "memory-of-model", call, read, failed)

    def action_run(self) -> None:
        """Run the model that is meant."""
        self._with_side(lambda side: side.run_model())

    def action_cancel_run(self) -> None:
        """Stop the search that is going on in its own side, else the run."""
        if self._sides.shown == "list" and self._sides.search.searching.stop():
            return
        if self._sides.model is not None:
            self._sides.model.cancel_run()

    def action_bookmark(self) -> None:
        """Bookmark the model that is meant, or take the bookmark away."""
        model = self._sides.subject
        if not model:
            self._say(NO_MODEL)
            return
        on = model not in self._sides.search.bookmarks

        def done(_: None) -> None:
            self._sides.search.read_memory()
            self._sides.search.start.recall()
            if self._sides.model is not None and model == self._sides.open_id:
                self._sides.model.mark_bookmark(is_bookmarked=on)
            self._say(f"Bookmarked {model}." if on else f"{model} is no bookmark any more.")

        self._remember("bookmark", lambda: self.services.memory.set_bookmark(model, on=on), done)

    def _remember(self, group: str, call: Callable[[], None], done: Callable[[None], None]) -> None:
        def failed(error: HubtuiError) -> None:
            self._say(str(error), "error")

        work.start(self, group, call, done, failed, exclusive=False)

    def action_copy(self) -> None:
        """Open the copy menu."""
        model = self._sides.subject
        if not model:
            self._say(NO_MODEL)
            return
        choices = [("id", model), ("address", self._address(model))]
        if model == self._sides.open_id and self._sides.model is not None:
            choices += self._sides.model.copyable()
        self._overlays.choose_copy(choices)

    def action_show_url(self) -> None:
        """Show the address of the model that is meant."""
        if model := self._sides.subject:
            self._overlays.show_address(self._address(model))
        else:
            self._say(NO_MODEL)

    def _address(self, model: str) -> str:
        return self._overlays.address(model, self._revision(model))

    def _revision(self, model: str) -> str | None:
        return self._sides.open_revision if model == self._sides.open_id else None

    def action_revision(self) -> None:
        """Ask for another revision of the model that is meant."""
        if model := self._sides.subject:
            use = self._sides.go
            self._overlays.revision(model, self._revision(model) or "main", lambda revision: use(model, revision))
        else:
            self._say(NO_MODEL)
