"""The table of defaults in `core.fit` is what the configuration classes of the installed transformers say."""

from __future__ import annotations

import pytest

from hubtui.core.fit.config_defaults import DEFAULTS, ENCODER_DECODERS, MORE_DEFAULTS, TEXT_TYPES
from hubtui.core.fit.configs import NAMES


def _stated(model_type: str, names: tuple[str, ...]) -> int | None:
    """The first number above 0 among the class attributes of a type's configuration."""
    from transformers import CONFIG_MAPPING

    values = [getattr(CONFIG_MAPPING[model_type], name, None) for name in names]
    return next((value for value in values if type(value) is int and value > 0), None)


@pytest.mark.parametrize("model_type", DEFAULTS)
def test_sizes_that_a_config_leaves_out_are_the_librarys(model_type: str) -> None:
    assert DEFAULTS[model_type] == tuple(_stated(model_type, tuple(names)) for names in NAMES.values())


@pytest.mark.parametrize("model_type", MORE_DEFAULTS)
def test_what_else_a_config_leaves_out_is_the_librarys(model_type: str) -> None:
    from transformers import CONFIG_MAPPING

    config = CONFIG_MAPPING[model_type]
    assert MORE_DEFAULTS[model_type] == {name: getattr(config, name) for name in MORE_DEFAULTS[model_type]}


def test_encoder_decoders_are_known_as_such() -> None:
    from transformers import CONFIG_MAPPING

    found = {name for name in DEFAULTS if getattr(CONFIG_MAPPING[name], "is_encoder_decoder", False) is True}
    assert found == ENCODER_DECODERS


def test_the_text_part_of_a_multi_modal_type_is_one_that_is_known() -> None:
    from transformers import CONFIG_MAPPING

    assert set(TEXT_TYPES.values()) <= set(DEFAULTS)
    assert not [name for name in TEXT_TYPES if name not in CONFIG_MAPPING]
