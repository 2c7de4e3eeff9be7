"""Cards written to steer the terminal, to crash the reader or to keep it busy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtui.cards.ansi import lines_to_ansi, links_table
from hubtui.cards.frontmatter import split_card
from hubtui.cards.parse import CardParser
from hubtui.cards.render import render
from hubtui.cards.sections import find_sections
from tests.cards.helpers import steering_in, strings_of, strings_of_front_matter, text_of

_ATTACKS = [
    "\x1b[31mred",
    "&#27;[31m &#x1b;]0;title&#7; &#x9b;31m &#155;",
    "<https://a.example/%1b%5b31m%07>",
    "[a](http://x.example/%1b[31m) [\x1b[0m](http://y.example)",
    "![\x1b[2J](http://x.example/%1b%07.png) ![](%1b%5b2J.png)",
    '<img alt="&#27;c" src="x"> <img src="&#27;[31m.png"> <a href="http://x/&#27;]8;;">\u202etxt</a>',
    "```python\n\x1b]52;c;aGk=\x07\n\x9b31m\n```",
    "    indented \x1b[31m code",
    "`\x1b[31m` $\x1b_x^2$ $$\x1b[0m$$",
    "# \u202eheading\u2066 &#8238;",
    "|\x1b[31m|&#27;|\n|-|-|\n|\u200b\u200b|\ufeff|",
    "a\u0301" + "\u0301" * 500,
    "a" + "&#769;" * 500,
    "a" + "<b>\u0301\u0301\u0301\u0301</b><i>\u0301\u0301\u0301\u0301</i>" * 50,
    "[^\x1b]: note\n\ntext[^\x1b]",
    "<details><summary>\x1b[31m</summary>\x9d</details><pre>\x1bP</pre>",
    "\udc80 lone \U000e0041 tag",
    "\x00\x85\u2028\u2029",
    "x<sup>\x1b</sup> \\(\\alpha \x1b\\)",
    "> [!NOTE]\n> \x1b[31m",
    "1. \x1b[31m\n- [ ] \x9b",
]  # fmt: skip


def _checked(markdown: str, width: int) -> None:
    card = render(markdown, width)
    assert steering_in(strings_of(card)) == []
    assert steering_in(text_of(line) for line in links_table(card)) == []
    assert "\x1b" not in lines_to_ansi(card.lines, colour=False)
    assert all(heading.line < len(card.lines) for heading in card.headings)
    assert all(image.line < len(card.lines) for image in card.images)
    assert all(span.link is None or span.link < len(card.links) for line in card.lines for span in line)
    assert steering_in(find_sections(markdown).headings) == []


@pytest.mark.parametrize("attack", _ATTACKS)
def test_nothing_of_a_card_steers_the_terminal(attack: str) -> None:
    _checked(attack, 60)
    _checked(f"<div>{attack}</div>", 20)


_MARKDOWN = [
    *(
        "# ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "```",
        "```py\n",
        "|",
        "|-|-|\n",
        "$$",
        "$",
        "\\(",
        "\\)",
        "[",
        "](",
        ")",
        "![",
        "]",
    ),
    *(
        "[^a]",
        "\n[^a]: ",
        "^[",
        "\n[r]: http://x\n",
        "**",
        "*",
        "_",
        "~~",
        "`",
        "&amp;",
        "&#27;",
        "&#x9b;",
        "%1b",
        "\\",
    ),
    *("\n", "\n\n", "\t", "  \n", "---\n", "===\n", "text ", "中文", "👩‍👩‍👧", "\u0301", "http://a.b/c", "www.x.y"),
    *("[ ] ", "[x] ", "[!NOTE]\n", "x^2_i", "\\frac{a}{b}", "\r\n", "\r", "\x0c"),
]
_HTML = [
    *(
        "<",
        ">",
        "<b>",
        "</b>",
        "<table>",
        "<tr>",
        "<td rowspan=3>",
        "<th colspan=9>",
        "</table>",
        "</td>",
        "<ul>",
        "</ul>",
    ),
    *("<ol start=5>", "<li>", "<p align=center>", "</p>", "<div>", "</div>", "<h1>", "</h1>", "<br>", "<hr>", "<pre>"),
    *(
        "</pre>",
        "<code class=language-python>",
        "<details>",
        "<summary>",
        "<!--",
        "-->",
        "<style>",
        "<script>",
        "<svg>",
    ),
    *(
        "<a href='#x'>",
        "</a>",
        "<img alt=x src=y>",
        "<sup>",
        "<sub>",
        "<dl><dt>a<dd>b",
        "<blockquote>",
        "</blockquote>",
    ),
]
_PIECES = st.sampled_from([*_ATTACKS, *_MARKDOWN, *_HTML])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=40).map("".join), st.integers(1, 130))
def test_any_mixture_of_markup_is_rendered_safely(markdown: str, width: int) -> None:
    _checked(markdown, width)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.integers(-5, 90))
def test_any_text_is_rendered_safely(markdown: str, width: int) -> None:
    _checked(markdown, width)


_YAML_PIECES = [
    *(
        "license: ",
        "mit\n",
        "- ",
        "tags:",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!!python/name:os.system ",
        "|\n",
    ),
    *(">\n", "'", '"', "\\x1b", "\\e[31m", "\\u202e", "widget:\n- text: ", "model-index:\n- name: x\n  results:\n  - "),
    *(
        "metrics:\n",
        "- value: 1\n",
        "extra_gated_fields:\n",
        "language: no\n",
        "? ",
        ": ",
        "~",
        "1e999",
        "0x1f",
        "2020-01-01",
    ),
    *(
        "<<: *a\n",
        "\t",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "#",
        "\x1b",
        "\udc80",
        "true",
        "null",
        "999999999999999999999999",
    ),
]
_YAML = st.sampled_from(_YAML_PIECES)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_YAML, st.text(max_size=4)), max_size=25).map("".join))
def test_any_front_matter_is_read_safely(text: str) -> None:
    front_matter, body = split_card(f"---\n{text}\n---\nbody")
    assert body.endswith("body")
    assert steering_in(strings_of_front_matter(front_matter)) == []


# each of these has kept some parser of Markdown, HTML or YAML busy for minutes, or ended it
_BUSY = {
    "quotes": ">" * 10_000 + "x",
    "quotes with blanks": "> " * 10_000 + "x",
    "brackets": "[" * 10_000,
    "bracket paragraphs": ("[" * 500 + "\n\n") * 500,
    "image brackets": "![" * 10_000,
    "link starts": "[a](b" * 10_000,
    "stars": "*a " * 10_000,
    "ticks": "".join("`" * n + " " for n in range(1, 300)),
    "unclosed tags": "<a " * 20_000,
    "unclosed comments": "<!--" * 20_000,
    "unclosed quotes in tags": "<a b='" * 10_000,
    "broken declarations": "<![" * 20_000,
    "unclosed formulas": "$$ a\n\n" * 10_000,
    "formula starts": "\\(x " * 20_000,
    "nested images": "![" * 500 + "](x)" * 500,
    "nested notes": "^[" * 500 + "]" * 500,
    "notes that refer to each other": "[^a]\n\n[^a]: [^b]\n\n[^b]: [^a]",
    "nested lists": "\n".join("  " * n + "- a" for n in range(1_000)),
    "long list": "- a\n" * 10_000,
    "nested divisions": "<div>" * 20_000 + "x",
    "nested quotes in html": "<blockquote>" * 5_000 + "x",
    "nested tables": "<table><tr><td>" * 3_000 + "x",
    "cells": "<table><tr>" + "<td>x" * 20_000,
    "spans": "<table>" + "<tr><td colspan=1000 rowspan=1000>x" * 500,
    "wide table": "|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|b" * 5_000 + "|",
    "long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 5_000,
    "long line of code": "```python\n" + "x" * 900_000 + "\n```",
    "many lines of code": "```python\n" + "def f(): return 'x'\n" * 20_000 + "```",
    "long word": "w" * 900_000,
    "long paragraph": "word " * 150_000,
    "closing brackets of an address": "http://a.b/" + ")" * 60_000,
    "huge character reference": "<b>&#" + "9" * 10_000 + ";</b>",
    "latex": "$" + "\\frac{" * 600 + "$",
    "placeholders": "# Limitations\n\n" + "{{" * 50_000,
}


@pytest.mark.parametrize("name", _BUSY)
def test_card_that_nests_or_repeats_without_end_is_laid_out(name: str) -> None:
    _checked(_BUSY[name], 80)


def test_long_line_of_code_can_be_reached_to_its_end() -> None:
    card = render("```python\n" + "x" * 900_000 + "END\n```", 80)
    assert "".join(text_of(line).lstrip(" ↪") for line in card.lines) == "x" * 900_000 + "END"
    assert card.max_width == 80


@pytest.mark.parametrize(
    "text",
    [
        "[" * 40_000,
        "{a: " * 20_000,
        "a: &a [*a]",
        "a: &x [1,2,3]\n"
        + "".join(f"k{n}: &y{n} [" + f"*{'x' if n == 0 else f'y{n - 1}'}," * 9 + "]\n" for n in range(12)),
        "- " * 40_000,
        "a: b\n" * 20_000,
    ],
)
def test_yaml_that_multiplies_is_refused_in_one_sentence(text: str) -> None:
    front_matter, body = split_card(f"---\n{text}\n---\nbody")
    assert body == "body"
    assert front_matter.problems
    assert all(problem.endswith(".") for problem in front_matter.problems)


def test_brackets_without_end_are_given_up_soon_and_the_links_behind_them_still_found() -> None:
    parser = CardParser("")
    hostile = ["[" * 500, "![" * 300, "[a " * 400, "^[" * 300]
    for _ in range(3):
        for text in hostile:
            parser.inline(text)
    assert [parser.inline(text) for text in hostile] == [None] * 4, "each of them would take a fiftieth of a second"
    badges = parser.inline("[![name](https://a.example/b.svg)](https://a.example) " * 100)
    assert badges is not None
    assert sum(token.type == "link_open" for token in badges) == 100
