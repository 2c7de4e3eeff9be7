from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.families import FamilyFolder, relation_of, stem_of
from hubtui.core.models import ModelRow

_META = "meta-llama/Llama-3.1-8B"


def _row(model: str, *tags: str, downloads: int = 0, **more: Any) -> ModelRow:
    tags = tuple(f"base_model:{tag}" for tag in tags)
    bases = tuple(tag.split(":", 1)[1] for tag in tags if tag.count(":") == 1)
    return ModelRow(model, tags=tags, base_models=bases, downloads=downloads, **more)


def _shown(folder: FamilyFolder) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(family.head.id, [(m.row.id, m.relation) for m in family.members]) for family in folder]


def test_what_was_made_from_a_model_is_folded_under_it_with_the_reason() -> None:
    folder = FamilyFolder(
        [
            _row("q/Llama-3.1-8B-AWQ", "quantized:" + _META, downloads=9),
            _row("other/bert"),
            _row(_META),
            _row("onnx-community/Llama-3.1-8B-ONNX", "quantized:" + _META),
            _row("x/chatty", "finetune:" + _META),
            _row("x/lora", "adapter:" + _META, "finetune:" + _META),
            _row("x/blend", "merge:" + _META, "merge:a/b"),
        ]
    )
    assert _shown(folder) == [
        (
            _META,
            [
                ("q/Llama-3.1-8B-AWQ", "quantization"),
                ("onnx-community/Llama-3.1-8B-ONNX", "conversion"),
                ("x/chatty", "fine-tune"),
                ("x/lora", "adapter"),
                ("x/blend", "merge"),
            ],
        ),
        ("other/bert", []),
    ]


def test_without_the_base_the_most_downloaded_is_shown() -> None:
    folder = FamilyFolder(
        [_row("a/x-GGUF", "quantized:o/x", downloads=3), _row("b/x-GGUF", "quantized:o/x", downloads=7)]
    )
    assert _shown(folder) == [("b/x-GGUF", [("a/x-GGUF", "quantization")])]
    assert folder[0].base == "o/x"


@pytest.mark.parametrize(
    "suffix",
    ["GGUF", "AWQ", "GPTQ", "4bit", "8bit", "bnb-4bit", "unsloth-bnb-4bit", "mlx", "onnx", "FP8", "Q4_K_M-GGUF",
     "gptq-int4", "i1-GGUF", "4.0bpw-exl2", "w4a16", "mlx-8Bit"],
)  # fmt: skip
def test_a_repo_that_states_no_base_is_known_by_its_suffix(suffix: str) -> None:
    assert stem_of(f"x/Mistral-7B-v0.1-{suffix}") == "mistral-7b-v0.1"
    rows = [_row("mistralai/Mistral-7B-v0.1"), _row(f"x/Mistral-7B-v0.1-{suffix}")]
    for order in (rows, rows[::-1]):
        (family,) = FamilyFolder(order)
        assert family.head.id == "mistralai/Mistral-7B-v0.1"
        assert len(family.members) == 1


@pytest.mark.parametrize(
    "name", ["a/bert-base", "a/gpt-4all", "a/unsloth", "a/onnx", "a/gguf", "a/phi-2", "a/tiny.dynamic"]
)
def test_a_name_without_a_suffix_is_its_own_stem(name: str) -> None:
    assert stem_of(name) == name.removeprefix("a/")


def test_a_vague_name_is_no_proof_of_kinship_between_accounts() -> None:
    assert len(FamilyFolder([_row("a/model"), _row("b/model-GGUF")])) == 2
    assert len(FamilyFolder([_row("a/model"), _row("a/model-GGUF")])) == 1


def test_a_quantization_of_a_fine_tune_goes_where_the_fine_tune_is() -> None:
    (family,) = FamilyFolder([_row(_META), _row("x/ft", f"finetune:{_META}"), _row("y/ft-GGUF", "quantized:x/ft")])
    assert [member.row.id for member in family.members] == ["x/ft", "y/ft-GGUF"]


def test_a_base_without_a_stated_relation_counts_as_a_fine_tune() -> None:
    assert relation_of(_row("x/ft", "a/b")) == ("a/b", "fine-tune")
    assert relation_of(_row("x/b-gguf", "a/b")) == ("a/b", "quantization")
    assert relation_of(_row("a/b", "a/b")) is None


def test_a_row_that_comes_on_two_pages_is_shown_once() -> None:
    folder = FamilyFolder([_row("a/b")])
    folder.extend([_row("a/b"), _row("a/c")])
    assert len(folder) == 2
    assert (folder.place_of("a/c"), folder.place_of("a/d"), folder.folded(0)) == (1, None, 0)


_IDS = st.sampled_from(
    [
        f"{who}/{name}{end}"
        for who in "ab"
        for name in ("llama-7b", "model", "bert-base")
        for end in ("", "-GGUF", "-4bit")
    ]
)
_ROWS = st.lists(
    st.builds(
        lambda model, words, bases, downloads: _row(
            model,
            *(f"{word}:{base}" for word, base in zip(words, bases, strict=False)),
            *bases[:1],
            downloads=downloads,
        ),
        _IDS,
        st.lists(st.sampled_from(["quantized", "finetune", "adapter", "merge", "odd"]), max_size=2),
        st.lists(_IDS, max_size=2),
        st.integers(0, 3),
    ),
    max_size=14,
)


@given(_ROWS, st.lists(st.integers(0, 14), max_size=4))
def test_every_row_is_shown_once_and_nothing_moves_as_pages_come(rows: list[ModelRow], cuts: list[int]) -> None:
    whole, paged = FamilyFolder(rows), FamilyFolder()
    places: dict[str, int] = {}
    edges = [0, *sorted(cuts), len(rows)]
    for start, end in itertools.pairwise(edges):
        paged.extend(rows[start:end])
        now = {row.id: paged.place_of(row.id) for row in rows[:end]}
        assert all(now[model] == place for model, place in places.items()), "a row changed its family or place"
        places = {model: place for model, place in now.items() if place is not None}
    assert _shown(paged) == _shown(whole), "what is shown does not depend on where pages end"
    shown = [model for head, members in _shown(whole) for model in (head, *(member for member, _ in members))]
    assert sorted(shown) == sorted({row.id for row in rows})
    first = [min(index for index, row in enumerate(rows) if whole.place_of(row.id) == at) for at in range(len(whole))]
    assert first == sorted(first), "families stand in the order of their first rows"
    for at, family in enumerate(whole):
        assert whole.head(at) == family.head
        assert whole.folded(at) == len(family.members)
        if family.base in {member.row.id for member in family.members}:
            raise AssertionError("a base that is among the rows is the head")
