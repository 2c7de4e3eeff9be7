"""The lines of a folded list: heads of families, and the members of those which are open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hubtui.core.families import FamilyFolder
from hubtui.core.models import ModelRow


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """One line: a head with the number of rows folded under it, or a member with its relation to the head."""

    row: ModelRow
    folded: int = 0
    relation: str = ""


class FoldedRows:
    """Families by line; a list with nothing open costs no more than one that is not folded."""

    def __init__(self, rows: Sequence[ModelRow]) -> None:
        self._folder = FamilyFolder(rows)
        self._rows = len(rows)
        self._open: list[int] = []  # families, in order
        self._above: list[int] = []  # lines of members above the head of each open family

    def extend(self, rows: Iterable[ModelRow]) -> None:
        """Take in more rows; a family that is open may get members."""
        more = tuple(rows)
        self._rows += len(more)
        self._folder.extend(more)
        self._count()

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self._folder) + self._shown

    @property
    def _shown(self) -> int:
        return sum(self._folder.folded(family) for family in self._open)

    @property
    def hidden(self) -> int:
        """Rows that no line shows."""
        return self._rows - len(self)

    def entry(self, line: int) -> FoldedLine:
        """Return what stands in a line."""
        family, member = self._at(line)
        if member < 0:
            folded = 0 if family in self._open else self._folder.folded(family)
            return FoldedLine(self._folder.head(family), folded)
        found = self._folder[family].members[member]
        return FoldedLine(found.row, relation=found.relation)

    def row(self, line: int) -> ModelRow:
        """Return the row in a line."""
        return self.entry(line).row

    def toggle(self, line: int) -> bool:
        """Open the family of a line, or close it; say whether it has members."""
        family, _ = self._at(line)
        if not self._folder.folded(family):
            return False
        if family in self._open:
            self._open.remove(family)
        else:
            self._open = sorted((*self._open, family))
        self._count()
        return True

    def place_of(self, model: str) -> int:
        """Return the line of a model, or of the head that it is folded under; 0 for one that is not there."""
        family = self._folder.place_of(model)
        if family is None:
            return 0
        nth = bisect_right(self._open, family)
        is_open = nth > 0 and self._open[nth - 1] == family
        above = self._above[nth - 1] if is_open else self._lines_of(nth)
        if is_open and self._folder.head(family).id != model:
            members = self._folder[family].members
            return family + above + 1 + next(at for at, member in enumerate(members) if member.row.id == model)
        return family + above

    def _lines_of(self, opened: int) -> int:
        """Lines of members of the first so many open families."""
        if not opened:
            return 0
        return self._above[opened - 1] + self._folder.folded(self._open[opened - 1])

    def _count(self) -> None:
        self._above, lines = [], 0
        for family in self._open:
            self._above.append(lines)
            lines += self._folder.folded(family)

    def _at(self, line: int) -> tuple[int, int]:
        """The family of a line, and which of its members it is; -1 for the head."""
        heads = [family + above for family, above in zip(self._open, self._above, strict=True)]
        nth = bisect_right(heads, line) - 1
        if nth < 0:
            return line, -1
        offset = line - heads[nth]
        if offset <= self._folder.folded(self._open[nth]):
            return self._open[nth], offset - 1
        return line - self._lines_of(nth + 1), -1
