from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hubtui.core.authors import Author
from hubtui.core.code_reviews import review_of
from hubtui.core.custom_code import read_code
from hubtui.core.gate import GatedPrompt
from hubtui.core.inquiry import Inquiry
from hubtui.core.models import Gated, ModelFacts, Safety, SafetyIssue
from hubtui.core.verdict import Level, Reason, judge
from tests.fake_rows import NOW, ROWS, facts_of
from tests.fakes_code import MODEL, OLD_FILES, CodeHub, code_facts

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
        ({"license": "", "license_section": "7. License"}, "care", "the card speaks of one under “7. License”"),
        ({"license": "", "is_partial": True}, "care", "licence is not known without the Hub"),
        ({"more_licenses": ("cc-by-nc-4.0",)}, "care", "not for commercial use (beside mit)"),
        ({"license": "cc0-1.0"}, "good", "nothing asked for"),
        ({"gated": Gated.MANUAL}, "care", "must be accepted"),
        ({"formats": ()}, "care", "no weights"),
        ({"formats": (), "is_partial": True}, "care", "not known without the Hub"),
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


def _reason(topic: str, inquiry: Inquiry | None = None, **changes: object) -> Reason:
    facts: ModelFacts = replace(FACTS, **changes)  # type: ignore[arg-type] # one field each
    return next(reason for reason in judge(facts, NOW, inquiry).reasons if reason.topic == topic)


def test_every_reason_says_what_it_means() -> None:
    author = Author("almanach", "organisation", "ALMAnaCH", 40, 900)
    inquiry = Inquiry(read_code(CodeHub(), code_facts()), author=author, page="https://hub.test/almanach/x")
    for changes in (
        {},
        {"safety": Safety("unsafe", (SafetyIssue("a.bin", "unsafe"),), pickle_only=True), "license": ""},
        {"formats": (), "gated": Gated.AUTO, "disabled": True, "updated": NOW - timedelta(days=2000)},
    ):
        facts: ModelFacts = replace(FACTS, **changes)  # type: ignore[arg-type] # one field each
        for reason in judge(facts, NOW, inquiry).reasons:
            assert reason.means.endswith("."), reason
            assert reason.step is None or reason.step.says.endswith((".", ":"))


def test_where_there_are_only_pickles_the_revision_without_them_is_named() -> None:
    pickles: dict[str, Any] = {"safety": Safety("safe", pickle_only=True), "formats": ("pickle",)}
    found = _reason("files", Inquiry(safe_revisions=("refs/pr/4",), looked_at=3), **pickles).step
    assert found is not None
    assert (found.revision, found.query) == ("refs/pr/4", "")
    searched = _reason("files", Inquiry(looked_at=3), **pickles).step
    assert searched is not None
    assert (searched.revision, searched.query) == ("", f"base:{FACTS.id}")
    assert "3 other revisions" in searched.says
    unasked = _reason("files", **pickles).step
    assert unasked is not None
    assert "pull request" in unasked.says


def test_code_that_the_tags_do_not_tell_of_is_told_of() -> None:
    inquiry = Inquiry(read_code(CodeHub(), code_facts()))
    assert "3 Python files" in _reason("code", inquiry).means
    assert judge(FACTS, NOW, inquiry).level == "care"


def test_code_from_elsewhere_is_said_to_change_there() -> None:
    config = {"auto_map": {"AutoModel": "far/away--m.M"}}
    code = read_code(CodeHub(others={"far/away": {"m.py": ""}}, config=config), code_facts({}, config))
    assert "lies in far/away, and may change there" in _reason("code", Inquiry(code)).means


def test_what_was_read_of_the_code_is_remembered_in_the_next_step() -> None:
    now, then = read_code(CodeHub(), code_facts()), read_code(CodeHub(files=OLD_FILES), code_facts(OLD_FILES))
    steps = [
        _reason("code", Inquiry(now, review=review)).step
        for review in (None, review_of(MODEL, now, NOW), review_of(MODEL, then, NOW))
    ]
    assert [step.says.split(" ")[0] for step in steps if step] == ["Read", "You", "Read"]
    assert "what changed since" in (steps[2].says if steps[2] else "")
    assert all(step.shows_code for step in steps if step)


def test_findings_that_only_ask_for_a_look_are_not_called_suspicious() -> None:
    said = _reason("scan", safety=Safety("suspicious", (SafetyIssue("m.py", "caution"),)))
    assert said.says == "the Hub's scanners ask for caution (m.py)"
    assert "Nothing is known to be wrong" in said.means


@pytest.mark.parametrize(
    ("license_id", "link", "address"),
    [
        ("mit", "", "https://choosealicense.com/licenses/mit/"),
        ("other", "https://example.org/terms", "https://example.org/terms"),
        ("other", "LICENSE.md", ""),
        ("other", "javascript:alert(1)", ""),
    ],
)
def test_the_terms_of_a_licence_are_one_key_away(license_id: str, link: str, address: str) -> None:
    step = _reason("licence", license=license_id, license_link=link, license_name="Own").step
    assert step is not None
    assert step.address == address
    assert address or link in step.says


def test_a_licence_of_its_own_is_called_by_its_name() -> None:
    assert _reason("licence", license="other", license_name="Own Terms").says.startswith("Own Terms is custom")


def test_what_a_form_asks_for_is_said_before_it_is_filled_in() -> None:
    gate = GatedPrompt(fields=("Company", "I agree"))
    said = _reason("access", Inquiry(page="https://hub.test/a/b"), gated=Gated.MANUAL, gate=gate)
    assert "asks for: Company, I agree" in said.means
    assert "who decide" in said.means
    assert said.step is not None
    assert said.step.address == "https://hub.test/a/b"


def test_the_age_is_said_in_words() -> None:
    assert _reason("age", Inquiry(), updated=NOW, created=NOW - timedelta(days=3)).says == (
        "last commit just now, created 3d ago"
    )


def test_the_author_is_named_with_their_kind_and_not_in_the_line() -> None:
    inquiry = Inquiry(author=Author("ada", "user", "Ada L.", 1, 2), page="https://hub.test/ada/x")
    reason = _reason("author", inquiry)
    assert reason.says == "by Ada L. (ada), one user"
    assert reason.step is not None
    assert reason.step.address == "https://hub.test/ada"
    assert "Ada" not in judge(FACTS, NOW, inquiry).line
