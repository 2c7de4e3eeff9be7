"""What a card does not say."""

from __future__ import annotations

from hubtui.cards.frontmatter import split_card
from hubtui.cards.model import RESULTS_HEADING
from hubtui.cards.sections import find_sections
from hubtui.cards.unsaid import license_stated, places, said, unsaid

_RESULTS = (
    "model-index:\n- name: m\n  results:\n  - {task: {name: T}, dataset: {name: D}, metrics: [{type: f1, value: 1}]}"
)


def test_an_empty_card_says_nothing_and_that_is_said() -> None:
    matter, body = split_card("")
    assert unsaid(find_sections(body), matter, "") == ("training data", "limitations", "bias", "evaluation", "licence")


def test_what_the_front_matter_states_is_not_called_missing() -> None:
    matter, body = split_card(f"---\nlicense: mit\ndatasets: [oscar]\n{_RESULTS}\n---\n# A\n")
    assert unsaid(find_sections(body), matter, "") == ("limitations", "bias")


def test_a_licence_that_the_hub_knows_otherwise_is_not_missing() -> None:
    matter, body = split_card("## Limitations\n\nMany and various.\n")
    assert "licence" not in unsaid(find_sections(body), matter, "mit")


def test_a_licence_that_only_the_text_speaks_of_is_neither_missing_nor_taken_for_one() -> None:
    matter, body = split_card("## 7. License\n\nThe model agreement applies.\n")
    found = find_sections(body)
    assert "licence" not in (*unsaid(found, matter, ""), *said(found, matter, ""))
    stated = license_stated(found, matter, "")
    assert stated.words == "no licence in the front matter; the card speaks of one under “7. License”"
    assert not license_stated(found, matter, "mit").words
    assert not license_stated(find_sections("# A"), matter, "").words


def test_each_section_is_found_where_it_is() -> None:
    matter, body = split_card(
        f"---\n{_RESULTS}\n---\n## Known limitations\n\nMany and various.\n\n## About\n\n"
        "It was trained on a large corpus of texts.\n\n**Bias:** social, mostly.\n"
    )
    assert dict(places(find_sections(body), matter)) == {
        "training_data": "trained on a large",
        "limitations": "Known limitations",
        "bias": "Bias:",
        "evaluation": RESULTS_HEADING,
    }
