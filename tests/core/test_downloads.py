from __future__ import annotations

import pytest

from hubtui.core.downloads import SPACE_MARGIN, DownloadPlan

_GB = 1_000_000_000


@pytest.mark.parametrize(
    ("plan", "fits", "words"),
    [
        (DownloadPlan("/c", 4 * _GB, 4 * _GB, 9 * _GB), True, "4.0 GB to fetch; /c has 9.0 GB free."),
        (DownloadPlan("/c", 4 * _GB, _GB, 9 * _GB), True, "1.0 GB to fetch (3.0 GB of it are here already); /c"),
        (DownloadPlan("/c", 4 * _GB, 4 * _GB, 3 * _GB), False, "The download needs 4.0 GB, and /c has 3.0 GB free."),
        (DownloadPlan("/c", 4 * _GB, 0, 0), True, "Everything is here already."),
        (DownloadPlan("/c", 0, 0, _GB, unsized=2), True, "0 B and 2 files of unknown size to fetch"),
    ],
)
def test_the_disk_is_compared_with_what_is_left_before_it_begins(plan: DownloadPlan, fits: bool, words: str) -> None:
    assert plan.fits is fits
    assert words in plan.sentence


def test_the_last_megabytes_of_a_disk_are_left_to_the_system() -> None:
    assert DownloadPlan("/c", 5, 5, 5 + SPACE_MARGIN).fits
    assert not DownloadPlan("/c", 5, 5, 4 + SPACE_MARGIN).fits
