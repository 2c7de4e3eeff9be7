"""The front matter as a table of facts."""

from __future__ import annotations

from hubtui.cards.frontmatter import split_card
from hubtui.cards.model import RESULTS_HEADING, FrontMatter, RenderedCard
from hubtui.cards.render import render, render_blocks
from tests.cards.helpers import steering_in, strings_of, text_of


def _card(front: str, width: int = 80) -> RenderedCard:
    matter, body = split_card(f"---\n{front}\n---\n# A model\n")
    return render(body, width, front_matter=matter)


def _facts(front: str, width: int = 80) -> list[str]:
    lines = [text_of(line) for line in _card(front, width).lines]
    return lines[: lines.index("─" * width)]


def test_a_licence_is_named_with_its_kind_and_its_terms() -> None:
    card = _card("license: apache-2.0")
    assert text_of(card.lines[0]) == "licence     Apache License 2.0 (apache-2.0) · permissive · terms[1]"
    assert card.links[0].url == "https://choosealicense.com/licenses/apache-2.0/"


def test_a_licence_of_the_authors_own_leads_to_their_text() -> None:
    card = _card("license: other\nlicense_name: nv-open\nlicense_link: LICENSE")
    assert text_of(card.lines[0]) == "licence     nv-open · terms[1]"
    assert (card.links[0].url, card.links[0].kind) == ("LICENSE", "relative")


def test_a_licence_link_that_runs_code_is_marked_as_unsafe() -> None:
    assert _card("license: mit\nlicense_link: javascript:alert(1)").links[0].kind == "unsafe"


def test_datasets_and_base_models_lead_to_their_pages() -> None:
    card = _card("datasets: [oscar]\nbase_model: a/b\nbase_model_relation: quantized")
    assert [text_of(line) for line in card.lines[:2]] == ["datasets    oscar[1]", "base model  a/b[2] (quantization)"]
    assert [link.url for link in card.links] == ["/datasets/oscar", "/a/b"]


def test_languages_are_named_and_many_are_counted() -> None:
    assert _facts("language: [en, xx]") == ["languages   English (en) · xx"]
    assert _facts("language: [a1, b2, c3, d4, e5, f6, g7]") == ["languages   7: a1 b2 c3 d4 e5 f6 g7"]


def test_the_rest_of_many_datasets_is_among_the_links() -> None:
    names = [f"data-{number}" for number in range(30)]
    card = _card(f"datasets: [{', '.join(names)}]")
    assert "and 18 more among the links" in " ".join(text_of(line).strip() for line in card.lines)
    assert [link.text for link in card.links] == names


def test_what_training_emitted_is_said_in_kilograms() -> None:
    assert _facts("co2_eq_emissions: {emissions: 24700, source: code carbon, training_type: fine-tuning}") == [
        "carbon      24.7 kg CO₂e · fine-tuning · by code carbon"
    ]
    assert _facts("co2_eq_emissions: 3.5") == ["carbon      3.5 g CO₂e"]


def test_long_facts_go_on_beside_their_label() -> None:
    lines = _facts(f"metrics: [{', '.join(f'metric-{number}' for number in range(9))}]", 40)
    assert len(lines) > 2
    assert all(line.startswith(" " * 12) and len(line) <= 40 for line in lines[1:])


def test_evaluation_results_are_a_table_that_the_facts_lead_to() -> None:
    card = _card(
        "model-index:\n- name: m\n  results:\n"
        "  - task: {name: Text Classification}\n    dataset: {name: GLUE}\n"
        "    metrics: [{type: accuracy, value: 0.5}, {type: f1, value: 0.25}]"
    )
    jump = card.links[0].url.removeprefix("#")
    heading = next(head for head in card.headings if head.anchor == jump)
    assert heading.text == RESULTS_HEADING
    assert [text_of(line) for line in card.lines[heading.line + 3 :]] == [
        "task                │ dataset │ metric   │ value",
        "────────────────────┼─────────┼──────────┼──────",
        "Text Classification │ GLUE    │ accuracy │   0.5",
        "                    │         │ f1       │  0.25",
    ]


def test_the_lines_of_the_family_are_where_the_card_says() -> None:
    matter = FrontMatter(present=True, license=("mit",))
    family = (("made of it", "x" * 90), ("lineage", "fine-tune of a/b"))
    chunk = next(render_blocks("# A", 70, front_matter=matter, family=family))
    assert chunk.family_line == 1
    assert text_of(chunk.lines[1]) == "made of it  " + "x" * 90
    assert text_of(chunk.lines[2]) == "lineage     fine-tune of a/b"


def test_a_card_without_front_matter_begins_with_its_text() -> None:
    card = render("# A model", 40, front_matter=FrontMatter())
    assert text_of(card.lines[0]) == "A model"


def test_hostile_facts_cannot_steer_the_terminal() -> None:
    bad = r'"\e[2J\u202Eevil\u200B"'
    card = _card(
        f"license: {bad}\nlicense_name: {bad}\nlicense_link: {bad}\ndatasets: [{bad}]\nbase_model: {bad}\n"
        f"metrics: [{bad}]\nlanguage: {bad}\nco2_eq_emissions: {{source: {bad}}}"
    )
    assert steering_in(strings_of(card)) == []
