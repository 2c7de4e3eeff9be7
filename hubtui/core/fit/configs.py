"""Reading config.json for sizes: under whatever names it states them, with the defaults of its model type.

A file on the Hub states nearly everything; the configs nested in a multi-modal one leave out what equals their type's
default (`PreTrainedConfig.to_diff_dict` of transformers), so a number that is missing is the default, not unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hubtui.core.fit.config_defaults import DEFAULTS, ENCODER_DECODERS, MORE_DEFAULTS, TEXT_TYPES

_NESTED = ("text_config", "decoder", "generator", "llm_config", "language_config", "thinker_config")
_DEEPEST = 3
_LARGEST = 1 << 40  # a stranger wrote the file

NAMES: Mapping[str, Sequence[str]] = {
    "layers": (
        "decoder_layers", "num_decoder_layers", "num_hidden_layers", "n_layer", "num_layers", "n_layers",
    ),
    "heads": (
        "decoder_attention_heads", "num_decoder_attention_heads", "num_attention_heads", "n_head", "num_heads",
        "n_heads", "attention_heads",
    ),
    "kv_heads": ("decoder_num_key_value_heads", "num_key_value_heads", "num_kv_heads", "multi_query_group_num"),
    "head_dim": ("head_dim", "d_kv", "kv_channels", "attention_head_dim"),
    "hidden": ("hidden_size", "n_embd", "d_model", "n_embed", "emb_dim", "dim"),
    "intermediate": (
        "decoder_ffn_dim", "intermediate_size", "n_inner", "ffn_dim", "d_ff", "ffn_hidden_size", "dff", "hidden_dim",
    ),
    "vocabulary": ("vocab_size",),
    "window": ("sliding_window", "attention_window_size"),
}  # fmt: skip
"""What is read → the names it has, the decoder's own first: `num_hidden_layers` of BART are its encoder's."""


class TextConfig:
    """The part of a config.json that writes or reads text.

    Attributes:
        raw: that part as it stands.
        outer: the whole file.
        model_type: of that part; the empty text when nothing says.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.outer = config
        self.raw, self.model_type = _text_part(config)
        self._more = MORE_DEFAULTS.get(self.model_type, {})

    @property
    def is_known(self) -> bool:
        """Whether hubtui knows how this type of model caches."""
        return self.model_type in DEFAULTS

    @property
    def lacks_text_part(self) -> bool:
        """Whether it is a multi-modal config without the text part that it should hold: its sizes are anybody's."""
        outer_type = str(self.outer.get("model_type"))
        is_flat = self.raw is self.outer and outer_type in TEXT_TYPES and outer_type not in DEFAULTS
        return is_flat and not any(name in self.raw for name in NAMES["layers"])

    @property
    def is_encoder_decoder(self) -> bool:
        """Whether a decoder looks at an encoder's output."""
        stated = self.outer.get("is_encoder_decoder")
        return stated if isinstance(stated, bool) else str(self.outer.get("model_type")) in ENCODER_DECODERS

    def get(self, *names: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value of the first of the names that the file states, else the type's default, else None."""
        for table in (self.raw, self._more):
            for name in names:
                if name in table:
                    return table[name]
        return None

    def number(self, *names: str) -> int | None:
        """Return the first number above 0 that the file has under one of the names, else the type's default."""
        if not any(name in self.raw for name in names):
            return next((positive(self._more[name]) for name in names if name in self._more), None)
        return next(filter(None, (positive(self.raw.get(name)) for name in names)), None)

    def size(self, what: str) -> int | None:
        """Return one of the sizes of `NAMES`, None when nothing says."""
        names = NAMES[what]
        if any(name in self.raw for name in names):
            return self.number(*names)
        row = DEFAULTS.get(self.model_type)
        return row[tuple(NAMES).index(what)] if row else None

    @property
    def width(self) -> int | None:
        """Size of a head: stated, or the hidden size divided among the heads."""
        hidden, heads = self.size("hidden"), self.size("heads")
        return self.size("head_dim") or (hidden // heads if hidden and heads else None)

    @property
    def key_value_heads(self) -> int | None:
        """Heads of keys and values: one for multi-query attention, a few for grouped-query, else all."""
        return self.size("kv_heads") or self.size("heads")


def positive(value: object) -> int | None:
    """Return a number above 0 that a size may have, None for everything else that a stranger may write."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST else None


def _text_part(config: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """Return the nested config which transformers' `get_text_config(decoder=True)` would take, and its type."""
    found, outer_type = config, str(config.get("model_type") or "")
    for _ in range(_DEEPEST):
        inner = next((found[name] for name in _NESTED if isinstance(found.get(name), Mapping)), None)
        if inner is None:
            break
        found = inner
        outer_type = str(found.get("model_type") or TEXT_TYPES.get(outer_type, ""))
    return found, TEXT_TYPES.get(outer_type, outer_type)
