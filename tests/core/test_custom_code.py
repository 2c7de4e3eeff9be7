"""Finding the Python that a load would run: nothing of it may be missing from the list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hubtui.core.custom_code import MOST_BYTES, CodeFile, CustomCode, read_code
from hubtui.core.errors import GatedError, HubUnreachableError
from tests.fakes_code import CONFIG, FILES, NEW, OTHER, CodeHub, code_facts


def _found(
    files: Mapping[str, str], config: Mapping[str, Any], others: Mapping[str, Mapping[str, str]] | None = None
) -> CustomCode:
    hub = CodeHub(files=files, config=config, others=others or {})
    return read_code(hub, code_facts(files, config))


def _by_name(code: CustomCode) -> dict[str, CodeFile]:
    return {file.name: file for file in code.files}


def test_what_auto_map_names_and_what_that_imports_are_found_with_what_brings_them_in() -> None:
    code = _found(FILES, CONFIG)
    found = _by_name(code)
    assert set(found) == {"configuration_odd.py", "modeling_odd.py", "layers.py"}
    assert found["configuration_odd.py"].brought_by == ("AutoConfig", "modeling_odd.py")
    assert found["modeling_odd.py"].brought_by == ("AutoModel",)
    assert found["layers.py"].brought_by == ("modeling_odd.py",)
    assert (code.packages, code.idle, code.problems) == (("os", "torch", "transformers"), ("train.py",), ())
    assert (code.commit, code.size_bytes) == (NEW, sum(len(FILES[name]) for name in found))
    assert all(len(file.digest) == 64 for file in code.files)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["own.Slow", None]}}),
        ("tokenizer_config.json", {"auto_map": ["own.Slow", "own.Fast"]}),
        ("preprocessor_config.json", {"auto_map": {"AutoImageProcessor": {"torchvision": "own.Pictures"}}}),
        ("processor_config.json", {"auto_map": {"AutoProcessor": "own.Processor"}}),
        ("modules.json", [{"type": "own.Module"}, {"type": "sentence_transformers.models.Pooling"}]),
        ("model_index.json", {"_class_name": ["own", "Pipeline"], "unet": ["diffusers", "UNet"]}),
    ],
)
def test_every_file_that_names_code_is_read(path: str, content: object) -> None:
    code = _found({"own.py": "x = 1\n", path: json.dumps(content)}, {})
    assert [file.path for file in code.files] == ["own.py"]
    assert code.problems == ()


def test_code_for_generating_and_for_pipelines_is_found() -> None:
    files = {"custom_generate/generate.py": "from .steps import one\n", "custom_generate/steps.py": "", "p.py": ""}
    code = _found(files, {"custom_pipelines": {"odd-task": {"impl": "p.OddPipeline", "pt": ["AutoModel"]}}})
    assert set(_by_name(code)) == {"custom_generate/generate.py", "custom_generate/steps.py", "p.py"}
    assert _by_name(code)["p.py"].brought_by == ("pipeline odd-task",)


def test_a_part_of_a_pipeline_with_code_of_its_own_is_found_in_its_folder() -> None:
    code = _found({"unet/own_unet.py": "", "model_index.json": json.dumps({"unet": ["own_unet", "Own"]})}, {})
    assert [file.path for file in code.files] == ["unet/own_unet.py"]


def test_code_of_another_repo_is_followed_there_at_its_own_commit() -> None:
    other = {"modeling_far.py": "from .near import y\n", "near.py": "import socket\n"}
    config = {"auto_map": {"AutoModel": "far/away--modeling_far.Far"}}
    code = _found({"near.py": "mine"}, config, {"far/away": other})
    assert [file.name for file in code.files] == ["far/away--modeling_far.py", "far/away--near.py"]
    assert {file.commit for file in code.files} == {OTHER}
    assert (code.repos, code.packages, code.idle) == (("far/away",), ("socket",), ("near.py",))


def test_a_reference_to_the_repo_itself_is_its_own_code() -> None:
    facts = code_facts({"own.py": ""}, {"auto_map": {"AutoModel": "almanach/camembert-base--own.Odd"}})
    code = read_code(CodeHub(files={"own.py": ""}, config=facts.config), facts)
    assert [file.name for file in code.files] == ["own.py"]


@pytest.mark.parametrize(
    ("source", "brings"),
    [
        ("from .a.b import x\n", "a/b.py"),
        ("from . import sib\n", "sib.py"),
        ("    from .late import x\n", "late.py"),
        ("import .odd\n", "odd.py"),
        ("from .pack import x\n", "pack/__init__.py"),
    ],
)
def test_imports_are_followed_however_they_are_written(source: str, brings: str) -> None:
    code = _found({"m.py": source, brings: ""}, {"auto_map": {"AutoModel": "m.M"}})
    assert set(_by_name(code)) == {"m.py", brings}


def test_imports_of_the_folder_above_are_followed() -> None:
    files = {"custom_generate/generate.py": "from ..shared import x\n", "shared.py": ""}
    assert set(_by_name(_found(files, {}))) == set(files)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.X", "a/b/c--m.X", "NoModule", "m\x1b[31m.X", "..X", "other/repo--../m.X", "/m.X"],
)
def test_what_names_no_file_of_a_repo_is_told_and_nothing_is_asked_for(name: str) -> None:
    hub = CodeHub(files={"m.py": ""}, config={"auto_map": {"AutoModel": name}})
    code = read_code(hub, code_facts(hub.files, hub.config))
    assert code.files == ()
    assert "is no class of a repo" in code.problems[0]
    assert "\x1b" not in code.problems[0]
    assert hub.asked == []


def test_what_is_missing_or_cannot_be_asked_is_told_and_costs_only_itself() -> None:
    config = {"auto_map": {"AutoConfig": "gone.C", "AutoModel": "no/body--m.M", "AutoTokenizer": "own.T"}}
    hub = CodeHub(files={"own.py": "import os"}, config=config)
    hub.error = None
    facts = code_facts(hub.files, config)
    silent = HubUnreachableError("The Hub does not answer.")

    class Half(CodeHub):
        def facts(self, model: str, revision: str | None = None) -> Any:
            del model, revision
            raise silent

    code = read_code(Half(files=hub.files, config=config), facts)
    assert [file.path for file in code.files] == ["own.py"]
    assert any("AutoConfig names gone.py" in problem for problem in code.problems)
    assert any("The code of no/body could not be looked up" in problem for problem in code.problems)


def test_files_behind_a_form_are_one_problem_and_not_one_for_each() -> None:
    files = {"tokenizer_config.json": "{}", "processor_config.json": "{}"}
    hub = CodeHub(files=files, config={}, read_error=GatedError("Behind a form."))
    assert len(read_code(hub, code_facts(files, {})).problems) == 1


def test_a_config_that_is_not_known_is_told_for_it_may_name_code() -> None:
    facts = replace(code_facts({}, {}), config_problem="config.json is not on this machine.")
    assert read_code(CodeHub(files={}, config={}), facts).problems == ("config.json is not on this machine.",)


def test_a_file_that_cannot_be_read_is_listed_without_a_digest() -> None:
    hub = CodeHub(read_error=HubUnreachableError("The Hub does not answer."))
    code = read_code(hub, code_facts())
    assert {file.digest for file in code.files} == {""}
    assert "could not be read" in code.problems[0]


def test_a_long_file_is_cut_and_says_so() -> None:
    files = {"m.py": "x = 1\n" * (MOST_BYTES // 6 + 1)}
    (file,) = _found(files, {"auto_map": {"AutoModel": "m.M"}}).files
    assert (len(file.text), file.is_cut) == (MOST_BYTES, True)


def test_endless_imports_end() -> None:
    files = {f"m{at}.py": f"from .m{at + 1} import x\n" for at in range(100)}
    code = _found(files, {"auto_map": {"AutoModel": "m0.M"}})
    assert len(code.files) == 60
    assert "the rest is not listed" in code.problems[-1]


@pytest.mark.parametrize("auto_map", [None, 3, "m.M", [], {"AutoModel": 3}, {"AutoModel": {}}, {"AutoModel": [None]}])
def test_an_auto_map_of_a_wrong_type_names_nothing(auto_map: object) -> None:
    assert _found({"m.py": ""}, {"auto_map": auto_map}).files == ()


def test_hostile_text_costs_no_more_than_its_length() -> None:
    hostile = "\n" * 200_000 + "from ." * 20_000 + "\n" + "from ." + "a" * 200_000 + " \t" * 50_000
    assert _found({"m.py": hostile}, {"auto_map": {"AutoModel": "m.M"}}).files[0].digest
