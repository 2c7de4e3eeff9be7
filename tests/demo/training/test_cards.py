"""Cards made from templates and figures."""

import pytest

from hubtui.demo.training import cards
from hubtui.demo.training.outcome import Metric, Outcome
from hubtui.demo.training.publish import catalogue
from hubtui.demo.training.recipes import RECIPES

FIGURES = dict.fromkeys(
    [
        "parameters",
        "steps",
        "batch",
        "rate",
        "seed",
        "warmup",
        "loss",
        "training",
        "held_out",
        "accuracy",
        "vocabulary",
        "classes",
    ],
    "7",
)


def test_a_card_carries_the_measured_figures_and_a_model_index() -> None:
    card = cards.render("demo/tiny-sentiment-en", Outcome(FIGURES, (Metric("accuracy", "Accuracy", 0.99771),), 23.4))
    front, body = cards.split_front(card)
    assert front["model-index"][0]["results"][0]["metrics"] == [
        {"type": "accuracy", "name": "Accuracy", "value": 0.9977}
    ]
    assert "23 s of one CPU core" in body
    assert "$" not in body


def test_a_figure_that_nobody_measured_stops_the_build() -> None:
    with pytest.raises(KeyError):
        cards.render("demo/tiny-sentiment-en", Outcome({}))


def test_the_first_draft_promises_and_measures_nothing() -> None:
    card = cards.render("demo/tiny-sentiment-en", Outcome(FIGURES, (Metric("accuracy", "Accuracy", 1.0),)))
    front, body = cards.split_front(cards.first_draft(card))
    assert "model-index" not in front
    assert "## " not in body
    assert "still in training" in body


def test_every_repo_has_its_card_and_its_entry_or_says_that_it_has_none() -> None:
    assert set(catalogue()) == set(RECIPES)
    assert {repo for repo in RECIPES if not cards.exists(repo)} == {"atelier/untitled-checkpoint"}
