"""Typing a text and seeing its tokens."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from hubtui.core.errors import TokenizerError
from hubtui.core.ports import Services
from hubtui.ui.panes.tokens.pieces import PiecesView
from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.widgets.token_table import TokenTable
from tests.fakes import FakeHub
from tests.fakes_model import INFO, NO_PAD, FakeTokenizers
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"


def _app(tokenizers: FakeTokenizers, *, card: str | None = None) -> ModelApp:
    services: Services = replace(model_services(hub=FakeHub(card_text=card)), tokenizers=lambda: tokenizers)
    return ModelApp(services, CAMEMBERT, 3)


async def _type(pilot: Pilot[None], text: str) -> None:
    app = pilot.app
    await pilot.press("e")
    app.query_one(TokenEditor).put("")
    for char in text:
        await pilot.press("enter" if char == "\n" else "space" if char == " " else char)
    await settled(pilot)


async def test_tokens_are_shown_by_the_edit_itself_without_waiting_for_another_message() -> None:
    tokenizers = FakeTokenizers()
    app = _app(tokenizers)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        editor, table = app.query_one(TokenEditor), app.query_one(TokenTable)
        editor.put("")
        editor.insert("abc")
        # no pause: what the key changed and what it shows are one frame
        assert tokenizers.typed[-1] == "abc"
        row = table.row_at(1)
        assert row is not None
        assert row.surface == "abc"
        editor.undo()
        assert tokenizers.typed[-1] == ""


async def test_each_line_is_a_sequence_and_the_shorter_one_is_padded() -> None:
    app = _app(FakeTokenizers())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await _type(pilot, "a b c\nd")
        assert "2 sequences · longest 5 · 2 pads · pad <pad> = 1" in app.text()
        assert "<s>[d]</s>│<pad>│<pad>" in app.text()


async def test_a_tokenizer_without_pad_token_says_so() -> None:
    app = _app(FakeTokenizers(NO_PAD))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert "longest" in app.text()
        assert "no pad token" in app.text()


async def test_switches_change_how_the_same_text_is_encoded() -> None:
    app = _app(FakeTokenizers())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await _type(pilot, "a b c\nd")
        await pilot.press("escape", "a")
        await settled(pilot)
        assert "longest 3" in app.text()
        await pilot.press("t", "m", "2", "escape")
        await settled(pilot)
        assert "longest 2" in app.text()
        assert "1 cut" in app.text()
        await pilot.press("p", "p")
        await settled(pilot)
        assert "0 pads" not in app.text()
        assert "pad none" in app.text()


async def test_a_click_on_a_switch_does_what_its_key_does() -> None:
    app = _app(FakeTokenizers())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        lines = app.text().splitlines()
        row = next(y for y, line in enumerate(lines) if "truncate off" in line)
        await pilot.click(offset=(lines[row].index("truncate"), row))
        await settled(pilot)
        assert "truncate on" in app.text()


async def test_text_over_the_limit_is_said() -> None:
    app = _app(FakeTokenizers(replace(INFO, model_max_length=8)))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await _type(pilot, "a b c d e f g h i j")
        assert "150 % of 8" in app.text()
        assert "┊ 8 ┊ truncation drops from here 4 tokens" in app.text()


async def test_a_view_that_comes_late_is_shown_and_an_older_one_after_it_is_not() -> None:
    tokenizers = FakeTokenizers(is_late=True)
    app = _app(tokenizers)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await _type(pilot, "abc")
        assert "<s>[abc]</s>" in app.text()
        old = app.query_one(PiecesView)._shown
        assert old is not None
        await pilot.press("escape")
        await _type(pilot, "xyz")
        tokenizers.tell(old)
        await settled(pilot)
        assert "<s>[xyz]</s>" in app.text()


async def test_a_provisional_tokenizer_is_marked_until_it_is_confirmed() -> None:
    tokenizers = FakeTokenizers(replace(INFO, provisional=True, tokenizer_class=""))
    app = _app(tokenizers)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert "provisional" in app.text()
        tokenizers.tell(INFO)
        await settled(pilot)
        assert "provisional" not in app.text()
        assert "CamembertTokenizer" in app.text()


async def test_a_tokenizer_that_dies_says_so_and_the_text_can_still_be_edited() -> None:
    tokenizers = FakeTokenizers()
    app = _app(tokenizers)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        tokenizers.tell(TokenizerError("The tokenizer took too long.", hint="It was started again."))
        await settled(pilot)
        assert "The tokenizer took too long." in app.text()
        await _type(pilot, "abc")
        assert "<s>[abc]</s>" in app.text()
        assert "took too long" not in app.text()


async def test_a_missing_tokenizer_can_be_tried_again() -> None:
    tokenizers = FakeTokenizers(error=TokenizerError("There is no tokenizer.", hint="See the card."))
    app = _app(tokenizers)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert "There is no tokenizer." in app.text()
        tokenizers.error = None
        await pilot.press("r")
        await settled(pilot)
        assert "Unigram" in app.text()


async def test_scrolling_asks_for_the_tokens_that_come_into_sight() -> None:
    app = _app(FakeTokenizers())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        app.query_one(TokenEditor).put("ab " * 2000)
        await settled(pilot)
        await pilot.press("escape", "G")
        await settled(pilot)
        table = app.query_one(TokenTable)
        last = table.row_at(table.count - 1)
        assert last is not None
        assert last.token == "</s>"
        assert "…" not in app.text().splitlines()[-2]


async def test_the_cards_examples_are_the_first_text() -> None:
    app = _app(FakeTokenizers(), card='---\nwidget:\n- text: "Bonjour <mask>"\n---\n# A\n')
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert app.query_one(TokenEditor).text == "Bonjour <mask>"


async def test_without_examples_the_first_text_is_in_the_models_language() -> None:
    app = _app(FakeTokenizers())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert app.query_one(TokenEditor).text.startswith("Le camembert est délicieux :)")


async def test_control_characters_in_a_text_are_shown_as_signs() -> None:
    app = _app(FakeTokenizers())
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        app.query_one(TokenEditor).put("a\x1b[31mb")
        await settled(pilot)
        assert "│␛│" in app.text()
