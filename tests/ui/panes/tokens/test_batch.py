"""The batch as the model gets it, typed into a real tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import TokenizerError
from hubtui.core.pad_doctor import PadFacts, PadReport, examine
from hubtui.core.tokens import SpecialToken
from hubtui.ui.panes.tokens.batch import BatchView
from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.widgets.token_grid import TokenGrid
from tests.fakes import FakeHub
from tests.fakes_inspector import FakeInspector
from tests.live_tokenizers import LiveTokenizers
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
SMALL, WIDE, LARGE = (80, 24), (120, 40), (200, 50)
TEXT = "the cat sat on the mat\na dog"

_PAD, _EOS = SpecialToken("[PAD]", 0), SpecialToken("</s>", 2)
SOUND = PadFacts(_PAD, None, SpecialToken("[UNK]", 1), "right", 606, 606, has_config=True, config_pad_id=0)
NONE = PadFacts(None, _EOS, None, "right", 700, 700, has_config=True, is_decoder=True)
WORST = replace(SOUND, eos=_PAD, unk=_PAD, is_decoder=True, config_pad_id=5, generation_pad_id=7, embedding_size=0)


def report(facts: PadFacts) -> PadReport:
    return PadReport(CAMEMBERT, facts, examine(facts))


def batch_app(
    checkpoint: str = "tiny-bert-en",
    facts: PadFacts = SOUND,
    *,
    theme: str = "dark",
    error: TokenizerError | None = None,
) -> ModelApp:
    inspector, tokenizers = FakeInspector(error=error, padded=report(facts)), LiveTokenizers(checkpoint)
    services = replace(
        model_services(hub=FakeHub(card_text=None)), tokenizers=lambda: tokenizers, inspector=lambda: inspector
    )
    return ModelApp(services, CAMEMBERT, 3, theme)


async def opened(pilot: Pilot[None], text: str = TEXT, *keys: str) -> ModelApp:
    """Go to the batch of a text, then press keys."""
    app = pilot.app
    assert isinstance(app, ModelApp)
    await settled(pilot)
    await pilot.press("full_stop")
    app.query_one(TokenEditor).put(text)
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return app


async def test_the_shorter_sequence_is_filled_up_with_pads_and_the_shape_says_what_that_costs() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot)
        text = app.text()
        assert "2 × 10 · 20 ids · 6 pads (30 %)" in text
        assert "longest: 20 · multiple of 8: 32 (+12) · max_length: 128 (+108)" in text
        assert text.count("░░░0") == 6


async def test_the_cell_under_the_cursor_is_named_in_full() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, TEXT, "l", "l")
        assert "cat = 271 · “cat” 4–7 · mask 1 · type 0 · sequence 1, position 2" in app.text()
        await pilot.press("j", "dollar_sign")
        await settled(pilot)
        assert "[PAD] = 0 · padding · mask 0 · type 0 · sequence 2, position 9" in app.text()


async def test_cells_show_ids_tokens_mask_or_types() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, TEXT, "v")
        assert "░[PAD]░░░" in app.text()
        await pilot.press("v")
        await settled(pilot)
        assert "shows mask" in app.text()
        assert "░0" in app.text()
        await pilot.press("v", "v")
        await settled(pilot)
        assert "shows ids" in app.text()


async def test_lines_two_by_two_are_pairs() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, TEXT, "i", "dollar_sign", "h")
        assert "1 × 13 · 13 ids · 0 pads" in app.text()
        assert "type 1 · sequence 1, second text, position 11" in app.text()


async def test_what_is_cut_off_comes_in_windows_under_its_sequence() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, TEXT, "t", "m", "8", "escape", "w", "2", "escape")
        assert "1 of 2 in windows" in app.text()
        assert app.query_one(TokenGrid).count == 3
        await pilot.press("j")
        await settled(pilot)
        assert "  +1 " in app.text()
        assert "sequence 1, window 2, position 0" in app.text()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("t", "m", "9", "escape", "8"), "Cut to 9 tokens and padded to a multiple of 8 exclude each other."),
        (("t", "n", "n", "m", "5", "escape"), "only_second cuts the second text of a pair, and there is none."),
        (("t", "m", "5", "escape", "w", "4", "escape"), "A stride of 4 leaves nothing new in a window of 5 tokens"),
    ],
)
async def test_options_that_exclude_each_other_are_refused_with_a_way_out_and_can_be_turned_back(
    keys: tuple[str, ...], words: str
) -> None:
    async with batch_app().run_test(size=LARGE) as pilot:
        app = await opened(pilot, TEXT, *keys)
        assert words in app.text()
        assert app.query_one(TokenGrid).count == 0
        await pilot.press("comma")
        await settled(pilot)
        assert words in app.text() or "stride" in words  # windows are the batch's alone
        await pilot.press("full_stop", "t")
        await settled(pilot)
        assert "2 × " in app.text()


async def test_switches_turn_side_and_multiple_and_those_not_as_usual_stay_in_sight() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, TEXT, "P", "8")
        lines = app.text().splitlines()
        assert "2 × 16" in app.text()
        second = next(line for line in lines if line.startswith("   2 ") or "   2 ░" in line)
        assert second.index("░") < 8
        await pilot.press("comma")
        await settled(pilot)
        assert "pad side left" in app.text()
        assert "multiple of 8" in app.text()
        assert "cut side" not in app.text()
        assert "stride" not in app.text()


async def test_the_pad_doctor_says_what_is_wrong_and_the_line_that_settles_it() -> None:
    async with batch_app("tiny-gpt2-stories", NONE).run_test(size=WIDE) as pilot:
        app = await opened(pilot)
        assert "✗ The tokenizer has no pad token" in app.text()
        assert "no tensor" in app.text()
        await pilot.press("D")
        await settled(pilot)
        assert "Asked to pad it raises a ValueError" in app.text()
        assert "tokenizer.pad_token = tokenizer.eos_token" in app.text()
        assert 'tokenizer.padding_side = "left"' in app.text()
        await pilot.press("escape")
        await settled(pilot)
        assert "Asked to pad" not in app.text()
        assert app.focused is app.query_one(TokenGrid)


async def test_a_side_chosen_here_settles_the_wrong_side() -> None:
    facts = replace(SOUND, is_decoder=True)
    async with batch_app(facts=facts).run_test(size=WIDE) as pilot:
        app = await opened(pilot)
        assert "✗ Padding is on the right" in app.text()
        await pilot.press("P")
        await settled(pilot)
        assert "✓ pad [PAD] = 0: sound" in app.text()


async def test_a_tokenizer_that_cannot_be_examined_still_shows_its_batch() -> None:
    async with batch_app(error=TokenizerError("It took too long.")).run_test(size=WIDE) as pilot:
        app = await opened(pilot)
        assert "could not be examined: It took too long." in app.text()
        assert "2 × 10" in app.text()


async def test_text_that_the_tokenizer_does_not_know_is_called_out_in_the_batch_too() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, "日 本 語 の テ キ ス ト")
        assert "8 of 8 tokens are [UNK]" in app.text()
        await pilot.press("D")
        await settled(pilot)
        assert "1 warning of this batch" in app.text()
        assert "hardly any of the text" in app.text()


async def test_remedies_and_the_ids_of_a_row_can_be_copied() -> None:
    async with batch_app(facts=NONE).run_test(size=WIDE) as pilot:
        app = await opened(pilot)
        offers = dict(app.query_one(BatchView).copyable())
        assert offers["ids of this row"].split()[:3] == ["2", "557", "271"]
        assert 'tokenizer.padding_side = "left"' in offers.values()


async def test_ten_thousand_sequences_are_shown_where_they_are_looked_at() -> None:
    async with batch_app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, "\n".join(f"the cat {number}" for number in range(10_000)), "G")
        assert "10 000 × " in app.text()
        assert "sequence 10000, position 0" in app.text()


def _case(name: str, *keys: str, **words: Any) -> Any:
    return pytest.param(keys, words, id=name)


PICTURES = [
    _case("ids"),
    _case("tokens", "l", "v"),
    _case("mask", "j", "v", "v"),
    _case("pairs-types", "i", "dollar_sign", "v", "v", "v"),
    _case("windows", "t", "m", "8", "escape", "w", "2", "escape", "P", "j"),
    _case("refused", "t", "m", "9", "escape", "8"),
    _case("no-pad", checkpoint="tiny-gpt2-stories", facts=NONE),
    _case("doctor-sound", "D"),
    _case("doctor", "D", facts=WORST),
    _case("light", "l", theme="light"),
    _case("16-colours", "l", theme="ansi"),
]


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize(("keys", "words"), PICTURES)
def test_each_state_of_the_batch_has_its_face(
    snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...], words: dict[str, Any]
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot, TEXT, *keys)

    assert snap_compare(batch_app(**words), terminal_size=size, run_before=before)
