"""A download that is going on when the interface is left, and offered again at the next start."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.hub.stubborn import COMMIT, Reply, StubbornServer

pytestmark = pytest.mark.e2e

WEIGHTS = bytes(range(256)) * (8 << 12)  # 8 MiB
ARRIVED = 3 << 20
MODEL = "someone/slow-model"
PATH = f"/{MODEL}/resolve/{COMMIT}/model.safetensors"


@pytest.fixture
def server() -> Iterator[StubbornServer]:
    """A Hub with one model, whose weights stop coming after 3 MiB."""
    with StubbornServer() as made:
        files = [
            made.on_file(MODEL, "config.json", b'{"model_type": "bert"}'),
            made.on_file(MODEL, "model.safetensors", WEIGHTS, lfs=True),
        ]
        made.on_model(MODEL, files, pipeline_tag="fill-mask", library_name="transformers")
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.closing.set()
        made.shutdown()
        thread.join(5)


def test_a_download_that_was_left_is_kept_and_goes_on_when_it_is_asked_to(
    launch: Launch, server: StubbornServer, environment: dict[str, str]
) -> None:
    home = Path(environment["HOME"])
    whole = server.routes[PATH]
    server.on(PATH, Reply(body=WEIGHTS, stall_after=ARRIVED))
    first = launch(MODEL, HF_ENDPOINT=server.url)
    first.wait_for("fits CPU")
    first.send("d")
    first.wait_until(lambda _: [each.stat().st_size for each in home.rglob("*.incomplete")] == [ARRIVED], "3 MiB")
    first.wait_for("% of 8.4 MB")
    first.send("q")
    first.wait_for("A download is going on.")
    left_at = time.monotonic()
    first.send("j\r")
    assert first.wait_exit(10) == 0
    assert time.monotonic() - left_at < 5
    assert "Traceback" not in first.text
    (partial,) = home.rglob("*.incomplete")
    assert partial.stat().st_size == ARRIVED
    (state,) = home.rglob("downloads.json")
    assert [entry["model"] for entry in json.loads(state.read_text())["downloads"]] == [MODEL]

    server.requests.clear()
    server.on(PATH, whole)
    second = launch(HF_ENDPOINT=server.url)
    second.wait_for("unfinished download: slow-model")
    second.wait_for("Trending on the Hub")
    assert not [path for path in server.paths() if "/resolve/" in path], "nothing is fetched unasked"
    second.send("k\r")
    second.wait_until(
        lambda _: not partial.exists() and not json.loads(state.read_text())["downloads"], "the end of the download"
    )
    begun = [request.headers.get("range") for request in server.requests if request.path == PATH]
    assert begun == [f"bytes={ARRIVED}-"]
    # the interface hears of the end a moment after the file does, and would ask before it quits
    second.wait_gone("downloading slow-model")
    second.wait_gone("unfinished download")
    second.send("q")
    assert second.wait_exit(10) == 0
