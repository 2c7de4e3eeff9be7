"""Seeing what each stage of a tokenizer does to the line that is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import TokenizerError
from hubtui.core.stages import TokenStages
from hubtui.ui.panes.tokens.stage_lines import FOLDS
from hubtui.ui.text import whole
from hubtui.ui.widgets.fold_lines import FoldLines
from hubtui.ui.widgets.token_editor import TokenEditor
from tests.fakes_inspector import FakeInspector
from tests.fakes_stages import BYTES, DRAGONS
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
Compare = Callable[..., bool]


@dataclass
class _Stages:
    """The app on an inspector."""

    app: ModelApp
    inspector: FakeInspector

    @property
    def asked(self) -> list[str]:
        return [question[-1] for question in self.inspector.asked if question[0] == "stages"]


def _stages(told: TokenStages = DRAGONS, *, theme: str = "dark", error: TokenizerError | None = None) -> _Stages:
    inspector = FakeInspector(told_stages=told, error=error)
    services = replace(model_services(), inspector=lambda: inspector)
    return _Stages(ModelApp(services, CAMEMBERT, 3, theme), inspector)


async def _open(pilot: Pilot[None], text: str = "Café  dragons") -> None:
    await settled(pilot)
    pilot.app.query_one(TokenEditor).put(text)
    await pilot.press("full_stop")
    while "▸stages" not in _text(pilot):
        await pilot.press("full_stop")
    await settled(pilot)


def _text(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app, ModelApp)
    return pilot.app.text()


async def test_each_stage_is_named_with_what_it_gives_even_while_it_is_folded() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(80, 24)) as pilot:
        await _open(pilot)
        assert shown.asked == ["Café  dragons"]
        lines = _text(pilot).splitlines()
        heads = [at for at, line in enumerate(lines) if "▸ 4 post-processor" in line]
        assert "café␣dragons" in _text(pilot)
        assert "cafÃ©│Ġdragons" in _text(pilot)
        assert "ca│f│Ã│©│Ġdragon│s" in _text(pilot)
        assert "<s>│ca│f│Ã│©│Ġdragon│s" in lines[heads[0] + 1]
        assert "not the same text" in _text(pilot)


async def test_a_stage_opens_to_its_settings_and_a_word_to_its_bytes_and_merges() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(80, 40)) as pilot:
        await _open(pilot)
        fold = shown.app.query_one(FoldLines)
        fold.action_fold_all()  # some are open where there is room
        fold.move_to(next(at for at, line in enumerate(fold._lines) if line.fold == "model"))
        await pilot.press("enter")
        assert "vocab 700 entries" in _text(pilot)
        assert "1,204" not in _text(pilot)
        fold.move_to(next(at for at, line in enumerate(fold._lines) if line.fold == "word 0"))
        await pilot.press("space")
        assert "63 61│66│c3│a9" in _text(pilot)
        assert "café   2 pieces cut inside a character" in _text(pilot)
        assert "#1,204" in _text(pilot)
        await pilot.press("enter")
        assert "#1,204" not in _text(pilot)


async def test_typing_asks_anew_and_the_last_answer_stays_until_the_next() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        await pilot.press("e", "s")
        assert "cafÃ©│Ġdragons" in _text(pilot)
        await settled(pilot)
        assert shown.asked[-1] == "Café  dragonss"


async def test_the_stages_are_those_of_the_line_that_the_cursor_is_in() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot, "one\ntwo")
        assert shown.asked == ["two"]
        assert "line 2 of 2" in _text(pilot)
        await pilot.press("e", "up")
        await settled(pilot)
        assert shown.asked == ["two", "one"]
        assert "line 1 of 2" in _text(pilot)


async def test_an_empty_line_says_so_and_nothing_is_asked() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot, "")
        assert shown.asked == []
        assert "This line of the text is empty." in _text(pilot)
        await pilot.press("e", "x")
        await settled(pilot)
        assert "pre-tokenizer" in _text(pilot)
        await pilot.press("backspace")
        await settled(pilot)
        assert "This line of the text is empty." in _text(pilot)


async def test_of_a_very_long_line_the_beginning_is_taken_apart_and_that_is_said() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot, "ab " * 2_000)
        assert len(shown.asked[-1]) == 2_000
        assert f"first {whole(2_000)} characters" in _text(pilot)


async def test_a_tokenizer_that_cannot_answer_says_why_and_is_asked_again_on_r() -> None:
    shown = _stages(error=TokenizerError("It did not answer within 15 s.", hint="It was stopped."))
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        assert "did not answer within 15 s" in _text(pilot)
        shown.inspector.error = None
        await pilot.press("r")
        await settled(pilot)
        assert "cafÃ©│Ġdragons" in _text(pilot)


async def test_what_a_tokenizer_of_python_code_does_not_show_is_said() -> None:
    shown = _stages(BYTES)
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot, "é")
        assert "does not show this by itself" in _text(pilot)
        assert "✓ the text again" in _text(pilot)


async def test_a_doubt_about_the_stages_is_spoken() -> None:
    shown = _stages(replace(DRAGONS, doubt="The stages together do not give the ids."))
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        assert "! The stages together do not give the ids." in _text(pilot)


async def test_hostile_text_in_tokens_and_settings_stays_text() -> None:
    hostile = "[/b][@click=app.quit]\x1b[31m\u202e"
    told = replace(
        DRAGONS,
        decoded=hostile,
        stages=[replace(stage, name="x", settings={"a": "[b]"}, members=[]) for stage in DRAGONS.stages],
        words=[replace(word, pieces=[replace(word.pieces[0], token=hostile)], merges=[]) for word in DRAGONS.words],
    )
    shown = _stages(told)
    async with shown.app.run_test(size=(120, 60)) as pilot:
        await _open(pilot)
        shown.app.query_one(FoldLines).action_fold_all()
        shown.app.query_one(FoldLines).action_fold_all()
        assert "[/b][@click=app.quit]␛[31m<U+202E>" in _text(pilot)
        assert "\x1b" not in _text(pilot)


async def test_ids_and_texts_of_the_stages_can_be_copied() -> None:
    shown = _stages()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        offered = dict(shown.app.pane.query_one("TokensTab").copyable())  # type: ignore[attr-defined] # found by name
        assert offered["the token ids of this line"] == "5 301 70 128 103 602 83"
        assert offered["the normalised text"] == "café dragons"


@dataclass(frozen=True)
class Case:
    """A text taken apart, with some of it open; None leaves what is open to the room that there is."""

    told: TokenStages = DRAGONS
    opened: frozenset[str] | None = None
    text: str = "Café  dragons"
    theme: str = "dark"


CASES = {
    "stages": Case(),
    "stages-word": Case(opened=frozenset({"model", "word 0", "word 1"})),
    "stages-all": Case(opened=frozenset(FOLDS)),
    "stages-python": Case(BYTES, text="é"),
    "stages-16-colours": Case(theme="ansi"),
    "stages-empty": Case(text=""),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_stages_have_their_face(snap_compare: Compare, size: tuple[int, int], case: Case) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await _open(pilot, case.text)
        if case.opened is not None:
            pilot.app.query_one(FoldLines)._open(case.opened, "model")
            await settled(pilot)

    assert snap_compare(_stages(case.told, theme=case.theme).app, terminal_size=size, run_before=before)
