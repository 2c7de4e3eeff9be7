"""What stands in the place of the tabs when only the catalogue knows of a model: what it says, and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hubtui.core import vocabulary
from hubtui.core.errors import HubtuiError
from hubtui.core.models import ModelRow
from hubtui.ui import text
from hubtui.ui.text import Line, Piece
from hubtui.ui.widgets.painted import Painted

_WIDEST = 76
_MARGIN = 2
_NAMES = 11
_MOST_LINES = 3
_OWN_NAMESPACES = ("license:", "dataset:", "base_model:", "region:", "arxiv:", "doi:")
_KEYS = (("r", "ask again"), ("o", "address"), ("b", "bookmark"), ("y", "copy"))


class ListedFacts(Painted):
    """A sentence, the reason, and the facts that the header does not show."""

    DEFAULT_CSS = "ListedFacts { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._row: ModelRow | None = None
        self._why: HubtuiError | None = None
        self._as_of: datetime | None = None
        self._now: datetime | None = None

    def show(self, row: ModelRow, why: HubtuiError | None, as_of: datetime | None, now: datetime) -> None:
        """Show what the catalogue of `as_of` holds of a model, and why there is no more."""
        self._row, self._why, self._as_of, self._now = row, why, as_of, now
        self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines."""
        row, now, inks = self._row, self._now, self.inks
        if row is None or now is None:
            return ()
        room = max(10, min(width - _MARGIN - 4, _WIDEST))
        indent = " " * _MARGIN
        age = text.ago(self._as_of, now)
        what = f"Its card and files are not on this machine. This is what the catalogue knew of it {age}."
        first, *rest = text.wrap(what, room)
        lines: list[Line] = [(), [(f"{indent}○ ", inks.accent), (first, inks.strong)]]
        lines += [[(f"{indent}  {words}", inks.strong)] for words in rest]
        if self._why is not None:
            lines += [[(f"{indent}  {words}", inks.text)] for words in text.wrap(str(self._why), room)]
        lines.append(())
        for name, said in _facts(row, now):
            wrapped = text.wrap(said, room - _NAMES)
            if len(wrapped) > _MOST_LINES:
                wrapped = [
                    *wrapped[: _MOST_LINES - 1],
                    text.fit(f"{wrapped[_MOST_LINES - 1]} …", room - _NAMES).rstrip(),
                ]
            for number, words in enumerate(wrapped):
                head = text.fit("" if number else name, _NAMES)
                lines.append([(f"{indent}  {head}", inks.muted), (words, inks.text)])
        keys: list[Piece] = [(indent + "  ", inks.text)]
        for key, label in _KEYS:
            keys += [(key, inks.key), (f" {label}   ", inks.muted)]
        return [*lines, (), keys]


def _facts(row: ModelRow, now: datetime) -> list[tuple[str, str]]:
    """Name and words of what is known beyond the header."""
    languages = vocabulary.languages()
    datasets = [tag.partition(":")[2] for tag in row.tags if tag.startswith("dataset:")]
    card = {True: "there is one, on the Hub", False: "the Hub has none", None: ""}[row.has_card]
    found = [
        ("languages", ", ".join(languages.get(code, code) for code in row.languages)),
        ("made from", ", ".join(row.base_models)),
        ("datasets", ", ".join(datasets)),
        ("card", card),
        ("served by", ", ".join(row.providers)),
        ("created", text.ago(row.created, now)),
        ("tags", ", ".join(_own_tags(row))),
    ]
    return [(name, said) for name, said in found if said]


def _own_tags(row: ModelRow) -> list[str]:
    """The tags that say something which stands nowhere else."""
    shown = {row.pipeline_tag, row.library, *row.languages, *vocabulary.FORMATS.values()}
    return [tag for tag in row.tags if tag not in shown and not tag.startswith(_OWN_NAMESPACES)]
