from collections import Counter

import pytest
from textual.binding import Binding

from hubtui.ui.actions import ACTIONS, BY_ID, KEY_LINES, WHERE_TITLES, Where, bindings, display, keys_of, unknown_ids


def test_every_action_can_be_named_in_the_config_file() -> None:
    assert len(BY_ID) == len(ACTIONS)


@pytest.mark.parametrize(
    "places",
    [
        ("main", "model"),
        ("list", "start"),
        ("search",),
        ("card",),
        ("tokens",),
        ("list", "tokens-chat"),
        ("list", "tokens-vocabulary"),
        ("tokens-find",),
        ("run-form",),
        ("dialog",),
        ("list", "files"),
        ("dialog", "revisions"),
        ("dialog", "list", "weights"),
    ],
)
def test_no_key_does_two_things_in_one_place(places: tuple[Where, ...]) -> None:
    keys = Counter(
        key for binding in bindings(*places) if isinstance(binding, Binding) for key in binding.key.split(",")
    )
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_key_needs_alt_or_ctrl_shift() -> None:
    keys = [key for action in ACTIONS for key in action.keys.split(",")]
    assert not [key for key in keys if "alt+" in key or "ctrl+shift+" in key or "super+" in key]


def test_every_key_of_the_contract_is_bound() -> None:
    bound = {display(key) for action in ACTIONS for key in action.keys.split(",")}
    assert (
        set("/fsjkgGzbcdyor[]u?q12345") | {"pgup", "pgdn", "enter", "tab", "esc", "ctrl+r", "ctrl+x", "ctrl+p"} <= bound
    )


def test_the_bottom_line_names_only_actions_that_exist() -> None:
    assert {name for names in KEY_LINES.values() for name in names} <= set(BY_ID)


def test_every_place_has_a_heading_in_the_help() -> None:
    assert {action.where for action in ACTIONS} == set(WHERE_TITLES)


def test_help_shows_the_users_own_keys() -> None:
    assert keys_of(BY_ID["search"], {"search": "ctrl+f"}) == ["ctrl+f"]
    assert keys_of(BY_ID["page-down"], {}) == ["pgdn", "ctrl+d"]


def test_a_misspelt_action_of_the_config_file_is_named_with_the_nearest_one() -> None:
    assert unknown_ids(["serch", "quit", "xyzzy"]) == [("serch", "search"), ("xyzzy", "")]
