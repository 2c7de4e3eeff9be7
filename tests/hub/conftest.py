"""Clients of the demo Hub and of a server that answers whatever a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from huggingface_hub.utils import close_session  # type: ignore[attr-defined]  # exported lazily

from hubtui.core.settings import Settings
from tests.hub.stubborn import StubbornServer

if TYPE_CHECKING:
    from hubtui.demo.child import DemoHubProcess
    from tests.conftest import HfHome


@pytest.fixture
def server() -> Iterator[StubbornServer]:
    stubborn = StubbornServer()
    thread = threading.Thread(target=stubborn.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield stubborn
    stubborn.closing.set()
    close_session()
    stubborn.shutdown()
    stubborn.server_close()
    thread.join()


@pytest.fixture
def settings(server: StubbornServer, hf_home: HfHome) -> Settings:
    """Settings of a client of the stubborn server, with a token."""
    token = hf_home.path / "secret"
    token.write_text("hf_secret\n", "utf-8")
    return Settings(endpoint=server.url, cache_dir=str(hf_home.cache), token_file=str(token))


@pytest.fixture
def demo_settings(demo_hub: DemoHubProcess, hf_home: HfHome) -> Iterator[Settings]:
    """Settings of a client of the demo Hub with a cache of its own."""
    yield Settings(endpoint=demo_hub.url, cache_dir=str(hf_home.cache))
    close_session()
