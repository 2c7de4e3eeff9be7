"""What one pass of a model reads, and how long that is: tokens up to its limit, the patches of a picture, sound."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hubtui.core.architectures import reads
from hubtui.core.fit.configs import TextConfig, positive

SHORT_INPUT = 512
"""Tokens of one pass where no context is asked for and the model takes as many."""

Kind = Literal["text", "picture", "sound"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one pass reads where nothing else is asked for.

    Attributes:
        kind: only of `text` can be asked for more or less.
        positions: tokens or patches of the pass; None where they cannot be counted.
        longest: tokens that the model takes at most, None where that is not known, and for what is no text.
    """

    kind: Kind = "text"
    positions: int | None = SHORT_INPUT
    longest: int | None = None

    @property
    def words(self) -> str:
        """What one pass reads, in words."""
        if self.kind == "picture":
            return "a picture" + (f", {self.positions:,} positions" if self.positions else "")
        if self.kind == "sound":
            return "a short recording"
        if self.positions is not None and self.positions == self.longest:
            return f"its longest input of {self.positions:,} tokens"
        return f"a short input of {self.positions:,} tokens" if self.positions else "a short input"


def read_inputs(config: Mapping[str, Any], max_length: int | None = None) -> Inputs:
    """Return what the model of a config.json reads.

    Args:
        config: config.json; an empty one is taken for a model of text.
        max_length: tokens that it takes at most.
    """
    kind = _kind(config)
    if kind == "picture":
        return Inputs(kind, _patches(config))
    if kind == "sound":
        return Inputs(kind)
    return Inputs(kind, min(SHORT_INPUT, max_length or SHORT_INPUT), max_length)


def _kind(config: Mapping[str, Any]) -> Kind:
    told = reads(str(config.get("model_type") or ""))
    if told != "text" or not config:
        return told
    text = TextConfig(config)
    is_plain = text.raw is config and not text.is_known and "vocab_size" not in config
    return "picture" if is_plain and {"image_size", "num_channels"} & config.keys() else "text"


def _patches(config: Mapping[str, Any]) -> int | None:
    """Return the positions of a vision transformer: a patch each and the class token (Dosovitskiy et al. 2021, 3.1).

    Models that narrow their picture step by step have no such number.
    """
    if not config.get("num_hidden_layers") or "depths" in config:
        return None
    sides, patches = _pair(config.get("image_size")), _pair(config.get("patch_size"))
    if sides is None or patches is None:
        return None
    more = positive(config.get("num_detection_tokens")) or positive(config.get("num_register_tokens")) or 0
    return math.prod(side // patch for side, patch in zip(sides, patches, strict=True)) + 1 + more or None


def _pair(value: object) -> tuple[int, int] | None:
    """Return height and width, which a config states as one number or as two."""
    both = value if isinstance(value, list | tuple) else [value, value]
    sizes = [size for size in map(positive, both) if size is not None and size <= 1 << 20]
    return (sizes[0], sizes[1]) if len(sizes) == 2 == len(both) else None
