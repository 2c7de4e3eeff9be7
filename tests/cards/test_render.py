"""Every kind of block of a card, as the lines that a reader sees."""

from __future__ import annotations

import pytest

from hubtui.cards.model import CodeToken, Heading, Image, Link, Mark, Span, Style
from hubtui.cards.render import MAX_CARD, render, render_blocks
from tests.cards.helpers import shown, span_of, text_of


def test_paragraph_is_wrapped_between_words() -> None:
    assert shown("The quick brown fox\njumps over the lazy dog.", 20) == [
        "The quick brown fox",
        "jumps over the lazy",
        "dog.",
    ]


def test_chinese_text_wraps_by_cells_and_keeps_punctuation_with_its_word() -> None:
    assert shown("模型可能产生错误的内容，请注意。", 16) == ["模型可能产生错误", "的内容，请注意。"]
    assert shown("一二三四五，六", 10) == ["一二三四", "五，六"]


def test_emoji_and_combining_marks_do_not_break_the_width() -> None:
    assert shown("🤗🤗🤗🤗 🤗🤗", 8) == ["🤗🤗🤗🤗", "🤗🤗"]
    assert shown("e\u0301" * 10, 5) == ["e\u0301" * 5, "e\u0301" * 5]


def test_word_longer_than_the_line_is_cut_not_lost() -> None:
    assert shown("see abcdefghijklmnop now", 8) == ["see", "abcdefgh", "ijklmnop", "now"]


def test_headings_show_their_level_and_are_indexed_with_anchors() -> None:
    card = render("# Model *card*\n\n## Uses\n\ntext\n\n### More\n\nSame\n----\n\nSame\n----\n", 30)
    assert [text_of(line) for line in card.lines] == [
        "Model card", "━━━━━━━━━━", "", "Uses", "────", "", "text", "", "More", "", "Same", "────", "", "Same", "────",
    ]  # fmt: skip
    assert card.headings == (
        Heading(1, "Model card", 0, "model-card"),
        Heading(2, "Uses", 3, "uses"),
        Heading(3, "More", 8, "more"),
        Heading(2, "Same", 10, "same"),
        Heading(2, "Same", 13, "same-1"),
    )
    assert card.lines[0] == (
        Span("Model ", Style.H1, Mark.STRONG),
        Span("card", Style.H1, Mark.STRONG | Mark.EMPHASIS),
    )


def test_stress_is_kept_as_marks_and_code_as_style() -> None:
    (line,) = render("a **b** *c* ~~d~~ `e` <kbd>F</kbd> <u>g</u>", 40).lines
    assert line == (
        Span("a "),
        Span("b", marks=Mark.STRONG),
        Span(" "),
        Span("c", marks=Mark.EMPHASIS),
        Span(" "),
        Span("d", marks=Mark.STRIKE),
        Span(" "),
        Span("e", Style.CODE),
        Span(" "),
        Span("F", Style.KEY),
        Span(" "),
        Span("g", marks=Mark.UNDERLINE),
    )


def test_hard_breaks_of_all_kinds_break_the_line() -> None:
    assert shown("one  \ntwo\\\nthree<br>four<br/>five") == ["one", "two", "three", "four", "five"]


def test_tight_list_has_no_blank_lines_and_hangs_its_text() -> None:
    assert shown("- first item that is long\n- second\n  - nested\n    - deep\n\nend", 20) == [
        "• first item that is",
        "  long",
        "• second",
        "  ◦ nested",
        "    ▪ deep",
        "",
        "end",
    ]


def test_loose_list_keeps_its_blank_lines() -> None:
    assert shown("- a\n\n- b\n\n  more b") == ["• a", "", "• b", "", "  more b"]


def test_ordered_list_keeps_its_numbers() -> None:
    assert shown("9. nine\n10. ten\n    1. inner") == ["9. nine", "10. ten", "    1. inner"]
    assert shown("3) x") == ["3) x"]


def test_task_list_shows_what_is_done() -> None:
    assert shown("- [ ] open\n- [x] done\n- plain") == ["☐ open", "☑ done", "• plain"]


def test_empty_list_item_is_seen() -> None:
    assert shown("- \n- b") == ["•", "• b"]


def test_quote_has_a_bar_on_every_line_also_nested() -> None:
    assert shown("> one two three\n>\n> > inner\n>\n> - item", 12) == [
        "│ one two",
        "│ three",
        "│",
        "│ │ inner",
        "│",
        "│ • item",
    ]


@pytest.mark.parametrize(("kind", "style"), [("NOTE", Style.NOTE), ("warning", Style.WARNING), ("Tip", Style.TIP)])
def test_github_alert_says_its_kind(kind: str, style: Style) -> None:
    card = render(f"> [!{kind}]\n> Mind the gap.\n", 40)
    assert [text_of(line) for line in card.lines] == [f"│ {kind.capitalize()}", "│ Mind the gap."]
    assert card.lines[0] == (Span("│ ", style), Span(kind.capitalize(), style, Mark.STRONG))


def test_quote_that_only_looks_like_an_alert_is_a_quote() -> None:
    assert shown("> [!NOTE] is a kind of alert") == ["│ [!NOTE] is a kind of alert"]


def test_rule_crosses_the_width() -> None:
    assert shown("a\n\n---\n\nb", 6) == ["a", "", "──────", "", "b"]


def test_code_keeps_its_lines_and_colours_and_is_never_wrapped() -> None:
    card = render('```python\ndef f(x):\n\n    return "a long text that does not fit"  # c\n```\n', 20)
    assert [text_of(line) for line in card.lines] == [
        "  def f(x):",
        "",
        '      return "a long text that does not fit"  # c',
    ]
    kinds = {span.text.strip(): span.code for line in card.lines for span in line if span.code}
    assert kinds["def"] is CodeToken.KEYWORD
    assert kinds["f"] is CodeToken.NAME
    assert kinds['"a long text that does not fit"'] is CodeToken.STRING
    assert kinds["# c"] is CodeToken.COMMENT
    assert card.max_width == len('      return "a long text that does not fit"  # c')


def test_indented_code_and_unknown_languages_are_shown_plain() -> None:
    assert shown("    a = 1\n    b") == ["  a = 1", "  b"]
    assert shown("```brainfxxx\n+[>]\n```") == ["  +[>]"]


def test_code_in_a_list_stands_under_its_item() -> None:
    assert shown("1. run\n   ```\n   x\n   ```\n2. next") == ["1. run", "     x", "2. next"]


def test_table_columns_are_as_wide_as_their_cells_and_aligned_as_asked() -> None:
    assert shown("|left|mid|right|\n|:--|:-:|--:|\n|a|b|c|\n|中文|bbbbb|1|\n") == [
        "left │  mid  │ right",
        "─────┼───────┼──────",
        "a    │   b   │     c",
        "中文 │ bbbbb │     1",
    ]


def test_numbers_in_a_table_stand_to_the_right() -> None:
    assert shown("|task|score|\n|-|-|\n|a|9.5|\n|b|10.25 %|\n|c|-|") == [
        "task │   score",
        "─────┼────────",
        "a    │     9.5",
        "b    │ 10.25 %",
        "c    │       -",
    ]


def test_link_carries_its_number_and_each_address_only_one() -> None:
    card = render("[one](https://a.example/x) and [two](b.md), [again](https://a.example/x)", 60)
    assert [text_of(line) for line in card.lines] == ["one[1] and two[2], again[1]"]
    assert card.links == (Link(1, "one", "https://a.example/x", "web"), Link(2, "two", "b.md", "relative"))
    assert card.lines[0][:2] == (Span("one", Style.LINK, link=0), Span("[1]", Style.LINK_NUMBER, link=0))


def test_jump_within_the_card_is_a_link_without_number() -> None:
    card = render("[down](#uses) [out](http://x.example)", 60)
    assert [text_of(line) for line in card.lines] == ["down out[1]"]
    assert card.links[0] == Link(0, "down", "#uses", "anchor")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "JavaScript:x", "file:///etc/passwd", "vbscript:x"]
)
def test_link_that_must_not_be_opened_is_shown_and_marked(url: str) -> None:
    for markdown in (f"[text]({url})", f"<a href='{url}'>text</a>"):
        card = render(markdown, 60)
        assert [link.kind for link in card.links] == ["unsafe"]
        assert card.lines[0][0] == Span("text", Style.LINK_UNSAFE, link=0)


def test_scheme_hidden_behind_a_control_character_is_unsafe() -> None:
    assert [link.kind for link in render("<a href='java&#10;script:x'>text</a>", 60).links] == ["unsafe"]


def test_bare_addresses_are_links_without_the_sentence_around_them() -> None:
    card = render("See https://a.example/b_c_(d), www.b.example. `http://code.example`", 80)
    assert [link.url for link in card.links] == ["https://a.example/b_c_(d)", "https://www.b.example"]
    assert [text_of(line) for line in card.lines] == [
        "See https://a.example/b_c_(d)[1], www.b.example[2]. http://code.example"
    ]


def test_link_definition_at_the_end_serves_the_start() -> None:
    assert render("[paper][p] first\n\n" + "text\n\n" * 50 + "[p]: https://arxiv.org/abs/1\n", 40).links == (
        Link(1, "paper", "https://arxiv.org/abs/1", "web"),
    )


def test_image_is_named_by_its_alt_text_or_file() -> None:
    card = render("![A chart](figures/chart.png)\n\ntext ![](figures/my%20plot.png) more", 40)
    assert [text_of(line) for line in card.lines] == ["▣ A chart", "", "text ▣ my plot.png more"]
    assert card.images == (Image("A chart", "figures/chart.png", 0), Image("my plot.png", "figures/my%20plot.png", 2))


def test_badges_collapse_to_one_line_of_their_texts() -> None:
    badge = "[![{0}](https://img.shields.io/badge/x-y-blue)](https://{0}.example)"
    markdown = (
        f"{badge.format('Paper')}\n{badge.format('Demo')}<br>\n![](https://img.shields.io/badge/License-MIT_2-green)"
    )
    assert shown(markdown) == ["Paper[1] · Demo[2] · License: MIT 2"]


def test_footnotes_stand_at_the_end_in_the_order_they_are_met() -> None:
    markdown = (
        "One[^b], two[^a] and in place^[with *stress*].\n\n[^a]: Note A\n\n    goes on\n\n[^b]: Note B\n[^c]: unused\n"
    )
    assert shown(markdown, 20) == [
        "One¹, two² and in",
        "place³.",
        "",
        "────────────────────",
        "",
        "¹ Note B",
        "² Note A",
        "",
        "  goes on",
        "³ with stress",
    ]


def test_formulas_are_readable() -> None:
    assert shown(r"inline $x_i^2 \leq \alpha$ and \\( \frac{a}{b+1} \\)", 60) == ["inline xᵢ² ≤ α and a/(b+1)"]
    assert shown("$$\nE = mc^2\n$$") == ["  E = mc²"]


def test_dollars_that_are_money_or_shell_stay_as_written() -> None:
    text = "It costs $5 or $10; set $HOME/bin:$PATH first."
    assert shown(text, 60) == [text]


def test_tokens_that_look_like_tags_stay_as_written() -> None:
    text = "<mask> <unk> </s> <think>"
    assert shown(text) == [text]


def test_chunks_together_are_the_whole_card() -> None:
    markdown = "\n\n".join(f"## Part {n}\n\nSee [it](http://x.example/{n}) ![i](a{n}.png)" for n in range(40))
    whole = render(markdown, 50)
    chunks = list(render_blocks(markdown, 50, chunk_lines=lambda: 10))
    assert len(chunks) > 10
    assert tuple(line for chunk in chunks for line in chunk.lines) == whole.lines
    assert tuple(heading for chunk in chunks for heading in chunk.headings) == whole.headings
    assert tuple(link for chunk in chunks for link in chunk.links) == whole.links
    assert tuple(image for chunk in chunks for image in chunk.images) == whole.images
    assert all(whole.lines[heading.line][0].style is Style.H2 for heading in whole.headings)


def test_first_chunk_of_a_long_card_comes_before_its_end_is_parsed() -> None:
    chunks = render_blocks("para\n\n" * 100_000, 50)
    assert len(next(chunks).lines) <= 61


def test_huge_card_is_cut_and_says_so() -> None:
    card = render("word " * (MAX_CARD // 5 + 100), 100)
    assert text_of(card.lines[-1]) == "… the card goes on for 500 characters"


def test_span_of_text_in_a_heading_cell_is_a_table_head() -> None:
    assert span_of("|Name|\n|-|\n|x|", "Name") == Span("Name", Style.TABLE_HEAD, Mark.STRONG)


def test_empty_card_has_no_lines() -> None:
    assert render("", 80).lines == ()
    assert render("\n \n<!-- only a comment -->\n", 80).lines == ()
