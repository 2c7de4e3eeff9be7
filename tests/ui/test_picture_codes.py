"""How terminals are given pictures."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image
from rich.cells import cell_len

from hubtui.ui.guard import drop_controls
from hubtui.ui.picture_codes import (
    MOST_ROWS,
    block_lines,
    kitty_lines,
    kitty_message,
    kitty_removal,
    sixel_message,
    way,
)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, "blocks"),
        ({"TERM": "screen-256color", "TERM_PROGRAM": "WezTerm"}, "blocks"),
        ({}, "blocks"),
    ],
)
def test_a_terminal_gets_what_it_can_draw(environ: dict[str, str], expected: str) -> None:
    assert way("auto", environ) == expected


def test_the_config_file_has_the_last_word() -> None:
    assert way("blocks", {"TERM": "xterm-kitty"}) == "blocks"
    assert way("sixel", {}) == "sixel"


def test_half_blocks_hold_two_pixels_each() -> None:
    image = Image.new("RGB", (2, 3))
    image.putpixel((1, 0), (255, 0, 0))
    image.putpixel((1, 1), (0, 0, 255))
    lines = block_lines(image, in_colour=True)
    assert len(lines) == 2
    text, style = lines[0][1]
    assert text == "▀"
    assert style.color is not None
    assert style.color.get_truecolor() == (255, 0, 0)
    assert style.bgcolor is not None
    assert style.bgcolor.get_truecolor() == (0, 0, 255)


def test_without_colour_a_picture_is_drawn_in_greys() -> None:
    image = Image.new("RGB", (2, 2), (255, 255, 255))
    image.putpixel((0, 0), (0, 0, 0))
    image.putpixel((0, 1), (0, 0, 0))
    assert [text for line in block_lines(image, in_colour=False) for text, _ in line] == [" █"]


def test_kitty_gets_the_whole_picture_in_small_messages() -> None:
    image = Image.effect_noise((120, 90), 80).convert("RGB")
    message = kitty_message(image, 7, 12, 5)
    parts = re.findall(r"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", message)
    assert "".join(f"\x1b_G{head};{data}\x1b\\" for head, data in parts) == message
    assert all(len(data) <= 4_096 for _, data in parts)
    assert [head.rsplit("m=", 1)[1] for head, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    assert "i=7,c=12,r=5" in parts[0][0]
    sent = Image.open(io.BytesIO(base64.b64decode("".join(data for _, data in parts))))
    assert sent.size == image.size
    assert kitty_removal(7) == "\x1b_Ga=d,d=I,i=7,q=2\x1b\\"


def test_the_cells_of_a_kitty_picture_pass_the_guard_and_have_their_width() -> None:
    lines = kitty_lines(0x010203, 9, MOST_ROWS)
    assert len({line[0][0] for line in lines}) == MOST_ROWS
    for line in lines:
        text, style = line[0]
        assert drop_controls(text) == text
        assert cell_len(text) == 9
        assert style.color is not None
        assert style.color.get_truecolor() == (1, 2, 3)


def test_a_sixel_picture_is_drawn_at_its_place_and_the_cursor_put_back() -> None:
    message = sixel_message(Image.new("RGB", (20, 12), (255, 0, 0)), 4, 2)
    assert message.startswith("\x1b7\x1b[3;5H\x1bP")
    assert message.endswith("\x1b\\\x1b8")
    assert re.search(r"#\d+;2;100;0;0", message)
