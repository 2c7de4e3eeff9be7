from __future__ import annotations

from datetime import UTC, datetime

from hubtui.core.known_config import NOT_LISTED, stated_config
from hubtui.core.known_facts import facts_of_row
from tests.fake_rows import ROWS


def test_a_model_that_only_the_catalogue_knows_is_not_said_to_lack_a_config() -> None:
    facts = facts_of_row(ROWS[0], datetime(2026, 11, 22, tzinfo=UTC))
    assert (facts.config_problem, stated_config(facts)) == (NOT_LISTED, {})
