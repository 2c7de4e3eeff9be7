"""The memory of a model: turning its dials, and taking the advice."""

from dataclasses import replace

import pytest

from hubtui.core.errors import HubtuiError
from hubtui.core.fit import Device
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.ui.screens.memory import MemoryScreen, contexts
from tests.fake_rows import ROWS, facts_of
from tests.fakes import fake_services
from tests.fakes_build import FakeHeaders
from tests.ui.shell import NARROW, WIDE, find, screen_text, settle, shell

GPU = Device("GPU0", "gpu", 24_000_000_000, 22_000_000_000)
LLAMA = replace(
    facts_of(ROWS[0]),
    id="meta/llama",
    parameters=8_030_000_000,
    parameters_by_dtype={"BF16": 8_030_000_000},
    max_length=131_072,
    config={
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "hidden_size": 4096,
        "intermediate_size": 14_336,
        "vocab_size": 128_256,
        "torch_dtype": "bfloat16",
    },
)


def test_the_longest_context_can_be_chosen_exactly() -> None:
    assert contexts(192) == (32, 64, 128, 192)
    assert contexts(512)[-2:] == (256, 512)
    assert contexts(None)[-1] == 1 << 20


async def _opened(facts: ModelFacts, size: tuple[int, int], *keys: str) -> tuple[str, list[str | None]]:
    answers: list[str | None] = []
    app = shell()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(MemoryScreen(facts, (GPU,)), answers.append)
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        return screen_text(pilot), answers


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_what_a_model_needs_is_said_part_by_part_with_the_verdict(size: tuple[int, int]) -> None:
    text, _ = await _opened(LLAMA, size)
    # 2 × 32 layers × 8 heads × 128 × 2 bytes × 4,096 tokens
    assert "537 MB  4,096 tokens, 32 layers: full attention" in text
    assert "16.1 GB  dtypes of the tensors, bfloat16" in text
    assert "GPU0" in text
    assert "tight" in text or "fits" in text


async def test_the_arrows_turn_context_batch_and_dtype() -> None:
    text, _ = await _opened(LLAMA, WIDE, "right", "down", "right", "down", "right")
    assert "8,192 tokens" in text
    assert "8,192 tokens × 2" in text
    assert "‹ float64 ›" in text or "‹ float32 ›" in text
    assert "does not fit" in text
    text, _ = await _opened(LLAMA, WIDE, *["left"] * 20)
    assert "‹ 32 tokens ›" in text, "the first value is the end"


async def test_advice_sets_the_dial_it_names_or_answers_a_search() -> None:
    text, _ = await _opened(LLAMA, WIDE, *["right"] * 10)
    assert "131,072 tokens (its longest)" in text
    advice = [line for line in text.split("\n") if "▸" in line]
    assert advice, text
    # The context that fits, which stands among the advice, becomes the context.
    app = shell()
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        screen = MemoryScreen(LLAMA, (GPU,))
        answers: list[str | None] = []
        app.push_screen(screen, answers.append)
        await settle(pilot)
        await pilot.press(*["right"] * 10)
        view = screen._view
        kinds = {row.advice.kind: index for index, row in reversed(list(enumerate(view.rows))) if row.advice}
        view.move_to(kinds["context"])
        await pilot.press("enter")
        await settle(pilot)
        assert "131,072 tokens (its longest)" not in screen_text(pilot)
        await pilot.press(*["right"] * 10)
        queries = {row.advice.query: index for index, row in enumerate(view.rows) if row.advice and row.advice.query}
        query, index = next(iter(queries.items()))
        view.move_to(index)
        await pilot.press("enter")
        await settle(pilot)
        assert answers == [query]


async def test_the_key_shows_the_memory_of_the_model_under_the_cursor() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("M")
        await settle(pilot)
        assert isinstance(app.screen, MemoryScreen)
        assert f"Memory {app.ids[0]}" in screen_text(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, MemoryScreen)


async def test_no_context_is_asked_for_where_it_means_nothing() -> None:
    vit = {
        "model_type": "vit", "architectures": ["ViTForImageClassification"], "image_size": 224, "patch_size": 16,
        "num_channels": 3, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
        "intermediate_size": 3072,
    }  # fmt: skip
    text, _ = await _opened(replace(LLAMA, config=vit, max_length=None), WIDE, "right")
    assert "context" not in text
    assert "tokens ≤" not in text
    assert "a picture, 197 positions × 2" in text, "the first dial is the batch"


async def test_a_config_that_was_not_read_leaves_what_depends_on_it_unknown() -> None:
    why = "config.json could not be read: the files are behind a form."
    text, _ = await _opened(replace(LLAMA, config={"model_type": "llama"}, config_problem=why, max_length=None), WIDE)
    assert why in text
    assert "tokens ≤" not in text
    assert "‹ 4,096 tokens" not in text
    assert "‹ auto (bfloat16) ›" in text
    assert "‹ 1 ›" not in text


async def test_a_gguf_file_without_a_config_tells_its_own_sizes() -> None:
    sizes: dict[str, str | int] = {
        "general.architecture": "llama",
        "llama.block_count": 32,
        "llama.embedding_length": 4096,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
        "llama.context_length": 8192,
    }
    file = FileEntry("m-Q4_K_M.gguf", 4_920_000_000, format="gguf")
    facts = replace(LLAMA, config={}, files=(file,), formats=("gguf",), max_length=None, parameters_by_dtype={})
    app = shell(fake_services(headers=lambda: FakeHeaders(sizes=sizes)))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.main._show_memory(facts)
        await settle(pilot)
        assert "537 MB  4,096 tokens, 32 layers: full attention" in screen_text(pilot)
        await pilot.press("right")
        assert "8,192 tokens (its longest)" in screen_text(pilot)
        await pilot.press("escape")
        app.main.services = fake_services(headers=lambda: FakeHeaders(HubtuiError("The Hub does not answer.")))
        app.main._show_memory(facts)
        await settle(pilot)
        assert "There is no config.json, so no cache is counted." in screen_text(pilot)
