"""`python -m hubtui.demo.training [REPO…]`: train the named demo repos, or all, and write them as package data."""

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path

from transformers.utils import logging as transformers_logging

from hubtui.demo.training import cards
from hubtui.demo.training.outcome import Workspace
from hubtui.demo.training.publish import Repo, catalogue
from hubtui.demo.training.recipes import RECIPES

REPOS = Path(__file__).parents[1] / "repos"
SECONDS = Path(__file__).with_name("seconds.json")
_log = logging.getLogger("hubtui.demo.training")


def main(arguments: list[str] | None = None) -> int:
    """Build the repos named in `arguments` (all without a name) below `--repos`, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m hubtui.demo.training", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="REPO", help="an id such as demo/tiny-camembert-fr; none: every repo"
    )
    parser.add_argument("--repos", type=Path, default=REPOS, help="the folder to write into")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - set(RECIPES))
    if unknown:
        parser.error(f"no recipe for {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    for repo in chosen.names or RECIPES:
        build(repo, chosen.repos)
    return 0


def build(repo: str, repos: Path) -> None:
    """Train one repo in a temporary folder and publish it below `repos`."""
    with tempfile.TemporaryDirectory() as folder:
        space = Workspace.under(Path(folder), repos)
        outcome = RECIPES[repo](space)
        seconds = _first_measured(repo, outcome.seconds)
        card = cards.render(repo, outcome, seconds) if cards.exists(repo) else None
        Repo(repos / repo, catalogue()[repo]).publish(space.main, space.early, card)
    _log.info("%s: %.0f s, %s", repo, outcome.seconds, {metric.name: metric.value for metric in outcome.metrics})


def _first_measured(repo: str, seconds: float) -> float:
    """Return the processor time measured the first time, so that a second run writes the same card byte for byte."""
    measured: dict[str, float] = json.loads(SECONDS.read_text(encoding="utf-8")) if SECONDS.exists() else {}
    if repo not in measured:
        measured[repo] = round(seconds, 1)
        SECONDS.write_text(json.dumps(dict(sorted(measured.items())), indent=2) + "\n", encoding="utf-8")
    return measured[repo]


if __name__ == "__main__":
    sys.exit(main())
