"""Real server processes on the sample repos and on folders that a test writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from hubtui.demo.child import DemoHubProcess
from tests.demo.samples import Content, write_files, write_samples

_GENEROUS = {"api": 1_000_000, "resolvers": 1_000_000, "pages": 1_000_000}

Serve = Callable[[Mapping[str, Mapping[str, Content]]], DemoHubProcess]


@pytest.fixture(scope="session")
def sample_repos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repos")
    write_samples(root)
    return root


@pytest.fixture(scope="session")
def sample_hub(sample_repos: Path) -> Iterator[DemoHubProcess]:
    """A real server process on the sample repos, with quotas that a test session cannot use up."""
    with DemoHubProcess(repos=sample_repos, quotas=_GENEROUS) as hub:
        hub.wait_ready()
        yield hub


@pytest.fixture
def serve_folders(tmp_path: Path) -> Iterator[Serve]:
    """Return a function that writes checkpoint folders by repo id and serves them with `--root`."""
    running: list[DemoHubProcess] = []

    def serve(repos: Mapping[str, Mapping[str, Content]]) -> DemoHubProcess:
        for repo_id, files in repos.items():
            write_files(tmp_path / "root" / repo_id, files)
        hub = DemoHubProcess(root=tmp_path / "root", quotas=_GENEROUS)
        running.append(hub)
        hub.wait_ready()
        return hub

    yield serve
    for hub in running:
        hub.close()
