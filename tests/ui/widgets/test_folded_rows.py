import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.models import ModelRow
from hubtui.ui.widgets.folded_rows import FoldedRows

ROWS = [
    ModelRow("maker/alpha-model", downloads=10),
    ModelRow("other/alpha-model-GGUF", tags=("base_model:quantized:maker/alpha-model",)),
    ModelRow("maker/beta-model"),
    ModelRow("other/alpha-tuned", tags=("base_model:finetune:maker/alpha-model",)),
    ModelRow("maker/gamma-model"),
    ModelRow("other/gamma-model-AWQ", tags=("base_model:quantized:maker/gamma-model",)),
]


def shown(folded: FoldedRows) -> list[tuple[str, int, str]]:
    entries = (folded.entry(line) for line in range(len(folded)))
    return [(entry.row.id, entry.folded, entry.relation) for entry in entries]


def test_near_duplicates_stand_under_the_model_they_were_made_from() -> None:
    folded = FoldedRows(ROWS)
    assert shown(folded) == [("maker/alpha-model", 2, ""), ("maker/beta-model", 0, ""), ("maker/gamma-model", 1, "")]
    assert folded.hidden == 3


def test_an_open_family_shows_its_members_and_what_they_are() -> None:
    folded = FoldedRows(ROWS)
    assert folded.toggle(0)
    assert shown(folded)[:4] == [
        ("maker/alpha-model", 0, ""),
        ("other/alpha-model-GGUF", 0, "quantization"),
        ("other/alpha-tuned", 0, "fine-tune"),
        ("maker/beta-model", 0, ""),
    ]
    assert folded.hidden == 1
    assert folded.toggle(2), "a member closes its family too"
    assert len(folded) == 3


def test_a_model_without_duplicates_has_nothing_to_open() -> None:
    assert not FoldedRows(ROWS).toggle(1)


def test_a_page_that_comes_later_joins_the_families_that_are_open() -> None:
    folded = FoldedRows(ROWS[:3])
    folded.toggle(0)
    folded.extend(ROWS[3:])
    assert [entry for entry, _, relation in shown(folded) if relation] == [
        "other/alpha-model-GGUF",
        "other/alpha-tuned",
    ]


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 6))
def test_every_model_is_found_in_its_line_whatever_is_open(opened: list[int], cut: int) -> None:
    folded = FoldedRows(ROWS[:cut])
    for line in opened:
        if line < len(folded):
            folded.toggle(line)
    folded.extend(ROWS[cut:])
    for line, (model, _, _) in enumerate(shown(folded)):
        assert folded.place_of(model) == line
    for row in ROWS:
        head = folded.entry(folded.place_of(row.id))
        assert head.row.id == row.id or head.folded


def test_a_model_that_is_not_there_leads_to_the_first_line() -> None:
    assert FoldedRows(ROWS).place_of("nobody/nothing") == 0


@pytest.mark.parametrize("count", [0, 1])
def test_few_rows_fold_too(count: int) -> None:
    assert len(FoldedRows(ROWS[:count])) == count
