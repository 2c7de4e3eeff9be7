"""Answers that would be wrong without an error are refused, or come with a sentence that says so."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.errors import CancelledError, RunError, TaskError
from hubtui.core.results import RunRequest
from hubtui.worker.loading import load
from tests.tiny import MAX_TOKENS, change_json
from tests.worker.conftest import Checkpoints, Worker

LONG = "anna lives in paris . " * 20


@pytest.mark.parametrize(
    ("kind", "task", "inputs"),
    [
        ("masked", "fill-mask", {"text": f"[MASK] {LONG}"}),
        ("inference", "text-classification", {"text": LONG}),
        ("inference", "zero-shot-classification", {"text": LONG, "candidate_labels": "city"}),
        ("entities", "token-classification", {"text": LONG}),
        ("masked", "feature-extraction", {"text": LONG}),
        ("bart", "summarization", {"text": LONG}),
    ],
)
def test_a_text_that_is_cut_is_said_to_be_cut(
    checkpoints: Checkpoints, worker: Worker, kind: str, task: str, inputs: dict[str, Any]
) -> None:
    outcome = worker.run(checkpoints(kind), task, inputs)
    assert any(f"was cut to the {MAX_TOKENS} that" in warning for warning in outcome.warnings), outcome.warnings


@pytest.mark.parametrize("limit", [None, 10**6])
def test_a_text_is_cut_to_the_models_positions_though_the_tokenizer_knows_no_limit(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path, limit: int | None
) -> None:
    folder = Path(shutil.copytree(checkpoints("inference"), tmp_path / "limitless"))
    change_json(folder / "tokenizer_config.json", model_max_length=limit)
    outcome = worker.run(folder, "text-classification", {"text": LONG})
    assert any(f"was cut to the {MAX_TOKENS} that" in warning for warning in outcome.warnings)


def test_a_mask_beyond_the_cut_is_refused(checkpoints: Checkpoints, worker: Worker) -> None:
    with pytest.raises(TaskError, match=rf"\[MASK\] stands after the {MAX_TOKENS} tokens"):
        worker.run(checkpoints("masked"), "fill-mask", {"text": f"{LONG} [MASK]"})


def test_a_text_without_a_mask_names_the_mask_token(checkpoints: Checkpoints, worker: Worker) -> None:
    with pytest.raises(TaskError, match=r"holds no \[MASK\], the mask token"):
        worker.run(checkpoints("masked"), "fill-mask", {"text": "paris is the <mask> of france"})


def test_a_target_that_is_no_token_is_told(checkpoints: Checkpoints, worker: Worker) -> None:
    outcome = worker.run(checkpoints("masked"), "fill-mask", {"text": "[MASK]"}, targets="paris, zebra")
    assert outcome.warnings == ("'zebra' is not one token of test/masked; its first piece 'z' was scored instead.",)


def test_a_prompt_beyond_the_positions_is_refused_and_a_long_answer_bounded(
    checkpoints: Checkpoints, worker: Worker
) -> None:
    folder = checkpoints("llama")
    with pytest.raises(TaskError, match="has positions for 256"):
        worker.run(folder, "text-generation", {"text": LONG * 3}, chat="no")
    outcome = worker.run(folder, "text-generation", {"text": LONG * 2}, chat="no", max_new_tokens=500)
    assert outcome.parameters["max_new_tokens"] == 256 - 202
    assert any("500 new tokens were asked for" in warning for warning in outcome.warnings)


def test_numbers_that_are_not_finite_are_spoken_and_become_null(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    for kind, task in {"inference": "text-classification", "llama": "text-generation", "bart": "summarization"}.items():
        folder = Path(shutil.copytree(checkpoints(kind), tmp_path / kind))
        weights = load_file(folder / "model.safetensors")
        name = next(
            name for name in weights if name.endswith(("layernorm.weight", "LayerNorm.weight", "layer_norm.weight"))
        )
        weights[name] = torch.full_like(weights[name], torch.nan)
        save_file(weights, folder / "model.safetensors", {"format": "pt"})
        outcome = worker.run(
            folder, task, {"text": "anna lives"}, **({"max_new_tokens": 3} if kind != "inference" else {})
        )
        assert any("not finite" in warning for warning in outcome.warnings), kind
    with pytest.raises(RunError, match="not finite"):
        worker.run(tmp_path / "llama", "text-generation", {"text": "anna"}, temperature=1.0, max_new_tokens=3)
    first = worker.run(tmp_path / "inference", "text-classification", {"text": "anna"}).outputs[0]
    assert first["score"] is None


def test_a_tokenizer_that_knows_more_than_the_model_is_told_and_its_new_tokens_refused(
    checkpoints: Checkpoints, worker: Worker, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer

    folder = Path(shutil.copytree(checkpoints("inference"), tmp_path / "extended"))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(["brandnewword"])
    tokenizer.save_pretrained(folder)
    outcome = worker.run(folder, "text-classification", {"text": "anna lives"})
    assert any("the model has embeddings for" in warning for warning in outcome.warnings)
    with pytest.raises(TaskError, match=r"'brandnewword' .* has no embedding"):
        worker.run(folder, "text-classification", {"text": "anna brandnewword"})


def test_a_repo_that_says_nothing_about_sentence_vectors_is_told(checkpoints: Checkpoints, worker: Worker) -> None:
    outcome = worker.run(
        checkpoints("masked"), "sentence-similarity", {"source_sentence": "anna", "sentences": ["ben"]}
    )
    assert any("says nothing about sentence vectors" in warning for warning in outcome.warnings)


def test_a_fresh_checkpoint_has_no_warnings(checkpoints: Checkpoints, worker: Worker) -> None:
    assert worker.run(checkpoints("inference"), "text-classification", {"text": "anna lives"}).warnings == ()


def test_positions_that_begin_after_the_padding_are_counted(tmp_path: Path) -> None:
    """RoBERTa's table of 42 rows holds 40 positions, OPT's of 42 holds 40."""
    from transformers import OPTConfig, OPTForCausalLM, RobertaConfig, RobertaForMaskedLM

    from hubtui.worker.honesty import positions

    sizes: dict[str, Any] = {"vocab_size": 60, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4}
    roberta = RobertaForMaskedLM(RobertaConfig(**sizes, max_position_embeddings=42, pad_token_id=1))
    assert positions(roberta, roberta.config.to_dict()) == 40
    opt = OPTForCausalLM(OPTConfig(**sizes, max_position_embeddings=40, word_embed_proj_dim=32, ffn_dim=32))
    assert positions(opt, opt.config.to_dict()) == 40


def test_a_run_stops_between_tokens(checkpoints: Checkpoints, worker: Worker) -> None:
    seen: list[int] = []

    def stop() -> bool:
        seen.append(1)
        return len(seen) > 4

    with pytest.raises(CancelledError):
        worker.run(checkpoints("llama"), "text-generation", {"text": "anna"}, max_new_tokens=200, is_cancelled=stop)
    assert len(seen) < 10


def test_a_changed_file_is_loaded_again(checkpoints: Checkpoints, worker: Worker, tmp_path: Path) -> None:
    """A training run overwrites its checkpoint in place."""
    folder = Path(shutil.copytree(checkpoints("inference"), tmp_path / "training"))
    text = {"text": "anna"}
    assert worker.run(folder, "text-classification", text).timings.load_s > 0
    assert worker.run(folder, "text-classification", text).timings.load_s == 0
    change_json(folder / "config.json", id2label={"0": "x", "1": "y", "2": "z"}, label2id={"x": 0, "y": 1, "z": 2})
    outcome = worker.run(folder, "text-classification", text)
    assert outcome.timings.load_s > 0
    assert {entry["label"] for entry in outcome.outputs} == {"x", "y", "z"}


@pytest.mark.parametrize("dtype", ["auto", "bfloat16"])
def test_the_dtype_that_ran_is_told(checkpoints: Checkpoints, dtype: str) -> None:
    folder = checkpoints("inference")
    loaded = load(RunRequest("m", str(folder), "", "text-classification", {}, dtype=dtype))
    assert loaded.dtype == ("float32" if dtype == "auto" else dtype)
