from __future__ import annotations

import collections
import pickle
import zipfile
from pathlib import Path

import pytest
import torch

from hubtui.demo.pickles import Import, imports_of
from tests.demo.samples import Hostile


def test_what_torch_itself_writes_is_found_harmless(tmp_path: Path) -> None:
    path = tmp_path / "pytorch_model.bin"
    torch.save(collections.OrderedDict(weight=torch.ones(2, 2), half=torch.ones(1, dtype=torch.bfloat16)), path)
    found = imports_of(path, path.name)
    assert found
    assert {entry.safety for entry in found} == {"innocuous"}
    torch.save({"weight": torch.ones(2)}, path, _use_new_zipfile_serialization=False)
    assert {entry.safety for entry in imports_of(path, path.name) or ()} <= {"innocuous"}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_command_in_a_pickle_is_found_in_every_protocol(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(pickle.dumps({"a": ["b", Hostile(), Hostile()]}, protocol))
    found = imports_of(path, path.name)
    assert found == (Import("posix", "system"),)
    assert found[0].safety == "dangerous"


def test_a_command_is_found_in_an_archive_and_before_the_file_breaks_off(tmp_path: Path) -> None:
    archive = tmp_path / "model.pt"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("model/data.pkl", pickle.dumps(Hostile()))
    assert imports_of(archive, archive.name) == (Import("posix", "system"),)
    cut = tmp_path / "cut.pkl"
    cut.write_bytes(pickle.dumps(Hostile())[:-3])
    assert imports_of(cut, cut.name) == (Import("posix", "system"),)


def test_names_without_a_record_are_suspicious() -> None:
    assert Import("my_package.models", "Net").safety == "suspicious"
    assert Import("builtins", "eval").safety == "dangerous"
    assert Import("builtins", "set").safety == "innocuous"


def test_other_files_are_not_taken_for_pickles(tmp_path: Path) -> None:
    for name, content in {
        "model.bin": b"ggml not a pickle",
        "empty.pt": b"",
        "config.json": pickle.dumps(Hostile()),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert imports_of(tmp_path / name, name) is None
    assert imports_of(tmp_path / "absent.bin", "absent.bin") is None
