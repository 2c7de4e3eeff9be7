"""HTML as model cards really use it."""

from __future__ import annotations

from hubtui.cards.model import Mark, Style
from hubtui.cards.render import render
from tests.cards.helpers import shown, span_of, text_of


def test_table_with_line_breaks_lists_and_spans() -> None:
    markdown = (
        "<table><thead><tr><th>A</th><th colspan=2>B</th></tr></thead>"
        "<tr><td rowspan=2>x<br>y</td><td><ul><li>i<li>j</ul></td><td>z</td></tr><tr><td>q</td></tr></table>"
    )
    assert [line.rstrip() for line in shown(markdown)] == [
        "A │ B   │",
        "──┼─────┼──",
        "x │ • i │ z",
        "y │ • j │",
        "  │ q   │",
    ]


def test_markdown_table_in_a_centred_division() -> None:
    assert shown('<div align="center">\n\n|a|b|\n|-|-|\n|1|2|\n\ntext\n\n</div>\n\nleft', 10) == [
        "a │ b", "──┼──", "1 │ 2", "", "   text", "", "left",
    ]  # fmt: skip


def test_centred_and_right_aligned_text() -> None:
    assert shown('<p align="center">mid</p>\n\n<div style="text-align: right">end</div>\n\n<center>c</center>', 9) == [
        "   mid", "", "      end", "", "    c",
    ]  # fmt: skip


def test_details_are_open_under_their_summary() -> None:
    card = render("<details>\n<summary>More <b>facts</b></summary>\n\nHidden *text*\n\n</details>\n\nend", 40)
    assert [text_of(line) for line in card.lines] == ["▾ More facts", "", "Hidden text", "", "end"]
    assert card.lines[0][0].style is Style.SUMMARY


def test_headings_lists_and_rules() -> None:
    assert shown("<h2>Uses</h2><ul><li>a<li>b<ol start=3><li>c<li>d</ol></ul><hr>", 12) == [
        "Uses", "────", "", "• a", "• b", "  3. c", "  4. d", "", "────────────",
    ]  # fmt: skip


def test_definition_list() -> None:
    assert shown("<dl><dt>Term<dd>Meaning<dt>Next<dd>Other</dl>") == ["Term", "  Meaning", "Next", "  Other"]


def test_preformatted_code_with_its_language() -> None:
    markdown = '<pre><code class="language-python">import x\n\nx.y()  &lt;s&gt;\n</code></pre>'
    assert shown(markdown) == ["  import x", "", "  x.y()  <s>"]
    assert span_of(markdown, "import").code == "keyword"


def test_superscripts_and_subscripts() -> None:
    assert shown("x<sup>2</sup> H<sub>2</sub>O e<sup>a, b!</sup>") == ["x² H₂O e^(a, b!)"]


def test_comments_styles_and_scripts_are_not_read() -> None:
    assert shown("a <!-- no --> b\n\n<style>p { color: red }</style>\n\n<script>if (a < b) x()</script>\n\nc") == [
        "a b",
        "",
        "c",
    ]


def test_style_that_is_never_closed_hides_only_its_paragraph() -> None:
    assert shown("one <style> two\n\nthree") == ["one", "", "three"]


def test_unclosed_tags_end_with_their_block() -> None:
    card = render("a <b>bold\n\nplain </i> text", 40)
    assert [text_of(line) for line in card.lines] == ["a bold", "", "plain text"]
    assert card.lines[0][1].marks is Mark.STRONG
    assert all(span.marks is Mark.NONE for span in card.lines[2])


def test_html_cannot_close_the_quote_that_markdown_opened() -> None:
    assert shown("<div>\n\n> a </div>\n>\n> b\n\nc") == ["│ a", "│", "│ b", "", "c"]


def test_table_that_is_never_closed_does_not_swallow_the_card() -> None:
    assert shown("<table><tr><td>cell\n\n# Next\n\ntext") == ["cell", "", "Next", "━━━━", "", "text"]


def test_cells_without_a_table_are_text() -> None:
    assert shown("<td>a</td><td>b</td>") == ["ab"]


def test_table_in_a_cell_stands_in_its_line() -> None:
    markdown = "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>"
    assert [line.rstrip() for line in shown(markdown)] == ["a   │ d", "b c │"]


def test_linked_images_in_html_are_one_line_of_badges() -> None:
    markdown = '<p>\n<a href="https://a.example"><img alt="Home" src="b.svg"/></a>\n<br>\n<a href="https://b.example"><b>Paper</b>👁</a>\n</p>'
    assert shown(markdown) == ["Home[1] · Paper👁[2]"]


def test_image_with_inline_data_does_not_carry_it_along() -> None:
    card = render('<img src="data:image/png;base64,' + "A" * 100_000 + '">', 40)
    assert [text_of(line) for line in card.lines] == ["▣ image"]
    assert card.images[0].src == "data:image/png;base64,…"


def test_anchor_without_address_is_no_link() -> None:
    assert render('<a name="top"></a>text <a>more</a>', 40).links == ()
