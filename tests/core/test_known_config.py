from __future__ import annotations

import json

import pytest

from hubtui.core.errors import CheckpointError, GatedError
from hubtui.core.known_config import invalid, stated_config, unread, whole_config
from hubtui.core.models import ModelFacts

EXCERPT = {"model_type": "bert", "architectures": ["BertForMaskedLM"]}


def test_an_excerpt_is_not_counted_from_nor_built() -> None:
    why = unread(GatedError("The files of a/b are behind a form, and you are not logged in.", hint="Log in."))
    assert why == (
        "config.json could not be read: the files of a/b are behind a form, and you are not logged in. Log in."
    )
    facts = ModelFacts("a/b", config=EXCERPT, config_problem=why)
    assert stated_config(facts) == {}
    with pytest.raises(CheckpointError, match="behind a form"):
        whole_config(facts)
    assert stated_config(ModelFacts("a/b", config=EXCERPT)) == EXCERPT


def test_a_broken_file_says_where() -> None:
    with pytest.raises(ValueError, match="Expecting") as broken:
        json.loads("{\n  bad")
    assert invalid(broken.value) == "config.json is not valid JSON (line 2, column 3)."
    assert invalid(RecursionError()) == "config.json is not valid JSON."
