import base64

from hubtui.ui.clipboard import MAX_BYTES, is_too_long, sequence


def test_the_terminal_gets_the_very_text() -> None:
    encoded = sequence("délicieux :)", in_tmux=False).removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert base64.b64decode(encoded).decode() == "délicieux :)"


def test_copying_works_from_inside_tmux() -> None:
    plain, wrapped = sequence("id", in_tmux=False), sequence("id", in_tmux=True)
    assert wrapped.startswith(plain)
    assert wrapped.endswith("\x1bPtmux;\x1b" + plain + "\x1b\\")


def test_a_text_that_terminals_drop_is_noticed_before_it_is_sent() -> None:
    assert not is_too_long("x" * MAX_BYTES)
    assert is_too_long("é" * MAX_BYTES)


def test_half_a_character_does_not_stop_copying() -> None:
    assert sequence("\ud800", in_tmux=False)
