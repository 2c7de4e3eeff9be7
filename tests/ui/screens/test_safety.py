"""The verdict on a model, why, and what to do next."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from hubtui.core.code_reviews import review_of
from hubtui.core.custom_code import read_code
from hubtui.core.errors import HubUnreachableError
from hubtui.core.gate import GatedPrompt
from hubtui.core.models import Gated, ModelFacts, Safety, SafetyIssue
from hubtui.core.scans import FileScan, PickleImport, ScannerWord
from hubtui.core.tree import TreePage
from hubtui.ui.screens.code import CodeScreen
from hubtui.ui.screens.picker import Picker
from hubtui.ui.screens.safety import SafetyScreen
from tests.fake_rows import NOW
from tests.fakes import FakeHub, FakeMemory, fake_services
from tests.fakes_code import CONFIG, FILES, MODEL, OLD, OLD_FILES, CodeHub, code_facts
from tests.ui.shell import NARROW, WIDE, ShellApp, find, screen_text, settle, shell, until

_PLAIN = {path: text for path, text in FILES.items() if not path.endswith(".py")}
_PICKLE = {"config.json": "{}", "pytorch_model.bin": "x", "README.md": "x"}
_ISSUE = Safety("suspicious", (SafetyIssue("pytorch_model.bin", "suspicious"),), pickle_only=True)


class _ScannedHub(CodeHub):
    def tree(self, facts: ModelFacts, *, cursor: str | None = None) -> TreePage:
        del cursor
        words = (
            ScannerWord("Protect AI", "suspicious", "Its imports are posix.system and torch.FloatStorage."),
            ScannerWord("antivirus", "safe", "fine"),
        )
        scan = FileScan("suspicious", "", (PickleImport("posix.system", "dangerous"),), words)
        return TreePage(tuple(replace(file, scan=scan) for file in facts.files))


def _gated() -> CodeHub:
    gate = GatedPrompt("Say hello first", "We only want to know who rates things by the thousand.", "", ("Company",))
    more = {"gated": Gated.MANUAL, "has_access": False, "gate": gate, "license": "other", "license_name": "demo-terms"}
    return CodeHub(files=_PLAIN, config={}, more=more)


def _hub(state: str) -> CodeHub:
    if state == "pickles":
        return _ScannedHub(
            files=_PICKLE, config={}, more={"safety": _ISSUE}, revisions={"refs/pr/4": ["model.safetensors"]}
        )
    if state == "gated":
        return _gated()
    if state == "silent":
        return CodeHub(author_error=HubUnreachableError("The Hub does not answer."))
    if state == "good":
        return CodeHub(files=_PLAIN, config={})
    if state == "offline":
        return CodeHub(files=_PLAIN, config={}, more={"from_cache": True, "fetched": NOW})
    return CodeHub()


def _app(hub: FakeHub, memory: FakeMemory | None = None) -> ShellApp:
    return shell(fake_services(hub=hub, memory=memory or FakeMemory()))


async def _open(pilot: Pilot[Any]) -> None:
    await settle(pilot)
    await find(pilot, "camembert-base")
    await pilot.press("V")
    await settle(pilot)


def _memory_of(files: dict[str, str] | Any, commit: str) -> FakeMemory:
    code = read_code(CodeHub(files=files), code_facts(files, CONFIG, commit))
    return FakeMemory(reviews={MODEL: review_of(MODEL, code, NOW)})


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_reason_is_said_with_a_word_and_what_it_means(size: tuple[int, int]) -> None:
    app = _app(_hub("code"))
    async with app.run_test(size=size) as pilot:
        await _open(pilot)
        text = screen_text(pilot)
        assert "with care: it wants to run Python of its own" in text
        assert "! care  code" in text
        assert "✓ good  files" in text
        assert "loading it runs 3 Python" in text


async def test_what_is_known_stands_there_before_the_hub_has_answered() -> None:
    gate = threading.Event()
    hub = _hub("code")
    app = _app(hub)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert-base")
        await pilot.press("enter")
        await settle(pilot)
        hub.gate = gate
        try:
            app.push_screen(SafetyScreen(app.services, code_facts()))
            await until(pilot, lambda: "looking into its code" in screen_text(pilot))
            assert "✓ good  files" in screen_text(pilot)
        finally:
            gate.set()
        await settle(pilot)
        assert "looking into its code" not in screen_text(pilot)
        assert "modeling_odd.py" in screen_text(pilot)


async def test_enter_on_the_next_step_opens_the_revision_without_pickles() -> None:
    app = _app(_hub("pickles"))
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot)
        assert "do not load: the only weights are pickles" in screen_text(pilot)
        assert "calls             posix.system  dangerous" in screen_text(pilot)
        assert "nothing found by  antivirus" in screen_text(pilot)
        await _to(pilot, "Open revision refs/pr/4")
        assert "enter open" in screen_text(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.side.asked[-1] == f"open {MODEL} refs/pr/4"


async def test_a_search_for_conversions_is_one_key_away() -> None:
    app = _app(CodeHub(files=_PICKLE, config={}, more={"safety": _ISSUE}, revisions={"dev": ["x.bin"]}))
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot)
        await _to(pilot, "search what others have made of it")
        await pilot.press("enter")
        await settle(pilot)
        assert app.search.state.text == f"base:{MODEL}"


async def test_an_address_is_shown_to_be_copied_and_nothing_is_opened() -> None:
    app = _app(_gated())
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot)
        await _to(pilot, "Ask for access: https://hub.test/almanach/camembert-base")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Picker)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, SafetyScreen)
        await pilot.press("G")
        await settle(pilot)
        assert "Say hello first" in screen_text(pilot)
        assert "- Company" in screen_text(pilot)


async def test_what_could_not_be_asked_is_said() -> None:
    app = _app(_hub("silent"))
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot)
        await pilot.press("G")
        await settle(pilot)
        assert "Its author could not be asked: The Hub does not answer." in screen_text(pilot)


async def test_the_code_is_one_key_away_and_what_was_read_there_counts_at_once() -> None:
    app = _app(_hub("code"), memory := FakeMemory())
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert type(app.screen) is CodeScreen
        await pilot.press("m", "escape")
        await settle(pilot)
        assert "Safety" in screen_text(pilot)
        assert "it has not changed since" in screen_text(pilot)
        assert memory.reviews[MODEL].commit == code_facts().commit


async def test_foreign_words_are_no_markup() -> None:
    files = {"[red]m.py": "", "config.json": "{}"}
    hub = CodeHub(files=files, config={}, more={"license": "other", "license_name": "[@click=app.quit]x[/]"})
    app = _app(hub)
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot)
        assert "[@click=app.quit]x[/] is custom" in screen_text(pilot)
        assert "[red]m.py" in screen_text(pilot)


async def test_without_code_no_key_is_offered_for_it_and_escape_closes() -> None:
    app = _app(_hub("good"))
    async with app.run_test(size=NARROW) as pilot:
        await _open(pilot)
        assert "c code" not in screen_text(pilot)
        await pilot.press("c", "escape")
        await settle(pilot)
        assert not isinstance(app.screen, SafetyScreen)


async def _to(pilot: Pilot[Any], words: str) -> None:
    """Put the cursor on the line with some words."""
    screen = pilot.app.screen
    assert isinstance(screen, SafetyScreen)
    rows = screen._view.rows
    screen._view.move_to(next(at for at, row in enumerate(rows) if words in "".join(text for text, _ in row.pieces)))
    await pilot.pause()


def _story(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def run(pilot: Pilot[Any]) -> None:
        await _open(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("state", ["code", "pickles", "gated", "good", "offline"])
def test_each_verdict_has_its_face(snap_compare: Callable[..., bool], size: tuple[int, int], state: str) -> None:
    memory = _memory_of(OLD_FILES, OLD) if state == "code" else None
    keys = ("G",) if size == NARROW and state == "gated" else ()
    assert snap_compare(_app(_hub(state), memory), terminal_size=size, run_before=_story(*keys))
