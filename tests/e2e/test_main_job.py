"""The main job as a user does it: search, open, read, tokenize, run, quit."""

from __future__ import annotations

import signal

import pytest

from tests.e2e.conftest import Launch
from tests.terminal import Terminal, descendants, is_alive

pytestmark = pytest.mark.e2e

ALTERNATE_SCREEN_OFF = b"\x1b[?1049l"
CURSOR_SHOWN = b"\x1b[?25h"
ESCAPE = "\x1b"
RUN = "\x12"


def press_escape(terminal: Terminal) -> None:
    """Press esc and let it be seen alone: followed at once by another key it would be alt."""
    terminal.send(ESCAPE)
    terminal.settle(0.4)


def assert_restored(terminal: Terminal) -> None:
    assert terminal.modes == terminal.modes_before
    assert ALTERNATE_SCREEN_OFF in terminal.raw
    assert CURSOR_SHOWN in terminal.raw[terminal.raw.rindex(ALTERNATE_SCREEN_OFF) - 200 :]


def test_from_the_start_page_to_an_answer(launch: Launch) -> None:
    terminal = launch("demo")
    terminal.wait_for("Trending")
    terminal.send("/")
    terminal.send("tiny-camembert task:fill-mask")
    terminal.wait_for("1 shown")
    terminal.send("\r")
    terminal.wait_for("tiny-camembert-fr")
    terminal.send("\r")
    terminal.wait_for("CamembertForMaskedLM")
    terminal.wait_for("A French fill-mask model")
    terminal.send("3")
    terminal.wait_for("│camembert│")
    terminal.wait_for("pad <pad> = 1")
    terminal.send("e")
    terminal.send(" du fromage")
    terminal.wait_for("[fromage]")  # the token under the text cursor
    press_escape(terminal)
    terminal.send("4")
    terminal.wait_for("<mask>")
    terminal.send(RUN)
    for word in ("délicieux", "excellent", "succulent", "meilleur", "parfait"):
        terminal.wait_for(word, timeout=120)
    terminal.wait_for("CamembertForMaskedLM")
    press_escape(terminal)
    children = descendants(terminal.process.pid)
    assert children
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert_restored(terminal)
    assert not [child for child in children if is_alive(child)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_from_outside_restores_the_terminal_and_leaves_no_process(
    launch: Launch, number: signal.Signals
) -> None:
    terminal = launch("demo", "demo/tiny-camembert-fr")
    terminal.wait_for("CamembertForMaskedLM")
    terminal.send("3")
    terminal.wait_for("│camembert│")
    children = descendants(terminal.process.pid)
    terminal.process.send_signal(number)
    terminal.wait_exit()
    assert_restored(terminal)
    assert not [child for child in children if is_alive(child)]


def test_a_word_that_is_no_filter_is_named_before_the_interface_opens(launch: Launch) -> None:
    terminal = launch("demo", "tsk:fill-mask")
    assert terminal.wait_exit() == 2
    assert "task" in terminal.text


def test_an_unknown_model_says_so_and_the_rest_goes_on(launch: Launch) -> None:
    terminal = launch("demo", "demo/no-such-model")
    terminal.wait_for("no-such-model")
    terminal.wait_for("retry")
    terminal.send("/")
    terminal.send("sentiment")
    terminal.wait_for("tiny-sentiment-en")


def test_without_a_network_the_interface_opens_and_says_what_is_missing(launch: Launch) -> None:
    terminal = launch(HF_ENDPOINT="http://127.0.0.1:9")
    terminal.wait_for("127.0.0.1")
    terminal.settle()
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_a_small_terminal_shows_one_side_at_a_time(launch: Launch) -> None:
    terminal = launch("demo", columns=80, rows=24)
    terminal.wait_for("Trending")
    terminal.send("/")
    terminal.send("tiny-camembert")
    terminal.wait_for("1 shown")
    terminal.send("\r")
    terminal.settle()
    terminal.send("\r")
    terminal.wait_for("CamembertForMaskedLM")
    press_escape(terminal)
    terminal.wait_for("1 shown")


@pytest.mark.parametrize("exported", [{}, {"COLUMNS": "80", "LINES": "24"}], ids=["", "exported-size"])
def test_a_terminal_too_small_asks_for_room_and_recovers(launch: Launch, exported: dict[str, str]) -> None:
    terminal = launch("demo", **exported)
    terminal.wait_for("Trending")
    terminal.settle()
    terminal.resize(40, 10)
    terminal.wait_for("needs 60×20")
    terminal.settle()
    terminal.resize(120, 40)
    terminal.wait_for("Trending")


def test_the_catalogue_is_synced_answers_forgives_and_folds(launch: Launch) -> None:
    terminal = launch("demo")
    terminal.wait_for("Trending")
    terminal.send("C")
    terminal.wait_for("There is none yet")
    terminal.send("\r")
    terminal.wait_for("catalogue, 34 models")
    terminal.send("/camenbert\r")
    terminal.wait_for("nearest: camembert")
    terminal.wait_for("demo/tiny-camembert-fr")
    terminal.send("x")
    terminal.wait_for("1 folded")
    terminal.send(" ")
    terminal.wait_for("└ atelier/camembert")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert_restored(terminal)
