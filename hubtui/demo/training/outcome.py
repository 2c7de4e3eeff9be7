"""What a recipe leaves behind: files in a workspace, figures for the card, metrics for its model-index."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from hubtui.demo.training.loop import Plan, Training


@dataclass(frozen=True)
class Workspace:
    """Folders a recipe works with.

    Attributes:
        main: Takes the finished files.
        early: Takes the files of a checkpoint trained for a shorter time.
        repos: The repos written before, for recipes that stand on one of them.
    """

    main: Path
    early: Path
    repos: Path

    @classmethod
    def under(cls, folder: Path, repos: Path) -> "Workspace":
        """Create the two folders to write into below `folder`."""
        space = cls(folder / "main", folder / "early", repos)
        space.main.mkdir(parents=True)
        space.early.mkdir()
        return space


@dataclass(frozen=True)
class Metric:
    """One row of a model-index: the metric's type and name as the Hub writes them, and its value."""

    type: str
    name: str
    value: float


@dataclass(frozen=True)
class Outcome:
    """The figures that fill a card, its metrics, and the processor time of the training in seconds."""

    figures: Mapping[str, str]
    metrics: tuple[Metric, ...] = ()
    seconds: float = 0.0


def described(model: nn.Module, training: Training, /, **figures: object) -> dict[str, str]:
    """Return the figures that every trained card shows, with `figures` beside them; ratios as percentages."""
    plan: Plan = training.plan
    shown: dict[str, object] = {
        "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
        "steps": f"{plan.steps:,}",
        "batch": plan.batch,
        "rate": f"{plan.rate:g}",
        "seed": plan.seed,
        "warmup": plan.warmup,
        "loss": f"{training.loss:.3f}",
        **figures,
    }
    return {name: f"{value:.1%}" if isinstance(value, float) else str(value) for name, value in shown.items()}
