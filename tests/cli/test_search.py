from __future__ import annotations

import argparse
import json

import pytest

from hubtui.cli import search
from hubtui.core.errors import RateLimitedError
from hubtui.core.models import Quota
from tests.cli.conftest import Hubtui
from tests.fake_rows import many_rows
from tests.fakes import FakeHub, fake_services


def _run(hub: FakeHub, *words: str, limit: int = 20, as_json: bool = False) -> int:
    arguments = argparse.Namespace(query=list(words), limit=limit, json=as_json, catalogue=False)
    return search.run(arguments, fake_services(hub=hub))


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("task:fil-mask", "fill-mask"),
        ("library:transfomers", "transformers"),
        ("sort:download", "downloads"),
        ("size:8B..1B", "1B..8B"),
        ("licence:mit", "license:"),
        ("app:olama", "ollama"),
        ("language:Frnch", "fr"),
    ],
)
def test_a_word_that_is_not_known_ends_with_the_nearest_one_and_code_2(hubtui: Hubtui, text: str, near: str) -> None:
    answer = hubtui("search", text, "--json")
    assert (answer.code, answer.out) == (2, "")
    assert f"Did you mean {near}?" in answer.err
    assert answer.err.count("\n") == 1


def test_what_was_looked_at_is_said_when_this_side_filters_and_data_stay_clean(hubtui: Hubtui) -> None:
    answer = hubtui("search", "-task:fill-mask", "--limit", "3", "--json")
    assert len(answer.json) == 3
    assert "Looked at" in answer.err
    assert "3 shown" in answer.err
    assert "Looked at" not in hubtui("search", "task:fill-mask").err


def test_alternatives_and_new_filters_work_from_the_command_line(hubtui: Hubtui) -> None:
    rows = hubtui("search", "task:fill-mask,translation sort:downloads", "is:card", "--json").json
    assert {row["task"] for row in rows} == {"fill-mask", "translation"}
    downloads = [row["downloads"] for row in rows]
    assert downloads == sorted(downloads, reverse=True)


def test_the_last_calls_are_left_to_the_user_and_one_sentence_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    hub = FakeHub(rows=many_rows(1000), quota=Quota(9, 500, 77))
    assert _run(hub, "-model") == 0
    printed = capsys.readouterr()
    assert len(hub.searches) == 1, "what was asked for is done once, and nothing more"
    assert printed.out == ""
    assert "9 of 500 calls are left for the next 77 s" in printed.err
    assert "Looked at 100 models: 0 match." in printed.err


def test_a_search_without_end_is_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    hub = FakeHub(rows=many_rows(3000))
    assert _run(hub, "-model", as_json=True) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == []
    assert len(hub.searches) == search.MAX_EMPTY_PAGES
    assert "pages in a row held no match" in printed.err


def test_a_used_up_quota_is_an_error_and_no_empty_answer() -> None:
    with pytest.raises(RateLimitedError):
        _run(FakeHub(error=RateLimitedError("used up", retry_after_s=5)), "bert")
