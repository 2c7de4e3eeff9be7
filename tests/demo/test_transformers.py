"""transformers itself, by model id and in its own process, on every built-in repo that its library loads."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubtui.demo.builtin import BUILTIN_ROOT, read_builtin
from hubtui.demo.child import DemoHubProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import HfHome

pytestmark = pytest.mark.slow

# What a pipeline of transformers 5 is given; the tasks that it has dropped as pipelines are run by the worker's tests.
_INPUTS: dict[str, object] = {
    "fill-mask": "A {mask} word.",
    "text-generation": "Once",
    "text-classification": "A good day.",
    "token-classification": "Anna lives in Paris.",
    "zero-shot-classification": "A good day.",
    "feature-extraction": "A good day.",
    "image-classification": "picture",
}
_TOKENIZER_FILES = {"tokenizer.json", "vocab.json", "vocab.txt", "spiece.model", "tokenizer.model"}

_PROGRAM = """
import json, sys, traceback
from PIL import Image
from transformers import AutoTokenizer, pipeline
for line in sys.stdin:
    repo, tokenizes, task, given = json.loads(line)
    answer = {"repo": repo}
    try:
        if tokenizes:
            answer["ids"] = AutoTokenizer.from_pretrained(repo)("A good day.")["input_ids"]
        if given is not None:
            run = pipeline(model=repo)
            if given == "picture":
                given = Image.new("RGB", (32, 32), "red")
            elif run.tokenizer is not None and run.tokenizer.mask_token:
                given = given.replace("{mask}", run.tokenizer.mask_token)
            more = {"candidate_labels": ["a", "b"]} if task == "zero-shot-classification" else {}
            answer["task"], answer["output"] = run.task, repr(run(given, **more))[:200]
    except Exception as error:
        answer["error"] = traceback.format_exc()
    print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class _Loadable:
    repo: str
    tokenizes: bool
    task: str
    given: object


def _loadable() -> list[_Loadable]:
    """The repos that anybody may read and that the transformers library loads without running code of theirs."""
    found = []
    for stated in sorted(BUILTIN_ROOT.glob("*/*/repo.json")):
        repo, _ = read_builtin(stated.parent)
        view = repo.view()
        if repo.gated or repo.private or repo.disabled or view.library != "transformers" or view.checkpoint.custom_code:
            continue
        tokenizes = bool(_TOKENIZER_FILES & repo.head.tree.files.keys())
        runs = "safetensors" in view.checkpoint.formats and (tokenizes or view.task == "image-classification")
        found.append(_Loadable(repo.id, tokenizes, view.task, _INPUTS.get(view.task) if runs else None))
    return found


LOADABLE = _loadable()


@pytest.fixture(scope="module")
def answers(
    demo_hub: DemoHubProcess, make_hf_home: Callable[[Path], HfHome], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Load every repo in one process with a cache of its own, for importing transformers takes seconds."""
    home = make_hf_home(tmp_path_factory.mktemp("transformers"))
    asked = "".join(json.dumps([entry.repo, entry.tokenizes, entry.task, entry.given]) + "\n" for entry in LOADABLE)
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=asked,
        env=home.with_endpoint(demo_hub.url, OMP_NUM_THREADS="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return {answer["repo"]: answer for answer in found}


@pytest.mark.parametrize("entry", LOADABLE, ids=lambda entry: entry.repo)
def test_every_loadable_model_loads_and_runs_by_its_id(answers: dict[str, dict[str, Any]], entry: _Loadable) -> None:
    answer = answers[entry.repo]
    assert "error" not in answer, answer["error"]
    if entry.tokenizes:
        assert answer["ids"]
    if entry.given is not None:
        assert answer["task"] == entry.task
        assert answer["output"]


def test_a_missing_model_is_told_as_transformers_tells_it(
    demo_hub: DemoHubProcess, hf_home: HfHome, tmp_path: Path
) -> None:
    program = "from transformers import AutoTokenizer; AutoTokenizer.from_pretrained('demo/absent')"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=hf_home.with_endpoint(demo_hub.url),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=120,
    )
    assert run.returncode == 1
    assert "is not a local folder and is not a valid model identifier" in run.stderr
