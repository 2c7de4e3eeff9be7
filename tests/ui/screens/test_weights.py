"""The tensors of a model, on the screen."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import CheckpointError, GatedError, HubtuiError, OfflineError
from hubtui.core.models import FileEntry
from hubtui.core.settings import Settings
from hubtui.core.tensors import Tensors
from hubtui.ui.screens.weights import WeightsScreen, read_words
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from tests.fake_rows import ROWS, facts_of
from tests.fake_weights import GEMMA_GGUF, LLAMA
from tests.fakes import fake_services
from tests.fakes_build import FakeHeaders
from tests.ui.shell import NARROW, WIDE, ShellApp, find, screen_text, settle, shell, until

FACTS = replace(
    facts_of(ROWS[0]),
    id="meta/llama",
    files=tuple(FileEntry(file.path, file.size_bytes, format="safetensors") for file in LLAMA.files),
)
GGUF_FACTS = replace(
    FACTS,
    id="maker/gemma-GGUF",
    files=tuple(FileEntry(f"gemma-4b-{name}.gguf", 4_130_000_000, format="gguf") for name in ("Q4_K_M", "Q8_0")),
)
PICKLE = CheckpointError(
    "a/b has its weights as pickle only, whose tensors cannot be listed without running them.",
    hint="Look among its pull requests (refs/pr/N) for a conversion to safetensors.",
)
SECOND = LLAMA.files[1].path


def _about(width: int, inks: Inks) -> list[Line]:
    del width
    return [[("SHA-256 " + "3" * 64, inks.text)]]


async def _open(pilot: Pilot[int], headers: FakeHeaders, *keys: str, path: str = "") -> WeightsScreen:
    app = pilot.app
    assert isinstance(app, ShellApp)
    await settle(pilot)
    services = fake_services(headers=lambda: headers, settings=app.services.settings)
    facts = GGUF_FACTS if headers.found is GEMMA_GGUF else FACTS
    screen = WeightsScreen(services, facts, path, _about if path else None)
    app.push_screen(screen)
    if headers.gate is None:
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
    else:
        await until(pilot, lambda: "3 of 30 files" in screen_text(pilot))
    return screen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_sums_and_the_tree_are_shown_and_what_was_read(size: tuple[int, int]) -> None:
    app = shell()
    async with app.run_test(size=size) as pilot:
        await _open(pilot, FakeHeaders(found=LLAMA))
        text = screen_text(pilot)
        assert "291 tensors" in text
        assert "16.1 GB" in text
        assert "layers.0–31 × 32" in text
        assert "128256×4096" in text
        assert "218M each" in text
        assert "Fetched: 1.0 MB of 16.1 GB in 5 reads · no weights downloaded" in text


async def test_a_layer_opens_down_to_its_tensors_and_their_names_are_copied() -> None:
    app = shell()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await _open(pilot, FakeHeaders(found=LLAMA), "j", "j", "enter", "j", "j", "enter", "j")
        assert "q_proj.weight" in screen_text(pilot)
        await pilot.press("y")
        assert app._clipboard == "model.layers.0.self_attn.q_proj.weight"
        assert "name of the tensor" in app.toasts[-1]
        await pilot.press("k", "y")
        assert app._clipboard == "model.layers.0.self_attn"
        await pilot.press("g", "y")
        assert app._clipboard == "model.layers.0.self_attn", "a heading has no name to be copied"
        assert screen._view.cursor == 0


async def test_every_layer_can_be_looked_at_by_itself() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot, FakeHeaders(found=LLAMA), "x", "a", "G")
        text = screen_text(pilot)
        assert "▾ 31" in text
        assert "x as one" in text
        await pilot.press("x")
        await settle(pilot)
        assert "x each layer" in screen_text(pilot)


async def test_words_that_come_with_their_key_narrow_the_list() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await _open(pilot, FakeHeaders(found=LLAMA), "slash", *"17", "space", *"proj", "enter")
        text = screen_text(pilot)
        assert "7 of 291 tensors" in text
        assert "model.layers.17" in text
        assert "esc show all" in text
        await pilot.press("escape")
        await settle(pilot)
        assert "layers.0–31" in screen_text(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, WeightsScreen)


async def test_a_list_that_began_at_a_shard_shows_that_shard_first() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        headers = FakeHeaders(found=LLAMA)
        await _open(pilot, headers, path=SECOND)
        assert headers.asked == [("meta/llama", SECOND)]
        assert "73 of 291 tensors" in screen_text(pilot)
        await pilot.press("escape", "g", "enter")
        await settle(pilot)
        assert "SHA-256 333" in screen_text(pilot)


async def test_a_file_of_the_list_narrows_it_and_another_one_is_read() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot, FakeHeaders(found=LLAMA), "g", "enter", "j", "j", "enter")
        assert "73 of 291 tensors" in screen_text(pilot)
        await pilot.press("escape", "escape")
        await settle(pilot)
        headers = FakeHeaders(found=GEMMA_GGUF)
        await _open(pilot, headers, "g", "j", "j", "j", "enter", "j", "j", "enter")
        assert headers.asked[-1] == ("maker/gemma-GGUF", "gemma-4b-Q8_0.gguf")


async def test_metadata_opens_down_to_the_items_of_arrays() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot, FakeHeaders(found=GEMMA_GGUF), "k", "k", "enter")
        text = screen_text(pilot)
        assert "gemma3.context_length" in text
        assert "262,144: ▁0, ▁1, ▁2, ▁3, ▁4, ▁5, …" in text
        await pilot.press(*"jjjjjjjj", "enter")
        await settle(pilot)
        assert "▁17" in screen_text(pilot)
        await pilot.press("y")
        assert app._clipboard.startswith("262,144 × string")


async def test_a_failure_is_asked_again_and_a_reading_stops_when_it_is_left() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        headers = FakeHeaders(OfflineError("hubtui is offline.", hint="Start it without --offline."), found=LLAMA)
        await _open(pilot, headers)
        assert "r retry" in screen_text(pilot)
        headers.error = None
        await pilot.press("r")
        await settle(pilot)
        assert "291 tensors" in screen_text(pilot)
        await pilot.press("r")
        assert len(headers.asked) == 2, "nothing failed"


async def test_weights_that_cannot_be_listed_say_why_and_what_to_do() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await _open(pilot, FakeHeaders(PICKLE))
        text = screen_text(pilot)
        assert "pickle only" in text
        assert "refs/pr/N" in text
        assert "r retry" not in text


async def test_what_is_known_of_a_file_is_told_without_its_header_too() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await _open(pilot, FakeHeaders(GatedError("The files are behind a form.")), path=SECOND)
        assert "3" * 64 in screen_text(pilot)


async def test_the_key_lists_the_tensors_of_the_model_under_the_cursor() -> None:
    headers = FakeHeaders()
    app = shell(fake_services(headers=lambda: headers))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("P")
        await settle(pilot)
        assert isinstance(app.screen, WeightsScreen)
        assert headers.asked == [(app.ids[0], "")]


async def test_the_users_own_keys_are_named() -> None:
    app = shell(fake_services(settings=Settings(keys={"copy-tensor": "ctrl+y"})))
    async with app.run_test(size=NARROW) as pilot:
        await _open(pilot, FakeHeaders(found=LLAMA))
        assert "ctrl+y copy name" in screen_text(pilot)


def test_what_was_read_is_told_honestly() -> None:
    assert read_words(replace(LLAMA, reads=0, read_bytes=0), is_local=False).startswith("Headers that were read before")
    assert read_words(LLAMA, is_local=True) == "Read here: 1.0 MB of 16.1 GB in 5 reads"
    whole = replace(LLAMA, reads=1, read_bytes=16_000_000_000)
    assert "no weights" not in read_words(whole, is_local=False), "a small file is read whole"


Story = Callable[[Pilot[int]], Awaitable[object]]


def _story(*keys: str, found: Tensors | None = None, error: HubtuiError | None = None, path: str = "") -> Story:
    async def run(pilot: Pilot[int]) -> None:
        await _open(pilot, FakeHeaders(error, found=found), *keys, path=path)

    return run


def _loading() -> Story:
    async def run(pilot: Pilot[int]) -> None:
        await _open(pilot, FakeHeaders(found=LLAMA, gate=threading.Event()))

    return run


STATES: dict[str, Story] = {
    "opened": _story("j", "j", "enter", found=LLAMA),
    "narrowed": _story("slash", *"17", "space", *"proj", found=LLAMA),
    "shard": _story(found=LLAMA, path=SECOND),
    "files": _story("g", "enter", found=LLAMA),
    "gguf": _story(found=GEMMA_GGUF),
    "metadata": _story("k", "k", "enter", found=GEMMA_GGUF),
    "problems": _story(found=replace(LLAMA, problems=("1 shards are not there: model-00005-of-00005.safetensors.",))),
    "pickle": _story(error=PICKLE),
    "gated": _story(
        error=GatedError("The files of this model are behind a form.", hint="Ask for access on its page."), path=SECOND
    ),
    "loading": _loading(),
}


PICTURES = [
    *((state, size) for state in STATES for size in (NARROW, WIDE)),
    *((state, (200, 50)) for state in ("opened", "gguf")),
]


@pytest.mark.parametrize(("state", "size"), PICTURES, ids=[f"{state}-{size[0]}x{size[1]}" for state, size in PICTURES])
def test_every_state_of_the_weights_has_its_face(
    snap_compare: Callable[..., bool], state: str, size: tuple[int, int]
) -> None:
    assert snap_compare(shell(), terminal_size=size, run_before=STATES[state])
