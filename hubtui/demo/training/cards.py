"""Model cards: hand-written Markdown templates filled with the figures of the training that really took place."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

import yaml

from hubtui.demo.training.outcome import Metric, Outcome

TEMPLATES = Path(__file__).parent / "cards"
DATASET = "demo/hubtui-templates"
_PROCEDURE = """| what | value |
| :--- | ---: |
| parameters | $parameters |
| optimiser | AdamW, weight decay 0.01, gradients clipped at 1.0 |
| schedule | $warmup warm-up steps, then linearly to zero |
| peak learning rate | $rate |
| steps × batch | $steps × $batch |
| dropout | 0 |
| precision | float32 |
| seed | $seed |
| time | $seconds s of one CPU core |
| last training loss | $loss |"""


class _Figures(dict[str, str]):
    """The placeholders of a card; `$procedure` is the table above."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.figures)
        self["seconds"] = f"{outcome.seconds:.0f}"
        self["procedure"] = Template(_PROCEDURE).safe_substitute(self)


def render(repo: str, outcome: Outcome) -> str:
    """Return the finished card of `repo`; a placeholder without a figure is a `KeyError`."""
    name = repo.split("/")[1]
    front, body = split_front(
        Template((TEMPLATES / f"{name}.md").read_text(encoding="utf-8")).substitute(_Figures(outcome))
    )
    if outcome.metrics:
        front["model-index"] = _model_index(name, str(front["pipeline_tag"]), outcome.metrics)
    return join_front(front, body)


def exists(repo: str) -> bool:
    """Say whether `repo` has a card at all."""
    return (TEMPLATES / f"{repo.split('/')[1]}.md").is_file()


def split_front(text: str) -> tuple[dict[str, Any], str]:
    """Return the front matter, as the mapping it is, and the Markdown below it."""
    _, front, body = text.split("---\n", 2)
    return dict(yaml.safe_load(front)), body.lstrip("\n")


def join_front(front: Mapping[str, Any], body: str) -> str:
    """Return a card from its front matter and its Markdown."""
    return f"---\n{yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True, width=120)}---\n\n{body}"


def first_draft(card: str) -> str:
    """Return the card as it may have been on the first day: no results yet, the opening, and a promise."""
    front, body = split_front(card)
    kept = {key: value for key, value in front.items() if key not in ("model-index", "widget", "metrics")}
    opening = re.split(r"^## ", body, maxsplit=1, flags=re.MULTILINE)[0].rstrip()
    return join_front(
        kept, f"{opening}\n\n*The weights are still in training; the rest of this card follows with them.*\n"
    )


def _model_index(name: str, task: str, metrics: tuple[Metric, ...]) -> list[dict[str, Any]]:
    rows = [{"type": metric.type, "name": metric.name, "value": round(metric.value, 4)} for metric in metrics]
    dataset = {"type": DATASET, "name": "hubtui templates, held out", "split": "test"}
    return [{"name": name, "results": [{"task": {"type": task}, "dataset": dataset, "metrics": rows}]}]
