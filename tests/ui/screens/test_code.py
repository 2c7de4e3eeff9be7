"""Reading the Python that a load would run, and what changed since it was read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from hubtui.core.code_reviews import CodeReview, review_of
from hubtui.core.custom_code import CustomCode, read_code
from hubtui.core.errors import HubUnreachableError, LocalStateError
from hubtui.ui.screens.code import CodeScreen
from tests.fake_rows import NOW
from tests.fakes import FakeMemory, fake_services
from tests.fakes_code import CONFIG, FILES, MODEL, NEW, OLD, OLD_FILES, CodeHub, code_facts
from tests.ui.shell import NARROW, WIDE, ShellApp, screen_text, settle, shell

LARGE = (200, 50)


def _code(files: Any = FILES, commit: str = NEW) -> CustomCode:
    return read_code(CodeHub(files=files), code_facts(files, CONFIG, commit))


OLD_REVIEW = review_of(MODEL, _code(OLD_FILES, OLD), NOW)


def _story(
    hub: CodeHub, memory: FakeMemory, review: CodeReview | None, *keys: str, **more: Any
) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def run(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        services = fake_services(hub=hub, memory=memory)
        facts = code_facts(**more)
        pilot.app.push_screen(CodeScreen(services, facts, read_code(hub, facts), review))
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


async def _shown(
    *keys: str, review: CodeReview | None = None, hub: CodeHub | None = None, size: tuple[int, int] = WIDE, **more: Any
) -> str:
    app = shell()
    async with app.run_test(size=size) as pilot:
        await _story(hub or CodeHub(), FakeMemory(), review, *keys, **more)(pilot)
        return screen_text(pilot)


@pytest.mark.parametrize("size", [NARROW, WIDE, LARGE])
async def test_all_files_are_listed_with_what_brings_them_in(size: tuple[int, int]) -> None:
    text = await _shown(size=size)
    for words in (
        "configuration_odd.py",
        "modeling_odd.py",
        "layers.py",
        "AutoConfig",
        "3 Python files",
        "hubtui does",
    ):
        assert words in text
    assert "class OddConfig(PretrainedConfig)" in text
    assert "not marked it as read" in text


async def test_the_text_follows_the_cursor() -> None:
    assert "return x + 2" in await _shown("down")
    assert "import os" in await _shown("down", "down")


async def test_the_changes_since_the_code_was_read_come_first() -> None:
    text = await _shown(review=OLD_REVIEW)
    assert "1 file changed or came since you read it (aaaaaaa" in text
    assert "modeling_odd.py · changes since aaaaaaa" in text
    assert "-        return x + 1" in text
    assert "+        return x + 2" in text
    assert "class OddModel" in text
    whole = await _shown("d", review=OLD_REVIEW)
    assert "-        return x + 1" not in whole
    assert "return x + 2" in whole
    assert "+        return x + 2" in await _shown("d", "d", review=OLD_REVIEW)


async def test_marking_remembers_exactly_what_was_shown() -> None:
    memory, app = FakeMemory(), shell()
    async with app.run_test(size=WIDE) as pilot:
        await _story(CodeHub(), memory, None, "m")(pilot)
        assert "You have read it as it is (bbbbbbb, just now)." in screen_text(pilot)
        assert "mark as read" not in screen_text(pilot)
    assert memory.reviews[MODEL] == review_of(MODEL, _code(), NOW)


async def test_a_mark_that_could_not_be_kept_is_not_shown_as_kept() -> None:
    memory, app = FakeMemory(error=LocalStateError("The file cannot be written.")), shell()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await _story(CodeHub(), memory, None, "m")(pilot)
        assert "not marked it as read" in screen_text(pilot)
        assert "cannot be written" in app.toasts[-1]


async def test_a_commit_that_is_gone_costs_the_comparison_alone() -> None:
    text = await _shown(review=OLD_REVIEW, hub=CodeHub(has_old=False))
    assert "How it was when you read it cannot be had" in text
    assert "modeling_odd.py" in text
    assert "return x + 2" in text


async def test_a_folder_says_that_its_former_state_is_not_kept() -> None:
    review = CodeReview("/models/odd", "", NOW, {file.name: "0" * 64 for file in _code().files})
    assert "is not kept for a folder" in await _shown(review=review, folder="/models/odd")


async def test_escape_leaves_the_text_first() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await _story(CodeHub(), FakeMemory(), None, "enter")(pilot)
        assert type(app.focused).__name__ == "TextOfFile"
        await pilot.press("escape")
        assert type(app.focused).__name__ == "CodeList"
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, CodeScreen)


async def test_hostile_code_is_shown_and_steers_nothing() -> None:
    hub = CodeHub(files={**FILES, "modeling_odd.py": "# \x1b[31m\u202e[@click=app.quit]go[/]\nx = 1\n"})
    text = await _shown("down", hub=hub)
    assert "[@click=app.quit]go[/]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


async def test_code_that_could_not_be_read_is_no_empty_file() -> None:
    assert "could not be read" in await _shown(hub=CodeHub(read_error=HubUnreachableError("The Hub does not answer.")))


@pytest.mark.parametrize("size", [NARROW, WIDE, LARGE])
@pytest.mark.parametrize("state", ["new", "changed", "read"])
def test_each_state_of_the_code_has_its_face(
    snap_compare: Callable[..., bool], size: tuple[int, int], state: str
) -> None:
    reviews = {"new": None, "changed": OLD_REVIEW, "read": review_of(MODEL, _code(), NOW)}
    app: ShellApp = shell()
    assert snap_compare(app, terminal_size=size, run_before=_story(CodeHub(), FakeMemory(), reviews[state]))
