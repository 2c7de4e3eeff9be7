from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubtui.core import vocabulary

if TYPE_CHECKING:
    from pathlib import Path


def test_every_library_of_the_hub_can_be_searched_for(shared_data: Path) -> None:
    listed = json.loads((shared_data / "api" / "model_libraries.json").read_text("utf-8"))
    known = vocabulary.libraries()
    assert {name: known.get(name) for name in listed} == {name: entry["prettyLabel"] for name, entry in listed.items()}


def test_every_local_app_of_the_hub_can_be_searched_for(shared_data: Path) -> None:
    listed = json.loads((shared_data / "api" / "local_apps.json").read_text("utf-8"))
    assert dict(vocabulary.apps()) == {name: entry["prettyLabel"] for name, entry in listed.items()}


def test_a_licence_is_called_what_it_asks_for() -> None:
    assert vocabulary.license_class("MIT") == "permissive"
    assert vocabulary.license_class("gpl-3.0") == "copyleft"
    assert vocabulary.license_class("cc-by-nc-4.0") == "research"
    assert vocabulary.license_class("llama3.1") == "custom"
    assert vocabulary.license_class("other") == "unknown"
    assert vocabulary.license_class("never-heard-of") == "unknown"


def test_codes_have_names() -> None:
    assert vocabulary.languages()["fr"] == "French"
    assert vocabulary.licenses()["apache-2.0"] == "Apache License 2.0"
    assert "hf-inference" in vocabulary.providers()
    assert all(name == name.strip() and label for name, label in vocabulary.languages().items())


def test_a_misspelt_word_finds_its_neighbour_and_nonsense_finds_none() -> None:
    assert vocabulary.nearest("transfomers", vocabulary.libraries()) == "transformers"
    assert vocabulary.nearest("Sentence", vocabulary.libraries()) == "sentence-transformers"
    assert vocabulary.nearest("zzzzzz", ["alpha", "beta"]) == ""
    assert vocabulary.nearest("", ["alpha"]) == ""
