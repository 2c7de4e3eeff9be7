"""Comparing tokenizers on the text that is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import HubtuiError, TokenizerError
from hubtui.core.tokenizer_comparison import SharedVocabulary, TokenizerMeasure
from hubtui.ui.panes.tokens.comparison import TokenComparison
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.widgets.token_editor import TokenEditor
from tests.fakes_comparison import SAME, SHARED, measured
from tests.fakes_inspector import FakeInspector
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT, BERT, LLAMA = "almanach/camembert-base", "google-bert/bert-base-uncased", "meta-llama/Llama-3.1-8B-Instruct"
TEXT = "Le camembert est bon ☃\nOui"
Compare = Callable[..., bool]


@dataclass
class _Comparison:
    """The app on an inspector; `broken` are models whose tokenizers cannot be loaded."""

    broken: set[str] = field(default_factory=set)
    shared: SharedVocabulary = SHARED
    theme: str = "dark"
    inspector: FakeInspector = field(init=False)
    app: ModelApp = field(init=False)

    def __post_init__(self) -> None:
        self.inspector = FakeInspector(compared=self._measured, shared=self.shared)
        self.app = ModelApp(replace(model_services(), inspector=lambda: self.inspector), CAMEMBERT, 3, self.theme)

    def _measured(self, model: str, texts: Sequence[str]) -> TokenizerMeasure:
        if model in self.broken:
            raise TokenizerError(f"The tokenizer of {model} hung and was stopped.", hint="Look into the log.")
        return measured(model, texts)


async def _open(pilot: Pilot[None], text: str = TEXT) -> None:
    await settled(pilot)
    pilot.app.query_one(TokenEditor).put(text)
    await pilot.press("comma")  # it is the last of the views
    await settled(pilot)
    assert "▸compare" in _text(pilot)


async def _name(pilot: Pilot[None], *names: str) -> None:
    for name in names:
        await pilot.press("v")
        for char in name:
            await pilot.press(char)
        await pilot.press("enter")
        await settled(pilot)


def _text(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app, ModelApp)
    return pilot.app.text()


def _lines(pilot: Pilot[None]) -> str:
    """Return all of the comparison, what is out of sight too."""
    made = pilot.app.query_one(TokenComparison).query_one(MadeLines).lines_made
    return "\n".join("".join(words for words, _ in line) for line in made)


async def test_alone_it_says_how_to_get_something_to_compare_with() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        assert "Nothing to compare with yet: c pins" in _lines(pilot)
        assert "A  almanach/camembert-base" in _lines(pilot)
        assert "Vocabularies" not in _lines(pilot)


async def test_a_pinned_model_is_compared_and_taken_out_with_its_pin() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await _open(pilot)
        shown.app.pane.toggle_pin(BERT)
        await settled(pilot)
        lines = _lines(pilot)
        assert f"B  {BERT}" in lines
        assert "A  Le ┃cam·e│mb·er│t ┃est ┃bon ┃☃" in lines
        assert "B  Le ┃cam│e·mb│er·t ┃est ┃bon ┃☃✗" in lines
        assert "9 134" in lines
        assert "≠ algorithm" in lines
        shown.app.pane.toggle_pin(BERT)
        await settled(pilot)
        assert BERT not in _lines(pilot)


async def test_the_same_text_stands_in_the_same_column() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await _open(pilot, "Le camembert de Normandie 🙂 fond")
        await _name(pilot, BERT)
        one, two = [line for line in _lines(pilot).splitlines() if line[:4] in {"A  L", "B  L"}]
        for char in "LcdNf":
            assert one.index(char) == two.index(char)


async def test_a_model_pinned_before_the_view_is_opened_is_there() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await settled(pilot)
        shown.app.pane.toggle_pin(BERT)
        shown.app.pane.toggle_pin(CAMEMBERT)  # is the open one
        await _open(pilot)
        lines = _lines(pilot)
        assert f"B  {BERT}" in lines
        assert "C  " not in lines


async def test_another_revision_of_the_same_model_can_be_named_and_dropped() -> None:
    shown = _Comparison(shared=SAME)
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await _open(pilot)
        await _name(pilot, "@v1.0")
        lines = _lines(pilot)
        assert "camembert-base@v1.0" in lines
        assert "the same 32 005 tokens with the same ids" in lines
        assert "no setting and no special token differs" in lines
        await pilot.press("backspace")
        await settled(pilot)
        assert "@v1.0" not in _lines(pilot)


async def test_one_that_cannot_be_had_is_a_line_and_the_others_are_compared() -> None:
    shown = _Comparison(broken={LLAMA})
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await _open(pilot)
        await _name(pilot, "no/where", LLAMA, f"{CAMEMBERT}@none", BERT)
        lines = _lines(pilot)
        assert "✗ There is no model no/where." in lines
        assert "hung and was stopped" in lines
        assert "has no revision none" in lines
        assert f"E  {BERT}" in lines
        assert "E  Le ┃cam" in lines
        assert "r tries again" in lines
        asked = len(shown.inspector.asked)
        shown.app.query_one(TokenEditor).insert("!")
        await settled(pilot)
        assert all(question[1] != LLAMA for question in shown.inspector.asked[asked:])  # not with every key
        shown.broken.clear()
        await pilot.press("r")
        await settled(pilot)
        assert "hung and was stopped" not in _lines(pilot)


async def test_typing_asks_all_of_them_again_but_compares_vocabularies_once() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await _open(pilot)
        await _name(pilot, BERT)
        shown.app.query_one(TokenEditor).put("bonjour")
        await settled(pilot)
        assert "A  bon·j│ou·r" in _lines(pilot)
        assert [question[0] for question in shown.inspector.asked].count("share") == 1
        assert shown.inspector.asked[-1][0] == "measure"
        assert shown.inspector.asked[-1][-1] == ("bonjour",)


async def test_no_more_than_six_are_compared_and_the_rest_is_said() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 60)) as pilot:
        await _open(pilot)
        for model in ("demo/tiny-camembert-fr", BERT, LLAMA, "Qwen/Qwen2.5-0.5B-Instruct", "deepseek-ai/DeepSeek-V3.1"):
            shown.app.pane.toggle_pin(model)
        shown.app.pane.toggle_pin("flaubert/flaubert_base_cased")
        await settled(pilot)
        assert "1 more left out: at most 6 are compared." in _lines(pilot)
        assert "F  deepseek-ai" in _lines(pilot)
        assert "G  " not in _lines(pilot)


async def test_when_the_process_cannot_be_asked_that_is_said_and_can_be_tried_again() -> None:
    shown = _Comparison()
    shown.inspector.error = HubtuiError("The tokenizer process did not start.")
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        assert "✗ The tokenizer process did not start." in _lines(pilot)
        shown.inspector.error = None
        await pilot.press("r")
        await settled(pilot)
        assert "did not start" not in _lines(pilot)


async def test_hostile_text_stays_text() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(120, 60)) as pilot:
        await _open(pilot, "[/b][@click=app.quit]\x1b[31m\u202e")
        await _name(pilot, BERT)
        assert "\x1b" not in _lines(pilot)
        assert "\u202e" not in _lines(pilot)
        assert "quit" in _lines(pilot).replace("│", "").replace("┃", "").replace("·", "")


async def test_very_long_text_is_cut_and_that_is_said() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot, "mot " * 3_000)
        assert "Only the first 10 000 characters are compared." in _lines(pilot)
        assert "the pieces of the first 1 500 characters" in _lines(pilot)


async def test_keys_of_options_that_are_out_of_sight_do_nothing() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        await pilot.press("t", "p", "a", "m")
        await pilot.press("full_stop")
        await settled(pilot)
        assert "truncate off" in _text(pilot)


async def test_the_comparison_can_be_copied() -> None:
    shown = _Comparison()
    async with shown.app.run_test(size=(100, 40)) as pilot:
        await _open(pilot)
        await _name(pilot, BERT)
        assert BERT in dict(shown.app.pane.copyable())["the comparison of tokenizers"]


@dataclass(frozen=True)
class Case:
    """What is compared, and how far down it is looked at."""

    names: tuple[str, ...] = (BERT, "demo/tiny-camembert-fr", "no/where", "@v1.0")
    text: str = TEXT
    theme: str = "dark"
    keys: tuple[str, ...] = ()


CASES = {
    "compare": Case(),
    "compare-alone": Case(names=()),
    "compare-end": Case(keys=("G",)),
    "compare-naming": Case(names=(BERT,), keys=("v", "d", "e")),
    "compare-16-colours": Case(theme="ansi"),
    "compare-long": Case(
        names=(BERT,), text="Le camembert de Normandie est un fromage au lait cru, délicieux 🙂. " * 6
    ),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_comparison_has_its_face(snap_compare: Compare, size: tuple[int, int], case: Case) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await _open(pilot, case.text)
        await _name(pilot, *case.names)
        await pilot.press(*case.keys)
        await settled(pilot)

    assert snap_compare(_Comparison(theme=case.theme).app, terminal_size=size, run_before=before)
