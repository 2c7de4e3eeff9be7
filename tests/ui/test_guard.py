import io

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from hubtui.ui import guard
from hubtui.ui.guard import drop_controls


@pytest.fixture
def console() -> Console:
    guard.install()
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J",
        "\x1b]0;owned\x07",
        "\x9b2J",
        "\x90q\x9c",
        "a\rb",
        "a\x08b",
        "a\u202eb",
        "a\u200bb",
        "a\u2028b",
        "\x7f",
    ],
)
def test_no_control_character_of_a_stranger_reaches_the_terminal(console: Console, hostile: str) -> None:
    painted = Strip([Segment(f"x{hostile}y", Style(color="#ff0000"))]).render(console)
    inside = painted.removeprefix("\x1b[38;2;255;0;0m").removesuffix("\x1b[0m")
    assert all(char.isprintable() for char in inside), repr(painted)


def test_piled_up_accents_cannot_smear_over_other_lines(console: Console) -> None:
    painted = Strip([Segment("a" + "\u0301" * 500)]).render(console)
    assert painted.count("\u0301") <= 6


def test_a_link_in_foreign_text_never_becomes_a_terminal_link(console: Console) -> None:
    painted = Strip([Segment("here", Style(link="file:///etc/passwd\x1b\\"))]).render(console)
    assert "passwd" not in painted
    assert "here" in painted


def test_a_control_segment_is_guarded_like_text(console: Console) -> None:
    strip = Strip([Segment("\x1b[2J\x1b[H", None, [])])
    assert "\x1b" not in strip.render(console)


@pytest.mark.parametrize("text", ["plain", "délicieux", "模型", "🙂", "नमस्ते", "שלום", "a\u0301"])
def test_ordinary_text_of_any_script_is_painted_whole(text: str) -> None:
    assert drop_controls(text) == text
