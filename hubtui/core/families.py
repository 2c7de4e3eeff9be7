"""Near-duplicates folded under the model that they were made from, while pages of results stream in.

A family is a base model with its quantizations, conversions, fine-tunes, adapters and merges. The Hub states the
relation in tags (`base_model:quantized:ID`); where a repo has none, the usual suffixes of its name tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hubtui.core.models import ModelRow

Relation = Literal["quantization", "conversion", "fine-tune", "adapter", "merge"]

_RELATIONS: Mapping[str, Relation] = {
    "quantized": "quantization",
    "adapter": "adapter",
    "merge": "merge",
    "finetune": "fine-tune",
}
"""Word in `base_model:WORD:ID` → relation, the most telling first."""

_QUANTIZED = (
    r"i?q\d(?:_[0-9kmslx]+)*|[2-8][-_]?bits?|\d(?:\.\d+)?bpw|int[48]|fp[48]|nf4|mxfp[48]|nvfp4|w\d+a\d+|awq|gptq|bnb|hqq|"
    r"bitsandbytes|aqlm|imatrix|i1|dwq|quantized|quants?|marlin|eetq|torchao|autoround|gguf|ggml|exl[23]"
)
_CONVERTED = r"onnx|mlx|openvino|ov|coreml|ct2|litert|tflite|safetensors|transformers\.js"
_SUFFIX = re.compile(rf"[-_.](?:(?P<quantized>{_QUANTIZED})|(?P<converted>{_CONVERTED}))$")
_TOOLS = re.compile(r"[-_.](?:unsloth|dynamic)$")  # stand before a suffix, as in -unsloth-bnb-4bit
_SHORTEST_STEM = 6  # a shorter name is no proof that a repo of another account was made from it
_VAGUE_STEMS = frozenset({"adapter", "checkpoint", "finetuned", "merged", "output", "outputs", "results", "trained"})


@dataclass(frozen=True, slots=True)
class Member:
    """A row that is folded under the head of its family, and why."""

    row: ModelRow
    relation: Relation


@dataclass(frozen=True, slots=True)
class Family:
    """A head, which is shown, and those folded under it in the order in which they came.

    Attributes:
        base: id of the model that the family was made from, empty when only names tell; it need not be among the rows.
    """

    head: ModelRow
    members: tuple[Member, ...]
    base: str


def relation_of(row: ModelRow) -> tuple[str, Relation] | None:
    """Return the model that a row's tags name as its base, and how it was made; None when they name none."""
    stated = [tag.split(":", 2) for tag in row.tags if tag.startswith("base_model:")]
    by_word = {parts[1]: parts[2] for parts in reversed(stated) if len(parts) == 3 and parts[2] != row.id}
    by_name = _named(row.id)[1]
    for word, relation in _RELATIONS.items():
        if word in by_word:
            return by_word[word], (by_name or relation) if relation == "quantization" else relation
    base = next((base for base in row.base_models if base != row.id), "")
    return (base, by_name or "fine-tune") if base else None


def stem_of(model: str) -> str:
    """Return a model's name in lower case, without namespace and the suffixes of quantizations and conversions."""
    return _named(model)[0]


def _named(model: str) -> tuple[str, Relation | None]:
    """Return the stem of a name, and what its suffixes say: `TheBloke/Llama-2-7B-GGUF` is a quantization."""
    name = model.rpartition("/")[2].lower()
    relation: Relation | None = None
    while match := _SUFFIX.search(name) or (_TOOLS.search(name) if relation else None):
        if match.re is _SUFFIX:
            relation = "quantization" if match["quantized"] or relation == "quantization" else "conversion"
        name = name[: match.start()]
    return name, relation


@dataclass(slots=True)
class _Growing:
    """A family while rows come; only its base has no relation."""

    base: str
    rows: list[tuple[ModelRow, Relation | None]] = field(default_factory=list)
    head: int = 0

    @property
    def has_base(self) -> bool:
        return self.rows[self.head][1] is None

    def add(self, row: ModelRow, relation: Relation | None) -> None:
        self.rows.append((row, relation))
        is_first = len(self.rows) == 1
        is_more_wanted = is_first or (not self.has_base and row.downloads > self.rows[self.head][0].downloads)
        if relation is None or is_more_wanted:
            self.head = len(self.rows) - 1


class FamilyFolder(Sequence[Family]):
    """Folds rows as they come: the families in the order of their first rows.

    A family keeps its place for ever, whatever comes later; only which of its rows is the head may change: the base
    when it is among the rows, else the most downloaded. What results depends on the rows' order alone, not on how they
    were divided into pages. A row that comes twice counts once.
    """

    def __init__(self, rows: Iterable[ModelRow] = ()) -> None:
        self._families: list[_Growing] = []
        self._homes: dict[str, int] = {}  # lower-case id of a row or of a base → family
        self._stems: dict[str, int] = {}  # stem of a row's or a base's name → family
        self._seen: set[str] = set()
        self.extend(rows)

    def extend(self, rows: Iterable[ModelRow]) -> None:
        """Take in the rows of a page."""
        for row in rows:
            if row.id not in self._seen:
                self._seen.add(row.id)
                self._place(row)

    def __len__(self) -> int:
        """Return the number of families, which is the number of rows to be shown."""
        return len(self._families)

    def __getitem__(self, index: int) -> Family:  # type: ignore[override]  # a slice is of no use to a view
        """Return the family in a place."""
        family = self._families[index]
        members = tuple(Member(row, relation) for row, relation in self._folded(family))
        return Family(family.rows[family.head][0], members, family.base)

    def head(self, index: int) -> ModelRow:
        """Return the row to be shown in a place: costs nothing, for a view that paints."""
        family = self._families[index]
        return family.rows[family.head][0]

    def folded(self, index: int) -> int:
        """Return how many rows are folded under the head in a place."""
        return len(self._families[index].rows) - 1

    def place_of(self, model: str) -> int | None:
        """Return the place of the family that a row is in, None when no such row came."""
        return self._homes[model.lower()] if model in self._seen else None

    @staticmethod
    def _folded(family: _Growing) -> Iterator[tuple[ModelRow, Relation]]:
        for index, (row, relation) in enumerate(family.rows):
            if index != family.head and relation is not None:
                yield row, relation

    def _place(self, row: ModelRow) -> None:
        stated = relation_of(row)
        stem, by_name = _named(row.id)
        awaited = self._awaiting(row, stem) if by_name is None else self._homes.get(row.id.lower())
        if awaited is not None:
            index, relation = awaited, None
            self._families[index].base = row.id
        elif stated is not None:
            base, relation = stated
            index = self._home(base)
        elif by_name is not None:
            relation = by_name
            index = self._home_by_name(row, stem)
        else:
            index, relation = self._new(row.id), None
        self._families[index].add(row, relation)
        self._homes[row.id.lower()] = index
        self._stems.setdefault(stem, index)

    def _awaiting(self, row: ModelRow, stem: str) -> int | None:
        """The family whose base this row is: named by its members' tags, or else by their names."""
        index = self._homes.get(row.id.lower())
        if index is None and not row.base_models and _is_telling(stem):
            index = self._stems.get(stem)
            if index is not None and self._families[index].base:
                return None
        return index

    def _home(self, base: str) -> int:
        """The family of a base that is named by its id, a new one when nobody has named it yet."""
        index = self._homes.get(base.lower())
        if index is None:
            index = self._homes[base.lower()] = self._new(base)
            self._stems.setdefault(stem_of(base), index)
        return index

    def _home_by_name(self, row: ModelRow, stem: str) -> int:
        index = self._stems.get(stem) if _is_telling(stem) else None
        if index is None:
            namespace = row.id.rpartition("/")[0]
            index = self._homes.get(f"{namespace}/{stem}".lower())
        return self._new("") if index is None else index

    def _new(self, base: str) -> int:
        self._families.append(_Growing(base))
        return len(self._families) - 1


def _is_telling(stem: str) -> bool:
    return len(stem) >= _SHORTEST_STEM and stem not in _VAGUE_STEMS
