"""Front matter as authors write it: right, nearly right and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubtui.cards.frontmatter import MAX_FRONT_MATTER, split_card
from hubtui.cards.model import Carbon, EvalResult, FrontMatter, WidgetExample, WidgetMessage
from hubtui.core.gate import GatedPrompt

if TYPE_CHECKING:
    from pathlib import Path


def read(yaml: str) -> FrontMatter:
    return split_card(f"---\n{yaml}\n---\nbody")[0]


def test_every_field_is_read() -> None:
    front_matter, body = split_card(
        """---
license: other
license_name: my-licence
license_link: LICENSE.md
language: [fr, en]
datasets:
- oscar
- wikipedia
metrics: accuracy
base_model: almanach/camembert-base
tags: [fill-mask, french]
library_name: transformers
pipeline_tag: fill-mask
inference: false
---

# Card
"""
    )
    assert body == "\n# Card\n"
    assert front_matter == FrontMatter(
        present=True,
        license=("other",),
        license_name="my-licence",
        license_link="LICENSE.md",
        languages=("fr", "en"),
        datasets=("oscar", "wikipedia"),
        metrics=("accuracy",),
        base_models=("almanach/camembert-base",),
        tags=("fill-mask", "french"),
        library_name="transformers",
        pipeline_tag="fill-mask",
        inference_off=True,
    )


@pytest.mark.parametrize(
    "readme",
    [
        "---\r\nlicense: mit\r\n---\r\nbody",
        "\ufeff---\nlicense: mit\n---\nbody",
        "\n\n---\nlicense: mit\n---\nbody",
        "---\rlicense: mit\r---\rbody",
        "--- \nlicense: mit\n---  \nbody",
    ],
)
def test_front_matter_is_found_whatever_editor_wrote_it(readme: str) -> None:
    front_matter, body = split_card(readme)
    assert front_matter.license == ("mit",)
    assert front_matter.problems == ()
    assert body == "body"


def test_card_without_front_matter_is_all_body() -> None:
    for readme in ("# Card\n", "", "text\n---\nlicense: mit\n---\n", "---\n\nA rule, then text\n"):
        assert split_card(readme) == (FrontMatter(), readme)


def test_front_matter_that_is_never_closed_is_shown_and_said() -> None:
    front_matter, body = split_card("---\nlicense: mit\n\n# Card\n")
    assert body.startswith("---\nlicense")
    assert front_matter.problems == ("The front matter begins with --- but never ends with ---; it is shown as text.",)


def test_empty_front_matter_is_no_problem() -> None:
    assert split_card("---\n---\nbody") == (FrontMatter(present=True), "body")
    assert split_card("---\n# only a comment\n---\nbody") == (FrontMatter(present=True), "body")


def test_bad_yaml_is_one_sentence_with_its_line() -> None:
    assert read("license: mit\ntitle: a: b").problems == (
        "The front matter is not valid YAML: mapping values are not allowed in this context (line 3 of the card).",
    )


def test_yaml_that_is_no_mapping_says_what_it_is() -> None:
    assert read("[]").problems == ("The front matter should be keys with values, but it is a list.",)
    assert read("just text").problems == ("The front matter should be keys with values, but it is text.",)


def test_norwegian_is_a_language_and_numbers_are_text() -> None:
    front_matter = read("language: no\ntags: [2022, 1.5, 0x1f, 012, 2020-01-01, yes]")
    assert front_matter.languages == ("no",)
    assert front_matter.tags == ("2022", "1.5", "0x1f", "012", "2020-01-01", "yes")
    assert front_matter.problems == ()


def test_wrong_types_are_left_out_and_said() -> None:
    front_matter = read("license: {a: b}\ntags: [ok, [nested], true]\nlibrary_name: [x, y]\npipeline_tag: true")
    assert front_matter.tags == ("ok",)
    assert front_matter.problems == (
        "“license” should be text or a list of texts, but it is keys with values.",
        "“tags” should be text or a list of texts, but it holds a list.",
        "“tags” should be text or a list of texts, but it holds a yes or no.",
        "“library_name” should be text, but it is a list.",
        "“pipeline_tag” should be text, but it is a yes or no.",
    )


def test_key_given_twice_is_said() -> None:
    front_matter = read("license: mit\nwidget:\n- text: a\n- text: b\nlicense: apache-2.0")
    assert front_matter.license == ("apache-2.0",)
    assert front_matter.problems == ("The key “license” is given twice; the last one counts.",)


def test_aliases_within_reason_are_read() -> None:
    assert read("datasets: &d [a, b]\ntags: *d").tags == ("a", "b")


@pytest.mark.parametrize("yaml", ["tags: !!python/object/apply:os.system [id]", "tags: !Foo x", "a: !!binary x"])
def test_tags_that_ask_for_other_types_are_refused(yaml: str) -> None:
    front_matter = read(yaml)
    assert front_matter.tags == ()
    assert front_matter.problems == (
        "The front matter is not valid YAML: it uses YAML tags (!...), which cards may not.",
    )


def test_front_matter_of_absurd_size_is_not_read() -> None:
    front_matter, body = split_card("---\n" + "tags: a\n" * 20_000 + "---\nbody")
    assert body == "body"
    assert f"{MAX_FRONT_MATTER:,}" in front_matter.problems[0]


def test_control_characters_in_values_are_made_visible() -> None:
    assert read('tags: ["\\e[31mred", "a\\u202eb"]').tags == ("␛[31mred", "ab")


def test_widget_examples_of_every_kind() -> None:
    front_matter = read(
        """widget:
- Paris is the <mask>.
- text: "two\\nlines"
  example_title: Title
- text: Where?
  context: There.
- source_sentence: a
  sentences: [b, c]
- src: https://x.example/cat.jpg
  candidate_labels: cat, dog
- messages:
  - role: user
    content: Hi
- text: how many
  table:
    City: [Paris, Rome]
    Year: [1, 2]
- 3.5
- [wrong]"""
    )
    assert front_matter.widget == (
        WidgetExample(text="Paris is the <mask>."),
        WidgetExample(title="Title", text="two\nlines"),
        WidgetExample(text="Where?", context="There."),
        WidgetExample(source_sentence="a", sentences=("b", "c")),
        WidgetExample(src="https://x.example/cat.jpg", candidate_labels=("cat", "dog")),
        WidgetExample(messages=(WidgetMessage("user", "Hi"),)),
        WidgetExample(text="how many", table=(("City", ("Paris", "Rome")), ("Year", ("1", "2")))),
        WidgetExample(text="3.5"),
    )
    assert front_matter.problems == ("“widget” should be a list of examples, but it holds a list.",)


def test_widget_switched_off_is_no_problem() -> None:
    assert read("widget: false") == FrontMatter(present=True)


def test_gated_prompt_and_its_fields() -> None:
    gated = read(
        "extra_gated_heading: Ask\nextra_gated_prompt: |\n  Agree\n  please\n"
        "extra_gated_fields:\n  Name: text\n  OK: checkbox"
    ).gated
    assert gated == GatedPrompt(heading="Ask", prompt="Agree\nplease", fields=("Name", "OK"))


def test_results_without_values_are_said() -> None:
    front_matter = read(
        "model-index:\n- name: x\n  results:\n"
        "  - task: {type: t}\n    dataset: {name: D}\n    metrics:\n    - type: f1\n- 3"
    )
    assert front_matter.results == ()
    assert front_matter.problems == (
        "A metric in “model-index” has no value.",
        "“model-index” should hold models with a list of results; one has none.",
    )


def test_recorded_cards_of_the_hub_client_read_as_they_should(shared_data: Path) -> None:
    def recorded(name: str) -> FrontMatter:
        return split_card((shared_data / "cards" / "hf_hub_fixtures" / name).read_text("utf-8"))[0]

    assert recorded("sample_invalid_card_data.md").problems == (
        "The front matter should be keys with values, but it is a list.",
    )
    assert recorded("sample_invalid_model_index.md").problems == (
        "A result in “model-index” does not say on which dataset.",
    )
    assert recorded("sample_simple_model_index.md").results == (
        EvalResult("image-classification", "Beans", "accuracy", 0.9),
        EvalResult("image-classification", "Beans", "f1", 0.66),
    )
    windows = recorded("sample_windows_line_breaks.md")
    assert (windows.license, windows.languages, len(windows.widget), windows.problems) == (("mit",), ("eo",), 3, ())
    assert recorded("sample_no_metadata.md") == FrontMatter()
    assert recorded("sample_template.md").problems[0].startswith("The front matter is not valid YAML: ")
    assert recorded("sample_simple.md").metrics == ("acc",)


@pytest.mark.parametrize(
    ("stated", "carbon"),
    [
        ("24.5", Carbon(24.5)),
        ("{emissions: '24.5', source: AutoTrain}", Carbon(24.5, source="AutoTrain")),
        ("{hardware_used: 8 A100}", Carbon(None, hardware="8 A100")),
        ("{emissions: .nan}", None),
        ("{}", None),
        ("-3", None),
    ],
)
def test_emissions_are_read_however_they_are_written(stated: str, carbon: Carbon | None) -> None:
    assert read(f"co2_eq_emissions: {stated}").carbon == carbon


def test_emissions_that_are_no_number_are_a_problem() -> None:
    assert read("co2_eq_emissions: [1]").problems == ("“co2_eq_emissions” should be grams, but it is a list.",)


def test_results_that_are_no_number_do_not_break_a_document() -> None:
    results = read("model-index:\n- results:\n  - {task: {}, dataset: {}, metrics: [{type: f1, value: .nan}]}").results
    assert [result.value for result in results] == ["nan"]
