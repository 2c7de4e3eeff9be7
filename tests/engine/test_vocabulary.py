"""Questions back and forth to the process: ids, round trips, searches that never end, files of any size."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from hubtui.core.errors import TokenizerError
from hubtui.core.file_lengths import FileLengths
from hubtui.core.token_vocabulary import VocabularyQuery
from hubtui.engine.inspector import PATTERN_S, InspectorProcess
from tests.engine.conftest import MakeFolder, word_level

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_ids_texts_and_tokens_come_back_from_the_process(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = str(make_folder())
    decoded = await shared_inspector.decode("m", folder, [2, 3, 99])
    assert (decoded.text, decoded.outside) == ("the cat", [99])
    (same, changed) = await shared_inspector.round_trips("m", folder, ["the cat", "the dog"])
    assert same.is_equal
    assert changed.difference is not None
    assert (changed.difference.place, changed.difference.cause) == (4, "unknown")
    page = await shared_inspector.vocabulary("m", folder, VocabularyQuery("regex", "a"))
    assert [entry.token for entry in page.entries] == ["<pad>", "cat", "sat", "mat"]


async def test_a_pattern_that_never_ends_is_named_within_two_seconds_and_the_next_search_works(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    vocabulary = {piece: number for number, piece in enumerate(["<pad>", "<unk>", "a" * 60])}
    folder = str(make_folder(word_level(model={"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"})))
    await shared_inspector.vocabulary("m", folder, VocabularyQuery())
    began = time.monotonic()
    with pytest.raises(TokenizerError) as raised:
        await shared_inspector.vocabulary("demo/words", folder, VocabularyQuery("regex", "(a+)+$b"))
    assert time.monotonic() - began < PATTERN_S + 5  # the box may be busy
    assert raised.value.message == (
        "The search for /(a+)+$b/ in the vocabulary of demo/words did not answer within 2 s and was stopped."
    )
    assert raised.value.hint
    assert (await shared_inspector.vocabulary("m", folder, VocabularyQuery())).total == 3


async def test_a_pattern_that_cannot_be_read_is_one_sentence(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    with pytest.raises(TokenizerError, match=r"The pattern /\(/ cannot be read: missing \), unterminated subpattern"):
        await shared_inspector.vocabulary("m", str(make_folder()), VocabularyQuery("regex", "("))


async def test_a_file_is_measured_step_by_step_and_can_be_left_in_the_middle(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, tmp_path: Path
) -> None:
    folder = str(make_folder(model_max_length=4))
    path = tmp_path / "lines.txt"
    path.write_text("the cat sat on mat\nthe cat\n" * 30_000)
    heard: list[float] = []

    def told(found: FileLengths) -> None:
        heard.append(found.done / found.size)

    found = await shared_inspector.file_lengths("m", folder, str(path), told=told)
    assert found.lengths == {5: 30_000, 2: 30_000}
    assert (found.limit, found.n_over) == (4, 30_000)
    assert heard == sorted(heard)
    assert len(heard) > 2
    assert heard[-1] == 1
    stricter = await shared_inspector.file_lengths("m", folder, str(path), limit=1)
    assert stricter.n_over == 60_000

    begun = asyncio.Event()
    task = asyncio.create_task(shared_inspector.file_lengths("m", folder, str(path), told=lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await shared_inspector.decode("m", folder, [2])).text == "the"


async def test_only_files_are_measured(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in ((tmp_path / "gone", "is not there"), (tmp_path, "is a folder"), (tmp_path / "pipe", "no file")):
        with pytest.raises(TokenizerError, match=words):
            await shared_inspector.file_lengths("m", str(make_folder()), str(name))
