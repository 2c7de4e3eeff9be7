"""What is asked about safety, of whom, and what a failure costs."""

from __future__ import annotations

from dataclasses import replace

from hubtui.core.errors import HubUnreachableError
from hubtui.core.inquiry import inquire
from hubtui.core.models import Safety, SafetyIssue
from tests.fakes_code import FILES, CodeHub, code_facts

_PLAIN = {path: text for path, text in FILES.items() if not path.endswith(".py")}
_PICKLE = {"config.json": "{}", "pytorch_model.bin": "x"}


def _pickle(hub: CodeHub) -> CodeHub:
    hub.files, hub.config = _PICKLE, {}
    return hub


def test_a_model_without_objection_costs_its_author_alone() -> None:
    hub = CodeHub(files=_PLAIN, config={})
    found = inquire(hub, code_facts(_PLAIN, {}))
    assert hub.asked == []
    assert found.author is not None
    assert (found.author.name, found.page) == ("almanach", "https://hub.test/almanach/camembert-base")
    assert (found.code.files, found.unknown, found.files) == ((), (), code_facts(_PLAIN, {}).files)


def test_revisions_with_safetensors_are_looked_for_where_there_are_only_pickles() -> None:
    hub = _pickle(
        CodeHub(revisions={"dev": ["pytorch_model.bin"], "refs/pr/1": ["x.bin"], "refs/pr/4": ["model.safetensors"]})
    )
    facts = code_facts(_PICKLE, {}, safety=Safety("safe", pickle_only=True))
    found = inquire(hub, facts)
    assert (found.safe_revisions, found.looked_at) == (("refs/pr/4",), 3)
    assert hub.asked[0] == f"facts {facts.id} refs/pr/4"


def test_scans_are_asked_for_file_by_file_only_where_something_was_found() -> None:
    facts = code_facts(_PLAIN, {}, safety=Safety("unsafe", (SafetyIssue("model.safetensors", "unsafe"),)))
    found = inquire(CodeHub(files=_PLAIN, config={}), facts)
    assert next(file.scan for file in found.files if file.path == "model.safetensors") is not None
    assert all(file.scan is None for file in inquire(CodeHub(), code_facts()).files)


def test_what_fails_is_told_and_costs_only_itself() -> None:
    hub = CodeHub(author_error=HubUnreachableError("The Hub does not answer."))
    found = inquire(hub, code_facts())
    assert found.author is None
    assert found.unknown == ("Its author could not be asked: The Hub does not answer.",)
    assert len(found.code.files) == 3


def test_a_folder_and_the_cache_ask_nobody() -> None:
    for facts in (code_facts(folder="/models/x"), code_facts(from_cache=True)):
        hub = CodeHub(author_error=HubUnreachableError("asked"))
        found = inquire(hub, facts)
        assert len(found.code.files) == 3
        assert not any("asked" in sentence.split(":")[-1] for sentence in found.unknown)
    assert "The Hub was not asked" in inquire(CodeHub(), replace(code_facts(), from_cache=True)).unknown[0]
