"""Where the terms of a licence can be read."""

from __future__ import annotations

import pytest

from hubtui.core.license_terms import terms_of
from hubtui.core.vocabulary import licenses


@pytest.mark.parametrize(
    ("license_id", "address"),
    [
        ("MIT", "https://choosealicense.com/licenses/mit/"),
        ("cc-by-nc-4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("cc-by-sa-3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("gemma", "https://ai.google.dev/gemma/terms"),
        ("other", ""),
        ("cc-by-../../evil", ""),
    ],
)
def test_the_terms_of_a_licence_are_where_its_keeper_has_them(license_id: str, address: str) -> None:
    assert terms_of(license_id) == address


def test_terms_are_known_of_most_licences_that_the_hub_knows() -> None:
    known = [name for name in licenses() if terms_of(name)]
    assert len(known) > 0.6 * len(licenses())
    assert all(terms_of(name).startswith("https://") for name in known)
