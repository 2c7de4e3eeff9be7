import pytest

from hubtui.core import vocabulary
from hubtui.core.license_kinds import WORDS, LicenseKind, kind_of


@pytest.mark.parametrize(
    ("license_id", "kind"),
    [
        ("apache-2.0", "permissive"),
        ("MIT", "permissive"),
        ("cc-by-4.0", "permissive"),
        ("cc0-1.0", "permissive"),
        ("openmdw-1.0", "permissive"),
        ("gpl-3.0", "copyleft"),
        ("lgpl-lr", "copyleft"),
        ("cc-by-sa-4.0", "copyleft"),
        ("cc-by-nc-4.0", "research"),
        ("cc-by-nc-sa-3.0", "research"),
        ("cc-by-nc-nd-4.0", "research"),
        ("fair-noncommercial-research-license", "research"),
        ("h-research", "research"),
        ("cc-by-nd-4.0", "restricted"),
        ("llama3.1", "restricted"),
        ("gemma", "restricted"),
        ("creativeml-openrail-m", "restricted"),
        ("other", "custom"),
        ("cc", "custom"),
        ("my-own-licence", "custom"),
        ("", "unstated"),
        ("unknown", "unstated"),
    ],
)
def test_nobody_takes_a_licence_for_freer_than_it_is(license_id: str, kind: LicenseKind) -> None:
    assert kind_of(license_id) == kind


def test_every_licence_that_the_hub_offers_has_a_kind_of_its_own_choice() -> None:
    custom = {name for name in vocabulary.licenses() if kind_of(name) == "custom"}
    assert custom == {"other", "cc"}
    assert {kind_of(name) for name in vocabulary.licenses()} == set(WORDS)
