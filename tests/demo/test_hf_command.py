"""The stock `hf` command in its own process, as somebody would use it with HF_ENDPOINT."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubtui.demo.child import DemoHubProcess

if TYPE_CHECKING:
    from tests.conftest import HfHome

_HF = Path(sys.executable).with_name("hf")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not _HF.exists(), reason="the hf command is not installed here")]


def _hf(hub: DemoHubProcess, home: HfHome, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = home.with_endpoint(hub.url, **more)
    return subprocess.run([_HF, *words], env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_hf_download_fetches_a_whole_model(sample_hub: DemoHubProcess, hf_home: HfHome, sample_repos: Path) -> None:
    run = _hf(sample_hub, hf_home, "download", "demo/plain")
    assert run.returncode == 0, run.stderr
    (snapshot,) = (hf_home.cache / "models--demo--plain/snapshots").iterdir()
    source = sample_repos / "demo/plain/main"
    for path in source.rglob("*"):
        if path.is_file():
            assert (snapshot / path.relative_to(source)).read_bytes() == path.read_bytes()


def test_hf_download_takes_a_revision_and_a_token(sample_hub: DemoHubProcess, hf_home: HfHome, tmp_path: Path) -> None:
    words = ("download", "demo/gated-auto", "config.json", "--revision", "v1.0", "--local-dir", str(tmp_path / "out"))
    refused = _hf(sample_hub, hf_home, *words)
    assert refused.returncode != 0
    assert "gated" in refused.stderr.lower() or "restricted" in refused.stderr.lower()
    run = _hf(sample_hub, hf_home, *words, HF_TOKEN="hf_demo")
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "out/config.json").is_file()


def test_hf_models_lists_and_shows(sample_hub: DemoHubProcess, hf_home: HfHome) -> None:
    listed = _hf(sample_hub, hf_home, "models", "ls", "--filter", "gguf", "--format", "json")
    assert listed.returncode == 0, listed.stderr
    assert [entry["id"] for entry in json.loads(listed.stdout)] == ["demo/gguf"]
    shown = _hf(sample_hub, hf_home, "models", "info", "demo/plain", "--format", "json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["pipeline_tag"] == "fill-mask"
    missing = _hf(sample_hub, hf_home, "models", "info", "demo/absent")
    assert missing.returncode != 0
    assert "Traceback" not in missing.stderr


def test_hf_auth_knows_the_demo_account(sample_hub: DemoHubProcess, hf_home: HfHome) -> None:
    run = _hf(sample_hub, hf_home, "auth", "whoami", HF_TOKEN="hf_demo")
    assert run.returncode == 0, run.stderr
    assert "demo-user" in run.stdout
