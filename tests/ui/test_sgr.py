import itertools

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from hubtui.ui.sgr import paint

_TEXTUAL_RENDER = Strip.render_style

STYLES = [
    None,
    Style(),
    Style(color="#ff0000"),
    Style(color="#ff0000", bgcolor="#101217"),
    Style(color="#00ff00", bgcolor="#101217"),
    Style(bgcolor="#101217"),
    Style(bold=True, color="#00ff00", bgcolor="#2b3140"),
    Style(bold=True, underline=True),
    Style(reverse=True, dim=True),
    Style(color="magenta", bold=True),
    Style(color="default", bgcolor="default", reverse=True),
    Style(bold=False, color="red"),
]


def cells(painted: str) -> list[tuple[object, ...]]:
    """Return what an emulated terminal shows for it, cell by cell."""
    screen = pyte.Screen(20, 1)
    pyte.Stream(screen).feed(painted)
    row = screen.buffer[0]
    return [
        (row[x].data, row[x].fg, row[x].bg, row[x].bold, row[x].italics, row[x].underscore, row[x].reverse)
        for x in range(20)
    ]


def in_full(segments: list[Segment]) -> str:
    """Return the segments as Textual itself paints them."""
    return "".join(
        text if style is None else _TEXTUAL_RENDER(style, text, ColorSystem.TRUECOLOR) for text, style, _ in segments
    )


@pytest.mark.parametrize("first", STYLES, ids=str)
def test_a_line_looks_the_same_as_when_every_piece_is_painted_in_full(first: Style | None) -> None:
    for styles in itertools.permutations([style for style in STYLES if style is not first], 2):
        segments = [Segment(text, style) for text, style in zip("abc", (first, *styles), strict=True)]
        assert cells(paint(segments, ColorSystem.TRUECOLOR)) == cells(in_full(segments)), styles


def test_a_line_ends_in_the_terminals_own_style() -> None:
    painted = paint([Segment("a", Style(bold=True))], ColorSystem.TRUECOLOR)
    assert painted.endswith("\x1b[0m")
    assert paint([Segment("a")], ColorSystem.TRUECOLOR) == "a"


def test_a_background_that_stays_is_sent_once() -> None:
    background = Style(bgcolor="#101217")
    segments = [Segment("ab", background + Style(color=color)) for color in ("#ff0000", "#00ff00", "#0000ff")]
    assert paint(segments, ColorSystem.TRUECOLOR).count("48;2;") == 1


def test_a_terminal_of_few_colours_gets_few_colours() -> None:
    painted = paint([Segment("a", Style(color="#ff0000"))], ColorSystem.STANDARD)
    assert painted == "\x1b[31ma\x1b[0m"


def test_console_and_paint_agree_on_the_color_system() -> None:
    console = Console(force_terminal=True, color_system="truecolor")
    assert console._color_system is ColorSystem.TRUECOLOR


def test_blanks_keep_the_background_and_the_underline_that_are_seen() -> None:
    styles = (
        Style(color="#ff0000", bgcolor="#101217"),
        Style(color="#00ff00", bgcolor="#2b3140"),
        Style(underline=True),
    )
    segments = [Segment("a", styles[0]), Segment("  ", styles[1]), Segment("  ", styles[2]), Segment("b", styles[0])]
    assert cells(paint(segments, ColorSystem.TRUECOLOR)) == cells(in_full(segments))
