"""The vocabulary searched, ids made text again, and the round trip of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import TokenizerError
from hubtui.core.file_lengths import FileLengths, LongLine
from hubtui.core.round_trips import RoundTrip, difference_at, first_difference
from hubtui.core.token_vocabulary import DecodedIds, TokenKind, VocabularyEntry, VocabularyPage, VocabularyQuery
from hubtui.ui.widgets.vocabulary_list import VocabularyList
from tests.fakes import FakeHub
from tests.fakes_inspector import FakeInspector
from tests.ui.model_app import CARD, ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
_SPECIAL = ("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>")
_WORDS = ("▁Le", "▁camembert", "▁est", "▁délicieux", "ment", "▁", "s", "\x1b[31m", "<0xC3>")


def _entry(number: int) -> VocabularyEntry:
    if number >= 1000 or number < 0:
        return VocabularyEntry(number, "", "", "none")
    if number < len(_SPECIAL):
        return VocabularyEntry(number, _SPECIAL[number], _SPECIAL[number], "special")
    piece = _WORDS[(number - len(_SPECIAL)) % len(_WORDS)]
    kind: TokenKind = "byte" if piece.startswith("<0x") else "text"
    return VocabularyEntry(
        number, piece, "" if kind == "byte" else piece.replace("▁", " "), kind, "c3" if kind == "byte" else ""
    )


class SmallVocabulary(FakeInspector):
    """A thousand tokens of a few pieces; capitals do not come back."""

    refusal: TokenizerError | None = None

    async def vocabulary(
        self, model: str, folder: str, query: VocabularyQuery, *, first: int | None = None, count: int = 200
    ) -> VocabularyPage:
        self.asked.append(("vocabulary", model, folder, query, first, count))
        if self.error is not None:
            raise self.error
        if query.kind == "regex" and self.refusal is not None:
            raise self.refusal
        ids: Sequence[int] = range(1000)
        if query.kind in {"text", "regex"}:
            ids = [number for number in ids if query.words in _entry(number).text]
        elif query.kind == "range":
            ids = range(query.ids[0], min(query.ids[1] + 1, 1000))
        elif query.kind == "ids":
            ids = query.ids
        place = query.ids[0] if query.kind == "near" and query.ids[0] < 1000 else None
        first = max(0, (place or 0) - count // 2) if first is None else first
        entries = [_entry(number) for number in ids[first : first + count]]
        return VocabularyPage(len(ids), first, entries, 1000, 999, len(_SPECIAL), 0, place)

    async def decode(self, model: str, folder: str, ids: Sequence[int]) -> DecodedIds:
        self.asked.append(("decode", model, folder, *ids))
        known = [_entry(number) for number in ids if number < 1000]
        text = "".join(entry.text for entry in known)
        plain = "".join(entry.text for entry in known if entry.kind != "special")
        return DecodedIds([_entry(number) for number in ids], text, plain, [one for one in ids if one >= 1000])

    async def round_trips(self, model: str, folder: str, texts: Sequence[str]) -> list[RoundTrip]:
        self.asked.append(("round_trips", model, folder, *texts))
        if self.error is not None:
            raise self.error
        return [_trip(text) for text in texts]


def _trip(text: str) -> RoundTrip:
    decoded = text.replace("é", "e")
    place = first_difference(text, decoded)
    reason = "The normalizer (NFKD, StripAccents) changed it before any token was made."
    difference = None if place is None else difference_at(text, decoded, place, "normalizer", reason)
    return RoundTrip(text, decoded, 4, 0, difference)


def vocabulary_app(inspector: FakeInspector, theme: str = "dark") -> ModelApp:
    """Return the model's side with a vocabulary of a thousand tokens."""
    services = replace(model_services(hub=FakeHub(card_text=CARD)), inspector=lambda: inspector)
    return ModelApp(services, CAMEMBERT, 3, theme)


async def _to_vocabulary(pilot: Pilot[None]) -> None:
    await settled(pilot)
    app = pilot.app
    assert isinstance(app, ModelApp)
    while "▸vocabulary" not in app.text():
        await pilot.press("full_stop")
        await settled(pilot)


async def _find(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *(_key(char) for char in words))
    await settled(pilot)


def _key(char: str) -> str:
    return {" ": "space", "/": "slash", "-": "minus", "(": "left_parenthesis", "@": "at", ".": "full_stop"}.get(
        char, char
    )


async def test_the_vocabulary_begins_at_the_special_tokens_and_more_is_read_where_one_looks() -> None:
    inspector = SmallVocabulary()
    app = vocabulary_app(inspector)
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        assert "1 000 tokens · 4 special" in app.text()
        assert "● special" in app.text()
        view = app.query_one(VocabularyList)
        assert view.has_focus
        await pilot.press("G")
        await settled(pilot)
        assert view.cursor == 999
        assert view.current == _entry(999)
        assert "999" in app.text()
        assert "…" not in app.text().splitlines()[-2]


async def test_a_text_is_found_while_it_is_typed_and_escape_shows_all_again() -> None:
    app = vocabulary_app(SmallVocabulary())
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        await _find(pilot, "ment")
        assert "111 of 1 000" in app.text()
        await pilot.press("enter", "j")
        assert app.query_one(VocabularyList).cursor == 1
        await pilot.press("escape")
        await settled(pilot)
        assert "1 000 tokens" in app.text()


async def test_ids_are_decoded_and_those_outside_are_named() -> None:
    app = vocabulary_app(SmallVocabulary())
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        await _find(pilot, "1 4 5 4242")
        assert "ids say  <pad>␣Le␣camembert" in app.text()
        assert "plain    ␣Le␣camembert" in app.text()
        assert "✗ no token has 4242: left out of the text" in app.text()
        assert "✗ outside" in app.text()


async def test_enter_on_a_token_shows_its_neighbours() -> None:
    app = vocabulary_app(SmallVocabulary())
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        await _find(pilot, "500-600")
        assert "101 of 1 000" in app.text()
        await pilot.press("enter", "j", "j", "enter")
        await settled(pilot)
        view = app.query_one(VocabularyList)
        assert view.current == _entry(502)
        assert view.entry_at(501) == _entry(501)
        assert f"ids say  {_entry(502).text.replace(' ', '␣')}" in app.text()


async def test_what_does_not_come_back_is_shown_with_the_reason_and_follows_the_text() -> None:
    app = vocabulary_app(SmallVocabulary())
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        assert "✓ all 2 lines come back as they were" in app.text()
        await pilot.press("e", "end", "space", "é")
        await settled(pilot)
        assert "✗ line 2 of 2 comes back changed · character 35" in app.text()
        assert "U+00E9" in app.text()
        assert "U+0065" in app.text()
        assert "The normalizer (NFKD, StripAccents)" in app.text()


async def test_a_pattern_that_is_refused_says_so_and_the_tokens_stay() -> None:
    inspector = SmallVocabulary()
    inspector.refusal = TokenizerError("The pattern /(/ cannot be read.", hint="It is a regular expression.")
    app = vocabulary_app(inspector)
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        await _find(pilot, "/(/")
        assert "✗ The pattern /(/ cannot be read." in app.text()
        await pilot.press(*["backspace"] * 3)
        await settled(pilot)
        assert "cannot be read" not in app.text()
        await pilot.press("escape")
        await _find(pilot, "9-3")
        assert "runs backwards" in app.text()


async def test_a_tokenizer_that_does_not_answer_can_be_asked_again() -> None:
    inspector = SmallVocabulary(error=TokenizerError("It did not answer.", hint="It was stopped."))
    app = vocabulary_app(inspector)
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        assert "It did not answer." in app.text()
        inspector.error = None
        await pilot.press("escape", "r")
        await settled(pilot)
        assert "● special" in app.text()
        assert "did not answer" not in app.text()


def _measured() -> FakeInspector:
    lengths = {length: max(1, 400 - abs(length - 60) * 7) for length in range(3, 700, 4)}
    longest = [LongLine(699 - at * 4, 17 * (at + 3), "Le camembert\x1b[31m est bon " * 4) for at in range(10)]
    found = FileLengths("corpus.txt", 512, 1000, 1000, lengths, longest, 900_000, 2, 120, n_broken=1)
    return SmallVocabulary(measured=found)


async def test_a_file_is_measured_when_enter_is_pressed_and_escape_leaves_it() -> None:
    inspector = _measured()
    app = vocabulary_app(inspector)
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        await _find(pilot, "@corpus.txt")
        assert "enter measure" in app.text()
        assert not [question for question in inspector.asked if question[0] == "file_lengths"]
        await pilot.press("enter")
        await settled(pilot)
        assert inspector.asked[-1][3] == "corpus.txt"
        assert "over the limit of 512" in app.text()
        assert "█" in app.text()
        assert "the longest lines begin" in app.text()
        await pilot.press("escape")
        await settled(pilot)
        assert "● special" in app.text()
        assert "over the limit" not in app.text()


async def test_a_file_that_cannot_be_measured_says_why_and_can_be_tried_again() -> None:
    inspector = _measured()
    app = vocabulary_app(inspector)
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        await _find(pilot, "@corpus.txt")
        inspector.error = TokenizerError("corpus.txt is not there.", hint="Name a text file on this machine.")
        await pilot.press("enter")
        await settled(pilot)
        assert "✗ corpus.txt is not there." in app.text()
        inspector.error = None
        await pilot.press("r")
        await settled(pilot)
        assert "over the limit of 512" in app.text()


async def test_tokens_of_strangers_cannot_steer_the_terminal() -> None:
    app = vocabulary_app(SmallVocabulary())
    async with app.run_test(size=(100, 40)) as pilot:
        await _to_vocabulary(pilot)
        assert "␛[31m" in app.text()
        assert "\x1b" not in app.text()


@dataclass(frozen=True)
class Case:
    """What is typed into the line, and the theme."""

    words: str = ""
    theme: str = "dark"
    text: str = ""
    inspector: Callable[[], FakeInspector] = SmallVocabulary
    keys: tuple[str, ...] = ()


def _case(name: str, **words: Any) -> Any:
    return pytest.param(Case(**words), id=name)


def _failing() -> FakeInspector:
    return SmallVocabulary(error=TokenizerError("The tokenizer did not answer within 15 s.", hint="It was stopped."))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    "case",
    [
        _case("all"),
        _case("changed", text=" où « Le café fermé »"),
        _case("text", words="ment"),
        _case("none", words="gorgonzola"),
        _case("ids", words="1 4 5 4242 7"),
        _case("near", words="502", theme="light"),
        _case("16-colours", words="1 4 12", theme="ansi"),
        _case("failed", inspector=_failing),
        _case("file", words="@corpus.txt", inspector=_measured),
        _case("measured", words="@corpus.txt", inspector=_measured, keys=("enter",)),
    ],
)
def test_each_state_of_the_vocabulary_has_its_face(
    snap_compare: Callable[..., bool], size: tuple[int, int], case: Case
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await _to_vocabulary(pilot)
        if case.text:
            await pilot.press("e", "end", *(_key(char) for char in case.text), "escape")
            await settled(pilot)
        if case.words:
            await _find(pilot, case.words)
        for key in case.keys:
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(vocabulary_app(case.inspector(), case.theme), terminal_size=size, run_before=before)
