"""The lines of a file in tokens, some at a time: whatever the size of the file or of a line, no more is in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from hubtui.core.errors import TokenizerError
from hubtui.core.file_lengths import KEPT_LONGEST, FilePlace, LinesMeasured, LongLine
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, one_sentence

CHUNK_BYTES = 256 << 10
"""Lines of about so many bytes are measured at once."""

MOST_LINE_BYTES = 1 << 20
"""Of a longer line only the beginning is measured."""

_SKIPPED_BYTES = 64 << 20
_START = 120


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    is_broken: bool
    is_cut: bool


def measure_lines(
    loaded: LoadedAutoTokenizer, path: str, place: FilePlace, *, special_tokens: bool = True
) -> LinesMeasured:
    """Measure some lines of a file.

    Raises:
        TokenizerError: the file cannot be read, or the tokenizer does not take a line.
    """
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            lines, after = _read(file, place)
    except OSError as error:
        raise TokenizerError(f"{path} cannot be read: {error.strerror}.") from error
    ids = _ids(loaded, [line.text for line in lines], special_tokens=special_tokens)
    unknown = loaded.info.special_tokens["unk"]
    numbered = sorted(
        ((len(one), place.line + at) for at, one in enumerate(ids, 1)), key=lambda each: (-each[0], each[1])
    )
    return LinesMeasured(
        lengths=dict(Counter(map(len, ids))),
        longest=[
            LongLine(length, number, lines[number - place.line - 1].text[:_START])
            for length, number in numbered[:KEPT_LONGEST]
        ],
        place=after,
        size=size,
        n_characters=sum(len(line.text) for line in lines),
        n_added=len(_ids(loaded, [""], special_tokens=True)[0]) if special_tokens else 0,
        n_unknown=0 if unknown is None or unknown.id is None else sum(one.count(unknown.id) for one in ids),
        n_broken=sum(line.is_broken for line in lines),
        n_cut=sum(line.is_cut for line in lines),
        limit=loaded.limit,
    )


def _ids(loaded: LoadedAutoTokenizer, texts: list[str], *, special_tokens: bool) -> list[list[int]]:
    """Return the ids of each text as calling the tokenizer gives them."""
    if not texts:
        return []
    try:
        called = loaded.tokenizer(texts, add_special_tokens=special_tokens, return_attention_mask=False)
    except Exception as error:  # a tokenizer class may raise anything
        raise TokenizerError(
            f"The tokenizer of {loaded.info.model} does not take a line of this file: {one_sentence(error)}"
        ) from error
    return list(called["input_ids"])


def _read(file: BinaryIO, place: FilePlace) -> tuple[list[_Line], FilePlace | None]:
    """Return some lines and where the next ones begin."""
    file.seek(place.offset)
    if place.is_inside:
        return [], _after_line(file, place)
    lines: list[_Line] = []
    taken = 0
    for data in _whole_lines(file):
        taken += len(data)
        is_cut = not data.endswith(b"\n") and len(data) == MOST_LINE_BYTES
        lines.append(_line(data.removesuffix(b"\n"), is_cut=is_cut))
        place = FilePlace(place.offset + len(data), place.line + 1, is_cut)
        if is_cut or taken >= CHUNK_BYTES:
            return lines, place
    return lines, None


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines with their ends, of a longer one its beginning; the line end at the very end opens none."""
    while data := file.readline(MOST_LINE_BYTES):
        yield data


def _after_line(file: BinaryIO, place: FilePlace) -> FilePlace | None:
    """Return where the line ends that `place` is inside of, or how far it was followed."""
    followed = 0
    while followed < _SKIPPED_BYTES:
        data = file.readline(MOST_LINE_BYTES)
        followed += len(data)
        if not data:
            return None
        if data.endswith(b"\n"):
            return FilePlace(place.offset + followed, place.line)
    return replace(place, offset=place.offset + followed)


def _line(data: bytes, *, is_cut: bool) -> _Line:
    if is_cut:
        # what was cut may be in the middle of a character
        return _Line(data.decode("utf-8", "ignore"), is_broken=False, is_cut=True)
    try:
        return _Line(data.decode("utf-8"), is_broken=False, is_cut=False)
    except UnicodeDecodeError:
        return _Line(data.decode("utf-8", "replace"), is_broken=True, is_cut=False)
