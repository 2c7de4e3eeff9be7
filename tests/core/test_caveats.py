import pytest

from hubtui.core.caveats import caveats
from hubtui.core.query import parse


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bert sort:likes", ()),
        ("sort:smallest", ("Models of unknown size are left out.",)),
        ("sort:smallest -size:<1B", ("Models of unknown size are left out.",)),
        ("sort:smallest size:<1B", ()),
        ("license:mit,zzzqq", ("hubtui knows no licence “zzzqq”.",)),
    ],
)
def test_what_a_list_leaves_out_is_said(text: str, said: tuple[str, ...]) -> None:
    assert caveats(parse(text), by_hub=True) == said


def test_the_catalogue_puts_models_of_unknown_size_last_instead_of_leaving_them_out() -> None:
    assert caveats(parse("sort:smallest"), by_hub=False) == ()
