"""Entries of a Parquet dump of the Hub, such as the public daily ones; columns may be missing or of another type."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubtui.core.errors import CatalogueError

if TYPE_CHECKING:
    from pyarrow import ChunkedArray, DataType, RecordBatch
    from pyarrow.parquet import ParquetFile

COLUMNS = (
    "id",
    "pipeline_tag",
    "library_name",
    "tags",
    "downloads",
    "likes",
    "trendingScore",
    "gated",
    "private",
    "createdAt",
    "lastModified",
    "safetensors",
    "gguf",
    "inference",
    "inferenceProviderMapping",
)
_CARD_COLUMNS = ("siblings", "cardData")
"""The files say whether there is a card; without them the metadata at its head does, which some cards lack."""
_BATCH = 1000
_AS_JSON = ("tags", "safetensors", "gguf", "inferenceProviderMapping")
_CARD = [{"rfilename": "README.md"}]
_DATES = ("createdAt", "lastModified")


def entries(path: Path, part: int = 0, parts: int = 1) -> Iterator[list[object]]:
    """Yield the entries of every `parts`-th row group from the `part`-th, a batch at a time, as a listing gives them.

    Raises:
        CatalogueError: the reader is not installed, or the file is no Parquet of models.
    """
    file = _open(path)
    names = [name for name in COLUMNS if name in file.schema_arrow.names]
    names += _card_column(file)
    if "id" not in names:
        raise CatalogueError(f"{path.name} has no column “id”: it is no dump of models.")
    groups = list(range(part, file.num_row_groups, parts))
    try:
        for batch in file.iter_batches(batch_size=_BATCH, row_groups=groups, columns=names, use_threads=False):
            yield _batch(batch)
    except (OSError, ValueError, NotImplementedError) as error:  # ArrowInvalid is a ValueError
        raise CatalogueError(f"{path.name} is damaged: {_first_line(error)}", hint="Fetch it again.") from error


def untold(path: Path) -> tuple[str, ...]:
    """Return what a dump has no column for, of `card`, `warm` and `provider`.

    Raises:
        CatalogueError: as for `entries`.
    """
    file = _open(path)
    there = file.schema_arrow.names
    told = {"card": bool(_card_column(file)), "warm": "inference" in there, "provider": COLUMNS[-1] in there}
    return tuple(name for name, is_told in told.items() if not is_told)


def row_count(path: Path) -> int:
    """Return how many rows a dump has.

    Raises:
        CatalogueError: as for `entries`.
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


def _batch(batch: RecordBatch) -> list[object]:
    columns = [_column(name, batch.column(name)) for name in batch.schema.names]
    names = ["siblings" if name in _CARD_COLUMNS else name for name in batch.schema.names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _column(name: str, column: ChunkedArray) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`

    if name in _DATES and pa.types.is_timestamp(column.type):
        stamps = column.cast(pa.timestamp("s", column.type.tz), safe=False).cast(pa.int64()).to_pylist()
        return [_time(stamp) for stamp in stamps]
    if name in _CARD_COLUMNS:
        return [_CARD if has_card else [] for has_card in _cards(name, column)]
    values = column.to_pylist()
    if name in _AS_JSON:
        return [_structure(value) for value in values] if name != "tags" or not _is_list(column) else values
    if name == "gated":
        return [_gated(value) for value in values]
    return list(values)


def _card_column(file: ParquetFile) -> list[str]:
    """The column to tell the models with a card by, nothing when there is none; both are far wider than the others."""
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`

    def is_readable(kind: DataType) -> bool:
        if pa.types.is_list(kind):
            return bool(pa.types.is_struct(kind.value_type) and kind.value_type.get_field_index("rfilename") >= 0)
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    types = {field.name: field.type for field in file.schema_arrow}
    return [name for name in _CARD_COLUMNS if name in types and is_readable(types[name])][:1]


def _cards(name: str, column: ChunkedArray) -> list[bool | None]:
    """Whether each row has a card, worked out by whole columns, for their values are long and not needed."""
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`
    import pyarrow.compute as pc  # noqa: PLC0415  likewise

    if pa.types.is_list(column.type):
        is_card = pc.equal(pc.struct_field(pc.list_flatten(column), "rfilename"), "README.md")
        having = set(pc.filter(pc.list_parent_indices(column), is_card).to_pylist())
        return [row in having for row in range(len(column))]
    if name == "siblings":
        return list(pc.match_substring(column, '"README.md"').to_pylist())
    is_empty = pc.is_in(column, pa.array(["", "{}", "[]", "null"], column.type))
    return list(pc.and_not(pc.is_valid(column), is_empty).to_pylist())


def _is_list(column: ChunkedArray) -> bool:
    import pyarrow as pa  # noqa: PLC0415  imported by `_open`

    return bool(pa.types.is_list(column.type) or pa.types.is_large_list(column.type))


def _time(stamp: int | None) -> datetime | None:
    try:
        return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _gated(value: object) -> object:
    """The Hub's `false` is written as the word in a column that also holds `auto` and `manual`."""
    return False if isinstance(value, str) and value.casefold() in {"", "false"} else value


def _structure(value: object) -> object:
    """A nested value, which some dumps hold as JSON; dtypes that a repo lacks are nulls, or a list of pairs."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    pairs = value.get("parameters") if isinstance(value, Mapping) else None
    if isinstance(value, Mapping) and isinstance(pairs, list):
        return {
            **value,
            "parameters": {pair[0]: pair[1] for pair in pairs if isinstance(pair, tuple) and len(pair) == 2},
        }
    return value
