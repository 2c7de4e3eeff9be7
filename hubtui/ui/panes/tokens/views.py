"""The views of the Tokens tab by name, in the order in which they are gone through; each is made when first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hubtui.core.ports import Services
from hubtui.ui.panes.tokens.view import TokenView

PIECES = "pieces"
"""The view to begin with, which the tab makes itself: it types into the open tokenizer."""


def _compare(services: Services) -> TokenView:
    from hubtui.ui.panes.tokens.comparison import TokenComparison  # noqa: PLC0415 - made when first shown

    return TokenComparison(services)


VIEWS: Mapping[str, Callable[[Services], TokenView]] = {"compare": _compare}
"""The others."""
