"""`make bench`: measures, prints each figure beside its budget, and fails when one is over."""

from __future__ import annotations

import sys

from tests.benchmarks import build, cards, catalogue, inference, lists, search, start, tokens, typing
from tests.benchmarks.report import table


def main() -> int:
    measured = (start, cards, search, lists, tokens, typing, inference, build, catalogue)
    figures = [figure for part in measured for figure in part.measure()]
    print(table(figures))
    return 0 if all(figure.is_kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
