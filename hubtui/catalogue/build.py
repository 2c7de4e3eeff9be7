"""Filling an index: from all sources at once into a new one, or changes into the one that answers."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import re
import selectors
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

import tantivy

from hubtui.catalogue import feed
from hubtui.catalogue.feed import HEADER, Block, Source
from hubtui.catalogue.schema import model_query
from hubtui.core.errors import CancelledError, CatalogueError

HEAP_BYTES = 320 << 20
"""Of a large build: enough for few segments, so that they need not be merged."""

_THREADS = 2
_SMALL = 20_000
"""Entries up to which a process of its own costs more than it saves."""

_SEEN_BITS = 27  # 16 MiB: of 2.5 million ids a few hundred look like a repetition and are deleted in vain
_SEEN_MASK = (1 << _SEEN_BITS) - 1
_PIPE_BYTES = 1 << 20
_SECRET = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|CREDENTIAL")
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux, which Python names from 3.10 there only


@dataclass(frozen=True, slots=True)
class Built:
    """What went into an index: models, entries left out, and the newest `updated` in seconds."""

    models: int
    skipped: int
    newest: int


def fill(
    index: tantivy.Index,
    source: Source,
    expected: int,
    *,
    is_new: bool,
    progress: Callable[[int], None],
    is_cancelled: Callable[[], bool],
    also: Iterable[bytes] = (),
) -> Built:
    """Index a source in one commit; a model that is there already, or comes twice, is replaced.

    Args:
        index: the index.
        source: what to read.
        expected: entries in it, more or less.
        is_new: nothing is in the index yet.
        progress: told how many entries are done.
        is_cancelled: asked every few hundred entries.
        also: documents that are no entries of the source, a line of JSON each.

    Raises:
        CatalogueError: the source cannot be read.
        CancelledError: nothing was committed.
        OSError: the disk is full.
    """
    parts = 0 if expected <= _SMALL else max(2, min(os.cpu_count() or 2, 4))
    seen = bytearray(1 << (_SEEN_BITS - 3)) if is_new else None
    writer = index.writer(HEAP_BYTES if parts else HEAP_BYTES // 10, _THREADS if parts else 1)
    done = skipped = newest = 0
    try:
        with contextlib.closing(_blocks(source, parts)) as blocks:
            for block in itertools.chain(blocks, [Block(b"\n".join(also))]):
                _check(is_cancelled)
                for line in block.lines.decode("utf-8").split("\n") if block.lines else ():
                    key = line[8 : line.index("]", 8)]  # {"key":[1,2,3],
                    if seen is None or _is_repeated(seen, hash(key)):
                        writer.delete_documents_by_query(
                            model_query(index.schema, [int(part) for part in key.split(",")])
                        )
                    writer.add_json(line)
                    done += 1
                skipped, newest = skipped + block.skipped, max(newest, block.newest)
                progress(done + skipped)
        writer.commit()
    except BaseException:
        with contextlib.suppress(ValueError, OSError):
            writer.rollback()
        raise
    writer.wait_merging_threads()
    return Built(done, skipped, newest)


def _check(is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise CancelledError("The sync was stopped.", hint="`hubtui catalogue sync` goes on where it stopped.")


def _is_repeated(seen: bytearray, number: int) -> bool:
    """Say whether a number may have been seen, and remember it: a Bloom filter of two bits."""
    first, second = number & _SEEN_MASK, number >> _SEEN_BITS & _SEEN_MASK
    first_bit, second_bit = 1 << (first & 7), 1 << (second & 7)
    is_old = bool(seen[first >> 3] & first_bit and seen[second >> 3] & second_bit)
    seen[first >> 3] |= first_bit
    seen[second >> 3] |= second_bit
    return is_old


def _blocks(source: Source, parts: int) -> Generator[Block]:
    """The blocks of a source, made here or by so many processes."""
    if parts == 0:
        yield from feed.blocks(source)
        return
    children = [_start(replace(source, part=part, parts=parts)) for part in range(parts)]
    try:
        yield from _received([child.stdout for child in children if child.stdout])
        if any(child.wait() for child in children):
            raise CatalogueError("A process that reads the source ended by itself.", hint="Is there enough memory?")
    finally:
        for child in children:
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()


def _start(source: Source) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not _SECRET.search(name.upper())}
    command = [sys.executable, "-P", "-m", "hubtui.catalogue.feed", feed.spec(source)]
    child = subprocess.Popen(  # noqa: S603  hubtui's own module
        command,
        bufsize=0,  # what select() says must be true of the pipe itself
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # an interrupt is for the parent, which then ends its children
    )
    if child.stdout and sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(child.stdout, _SET_PIPE_SIZE, _PIPE_BYTES)
    return child


def _received(pipes: list[IO[bytes]]) -> Iterator[Block]:
    """Blocks from whichever process has one."""
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ, pipe)
        while selector.get_map():
            for key, _ in selector.select():
                block = _next_block(key.data)
                if block is None:
                    selector.unregister(key.fileobj)
                else:
                    yield block


def _next_block(pipe: IO[bytes]) -> Block | None:
    header = _read(pipe, HEADER.size)
    if not header:
        return None
    if len(header) == HEADER.size:
        kind, length, skipped, newest = HEADER.unpack(header)
        body = _read(pipe, length)
        if kind == b"E":
            message, hint = json.loads(body)
            raise CatalogueError(message, hint=hint)
        if len(body) == length:
            return Block(body, skipped, newest)
    raise CatalogueError("A process that reads the source ended in the middle.", hint="Is there enough memory?")


def _read(pipe: IO[bytes], length: int) -> bytes:
    """Read so many bytes, fewer only at the end."""
    chunks = bytearray()
    while len(chunks) < length and (chunk := pipe.read(length - len(chunks))):
        chunks += chunk
    return bytes(chunks)
