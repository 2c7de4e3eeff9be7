"""`python -m hubtui.demo.training [REPO…]`: train the named demo repos, or all, and write them as package data."""

import argparse
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from transformers.utils import logging as transformers_logging

from hubtui.demo.training import cards
from hubtui.demo.training.measured import Measurements
from hubtui.demo.training.outcome import Outcome, Workspace
from hubtui.demo.training.publish import Repo, catalogue
from hubtui.demo.training.recipes import RECIPES

REPOS = Path(__file__).parents[1] / "repos"
_log = logging.getLogger("hubtui.demo.training")


def main(arguments: list[str] | None = None) -> int:
    """Build the repos named in `arguments` (all without a name) below `--repos`, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m hubtui.demo.training", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="REPO", help="an id such as demo/tiny-camembert-fr; none: every repo"
    )
    parser.add_argument("--repos", type=Path, default=REPOS, help="the folder to write into")
    parser.add_argument("--cards", action="store_true", help="train nothing: write cards and history anew")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - set(RECIPES))
    if unknown:
        parser.error(f"no recipe for {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    for repo in chosen.names or RECIPES:
        (rewrite if chosen.cards else build)(repo, chosen.repos)
    return 0


def build(repo: str, repos: Path) -> None:
    """Train one repo in a temporary folder and publish it below `repos`."""
    with tempfile.TemporaryDirectory() as folder:
        space = Workspace.under(Path(folder), repos)
        outcome = Measurements().keep(repo, RECIPES[repo](space))
        _publish(repo, space, outcome)
    _log.info("%s: %.0f s, %s", repo, outcome.seconds, {metric.name: metric.value for metric in outcome.metrics})


def rewrite(repo: str, repos: Path) -> None:
    """Publish one repo again with the files it has and the figures measured when it was trained."""
    with tempfile.TemporaryDirectory() as folder:
        space = Workspace.under(Path(folder), repos)
        for kept, target in (("main", space.main), ("history/early", space.early)):
            if (repos / repo / kept).is_dir():
                shutil.copytree(repos / repo / kept, target, dirs_exist_ok=True)
        (space.main / "README.md").unlink(missing_ok=True)
        _publish(repo, space, Measurements().of(repo))


def _publish(repo: str, space: Workspace, outcome: Outcome) -> None:
    card = cards.render(repo, outcome) if cards.exists(repo) else None
    Repo(space.repos / repo, catalogue()[repo]).publish(space.main, space.early, card)


if __name__ == "__main__":
    sys.exit(main())
