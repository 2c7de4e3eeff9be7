"""The snippet of every task runs as printed and gives what the run gave."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.results import RunOutcome, RunRequest
from hubtui.core.snippets import snippet
from hubtui.core.tasks import RUNNABLE
from hubtui.worker.runner import Runner
from tests.tiny import build

TEXT = "anna lives in paris ."
LABELS = {"text": TEXT, "candidate_labels": ["city", "sports", "science"]}
QUESTION = {"question": "who lives in paris ?", "context": "anna lives in paris . ben works in london ."}
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("masked", "fill-mask", {"text": "paris is the [MASK] of france ."}, {"top_k": 3}),
    ("masked", "fill-mask", {"text": ["a [MASK] .", "[MASK] is [MASK]"]}, {}),
    ("masked", "fill-mask", {"text": "a [MASK] ."}, {"targets": ["river", "book"]}),
    ("inference", "text-classification", {"text": TEXT}, {}),
    ("inference", "text-classification", {"text": [TEXT, "ben"], "text_pair": "is it so ?"}, {"top_k": 2}),
    ("multi-label", "text-classification", {"text": TEXT}, {}),
    ("entities", "token-classification", {"text": TEXT}, {}),
    ("answering", "question-answering", QUESTION, {}),
    ("answering", "question-answering", QUESTION, {"top_k": 4, "max_answer_len": 3}),
    ("inference", "zero-shot-classification", LABELS, {}),
    ("inference", "zero-shot-classification", LABELS, {"multi_label": True, "hypothesis_template": "about {}"}),
    ("t5", "translation", {"text": TEXT}, {"tgt_lang": "de"}),
    ("languages", "translation", {"text": [TEXT, "ben"]}, {"src_lang": "eng_Latn", "tgt_lang": "deu_Latn"}),
    ("t5", "summarization", {"text": TEXT}, {}),
    ("bart", "text2text-generation", {"text": TEXT}, {"max_new_tokens": 8, "repetition_penalty": 1.3}),
    ("llama", "text-generation", {"text": TEXT}, {"max_new_tokens": 8, "chat": False}),
    ("llama", "text-generation", {"text": [TEXT, "ben"]}, {"max_new_tokens": 8}),
    ("llama", "text-generation", {"text": [{"role": "user", "content": "who"}]}, {"max_new_tokens": 4}),
    ("llama", "text-generation", {"text": TEXT}, {"max_new_tokens": 8, "temperature": 1.4, "chat": False}),
    ("masked", "sentence-similarity", {"source_sentence": TEXT, "sentences": ["ben", "paris"]}, {}),
    ("masked", "feature-extraction", {"text": TEXT}, {}),
    ("masked", "feature-extraction", {"text": [TEXT, "ben"]}, {"pooling": "cls"}),
    ("t5", "feature-extraction", {"text": TEXT}, {"pooling": "mean"}),
    ("vit", "image-classification", {"image": "picture.png"}, {"top_k": 2}),
]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., RunOutcome]:
    """Build a tiny checkpoint where there is none yet and run a task on it; `model` of the outcome is its folder."""
    root, runner = tmp_path_factory.mktemp("models"), Runner()

    def run(kind: str, task: str, inputs: dict[str, Any], parameters: dict[str, Any]) -> RunOutcome:
        folder = root / kind
        if not folder.is_dir():
            build(kind, folder)
        asked = RunRequest(str(folder), str(folder), "", task, inputs, parameters)
        return runner.run(asked, lambda _: None, lambda: False)

    return run


@pytest.fixture
def picture(tmp_path: Path) -> str:
    from PIL import Image

    path = tmp_path / "picture.png"
    Image.radial_gradient("L").convert("RGB").resize((30, 24)).save(path)
    return str(path)


def script_of(outcome: RunOutcome, inputs: dict[str, Any]) -> str:
    return snippet(
        outcome.model, "", outcome.task, inputs, outcome.parameters, head=outcome.head, device=outcome.device
    )


def alike(given: object, expected: object) -> bool:
    """Equal, numbers nearly; a snippet may leave out keys that it does not need."""
    if isinstance(given, dict) and isinstance(expected, dict):
        return bool(given) and all(name in expected and alike(value, expected[name]) for name, value in given.items())
    if isinstance(given, list) and isinstance(expected, list):
        return len(given) == len(expected) and all(map(alike, given, expected))
    if isinstance(given, float) and isinstance(expected, float):
        return given == pytest.approx(expected, rel=1e-4, abs=1e-5)
    return given == expected


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{kind}-{task}-{number}" for number, (kind, task, *_) in enumerate(CASES)]
)
def test_what_is_copied_gives_what_was_shown(
    ran: Callable[..., RunOutcome], picture: str, capsys: pytest.CaptureFixture[str], case: tuple[Any, ...]
) -> None:
    kind, task, inputs, parameters = case
    inputs = {**inputs, "image": picture} if "image" in inputs else inputs
    outcome = ran(kind, task, inputs, parameters)
    script = script_of(outcome, inputs)
    capsys.readouterr()
    exec(compile(script, "snippet", "exec"), {})
    given = ast.literal_eval(capsys.readouterr().out.replace("np.int64", "").replace("np.float32", ""))
    assert alike(given, outcome.outputs), script


def test_a_copied_script_runs_as_a_program(ran: Callable[..., RunOutcome], tmp_path: Path) -> None:
    inputs = {"text": 'it\'s a "[MASK]"\nof \u202efrance'}
    outcome = ran("masked", "fill-mask", inputs, {"top_k": 2})
    script = tmp_path / "script.py"
    script.write_text(script_of(outcome, inputs), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert alike(ast.literal_eval(done.stdout), outcome.outputs)


@pytest.mark.parametrize("task", RUNNABLE)
def test_every_task_has_a_snippet_before_it_was_run(task: str) -> None:
    """With the form's inputs and no parameters; the revision is pinned, nothing of the inputs is code."""
    nasty = '\'); import os  # """ \\ \n \x1b]0;x'
    inputs = {entry.name: [nasty] if entry.kind in {"lines", "choices"} else nasty for entry in RUNNABLE[task].inputs}
    script = snippet("me/model", "abc123", task, inputs, {}, device="cuda:0", dtype="bfloat16")
    tree = ast.parse(script)
    assert 'revision = "abc123"' in script
    assert '.to("cuda:0")' in script
    assert 'dtype="bfloat16"' in script
    assert "\x1b" not in script
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import) and node.names[0].name == "os"]


def test_recipes_of_many_steps_are_left_to_sentence_transformers() -> None:
    inputs = {"source_sentence": "a", "sentences": ["b"]}
    for parameters in (
        {"pooling": "cls+mean"},
        {"pooling": "mean", "dense": 1},
        {"pooling": "mean", "prompt": "query: "},
    ):
        script = snippet("me/model", "main", "sentence-similarity", inputs, parameters)
        ast.parse(script)
        assert "from sentence_transformers import SentenceTransformer" in script
        assert "revision=revision" in script
    assert '.encode("a")' in snippet("m", "", "feature-extraction", {"text": "a"}, {"pooling": "mean", "dense": 1})
