"""What a card is found to say: a placeholder must not pass for an answer, nor a foreign heading for silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hubtui.demo
from hubtui.cards.frontmatter import split_card
from hubtui.cards.sections import find_sections

DEMO_REPOS = Path(hubtui.demo.__file__).parent / "repos"
_TEXT = "The model may write wrong facts, and it was seen to do so."


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("## Limitations", "limitations"),
        ("### Bias, Risks, and Limitations", "limitations"),
        ("## Bias, Risks, and Limitations", "bias"),
        ("## Limites et biais", "limitations"),
        ("## Biais", "bias"),
        ("## Einschränkungen", "limitations"),
        ("## Verzerrungen", "bias"),
        ("## Limitaciones y sesgos", "bias"),
        ("## 局限性和偏见", "limitations"),
        ("## 局限性和偏见", "bias"),
        ("## Training data, limits, bias", "limitations"),
        ("## Training data, evaluation, limits, bias", "limitations"),
        ("## Intended use / limits", "limitations"),
        ("## Limits of the model", "limitations"),
        ("## 限界とバイアス", "limitations"),
        ("## 限界とバイアス", "bias"),
        ("## 学習データ", "training_data"),
        ("## 評価", "evaluation"),
        ("## Training data", "training_data"),
        ("## 2. Training Dataset", "training_data"),
        ("# Dataset specs", "training_data"),
        ("## Données d'entraînement", "training_data"),
        ("## Trainingsdaten", "training_data"),
        ("## Datos de entrenamiento", "training_data"),
        ("## 训练数据", "training_data"),
        ("## Evaluation results", "evaluation"),
        ("## Évaluation", "evaluation"),
        ("## Ergebnisse", "evaluation"),
        ("## 评测结果", "evaluation"),
        ("<h2>Limitations</h2>", "limitations"),
        ("**Limitations:**", "limitations"),
        ("Limitations\n-----------", "limitations"),
    ],
)
def test_section_is_found_by_its_heading(heading: str, name: str) -> None:
    sections = find_sections(f"# Model\n\n{heading}\n\n{_TEXT}\n")
    assert getattr(sections, f"has_{name}")
    assert name not in sections.missing


@pytest.mark.parametrize(
    "text",
    [
        "[More Information Needed]",
        "More information needed.",
        "TODO",
        "N/A",
        "<!-- say something -->",
        "",
        "## Next\n\nOther text here",
        "{{ limits }}",
    ],
)
def test_placeholder_does_not_pass_for_a_section(text: str) -> None:
    sections = find_sections(f"## Limitations\n\n{text}\n\n## Training Data\n\n{text}\n")
    assert sections.missing == ("limitations", "bias", "training_data", "evaluation")


@pytest.mark.parametrize(
    "heading", ["Rate limits", "Testing Data", "Evaluation data", "Fine-tune on your own data", "Data center", "Usage"]
)
def test_heading_that_only_sounds_alike_does_not_count(heading: str) -> None:
    sections = find_sections(f"## {heading}\n\n{_TEXT}")
    assert {"limitations", "bias", "training_data"} <= set(sections.missing)


def test_heading_in_a_code_block_does_not_count() -> None:
    assert not find_sections(f"```\n# Limitations\n{_TEXT}\n```\n").has_limitations


def test_text_of_a_subsection_counts() -> None:
    assert find_sections(f"## Limitations\n\n### Languages\n\n{_TEXT}").has_limitations


def test_bias_told_among_the_limitations_counts() -> None:
    assert find_sections("## Limitations\n\nIts outputs carry gender bias of the web.").has_bias
    assert not find_sections("## Usage\n\nSet the bias term of the linear layer to zero.").has_bias


def test_sentence_that_names_the_training_data_counts() -> None:
    assert find_sections("This model was pretrained on 2T tokens of web text.").has_training_data
    assert not find_sections("It was trained on four H100 machines.").has_training_data
    assert not find_sections("It was trained on 2T tokens.").has_training_data, "how much is not what"


def test_name_of_a_data_set_is_enough() -> None:
    assert find_sections("## Training data\n\n- [OSCAR](https://oscar.example)").has_training_data


def test_headings_are_listed_as_text() -> None:
    sections = find_sections(
        "# The `x_y` *model*\n\n## See [paper](http://a.b)\n\n<h3>A <b>B</b></h3>\n\n**bold** lead"
    )
    assert sections.headings == ("The x_y model", "See paper", "A B")


def test_hub_template_left_unfilled_says_nothing(shared_data: Path) -> None:
    template = (shared_data / "cards" / "hf_hub_fixtures" / "modelcard_template.md").read_text("utf-8")
    default = re.compile(r'\{\{[^}]*default\("([^"]*)"[^}]*\}\}')
    for card in (template, default.sub(r"\1", template)):
        assert find_sections(split_card(card)[1]).missing == ("limitations", "bias", "training_data", "evaluation")


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("bloom.md", ()),
        ("all-MiniLM-L6-v2.md", ("limitations", "bias", "evaluation")),
        ("llm-jp-v3-13b-exp3.md", ("limitations", "bias", "evaluation")),
        ("docker-kimi-k2.md", ("limitations", "bias", "training_data")),
    ],
)
def test_real_cards_say_what_a_reader_would_find(shared_data: Path, name: str, missing: tuple[str, ...]) -> None:
    body = split_card((shared_data / "cards" / name).read_text("utf-8"))[1]
    assert find_sections(body).missing == missing


@pytest.mark.parametrize("heading", ["Limits", "Known limits", "Limits and risks", "Bias and limits", "3. Limits"])
def test_limits_are_limitations(heading: str) -> None:
    assert find_sections(f"# Model\n\n## {heading}\n\nIt knows short sentences only, in French.\n").has_limitations


@pytest.mark.parametrize(
    "heading",
    ["Rate limits", "Context limits table", "Costs, rate limits", "Limits of the API", "Memory and disk limits"],
)
def test_limits_of_something_else_are_not(heading: str) -> None:
    assert not find_sections(f"# Model\n\n## {heading}\n\nSixty calls a minute for each account.\n").has_limitations


@pytest.mark.parametrize(
    ("card", "section"),
    [
        ("## 7. License\n\nThe use is subject to the model agreement.", "7. License"),
        ("| **Licence** | Apache 2.0 |\n|---|---|\n", "Licence"),
        ("## Lizenz\n\nEUPL.", "Lizenz"),
        ("## Terms of use\n\nResearch alone.", "Terms of use"),
        ("## License\n\n[More Information Needed]", ""),
        ("## Usage\n\nSee the docs.", ""),
    ],
)
def test_a_licence_in_the_text_is_found_by_its_heading(card: str, section: str) -> None:
    assert find_sections(f"# Model\n\n{card}\n").license_section == section


def test_every_demo_card_that_has_a_heading_for_it_is_said_to_state_it() -> None:
    for path in sorted(DEMO_REPOS.glob("*/*/main/README.md")):
        found = find_sections(split_card(path.read_text("utf-8"))[1])
        for word, name in (("limit", "limitations"), ("bias", "bias"), ("evaluation", "evaluation")):
            if any(word in heading.lower() for heading in found.headings):
                assert name not in found.missing, (path, found.headings)
