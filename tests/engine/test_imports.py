from __future__ import annotations

import subprocess
import sys

import pytest


def _imported(module: str) -> set[str]:
    code = f"import {module}, sys; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


@pytest.mark.parametrize("module", ["hubtui.engine.tokenizer", "hubtui.worker.__main__"])
def test_neither_side_of_the_wire_loads_a_heavy_library_by_being_imported(module: str) -> None:
    assert not _imported(module) & {"torch", "transformers", "tokenizers", "numpy", "huggingface_hub", "textual"}


def test_the_worker_is_light_until_it_knows_its_kind() -> None:
    assert not _imported("hubtui.worker.__main__") & {"asyncio", "msgspec", "argparse"}
