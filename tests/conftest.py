"""Fixtures that several rooms share. The environment comes first: huggingface_hub reads it once, when imported."""

from __future__ import annotations

import os
import tempfile

_SESSION_HOME = tempfile.mkdtemp(prefix="hubtui-tests-")
for _name in (
    "HF_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "HF_ENDPOINT",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_HUB_CACHE",
):
    os.environ.pop(_name, None)
os.environ.update(
    HF_HOME=_SESSION_HOME,
    HF_TOKEN_PATH=f"{_SESSION_HOME}/token",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_DISABLE_XET="1",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    HF_HUB_DISABLE_IMPLICIT_TOKEN="1",
    TOKENIZERS_PARALLELISM="false",
    OMP_NUM_THREADS="1",
    NO_PROXY="127.0.0.1,localhost",
    no_proxy="127.0.0.1,localhost",
)

import shutil  # noqa: E402 - see above
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

import pytest  # noqa: E402

from hubtui.demo.child import DemoHubProcess  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REPOSITORY = Path(__file__).resolve().parents[1]

# Far above what a test session sends: the real quotas (500 calls in 300 s) would stop it half way.
_GENEROUS = {"api": 1_000_000, "resolvers": 1_000_000, "pages": 1_000_000}


def pytest_sessionfinish() -> None:
    shutil.rmtree(_SESSION_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real cards, configs, tokenizers and recorded answers, which lie beside the repository where there are any."""
    folder = _REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the shared data folder beside the repository, which this checkout does not have")
    return folder


@pytest.fixture(scope="session")
def demo_hub() -> Iterator[DemoHubProcess]:
    """A real demo Hub process on the built-in repos, with quotas that a test session cannot use up."""
    with DemoHubProcess(quotas=_GENEROUS) as hub:
        hub.wait_ready()
        yield hub


@dataclass(frozen=True)
class HfHome:
    """Folders of a Hugging Face installation of its own, and the environment that makes a child process use them."""

    path: Path
    cache: Path
    environment: dict[str, str]

    def with_endpoint(self, url: str, **more: str) -> dict[str, str]:
        """Return the environment of a child that talks to `url`."""
        return {**self.environment, "HF_ENDPOINT": url, **more}


@pytest.fixture(scope="session")
def make_hf_home() -> Callable[[Path], HfHome]:
    """Return a function that makes an empty HF_HOME in a folder, without token or cache."""
    return _make_hf_home


def _make_hf_home(folder: Path) -> HfHome:
    home = folder / "hf-home"
    cache = home / "hub"
    cache.mkdir(parents=True)
    foreign = ("HF_", "HUGGING", "TRANSFORMERS_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
        "HF_HOME": str(home),
        "HF_HUB_CACHE": str(cache),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    return HfHome(home, cache, environment)


@pytest.fixture
def hf_home(tmp_path: Path) -> HfHome:
    """A HF_HOME of the test's own: each server needs one, for the cache is keyed by repo id alone."""
    return _make_hf_home(tmp_path)
