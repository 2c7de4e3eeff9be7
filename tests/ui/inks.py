"""Styles of a theme without a running app, for tests of lines."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hubtui.ui.theme import Inks, inks

if TYPE_CHECKING:
    from textual.app import App


def inks_of(theme: str) -> Inks:
    """Return the styles of a theme by its name."""
    return inks(cast("App[object]", SimpleNamespace(theme=theme)))
