"""The lines of a card that tell the model's family: asked of the Hub when they come into sight, one to four calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.widget import Widget

from hubtui.core.errors import HubtuiError
from hubtui.core.lineage import ANCESTRY, MADE_OF_IT, Lineage, family_rows
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.ui.widgets.card_view import CardView
from hubtui.ui.work import start

_ASKING = "asking the Hub …"


class FamilyLines:
    """Keeps what is known of the family, and where in the view it is said.

    Args:
        owner: the pane that the work belongs to.
        view: the lines of the card.
    """

    def __init__(self, owner: Widget, view: CardView) -> None:
        self._owner, self._view = owner, view
        self._first_line: int | None = None
        self._ask: Callable[[], object] | None = None
        self._is_watching = False
        self.rows: tuple[tuple[str, str], ...] = ()
        """Labels and words, one line each; none where there is nobody to ask."""

    def ask(self, services: Services, facts: ModelFacts) -> None:
        """Ask the Hub for the model's family once its lines are seen; offline and for a folder nobody is asked."""
        self._first_line, self.rows, self._ask = None, (), None
        # what is still to come is of the model before
        self._owner.workers.cancel_group(self._owner, "family")
        if facts.folder or facts.from_cache or services.settings.offline:
            return
        has_parents = bool(facts.base_models)
        labels = (MADE_OF_IT, ANCESTRY) if has_parents else (MADE_OF_IT,)

        def came(found: Lineage | None) -> None:
            if found is not None:
                self._say(family_rows(found, with_ancestors=has_parents))

        def failed(error: HubtuiError) -> None:
            self._say(tuple((label, f"not known: {error.message}") for label in labels))

        self.rows = tuple((label, _ASKING) for label in labels)
        self._ask = partial(start, self._owner, "family", lambda: services.hub().lineage(facts), came, failed)
        if not self._is_watching:
            self._is_watching = True
            self._owner.watch(self._view, "scroll_y", self.look, init=False)

    def stand_at(self, line: int | None) -> None:
        """Take the first line of the view that is theirs; None while it is laid out anew."""
        self._first_line = line
        self._say(self.rows)
        self.look()

    def look(self) -> None:
        """Ask, if that is still to be done and a line of theirs is in sight."""
        view, first, ask = self._view, self._first_line, self._ask
        if ask is None or first is None:
            return
        if first < view.first_line + view.view_height and first + len(self.rows) > view.first_line:
            self._ask = None
            ask()

    def _say(self, rows: tuple[tuple[str, str], ...]) -> None:
        self.rows = rows
        if self._first_line is not None:
            for offset, (_, words) in enumerate(rows):
                self._view.say(self._first_line + offset, words)
