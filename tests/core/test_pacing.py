from __future__ import annotations

from hubtui.core.models import Quota
from hubtui.core.pacing import why_rest


def test_the_last_calls_are_kept_for_the_user() -> None:
    assert why_rest(Quota(11, 500, 90), 0, 8) == ""
    assert why_rest(Quota(10, 500, 90), 0, 8).startswith("10 of 500 calls are left for the next 90 s")
    assert why_rest(Quota(5, 20, 90), 0, 8) == "", "of a small quota a fifth is kept"
    assert why_rest(Quota(0, 0, 60), 0, 8), "a refusal that stated no quota counts too"


def test_a_search_without_matches_ends_by_itself() -> None:
    assert why_rest(None, 7, 8) == ""
    assert why_rest(None, 8, 8) == "8 pages in a row held no match."
