from hubtui.core import tasks
from hubtui.core.query import parse
from hubtui.core.query_keys import KEYS
from hubtui.ui.widgets.filter_list import SECTIONS, Option, narrowed, options_for


def _values(options: list[Option], key: str) -> list[str]:
    return [option.value for option in options if option.key == key and option.kind == "value"]


def test_every_task_of_the_hub_can_be_chosen_under_its_modality() -> None:
    options = options_for({})
    assert set(_values(options, "task")) == set(tasks.all_ids())
    assert [option.label for option in options if option.key == "task" and option.kind == "heading"] == [
        f"Task · {group}" for group in tasks.LABELS
    ]


def test_every_key_with_known_values_has_a_section() -> None:
    assert set(SECTIONS) == set(KEYS)
    headed = {option.key for option in options_for({}) if option.kind == "heading"}
    assert headed == {name for name, key in KEYS.items() if key.choices()}


def test_narrowing_keeps_the_heading_of_what_it_found() -> None:
    options = options_for({})
    assert [option.label for option in narrowed(options, ["mask", "fill"])] == ["Task · Natural language", "Fill-Mask"]
    assert [option.value for option in narrowed(options, ["french"])][1:] == ["fr"]
    assert [option.kind for option in narrowed(options, ["parameters"])] == ["heading", "slider", "scale"]
    assert not narrowed(options, ["nothing-is-called-so"])


def test_the_most_frequent_values_come_first_and_the_others_keep_their_order() -> None:
    options = options_for({"language": {"fr": 20, "en": 10, "ja": 30}})
    assert _values(options, "language")[:5] == ["ja", "fr", "en", "de", "es"]


def test_values_that_only_counting_met_are_offered_if_they_can_be_typed() -> None:
    counts = {"language": {"hsb": 12, "not a code!": 5}, "license": {"acme-1": 3}, "author": {"google": 900}}
    options = options_for(counts)
    assert _values(options, "language")[0] == "hsb"
    assert "not a code!" not in _values(options, "language")
    assert _values(options, "license")[0] == "acme-1"
    assert _values(options, "author") == ["google"]
    for option in options:
        if option.kind == "value":
            assert KEYS[option.key].normalize(option.value) == option.value


def test_a_rare_value_in_the_search_can_be_switched_off() -> None:
    options = options_for({}, parse("language:hsb"), parse("-license:acme-1 author:google"))
    assert "hsb" in _values(options, "language")
    assert "acme-1" in _values(options, "license")
    assert _values(options, "author") == ["google"]
