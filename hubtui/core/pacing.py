"""When fetching page after page unasked has to stop: what a search filtered on this side may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubtui.core.models import Quota


def why_rest(quota: Quota | None, barren_pages: int, most_barren_pages: int) -> str:
    """Return one sentence on why no further page is fetched unasked, empty when one may be.

    Args:
        quota: what is left of the calls now, None when no answer has said so.
        barren_pages: pages without a match that came one after another.
        most_barren_pages: how many of those are enough.
    """
    if quota is not None and quota.remaining <= quota.reserve:
        return (
            f"{quota.remaining} of {quota.limit} calls are left for the next {quota.reset_s:.0f} s: "
            "they are kept for what you do by hand."
        )
    if barren_pages >= most_barren_pages:
        return f"{barren_pages} pages in a row held no match."
    return ""
