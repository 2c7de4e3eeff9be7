"""The views of the Tokens tab by name, in the order in which they are gone through; each is made when first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hubtui.core.ports import Services
from hubtui.ui.panes.tokens.view import TokenView

PIECES = "pieces"
"""The view to begin with, which the tab makes itself: it types into the open tokenizer."""


def _stages(services: Services) -> TokenView:
    from hubtui.ui.panes.tokens.stages import StagesView  # noqa: PLC0415 - made when first shown

    return StagesView(services)


def _chat(services: Services) -> TokenView:
    from hubtui.ui.panes.tokens.chat import ChatView  # noqa: PLC0415 - when it is first shown

    return ChatView(services)


def _batch(services: Services) -> TokenView:
    from hubtui.ui.panes.tokens.batch import BatchView  # noqa: PLC0415 - made when it is first looked at

    return BatchView(services)


def _vocabulary(services: Services) -> TokenView:
    from hubtui.ui.panes.tokens.vocabulary import VocabularyView  # noqa: PLC0415 - made when first shown

    return VocabularyView(services)


def _compare(services: Services) -> TokenView:
    from hubtui.ui.panes.tokens.comparison import TokenComparison  # noqa: PLC0415 - made when first shown

    return TokenComparison(services)


VIEWS: Mapping[str, Callable[[Services], TokenView]] = {
    "batch": _batch,
    "stages": _stages,
    "vocabulary": _vocabulary,
    "chat": _chat,
    "compare": _compare,
}
"""The others."""
