"""Filling the catalogue from a terminal, stopped with ctrl+c and gone on with."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest

from hubtui.demo.child import DemoHubProcess
from tests.e2e.conftest import Launch

pytestmark = pytest.mark.e2e

INTERRUPT = "\x03"
CALLS_TO_THE_LAST_LEGS = 3
"""How new the newest is, all models, what changed meanwhile: then the numbers are refreshed."""


def test_a_sync_stopped_with_ctrl_c_says_so_once_and_the_next_one_goes_on(launch: Launch) -> None:
    with DemoHubProcess(quotas={"api": CALLS_TO_THE_LAST_LEGS}) as hub:
        hub.wait_ready()
        url = hub.url
        stopped = launch("catalogue", "sync", HF_ENDPOINT=url)
        stopped.wait_for("quota is used up: going on in")
        stopped.send(INTERRUPT)
        assert stopped.wait_exit() == 130
        assert "Traceback" not in stopped.text
        assert (
            stopped.text.count("hubtui: The sync was stopped. `hubtui catalogue sync` goes on where it stopped.") == 1
        )
        left = launch("catalogue", "status", "--json", HF_ENDPOINT=url, columns=600)
        assert left.wait_exit() == 0
        status = json.loads(left.text)
        assert (status["is_interrupted"], status["fetched"], status["is_complete"]) == (True, 34, True)
    with DemoHubProcess(port=int(url.rpartition(":")[2])) as hub:
        hub.wait_ready()
        resumed = launch("catalogue", "sync", HF_ENDPOINT=url)
        assert resumed.wait_exit(30) == 0
        assert "Listing: 68 models" in resumed.text, "what changed is not asked for again"
        assert "models   34" in resumed.text
        assert "cut off" not in resumed.text


@pytest.fixture
def silent_hub() -> Iterator[tuple[str, threading.Event]]:
    """An address where connections are taken and nothing is ever answered, and what says that one was made."""
    taken, connections = threading.Event(), list[socket.socket]()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            connections.append(server.accept()[0])
            taken.set()

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", taken
        thread.join(5)
    for connection in connections:
        connection.close()


def test_a_second_ctrl_c_does_not_wait_for_a_hub_that_never_answers(
    launch: Launch, silent_hub: tuple[str, threading.Event]
) -> None:
    url, taken = silent_hub
    waiting = launch("catalogue", "sync", HF_ENDPOINT=url)
    assert taken.wait(20)
    for _ in range(5):  # two that come at once are one
        if waiting.process.poll() is None:
            waiting.send(INTERRUPT)
            waiting.settle(0.5)
    assert waiting.wait_exit() == 130
    assert "Traceback" not in waiting.text
    assert waiting.text.count("goes on where it stopped") == 1
