"""Keeps what was measured in training, so that cards can be written again without training again."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hubtui.demo.training.outcome import Metric, Outcome

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Measurements:
    """The figures of every trained repo, in one JSON file."""

    file: Path = FILE

    def keep(self, repo: str, outcome: Outcome) -> Outcome:
        """Store an outcome and return it with the seconds measured the first time.

        They are the only figure that differs from run to run; kept, a second run writes the same card byte for byte.
        """
        known = self._read()
        seconds = known[repo]["seconds"] if repo in known else round(outcome.seconds, 1)
        metrics = [[metric.type, metric.name, metric.value] for metric in outcome.metrics]
        known[repo] = {"seconds": seconds, "figures": dict(outcome.figures), "metrics": metrics}
        self.file.write_text(json.dumps(known, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        return replace(outcome, seconds=seconds)

    def of(self, repo: str) -> Outcome:
        """Return what was measured of `repo`; `KeyError` if it was never trained."""
        found = self._read()[repo]
        return Outcome(found["figures"], tuple(Metric(*metric) for metric in found["metrics"]), found["seconds"])

    def _read(self) -> dict[str, Any]:
        return json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {}
