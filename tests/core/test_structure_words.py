from __future__ import annotations

from dataclasses import replace

import pytest

from hubtui.core.structure import Dimensions, Head, Module, Structure
from hubtui.core.structure_words import stored_words

_BODY = Module(
    "bert",
    "BertModel",
    1_500,
    children=(
        Module("embeddings", "E", 1_000),
        Module("encoder", "X", 400, children=(Module("layer", "L", 400),)),
        Module("pooler", "P", 100),
    ),
)
BERT = Structure(
    "a/b",
    "bert",
    "BertForSequenceClassification",
    (),
    "",
    1_520,
    1_520,
    None,
    (Dimensions(vocab_size=100, hidden_size=10),),
    Module("", "B", 1_520, children=(_BODY, Module("classifier", "Linear", 20))),
)
HEADS = (Head("BertForMaskedLM", (), parameters=1_777),)


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ({"F32": 1_520}, "as many in the files"),
        ({"F32": 1_000, "BF16": 520, "I64": 5}, "as many in the files"),
        ({"F32": 1_500}, "20 fewer in the files: classifier would be newly initialised"),
        ({"F32": 1_400}, "120 fewer in the files: bert.pooler and classifier would be newly initialised"),
        ({"F32": 1_413}, "107 fewer in the files: what is missing would be newly initialised"),
        ({"F32": 1_777}, "257 more in the files: as many as BertForMaskedLM has"),
        ({"F32": 1_778}, "258 more in the files, which this class does not use"),
        ({"I32": 900, "F16": 620}, ""),
        ({"U8": 1_520}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_what_the_files_lack_or_hold_beyond_the_class_is_said(stored: dict[str, int], words: str) -> None:
    assert stored_words(BERT, HEADS, stored) == words


def test_a_tied_output_layer_that_is_stored_all_the_same_is_named() -> None:
    words = stored_words(replace(BERT, is_tied=True), HEADS, {"F32": 2_520})
    assert words == "1,000 more in the files: the output layer is stored too, though it is the input embedding"


def test_a_part_is_named_only_where_no_other_is_as_large() -> None:
    twins = Module("", "B", 60, children=tuple(Module(name, "Linear", 20) for name in ("a", "b", "c")))
    words = stored_words(replace(BERT, tree=twins, parameters=60), (), {"F32": 40})
    assert words == "20 fewer in the files: what is missing would be newly initialised"
