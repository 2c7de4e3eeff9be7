"""Figures kept from one training to the next."""

from pathlib import Path

import pytest

from hubtui.demo.training.measured import Measurements
from hubtui.demo.training.outcome import Metric, Outcome


def test_a_second_run_shows_the_seconds_of_the_first(tmp_path: Path) -> None:
    kept = Measurements(tmp_path / "measured.json")
    assert kept.keep("a/b", Outcome({"x": "1"}, (Metric("f1", "F1", 0.5),), 12.34)).seconds == 12.3
    assert kept.keep("a/b", Outcome({"x": "2"}, (), 99.0)).seconds == 12.3


def test_cards_can_be_written_without_training(tmp_path: Path) -> None:
    kept = Measurements(tmp_path / "measured.json")
    outcome = Outcome({"x": "1"}, (Metric("f1", "F1", 0.5),), 2.0)
    kept.keep("a/b", outcome)
    assert Measurements(tmp_path / "measured.json").of("a/b") == outcome


def test_a_repo_never_trained_has_no_figures(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Measurements(tmp_path / "measured.json").of("a/b")
