"""Models of a Parquet dump of the Hub, such as the public daily ones; columns may be missing or of another type.

Each column is read as a whole and by the rules of `core.listed`: making an entry, a row and its dates of each model, as
for a page of the Hub's listing, takes twice as long, which counts with millions of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubtui.catalogue import codec
from hubtui.catalogue.codec import Record
from hubtui.core import listed
from hubtui.core.errors import CatalogueError
from hubtui.core.models import Gated
from hubtui.core.names import is_model_id

if TYPE_CHECKING:
    from pyarrow import Array, DataType, RecordBatch
    from pyarrow.parquet import ParquetFile

_CARD_COLUMNS = ("siblings", "cardData")
"""The files say whether there is a card; without them the metadata at its head does, which some cards lack."""
_BATCH = 1000
_END_OF_TIME = 253_402_300_800  # seconds to the year 10,000, where dates end


def records(path: Path, part: int = 0, parts: int = 1) -> Iterator[list[Record | None]]:
    """Yield the models of every `parts`-th row group from the `part`-th, a batch at a time; None where none is named.

    Raises:
        CatalogueError: the reader is not installed, or the file is no Parquet of models.
    """
    file = _open(path)
    names = [name for name in _READERS if name in file.schema_arrow.names]
    names += _card_column(file)
    if "id" not in names:
        raise CatalogueError(f"{path.name} has no column “id”: it is no dump of models.")
    groups = list(range(part, file.num_row_groups, parts))
    try:
        for batch in file.iter_batches(batch_size=_BATCH, row_groups=groups, columns=names, use_threads=False):
            yield _records(batch)
    except (OSError, ValueError, NotImplementedError) as error:  # ArrowInvalid is a ValueError
        raise CatalogueError(f"{path.name} is damaged: {_first_line(error)}", hint="Fetch it again.") from error


def untold(path: Path) -> tuple[str, ...]:
    """Return what a dump has no column for, of `card`, `warm` and `provider`.

    Raises:
        CatalogueError: as for `records`.
    """
    file = _open(path)
    there = file.schema_arrow.names
    told = {
        "card": bool(_card_column(file)),
        "warm": "inference" in there,
        "provider": "inferenceProviderMapping" in there,
    }
    return tuple(name for name, is_told in told.items() if not is_told)


def row_count(path: Path) -> int:
    """Return how many rows a dump has.

    Raises:
        CatalogueError: as for `records`.
    """
    return int(_open(path).metadata.num_rows)


def _open(path: Path) -> ParquetFile:
    try:
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415  optional, and 0.1 s
    except ImportError as error:
        raise CatalogueError(
            "Reading Parquet needs pyarrow, which is not installed.", hint="pip install 'hubtui[parquet]'"
        ) from error
    try:
        return ParquetFile(path, memory_map=True)
    except FileNotFoundError as error:
        raise CatalogueError(f"There is no file {path}.") from error
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name} is no Parquet file: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _records(batch: RecordBatch) -> list[Record | None]:
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`

    names, missing = batch.schema.names, pa.nulls(len(batch))
    columns = [read(batch.column(name) if name in names else missing) for name, read in _READERS.items()]
    told = (_cards(name, batch.column(name)) for name in _CARD_COLUMNS if name in names)
    return [_record(*values) for values in zip(*columns, next(told, missing.to_pylist()), strict=True)]


def _record(model: object, *values: Any) -> Record | None:  # noqa: ANN401  one of each column, as its reader made it
    if not isinstance(model, str) or not is_model_id(model):
        return None
    task, library, tags, downloads, likes, trending, gated, private, *others = values
    created, updated, safetensors, gguf, is_warm, providers, has_card = others
    by_dtype, total = listed.parameters(safetensors, gguf)
    return Record(
        model,
        task,
        library,
        listed.formats_of(tags, task),
        tags,
        total,
        by_dtype,
        downloads,
        likes,
        trending,
        gated,
        private is True,
        updated,
        created,
        has_card,
        is_warm,
        providers,
    )


def _card_column(file: ParquetFile) -> list[str]:
    """The column to tell the models with a card by, nothing when there is none; both are far wider than the others."""
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`

    def is_readable(kind: DataType) -> bool:
        if pa.types.is_list(kind):
            return bool(pa.types.is_struct(kind.value_type) and kind.value_type.get_field_index("rfilename") >= 0)
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    types = {field.name: field.type for field in file.schema_arrow}
    return [name for name in _CARD_COLUMNS if name in types and is_readable(types[name])][:1]


def _cards(name: str, column: Array) -> list[bool]:
    """Whether each row has a card, worked out by whole columns, for their values are long and not needed."""
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`
    import pyarrow.compute as pc  # noqa: PLC0415  likewise

    if pa.types.is_list(column.type):
        is_card = pc.equal(pc.struct_field(pc.list_flatten(column), "rfilename"), "README.md")
        having = set(pc.filter(pc.list_parent_indices(column), is_card).to_pylist())
        return [row in having for row in range(len(column))]
    if name == "siblings":
        return list(pc.fill_null(pc.match_substring(column, '"README.md"'), False).to_pylist())
    is_empty = pc.is_in(column, pa.array(["", "{}", "[]", "null"], column.type))
    return list(pc.and_not(pc.is_valid(column), is_empty).to_pylist())


def _values(column: Array) -> list[Any]:
    values: list[Any] = column.to_pylist()
    return values


def _words(column: Array) -> list[str]:
    return [listed.word(value) for value in column.to_pylist()]


def _tags(column: Array) -> list[tuple[str, ...]]:
    return [listed.tags(_structure(value)) for value in column.to_pylist()]


def _counts(column: Array) -> list[int]:
    return [listed.count(value) or 0 for value in column.to_pylist()]


def _forms(column: Array) -> list[Gated]:
    """The Hub's `false` is written as the word in a column that also holds `auto` and `manual`."""
    return [
        listed.gated(False if isinstance(value, str) and value.casefold() in {"", "false"} else value)
        for value in column.to_pylist()
    ]


def _times(column: Array) -> list[int]:
    """Times in seconds, as `codec.seconds` gives them."""
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`

    if not pa.types.is_timestamp(column.type):
        return [codec.seconds(listed.date(value)) for value in column.to_pylist()]
    stamps = column.cast(pa.timestamp("s", column.type.tz), safe=False).cast(pa.int64()).to_pylist()
    return [stamp if stamp is not None and 0 < stamp < _END_OF_TIME else 0 for stamp in stamps]


def _warmths(column: Array) -> list[bool | None]:
    return [listed.is_warm(value) for value in column.to_pylist()]


def _providers(column: Array) -> list[tuple[str, ...]]:
    return [listed.providers(_structure(value)) for value in column.to_pylist()]


def _structures(column: Array) -> list[Any]:
    return [_structure(value) for value in column.to_pylist()]


def _structure(value: object) -> object:
    """A nested value, which some dumps hold as JSON; dtypes that a repo lacks are nulls, or a list of pairs."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, dict) and isinstance(pairs := value.get("parameters"), list):
        named = (pair for pair in pairs if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str))
        return {**value, "parameters": dict(named)}
    return value


_READERS: Mapping[str, Callable[[Array], list[Any]]] = {
    "id": _values,
    "pipeline_tag": _words,
    "library_name": _words,
    "tags": _tags,
    "downloads": _counts,
    "likes": _counts,
    "trendingScore": _counts,
    "gated": _forms,
    "private": _values,
    "createdAt": _times,
    "lastModified": _times,
    "safetensors": _structures,
    "gguf": _structures,
    "inference": _warmths,
    "inferenceProviderMapping": _providers,
}
"""Column → what makes a list of its values, the same for a column of nulls as for one that is missing."""
