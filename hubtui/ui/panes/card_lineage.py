"""The line of a card that tells the model's family: asked of the Hub beside the card, shown when it comes."""

from __future__ import annotations

from textual.widget import Widget

from hubtui.core.lineage import Lineage, lineage_words
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.ui.widgets.card_view import CardView
from hubtui.ui.work import start

_ASKING = "asking the Hub …"


class LineageLine:
    """Keeps what is known of the family, and the line of the view that says it.

    Args:
        owner: the pane that the work belongs to.
        view: the lines of the card.
    """

    def __init__(self, owner: Widget, view: CardView) -> None:
        self._owner, self._view = owner, view
        self._line: int | None = None
        self.words = ""
        """What the line says; empty where there is none to be."""

    def ask(self, services: Services, facts: ModelFacts) -> None:
        """Ask the Hub for the model's family; offline and for a folder there is nobody to ask."""
        self._line, self.words = None, ""
        if facts.folder or facts.from_cache or services.settings.offline:
            return

        def came(found: Lineage | None) -> None:
            self._say("" if found is None else lineage_words(found))

        self.words = _ASKING
        start(
            self._owner,
            "lineage",
            lambda: services.hub().lineage(facts),
            came,
            lambda error: self._say(f"not known: {error.message}"),
        )

    def stands_at(self, line: int | None) -> None:
        """Take the line of the view; None while it is laid out anew."""
        self._line = line
        self._say(self.words)

    def _say(self, words: str) -> None:
        self.words = words
        if self._line is not None:
            self._view.say(self._line, words)
