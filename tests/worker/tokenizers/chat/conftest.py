"""A tokenizer with any chat template."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import hubtui
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, load_auto

LLAMA = Path(hubtui.__file__).parent / "demo/repos/demo/tiny-llama-chat/main"

WithTemplate = Callable[..., LoadedAutoTokenizer]


@pytest.fixture
def with_template(tmp_path: Path) -> WithTemplate:
    """Load the demo's chat tokenizer with other templates: the default one, and others by name."""

    def load(default: str | None, **named: str) -> LoadedAutoTokenizer:
        for name in ("tokenizer.json", "tokenizer_config.json", "config.json", "generation_config.json"):
            shutil.copy(LLAMA / name, tmp_path / name)
        if default is not None:
            (tmp_path / "chat_template.jinja").write_text(default)
        for name, template in named.items():
            (tmp_path / "additional_chat_templates").mkdir(exist_ok=True)
            (tmp_path / "additional_chat_templates" / f"{name}.jinja").write_text(template)
        return load_auto("demo/chat", tmp_path, None)

    return load
