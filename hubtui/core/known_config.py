"""Whether config.json is known as it stands: the Hub's excerpt of a file behind a gate is no config to count from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubtui.core.checkpoint_files import place_of
from hubtui.core.errors import CheckpointError, HubError

if TYPE_CHECKING:
    from hubtui.core.models import ModelFacts


def unread(error: HubError) -> str:
    """Return why config.json could not be read, with what to do, as one text."""
    why = str(error)
    return f"config.json could not be read: {why[:1].lower()}{why[1:]}"


def invalid(error: ValueError | RecursionError) -> str:
    """Return what is wrong with config.json, and where."""
    return f"config.json is not valid JSON{place_of(error)}."


NOT_HERE = "config.json is not on this machine, and the Hub could not be asked for it."
"""Why it is not known, where there is one that was never fetched or nobody knows whether there is."""


NOT_LISTED = "config.json is not known: the local catalogue holds what listings tell, and no file."
"""Likewise, where only the catalogue answered."""


def stated_config(facts: ModelFacts) -> Mapping[str, Any]:
    """Return config.json as it stands, empty where it is not known: what the Hub tells of it lacks all sizes."""
    return {} if facts.config_problem else facts.config


def whole_config(facts: ModelFacts) -> Mapping[str, Any]:
    """Return config.json as it stands, empty where there is none.

    Raises:
        CheckpointError: there is one, and it is not known; the message says why.
    """
    if facts.config_problem:
        raise CheckpointError(facts.config_problem, hint="Without it nothing can be built.")
    return facts.config
