from __future__ import annotations

import json
from pathlib import Path

import pytest

from hubtui.demo.card import read_card


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# No front matter",
        b"---\nbroken: [\n---\ntext",
        b"---\n- a list\n---\ntext",
        b"---\nunclosed: true\ntext",
        b"---\n\xff\xfe: \x00\n---\n",
        b"---\na: &a [*a]\n---\n",
        b"---\n? [a, b]\n: c\n---\n",
        b"---\n" + b"[" * 5000 + b"\n---\n",
        b"---\nx: !!python/object/apply:os.system [true]\n---\n",
    ],
    ids=range(10),
)
def test_a_broken_front_matter_costs_only_itself(content: bytes) -> None:
    card = read_card(content)
    assert card.data == {}
    assert card.text == content.decode("utf-8", "replace")


@pytest.mark.parametrize("start", ["---\n", "\ufeff---\n", "\n\n---\n", "---\r\n"])
def test_front_matter_is_read_in_every_usual_spelling(start: str) -> None:
    newline = "\r\n" if "\r" in start else "\n"
    text = start + newline.join(["license: mit", "language: en", "---", "# Title"])
    assert read_card(text.encode()).data == {"license": "mit", "language": "en"}


def test_values_that_json_does_not_know_become_text() -> None:
    data = read_card(b"---\ndate: 2026-03-02\n1: one\nnan: .nan\n---\n").data
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["date"] == "2026-03-02"
    assert data["1"] == "one"
    assert data["nan"] == "nan"


def test_aliases_and_merges_that_stand_for_billions_of_values_are_given_up() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert read_card("\n".join(["---", "l0: &l0 [x]", *levels, "---", ""]).encode()).data == {}
    merges = [f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert read_card("\n".join(["---", "m0: &m0 {a: 1}", *merges, "---", ""]).encode()).data == {}


@pytest.mark.parametrize("unit", [b"[", b"{a: ", b"- ", b"? ", b": ", b"&a ", b"? - "])
def test_absurd_nesting_does_not_end_the_server(unit: bytes) -> None:
    assert read_card(b"---\n" + unit * (900_000 // len(unit)) + b"\n---\n").data == {}


def test_real_cards_are_read(shared_data: Path) -> None:
    cards = {path.name: read_card(path.read_bytes()) for path in (shared_data / "cards").rglob("*.md")}
    assert cards["all-MiniLM-L6-v2.md"].data["pipeline_tag"] == "sentence-similarity"
    assert cards["bloom.md"].data["license"] == "bigscience-bloom-rail-1.0"
    assert cards["sample_invalid_card_data.md"].data == {}
    assert cards["sample_windows_line_breaks.md"].data["license"] == "mit"
