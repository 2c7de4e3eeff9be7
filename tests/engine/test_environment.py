from __future__ import annotations

import pytest

from hubtui.engine.environment import worker_environment


@pytest.mark.parametrize(
    "name",
    [
        "HF_TOKEN",
        "HF_TOKEN_PATH",
        "HUGGING_FACE_HUB_TOKEN",
        "GITHUB_TOKEN",
        "OPENAI_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "DB_PASSWORD",
        "https_proxy",
        "HTTP_PROXY",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONINSPECT",
        "PYTHONBREAKPOINT",
    ],
)
def test_a_strangers_checkpoint_finds_no_secret_and_no_python_switch(name: str) -> None:
    assert name not in worker_environment({name: "x", "HOME": "/home/me"})


@pytest.mark.parametrize("name", ["PATH", "HOME", "HF_HOME", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "LANG"])
def test_what_libraries_need_stays(name: str) -> None:
    assert worker_environment({name: "x"})[name] == "x"


def test_the_child_is_told_to_stay_offline_whatever_the_user_set() -> None:
    environment = worker_environment({"HF_HUB_OFFLINE": "0", "TOKENIZERS_PARALLELISM": "true"})
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["TOKENIZERS_PARALLELISM"] == "false"
    assert environment["HF_HUB_DISABLE_TELEMETRY"] == "1"
