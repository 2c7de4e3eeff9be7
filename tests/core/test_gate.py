"""What a gated model's authors ask for."""

import pytest

from hubtui.core.gate import GatedPrompt, gate_of


def test_the_words_of_the_form_are_read_and_made_safe() -> None:
    card = {
        "extra_gated_heading": "Say\x1b[31m hello",
        "extra_gated_prompt": "One\ntwo",
        "extra_gated_fields": {"Name": "text", "I agree": "checkbox"},
    }
    assert gate_of(card) == GatedPrompt("Say␛[31m hello", "One\ntwo", "", ("Name", "I agree"))


@pytest.mark.parametrize("card", [{}, {"extra_gated_prompt": True}, {"extra_gated_fields": 3, "license": "mit"}])
def test_a_card_without_a_form_has_none(card: dict[str, object]) -> None:
    assert gate_of(card) is None
