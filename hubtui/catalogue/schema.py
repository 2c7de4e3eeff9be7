"""The index: its fields, the terms they hold, and its version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import tantivy

VERSION = 3
"""Of fields, terms and stored rows; an index of another version is filled anew."""

FACETS = ("task", "library", "license", "language")
"""Keys of the query language whose values are counted: the field `facet` holds `key:value`."""

SORTS = ("trending", "downloads", "likes", "updated", "created")
"""Sorts of the query language that each have a field of that name."""

# No cleaned tag holds a control character, so terms of hubtui's own cannot be mistaken for a tag.
AUTHOR = "\x01"
FLAG = "\x02"
GATED = FLAG + "gated"
CARD = FLAG + "card"
WARM = FLAG + "warm"
PROVIDER = "\x03"
SERVED = PROVIDER + "all"
"""Of every model that has a provider: what `provider:all` means."""

GRAM = 3


def make() -> tantivy.Schema:
    """Return the schema.

    `gram` holds every three letters of the id in their order, so that a phrase of them is an exact substring; `word`
    the words of the id, for typing errors; `tag` the tags and terms of hubtui's own; `key` what stands for the id.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True)
    builder.add_text_field("gram", tokenizer_name="parts", index_option="position")
    builder.add_text_field("word", tokenizer_name="parts", index_option="basic")
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    for name in (*SORTS, "parameters", "weights"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_bytes_field("row", stored=True)
    return builder.build()


WORD = re.compile(r"[a-z]{3,}[0-9]*")
"""What counts as a word of an id when a typing error is looked for: numbers and initials have no nearest word."""


def create(folder: Path) -> tantivy.Index:
    """Make an empty index in a new folder."""
    folder.mkdir(parents=True)
    return _with_tokenizer(tantivy.Index(make(), str(folder), reuse=False))


def open_index(folder: Path) -> tantivy.Index:
    """Open an index.

    Raises:
        ValueError, OSError: it is damaged or missing.
    """
    return _with_tokenizer(tantivy.Index.open(str(folder)))


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    parts = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("parts", parts)
    return index


def key_of(model: str) -> tuple[int, ...]:
    """Return the five numbers that together stand for an id: 60 bits of its hash.

    Terms that many models share take half the room of one term of its own for each model.
    """
    bits = int.from_bytes(blake2b(model.encode(), digest_size=8).digest(), "little")
    return (
        bits & 4095,
        4096 | bits >> 12 & 4095,
        8192 | bits >> 24 & 4095,
        12288 | bits >> 36 & 4095,
        16384 | bits >> 48 & 4095,
    )


def model_query(index: tantivy.Schema, key: Sequence[int]) -> tantivy.Query:
    """Return the query for the one model with a key."""
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, tantivy.Query.term_query(index, "key", part, "basic")) for part in key]
    )


def grams_of(text: str) -> list[str]:
    """Return every three letters of a text in order."""
    return [text[at : at + GRAM] for at in range(len(text) - GRAM + 1)]


def gram_text(lowered: str) -> str:
    """Return the `gram` field of an id in lower case: at each place the three letters from there, or what is left.

    Written by slices, for this is done millions of times: each of the three letters goes to every fourth place.
    """
    letters = lowered.encode("ascii")
    written = bytearray(b" ") * (4 * len(letters))
    written[0::4] = letters
    written[1::4] = letters[1:] + b" "
    written[2::4] = letters[2:] + b"  " if len(letters) > 1 else b" "
    return written.decode("ascii")
