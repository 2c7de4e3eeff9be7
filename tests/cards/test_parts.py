"""The parts that the lines of a card are made of: wrapping, formulas, addresses, code, what is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.cards.ansi import lines_to_ansi, links_table, to_ansi
from hubtui.cards.code import MAX_HIGHLIGHTED, code_lines
from hubtui.cards.latex import looks_like_math, to_unicode
from hubtui.cards.links import image_name, link_kind, trim_bare_url
from hubtui.cards.model import CodeToken, LinkKind, Mark, Span, Style
from hubtui.cards.render import render
from hubtui.cards.wrap import line_width, wrap
from hubtui.core.untrusted import clean
from tests.cards.helpers import text_of


@given(st.lists(st.text(max_size=12).map(clean)), st.integers(1, 30))
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_width(texts: list[str], width: int) -> None:
    lines = wrap([Span(text, marks=Mark(number % 2)) for number, text in enumerate(texts)], width)
    assert "".join(text_of(line) for line in lines).replace(" ", "") == "".join(texts).replace(" ", "")
    # one wide character in one cell goes over the edge rather than away
    assert all(line_width(line) <= max(width, 2) for line in lines)


def test_word_over_two_styles_is_not_broken_between_them() -> None:
    lines = wrap([Span("aaa bbb"), Span("ccc", marks=Mark.STRONG), Span(", d")], 8)
    assert [text_of(line) for line in lines] == ["aaa", "bbbccc,", "d"]
    assert lines[1] == (Span("bbb"), Span("ccc", marks=Mark.STRONG), Span(","))


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"x_{i}^{2} \leq \mathbb{R}", "xᵢ² ≤ ℝ"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\text{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)V", "softmax(QKᵀ/(√dₖ))V"),
        (r"\sum_{i=1}^{n} \hat{y}_i", "∑ᵢ₌₁ⁿ ŷᵢ"),
        (r"\mathcal{L}_{\text{model}} \in \{a\}", "ℒ_model ∈ {a}"),
        (r"e^{i\pi} \cdot 10^{-4}", "e^(iπ) · 10⁻⁴"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b\nc = d"),
        (r"\sqrt[3]{x} \times \vec{v}", "∛x × v\u20d7"),
        (r"\unknown{x} + 1", r"\unknown{x} + 1"),
        ("{" * 100, "{" * 100),
    ],
)
def test_formula_reads_as_text(tex: str, text: str) -> None:
    assert to_unicode(tex) == text


@given(st.text(alphabet=r"\{}^_&[]abfracsqrtx12 $%" + "\n"))
def test_any_formula_is_read(tex: str) -> None:
    to_unicode(tex)


def test_prose_between_dollars_is_no_formula() -> None:
    assert all(map(looks_like_math, ("x", r"\alpha", "a = b")))
    assert not looks_like_math("HOME/bin:")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://x.example", "web"),
        ("//x.example/a", "web"),
        ("mailto:a@b.example", "mail"),
        ("README.md", "relative"),
        ("/org/model", "relative"),
        ("#uses", "anchor"),
        ("JavaScript:alert(1)", "unsafe"),
        ("java\tscript:alert(1)", "unsafe"),
        (" \x01javascript:x", "unsafe"),
        ("data:text/html,x", "unsafe"),
        ("file:///etc/passwd", "unsafe"),
        ("ssh://x", "unsafe"),
    ],
)
def test_only_web_mail_and_repository_links_may_be_opened(url: str, kind: LinkKind) -> None:
    assert link_kind(url) == kind


def test_bare_address_ends_where_its_sentence_goes_on() -> None:
    assert trim_bare_url("https://x.y/a_(b).") == "https://x.y/a_(b)"
    assert trim_bare_url("https://x.y/a),") == "https://x.y/a"


def test_images_have_names_also_when_their_authors_gave_none() -> None:
    assert image_name("  A\nchart ", "x.png") == "A chart"
    assert image_name("", "https://img.shields.io/badge/Code_License-MIT--0-f5de53?x=y") == "Code License: MIT-0"
    assert image_name("", "https://x.example/figures/a%20b.png?raw=true") == "a b.png"
    assert image_name("", "http://[") == "image"


@pytest.mark.parametrize("info", ["python", "py title=x", "{.python}", "Python:file.py", "python3"])
def test_language_of_a_fence_is_understood(info: str) -> None:
    assert code_lines("import x", info)[0][0].code is CodeToken.KEYWORD


def test_code_too_long_to_colour_is_shown_plain_and_whole() -> None:
    lines = code_lines("import x\n" * MAX_HIGHLIGHTED, "python")
    assert len(lines) == MAX_HIGHLIGHTED
    assert lines[0] == (Span("import x", Style.CODE_BLOCK, code=CodeToken.TEXT),)


def test_diff_shows_what_is_added_and_removed() -> None:
    lines = code_lines("-old\n+new\n", "diff")
    assert [line[0].code for line in lines] == [CodeToken.REMOVED, CodeToken.ADDED]


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
