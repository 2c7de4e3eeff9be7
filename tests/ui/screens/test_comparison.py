"""Comparing two revisions of a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot

from hubtui.core.differences import Comparison, TextDiff, ValueChange, text_diff
from hubtui.core.errors import HubUnreachableError
from hubtui.core.models import FileEntry, Ref
from hubtui.core.settings import Settings
from hubtui.ui.messages import Notice
from hubtui.ui.screens.comparison import ComparisonScreen
from hubtui.ui.widgets.change_list import ChangeList
from hubtui.ui.widgets.file_list import FileList
from tests.fakes import FakeHub, fake_services
from tests.ui.model_app import ModelApp, model_services, settled, until
from tests.ui.shell import screen_text, settle, shell

CAMEMBERT = "almanach/camembert-base"
SMALL, WIDE = (80, 24), (120, 40)


@dataclass
class ManyHub(FakeHub):
    """A Hub on which a card, a configuration and a tokenizer differ."""

    fails: bool = False
    is_same: bool = False
    asked: list[str] = field(default_factory=list)

    def compare(self, model: str, before: str, after: str) -> Comparison:
        if self.fails:
            raise HubUnreachableError("The Hub does not answer.", hint="Check the network.")
        found = super().compare(model, before, after)
        if self.is_same:
            return replace(found, files=(), values=(), commits=(), relation="same")
        card = FileEntry("README.md", 2_345, format="card")
        change = replace(found.files[0], path="README.md", kind="changed", before=card, after=replace(card, size=4_000))
        tokens = ValueChange("tokenizer.json", "vocabulary.30522", "added", after="<new>")
        return replace(
            found,
            files=(change, *found.files),
            values=(*found.values, tokens),
            notes=("tokenizer_config.json at main is not JSON.",),
        )

    def file_diff(self, comparison: Comparison, path: str) -> TextDiff:
        del comparison
        self.asked.append(path)
        if self.fails:
            raise HubUnreachableError("The Hub does not answer.")
        if path == "tokenizer.json":
            return TextDiff(path, reason=f"{path} is too long to be compared line by line.")
        return text_diff(path, "a: 1\nb: 2\nc: 3\n", "a: 1\nb: 20\nc: 3\nd: 4\n")


async def _mark_two(pilot: Pilot[None]) -> None:
    await settled(pilot)
    files = pilot.app.query_one(FileList)
    for kind in ("tag", "branch"):
        at = next(at for at, entry in enumerate(files.entries) if isinstance(entry, Ref) and entry.kind == kind)
        files.move_to(at)
        await pilot.press("m")
    await settled(pilot)


def _focused(app: ModelApp) -> str:
    return type(app.focused).__name__


async def test_marking_two_revisions_tells_files_values_and_lines_that_differ() -> None:
    app = ModelApp(model_services(hub=ManyHub()), CAMEMBERT, 2)
    async with app.run_test(size=WIDE) as pilot:
        await _mark_two(pilot)
        said = app.text()
        assert "v1.0 → main" in said
        assert "2 files changed" in said
        assert "vocab_size 30522 → 30524" in said
        assert "vocabulary.30522 <new> added" in said
        assert "main has 1 commit more than v1.0" in said
        assert "tokenizer_config.json at main is not JSON." in said
        assert "-b: 2" in said
        assert "+d: 4" in said


async def test_the_text_follows_the_cursor_and_each_is_asked_for_once() -> None:
    hub = ManyHub()
    app = ModelApp(model_services(hub=hub), CAMEMBERT, 2)
    async with app.run_test(size=WIDE) as pilot:
        await _mark_two(pilot)
        changes = app.screen.query_one(ChangeList)
        at = next(at for at, entry in enumerate(changes.entries) if isinstance(entry, ValueChange))
        changes.move_to(at + 3)
        await until(pilot, lambda: "too long to be compared" in app.text())
        changes.move_to(0)
        await until(pilot, lambda: "-b: 2" in app.text())
        assert hub.asked.count("README.md") == 1


async def test_escape_goes_from_the_text_to_the_list_and_from_there_to_the_files() -> None:
    app = ModelApp(model_services(hub=ManyHub()), CAMEMBERT, 2)
    async with app.run_test(size=WIDE) as pilot:
        await _mark_two(pilot)
        await pilot.press("enter")
        assert _focused(app) == "DiffView"
        await pilot.press("escape")
        assert _focused(app) == "ChangeList"
        await pilot.press("escape")
        assert _focused(app) == "FileList"
        assert "◆" not in app.text()


async def test_a_mark_is_taken_back_with_the_same_key_and_a_file_cannot_be_marked() -> None:
    app = ModelApp(model_services(hub=ManyHub()), CAMEMBERT, 2)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("m")
        assert "branch, tag or commit" in next(event.text for event in app.said if isinstance(event, Notice))
        files = app.query_one(FileList)
        files.move_to(next(at for at, entry in enumerate(files.entries) if isinstance(entry, Ref)))
        await pilot.press("m")
        assert "◆ main" in app.text()
        await pilot.press("m")
        assert "◆" not in app.text()
        assert not isinstance(app.screen, ComparisonScreen)


async def test_a_comparison_that_failed_is_asked_for_again() -> None:
    hub = ManyHub(fails=True)
    app = ModelApp(model_services(hub=hub), CAMEMBERT, 2)
    async with app.run_test(size=WIDE) as pilot:
        await _mark_two(pilot)
        assert "The Hub does not answer." in app.text()
        hub.fails = False
        await pilot.press("r")
        await settled(pilot)
        assert "2 files changed" in app.text()


async def test_the_line_of_keys_names_the_users_own() -> None:
    keys = {"close": "Q", "down": "ctrl+j", "open": "o"}
    app = shell(fake_services(hub=ManyHub(), settings=Settings(keys=keys)))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        app.push_screen(ComparisonScreen(app.services, CAMEMBERT, "v1.0", "main"))
        await settle(pilot)
        assert "Q back  o text  tab other side  ctrl+j k move  h l sideways" in screen_text(pilot)
        await pilot.press("Q")
        await settle(pilot)
        assert not isinstance(app.screen, ComparisonScreen)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", ["found", "failed", "same"])
def test_each_state_of_a_comparison_has_its_face(
    snap_compare: Callable[..., bool], size: tuple[int, int], state: str
) -> None:
    hub = ManyHub(fails=state == "failed", is_same=state == "same")
    app = ModelApp(model_services(hub=hub), CAMEMBERT, 2)
    assert snap_compare(app, terminal_size=size, run_before=_mark_two)
