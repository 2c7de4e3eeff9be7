"""What goes into an index, made from a source: lines of JSON, one a model.

Run as a program it does part of the work in a process of its own, for Python decodes and checks slower than the engine
indexes: `python -P -m hubtui.catalogue.feed SPEC`, with blocks of lines on its standard output.
"""

from __future__ import annotations

import gc
import importlib
import json
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from hubtui.catalogue import codec, parquet, spool
from hubtui.catalogue.codec import Record
from hubtui.core.errors import HubtuiError

HEADER = struct.Struct("<cIIQ")
"""Kind of block (`L` lines, `E` error), bytes that follow, entries left out, newest `updated` in seconds."""

_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Source:
    """What to read: a `parquet` file or a `spool` folder, whose pages up to `pages` count.

    Attributes:
        read_row: `module:function`, the reader of an entry of a page.
        tags: the tag table of the index.
        part, parts: which of how many processes this one is.
    """

    kind: str
    path: str
    read_row: str
    tags: tuple[str, ...] = ()
    pages: int = 0
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Documents of some entries, a line each.

    Attributes:
        skipped: entries that named no model.
        newest: the latest `updated` among them, in seconds.
    """

    lines: bytes
    skipped: int = 0
    newest: int = 0


def reader(name: str) -> codec.ReadRow:
    """Return the function that a `module:function` names."""
    module, _, function = name.partition(":")
    read_row: codec.ReadRow = getattr(importlib.import_module(module), function)
    return read_row


def blocks(source: Source) -> Iterator[Block]:
    """Yield the documents of a source.

    Raises:
        CatalogueError: the source cannot be read.
    """
    table = codec.TagTable(source.tags)
    for batch in _records(source):
        for start in range(0, len(batch), _BLOCK):
            yield _block(batch[start : start + _BLOCK], table)


def _records(source: Source) -> Iterator[list[Record | None]]:
    """Models of the source, a batch at a time, None for an entry that names none."""
    path = Path(source.path)
    if source.kind == "parquet":
        yield from parquet.records(path, source.part, source.parts)
        return
    read_row = reader(source.read_row)
    for page in spool.entries(path, source.pages, source.part, source.parts):
        yield [None if (row := read_row(entry)) is None else codec.record(row) for entry in page]


def _block(batch: Sequence[Record | None], table: codec.TagTable) -> Block:
    models = [model for model in batch if model is not None]
    newest = max((model.updated for model in models), default=0)
    lines = b"\n".join([codec.document(model, table) for model in models])
    return Block(lines, len(batch) - len(models), newest)


def main() -> int:
    """Write the blocks of the source that the one argument, a `Source` as JSON, names."""
    gc.disable()  # nothing here makes cycles, and millions of small objects would be walked again and again
    source = Source(**json.loads(sys.argv[1]))
    out = sys.stdout.buffer
    try:
        for block in blocks(source):
            out.write(HEADER.pack(b"L", len(block.lines), block.skipped, block.newest) + block.lines)
        out.flush()
    except HubtuiError as error:
        words = json.dumps([error.message, error.hint]).encode()
        out.write(HEADER.pack(b"E", len(words), 0, 0) + words)
        out.flush()
    except BrokenPipeError:
        sys.stderr.close()  # who asked is gone
    return 0


def spec(source: Source) -> str:
    """Return a source as the argument of `main`."""
    return json.dumps(asdict(source))


if __name__ == "__main__":
    sys.exit(main())
