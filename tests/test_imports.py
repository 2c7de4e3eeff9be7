"""The interface opens at once only while nothing heavy is imported before its first frame."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "torch", "transformers", "tokenizers", "numpy", "huggingface_hub", "httpx2", "msgspec", "yaml", "markdown_it",
    "pygments", "psutil", "pynvml", "PIL", "starlette", "uvicorn", "textual.widgets._markdown",
    "tantivy",
    "pyarrow",
)  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "import hubtui.__main__, hubtui.bootstrap, hubtui.ui.app",
        "import hubtui.demo.child, hubtui.demo.ratelimit",
        "from hubtui.cli.arguments import parse; parse(['demo'])",
        "from hubtui.bootstrap import services_of; from hubtui.core.settings import Settings; services_of(Settings())",
    ],
)
def test_nothing_heavy_is_loaded_before_the_first_frame(code: str) -> None:
    script = f"import sys, json\n{code}\nprint(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == []


@pytest.mark.parametrize("room", ["core", "hub", "engine", "cards", "local", "cli", "ui"])
def test_no_room_but_the_worker_loads_torch(room: str) -> None:
    script = (
        "import sys, json, pkgutil, importlib\n"
        f"import hubtui.{room} as room\n"
        "for found in pkgutil.walk_packages(room.__path__, room.__name__ + '.'): importlib.import_module(found.name)\n"
        "print(json.dumps([name for name in ('torch', 'transformers', 'tokenizers', 'numpy') if name in sys.modules]))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == []
