"""Cards as they are printed."""

from __future__ import annotations

from hubtui.cards.ansi import lines_to_ansi, links_table, to_ansi
from hubtui.cards.render import render


def test_printed_card_is_plain_text_without_colour() -> None:
    card = render("# T\n\n**bold** [link](http://x.example)\n", 40)
    assert to_ansi(card, colour=False) == "T\n━\n\nbold link[1]\n"


def test_printed_card_uses_the_colours_of_the_terminal() -> None:
    card = render("**bold** `code` text", 40)
    assert to_ansi(card, colour=True) == "\x1b[1mbold\x1b[0m \x1b[33mcode\x1b[0m text\n"


def test_table_of_links_lists_numbers_and_warns() -> None:
    card = render("[a](http://x.example) [up](#t) [b](javascript:x) http://y.example", 80)
    assert lines_to_ansi(links_table(card), colour=False) == (
        "[1] http://x.example  a\n[2] javascript:x  b · not safe to open\n[3] http://y.example\n"
    )
