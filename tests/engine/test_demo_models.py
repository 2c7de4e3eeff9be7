"""Every demo checkpoint runs through the real process and gives the numbers of a direct call of transformers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from safetensors import safe_open

import hubtui.demo
from hubtui.core.architectures import task_and_auto_class
from hubtui.core.checkpoint import file_format
from hubtui.core.errors import CheckpointError, TaskError
from hubtui.core.results import RunOutcome, RunRequest
from hubtui.core.settings import Settings
from hubtui.core.tasks import RUNNABLE, runnable_with
from hubtui.engine.inference import InferenceProcess

REPOS = Path(hubtui.demo.__file__).parent / "repos"
SENTENCE = "The new train to Paris was a wonderful surprise."
INPUTS: dict[str, dict[str, Any]] = {
    "fill-mask": {"text": "Paris is <mask> ."},
    "text-classification": {"text": SENTENCE},
    "token-classification": {"text": "Anna lives in Paris."},
    "question-answering": {"question": "Where does Anna live?", "context": "Anna lives in Paris. Ben works in London."},
    "zero-shot-classification": {"text": SENTENCE, "candidate_labels": ["travel", "food", "sport"]},
    "translation": {"text": "The cat sleeps."},
    "summarization": {"text": f"{SENTENCE} {SENTENCE}"},
    "text2text-generation": {"text": "The cat sleeps."},
    "text-generation": {"text": "Once upon a time"},
    "sentence-similarity": {"source_sentence": SENTENCE, "sentences": ["A train arrives.", "I like cheese."]},
    "feature-extraction": {"text": SENTENCE},
    "image-classification": {},
}

pytestmark = pytest.mark.asyncio(loop_scope="module")


def config_of(folder: Path) -> dict[str, Any]:
    file = folder / "config.json"
    content = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return content if isinstance(content, dict) else {}


def can_run(folder: Path) -> bool:
    """Whether it has safetensors, a reader of inputs, and no type of its own."""
    names = [file.name for file in folder.iterdir()]
    config = config_of(folder)
    reader = "preprocessor_config.json" in names or any(file_format(name) == "tokenizer" for name in names)
    weights = "model.safetensors" in names or "model.safetensors.index.json" in names
    foreign = "adapter_config.json" in names or "auto_map" in config
    return reader and weights and not foreign and bool(config.get("architectures")) and not lacks_head(folder)


def lacks_head(folder: Path) -> bool:
    """Whether a classifier's weights are not in the file that should hold them."""
    architecture = (config_of(folder).get("architectures") or [""])[0]
    if not architecture.endswith("ForSequenceClassification") or not (folder / "model.safetensors").is_file():
        return False
    with safe_open(folder / "model.safetensors", "pt") as weights:
        stored = weights.keys()
    return not any("classifier" in key or "score" in key for key in stored)


def tasks_of(folder: Path) -> tuple[str, ...]:
    config = config_of(folder)
    architectures = config.get("architectures") or [""]
    _, auto_class = task_and_auto_class(architectures[0], config)
    able = runnable_with(auto_class, list((config.get("id2label") or {}).values()))
    return tuple(task for task in able if auto_class in RUNNABLE[task].auto_classes)


FOLDERS = sorted(file.parent / "main" for file in REPOS.glob("*/*/repo.json"))
RUNS = [(folder, task) for folder in FOLDERS if can_run(folder) for task in tasks_of(folder)]
REFUSED = [folder for folder in FOLDERS if not can_run(folder)]


def name(value: object) -> str:
    return value.parent.name if isinstance(value, Path) else str(value)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def process() -> AsyncIterator[InferenceProcess]:
    inference = InferenceProcess(Settings())
    yield inference
    await inference.close()


async def outcome_of(process: InferenceProcess, folder: Path, task: str, inputs: dict[str, Any]) -> RunOutcome:
    request = RunRequest(f"demo/{folder.parent.name}", str(folder), "main", task, inputs, {})
    async with asyncio.timeout(60):
        events = [event async for event in process.run(request)]
    assert isinstance(events[-1], RunOutcome)
    return events[-1]


def alike(given: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return set(given) == set(expected) and all(alike(given[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return len(given) == len(expected) and all(map(alike, given, expected))
    if isinstance(expected, str):
        return bool(given == expected)
    return bool(given == pytest.approx(float(expected), rel=1e-5, abs=1e-7))


def direct(folder: Path, task: str, inputs: dict[str, Any], parameters: dict[str, Any]) -> Any:
    """What a user of the library gets."""
    import transformers

    if task in {"translation", "summarization", "text2text-generation"}:
        return written(folder, task, inputs["text"], parameters)
    if task == "question-answering":
        return answered(folder, **inputs)
    if task == "sentence-similarity":
        return compared(folder, parameters, **inputs)
    make: Any = transformers.pipeline
    pipe = make(task, model=str(folder), device="cpu")
    if task == "text-generation":
        given = [{"role": "user", "content": inputs["text"]}] if parameters["chat"] else inputs["text"]
        transformers.set_seed(parameters.get("seed", 0))
        own = ("do_sample", "max_new_tokens", "temperature", "top_k", "top_p")
        return pipe(given, **{name: parameters[name] for name in own if name in parameters})
    options: dict[str, dict[str, Any]] = {
        "text-classification": {"top_k": None},
        "token-classification": {"aggregation_strategy": "simple"},
    }
    given = inputs.pop("image") if "image" in inputs else inputs.pop("text")
    return pipe(given, **inputs, **options.get(task, {}))


def loaded(folder: Path, task: str) -> tuple[Any, Any]:
    import transformers

    auto = getattr(transformers, RUNNABLE[task].auto_classes[0])
    return transformers.AutoTokenizer.from_pretrained(folder), auto.from_pretrained(folder)


def written(folder: Path, task: str, text: str, parameters: dict[str, Any]) -> Any:
    tokenizer, model = loaded(folder, task)
    inputs = tokenizer(parameters.get("prefix", "") + text, return_tensors="pt", truncation=True)
    ids = model.generate(
        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"],
        max_new_tokens=parameters["max_new_tokens"], num_beams=parameters["num_beams"],
    )  # fmt: skip
    key = {"translation": "translation_text", "summarization": "summary_text"}.get(task, "generated_text")
    return [{key: tokenizer.decode(ids[0], skip_special_tokens=True)}]


def answered(folder: Path, question: str, context: str) -> Any:
    """The best span, found by trying all of them."""
    import torch

    tokenizer, model = loaded(folder, "question-answering")
    encoded = tokenizer(question, context, return_tensors="pt")
    with torch.no_grad():
        output = model(**encoded)
    places = [
        i
        for i, part in enumerate(encoded.sequence_ids(0))
        if part == 1 or encoded.input_ids[0, i] == tokenizer.cls_token_id
    ]
    start, end = (dict(zip(places, values[0][places].softmax(0).tolist(), strict=True))
                  for values in (output.start_logits, output.end_logits))  # fmt: skip
    found: dict[str, float] = {}
    where: dict[str, tuple[int, int]] = {}
    spans = [(start[a] * end[b], a, b) for a in places for b in places if 0 < a <= b < a + 15]
    for score, first, last in sorted(spans, reverse=True)[:12]:
        begin = encoded.word_to_chars(0, encoded.token_to_word(0, first), 1).start
        stop = encoded.word_to_chars(0, encoded.token_to_word(0, last), 1).end
        words = context[begin:stop].lower()
        found[words] = found.get(words, 0.0) + score
        where.setdefault(words, (begin, stop))
    best = max(found, key=lambda words: found[words])
    begin, stop = where[best]
    return {"score": found[best], "start": begin, "end": stop, "answer": context[begin:stop]}


def compared(folder: Path, parameters: dict[str, Any], source_sentence: str, sentences: list[str]) -> Any:
    import torch

    tokenizer, model = loaded(folder, "sentence-similarity")
    assert parameters["pooling"] == "mean"

    def vector(text: str) -> Any:
        with torch.no_grad():
            return model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(0)

    return [torch.cosine_similarity(vector(source_sentence), vector(text), dim=0).item() for text in sentences]


@pytest.mark.parametrize(("folder", "task"), RUNS, ids=name)
async def test_a_demo_model_gives_the_numbers_of_the_library(
    process: InferenceProcess, folder: Path, task: str, tmp_path: Path
) -> None:
    inputs = dict(INPUTS[task])
    if task == "fill-mask":
        inputs["text"] = inputs["text"].replace("<mask>", loaded(folder, task)[0].mask_token)
    if task == "image-classification":
        from PIL import Image

        Image.radial_gradient("L").convert("RGB").save(tmp_path / "picture.png")
        inputs["image"] = str(tmp_path / "picture.png")
    outcome = await outcome_of(process, folder, task, inputs)
    expected = direct(folder, task, inputs, dict(outcome.parameters))
    assert alike(outcome.outputs, expected), (outcome.outputs, expected)


@pytest.mark.parametrize("folder", REFUSED, ids=name)
async def test_a_demo_model_that_cannot_run_says_why(process: InferenceProcess, folder: Path) -> None:
    task = next(iter(tasks_of(folder)), "fill-mask")
    with pytest.raises((CheckpointError, TaskError)) as caught:
        await outcome_of(process, folder, task, INPUTS[task])
    assert str(caught.value)


async def test_the_camembert_of_the_first_example_finds_its_adjectives(process: InferenceProcess) -> None:
    text = {"text": "Le camembert est <mask> :)"}
    outcome = await outcome_of(process, REPOS / "demo" / "tiny-camembert-fr" / "main", "fill-mask", text)
    found = {entry["token_str"] for entry in outcome.outputs}
    assert found == {"délicieux", "excellent", "succulent", "meilleur", "parfait"}
