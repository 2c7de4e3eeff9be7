"""The process of one checkpoint alone: what a machine that cannot fork starts for each."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hubtui.core.errors import RunError
from hubtui.core.results import RunRequest
from hubtui.engine.messages import Cancel, Done, Failed, InferenceAnswer, InferenceRequest, Kill, Run, Stage
from hubtui.worker import children, inference
from hubtui.worker.inference import Supervisor
from hubtui.worker.serve import Channel
from tests.worker.conftest import Checkpoints


@contextmanager
def supervised() -> Iterator[Channel[InferenceAnswer]]:
    """A supervisor in a thread that spawns its children, as outside of Linux."""
    requests, answers = os.pipe(), os.pipe()
    supervisor = Supervisor(Channel(requests[0], answers[1], InferenceRequest), children.spawn)
    thread = threading.Thread(target=supervisor.serve)
    thread.start()
    parent: Channel[InferenceAnswer] = Channel(answers[0], requests[1], InferenceAnswer)
    try:
        yield parent
    finally:
        parent.close()
        thread.join(20)
        assert not thread.is_alive()
        os.close(requests[0])
        os.close(answers[1])


def hear(channel: Channel[InferenceAnswer], *last: type) -> list[InferenceAnswer]:
    """Take answers up to one of the last kinds."""
    heard: list[InferenceAnswer] = []
    poll = select.poll()
    poll.register(channel.read_fd, select.POLLIN)
    while not heard or not isinstance(heard[-1], last):
        assert poll.poll(60_000), heard
        heard += channel.receive()
    return heard


def test_where_nothing_can_fork_a_spawned_process_gives_the_same(checkpoints: Checkpoints) -> None:
    text = {"text": "paris is the [MASK] of france ."}
    asked = RunRequest("test/masked", str(checkpoints("masked")), "main", "fill-mask", text)
    with supervised() as channel:
        channel.send(Run(1, asked))
        heard = hear(channel, Done, Failed)
        assert [answer.stage.stage for answer in heard if isinstance(answer, Stage)] == ["loading", "running"]
        assert isinstance(heard[-1], Done)
        assert len(heard[-1].outcome.outputs) == 5
        channel.send(Cancel(1))
        channel.send(Kill(1))
        channel.send(Run(2, asked))
        again = hear(channel, Done, Failed)[-1]
        assert isinstance(again, Done)
        assert again.outcome.timings.load_s == 0
        channel.send(Run(3, RunRequest("test/none", str(checkpoints("masked")), "other", "fill-mask", text)))
        channel.send(Kill(3))
        ended = hear(channel, Done, Failed)[-1]
        assert isinstance(ended, Failed)
        assert ended.kind == "CancelledError"


def test_a_missing_library_is_known_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(inference.installed_libraries()) == {"torch", "transformers"}
    monkeypatch.setattr(inference, "_NEEDED", ("torch-of-another-world",))
    with pytest.raises(RunError, match="torch-of-another-world is not installed") as caught:
        inference.installed_libraries()
    assert "pip install" in caught.value.hint


def test_a_broken_library_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode() -> dict[str, str]:
        raise OSError("libcudart.so.12: cannot open\nshared object file")

    monkeypatch.setattr(inference, "versions", explode)
    with pytest.raises(RunError, match=r"cannot be imported .* libcudart.so.12: cannot open shared object"):
        inference.import_libraries()
