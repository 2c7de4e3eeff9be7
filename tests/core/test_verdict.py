from dataclasses import replace
from datetime import timedelta

import pytest

from hubtui.core.models import Gated, Safety, SafetyIssue
from hubtui.core.verdict import Level, judge
from tests.fake_rows import NOW, ROWS, facts_of

FACTS = replace(facts_of(ROWS[0]), safety=Safety("safe"))


def test_a_permissive_safetensors_checkpoint_meets_no_objection() -> None:
    found = judge(FACTS, NOW)
    assert found.level == "good"
    assert found.line.startswith("no objection: weights as safetensors; the Hub's scanners found nothing; mit is perm")


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({"safety": Safety(pickle_only=True), "formats": ("pickle",)}, "stop", "pickles"),
        ({"safety": Safety("unsafe", (SafetyIssue("a.bin", "unsafe"),))}, "stop", "unsafe (a.bin)"),
        ({"safety": Safety("suspicious")}, "care", "suspicious"),
        ({"safety": Safety("safe", custom_code=True)}, "care", "Python of its own"),
        ({"license": "cc-by-nc-4.0"}, "care", "not for commercial use"),
        ({"license": ""}, "care", "all rights reserved"),
        ({"license": "gpl-3.0"}, "good", "same terms"),
        ({"gated": Gated.MANUAL}, "care", "must be accepted"),
        ({"formats": ()}, "care", "no weights"),
        ({"disabled": True}, "stop", "disabled"),
        ({"updated": NOW - timedelta(days=5 * 365)}, "good", "5 years ago"),
    ],
)
def test_what_speaks_against_a_checkpoint_decides_and_is_named(
    changes: dict[str, object], level: Level, said: str
) -> None:
    found = judge(replace(FACTS, **changes), NOW)  # type: ignore[arg-type] # one field each
    assert found.level == level
    assert said in found.line
    assert found.reasons[0].level == level


def test_who_may_fetch_a_gated_model_is_not_warned_of_its_form() -> None:
    gated = replace(FACTS, gated=Gated.MANUAL)
    assert judge(replace(gated, has_access=True), NOW).level == "good"
    refused = judge(replace(gated, has_access=False), NOW)
    assert "when its authors agree" in refused.line
