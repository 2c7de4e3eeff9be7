"""Training the same twice gives the same bytes: what is committed can be made again."""

import json
from pathlib import Path

import pytest

from hubtui.demo.training import awkward, causal
from hubtui.demo.training.loop import Plan, Training, _pace
from hubtui.demo.training.outcome import Workspace


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def trained_twice(build: object, plan: Plan, folder: Path) -> list[dict[str, bytes]]:
    assert callable(build)
    found = []
    for number in "12":
        space = Workspace.under(folder / number, folder / "none")
        build(space, plan=plan)
        found.append(everything_in(space.main))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("build", [causal.build_places, awkward.build_word_bag])
def test_training_twice_writes_the_same_bytes(build: object, tmp_path: Path) -> None:
    first, second = trained_twice(build, Plan(steps=12, batch=8, rate=1e-3), tmp_path)
    assert first == second
    assert "model.safetensors" in first


@pytest.mark.slow
def test_another_seed_writes_other_weights_and_the_same_tokenizer(tmp_path: Path) -> None:
    spaces = [Workspace.under(tmp_path / str(seed), tmp_path / "none") for seed in (1, 2)]
    for seed, space in enumerate(spaces):
        causal.build_places(space, plan=Plan(steps=5, batch=8, rate=1e-3, seed=seed))
    first, second = (everything_in(space.main) for space in spaces)
    assert first["model.safetensors"] != second["model.safetensors"]
    assert json.loads(first["tokenizer.json"]) == json.loads(second["tokenizer.json"])


def test_the_learning_rate_rises_and_falls_to_nothing() -> None:
    plan = Plan(steps=100, batch=1, rate=1.0, warmup=10)
    paces = [_pace(step, plan) for step in range(101)]
    assert paces[0] == pytest.approx(0.1)
    assert max(paces) == paces[9] == pytest.approx(1.0)
    assert paces[100] == 0.0
    assert paces[10:] == sorted(paces[10:], reverse=True)


def test_a_shorter_plan_keeps_everything_else() -> None:
    plan = Plan(steps=100, batch=7, rate=0.5)
    assert plan.shortened(3) == Plan(steps=3, batch=7, rate=0.5)
    assert Training(plan, 0.1, 2.0).plan is plan
