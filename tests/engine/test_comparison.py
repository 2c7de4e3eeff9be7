"""Several tokenizers in one process: figures as AutoTokenizer's own, what is kept, and what a bad one costs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from hubtui.core.errors import TokenizerError
from hubtui.core.language_samples import SENTENCES
from hubtui.core.tokenizer_comparison import MOST_CHARACTERS
from hubtui.core.tokens import TokenizeOptions
from hubtui.engine.inspector import InspectorProcess
from tests.engine.conftest import MakeFolder
from tests.worker.checkpoints import SHARED, demo_folders, shared_folder

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = ["The dragons of Nîmes 🙂, e\u0301tc.", "", "這塊奶酪 100%\tx"]


async def test_pieces_and_figures_are_those_of_whole_encoding_for_every_demo_tokenizer(
    shared_inspector: InspectorProcess,
) -> None:
    for folder in demo_folders():
        await _agrees(shared_inspector, str(folder))


@pytest.mark.parametrize("name", [name for name in SHARED if name != "gpt2-files"])
async def test_pieces_and_figures_are_those_of_whole_encoding_for_real_tokenizers(
    shared_inspector: InspectorProcess, shared_data: Path, tmp_path: Path, name: str
) -> None:
    await _agrees(shared_inspector, str(shared_folder(shared_data, name, tmp_path)))


async def _agrees(inspector: InspectorProcess, folder: str) -> None:
    measure = await inspector.measure("m", folder, TEXTS)
    whole = await inspector.encode("m", folder, TEXTS, TokenizeOptions())
    bare = await inspector.encode("m", folder, TEXTS, TokenizeOptions(special_tokens=False))
    assert [one.n_tokens for one in measure.texts] == [one.n_tokens for one in whole.sequences]
    assert [[piece.id for piece in one.pieces] for one in measure.texts] == [one.ids for one in bare.sequences], folder
    french = next(one for one in measure.fertility if one.language == "fr")
    samples = await inspector.encode("m", folder, list(SENTENCES["fr"]), TokenizeOptions(special_tokens=False))
    assert french.n_tokens == sum(one.n_tokens for one in samples.sequences)
    assert french.n_words == 8


async def test_vocabularies_are_held_against_each_other_in_full(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, tmp_path: Path
) -> None:
    one = make_folder()
    other = tmp_path / "other"
    shutil.copytree(one, other)
    fast = json.loads((other / "tokenizer.json").read_text())
    before = dict(fast["model"]["vocab"])
    vocab = {"▁cat" if token == "cat" else token: number for token, number in before.items()}
    vocab["the"], vocab["sat"] = vocab["sat"], vocab["the"]
    fast["model"]["vocab"] = vocab
    (other / "tokenizer.json").write_text(json.dumps(fast))
    found = await shared_inspector.share("one", str(one), "other", str(other))
    assert (found.size, found.other_size, found.shared) == (len(before), len(before), len(before) - 1)
    assert found.moved == 2
    assert {moved.token: (moved.id, moved.other_id) for moved in found.examples} == {
        "the": (before["the"], before["sat"]),
        "sat": (before["sat"], before["the"]),
    }
    assert found.shared_texts == found.n_texts == found.other_texts  # ▁cat and cat say the same
    assert (await shared_inspector.share("one", str(one), "one", str(one))).is_same


async def test_byte_level_pieces_are_compared_by_the_text_behind_their_letters(
    shared_inspector: InspectorProcess,
) -> None:
    folders = {folder.parent.name: str(folder) for folder in demo_folders()}
    found = await shared_inspector.share("a", folders["tiny-gpt2-stories"], "b", folders["tiny-bert-en"])
    assert found.shared_texts > found.shared


async def test_six_tokenizers_are_kept_and_one_more_takes_the_place_of_the_oldest(
    make_folder: MakeFolder, tmp_path: Path
) -> None:
    from hubtui.engine.tokenizer_messages import OpenTokenizer
    from hubtui.worker.tokenizers.reference_process import AutoLoader

    first = make_folder()
    folders = [first]
    for number in range(6):
        folders.append(tmp_path / f"copy-{number}")
        shutil.copytree(first, folders[-1])
    loader = AutoLoader()
    loaded = [loader.load(OpenTokenizer(0, folder.name, str(folder))).live for folder in folders[:6]]
    again = [loader.load(OpenTokenizer(0, folder.name, str(folder))).live for folder in folders[:6]]
    assert all(one is other for one, other in zip(loaded, again, strict=True))
    loader.load(OpenTokenizer(0, folders[6].name, str(folders[6])))
    assert loader.load(OpenTokenizer(0, folders[5].name, str(folders[5]))).live is loaded[5]
    assert loader.load(OpenTokenizer(0, folders[0].name, str(folders[0]))).live is not loaded[0]
    changed = folders[5] / "tokenizer_config.json"
    os.utime(changed, ns=(1, 1))
    assert loader.load(OpenTokenizer(0, folders[5].name, str(folders[5]))).live is not loaded[5]


async def test_a_tokenizer_that_is_broken_costs_the_others_nothing(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, tmp_path: Path
) -> None:
    good, bad = make_folder(), tmp_path / "bad"
    bad.mkdir()
    (bad / "tokenizer.json").write_text("{")
    await shared_inspector.measure("good", str(good), ["the cat"])
    with pytest.raises(TokenizerError, match="bad"):
        await shared_inspector.measure("bad", str(bad), ["the cat"])
    with pytest.raises(TokenizerError, match="bad"):
        await shared_inspector.share("good", str(good), "bad", str(bad))
    with pytest.raises(TokenizerError, match="is not there"):
        await shared_inspector.share("good", str(good), "gone", str(tmp_path / "gone"))
    assert (await shared_inspector.measure("good", str(good), ["the cat"])).n_tokens == 2


async def test_texts_that_are_too_long_are_refused(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    with pytest.raises(TokenizerError, match="too many"):
        await shared_inspector.measure("m", str(make_folder()), ["a" * MOST_CHARACTERS, "b"])
