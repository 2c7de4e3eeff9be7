"""Downloads that are killed, and downloads of several processes: real processes, real signals, every byte counted."""

from __future__ import annotations

import hashlib
import os
import queue
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hubtui.core.models import FileEntry, ModelFacts
from hubtui.hub.downloads import Downloader
from tests.hub.stubborn import COMMIT, Reply, Request, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.settings import Settings

_REPOSITORY = Path(__file__).resolve().parents[2]
_CONTENT = random.Random(1).randbytes(40_000_000)
_SHA256 = hashlib.sha256(_CONTENT).hexdigest()
_PATH = f"/a/b/resolve/{COMMIT}/x.bin"
_KILLS = 20
_REFETCH = 10 << 20


@dataclass
class _Child:
    """A zygote and its children, one at a time."""

    process: subprocess.Popen[str]

    def begin(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._number("pid")

    def ended(self) -> int:
        return self._number("status")

    def _number(self, word: str) -> int:
        assert self.process.stdout is not None
        said, _, number = self.process.stdout.readline().partition(" ")
        assert said == word
        return int(number)


@contextmanager
def _children(settings: Settings) -> Iterator[_Child]:
    script = Path(__file__).with_name("zygote.py")
    words = [settings.endpoint, settings.cache_dir, COMMIT, "x.bin", str(len(_CONTENT)), _SHA256]
    process = subprocess.Popen(
        [sys.executable, str(script), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_REPOSITORY)},
    )
    with process:
        yield _Child(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class _Counted:
    """The file as the server sends it: where each request begins and how far it comes, and who is killed on the way."""

    server: StubbornServer
    kill_after: int | None = None
    victims: queue.Queue[int] = field(default_factory=queue.Queue)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.on_file("a/b", "x.bin", _CONTENT, lfs=True)
        whole = self.server.routes[_PATH]
        self.server.on(_PATH, lambda request: self._answer(request, whole(request)))

    @property
    def sent(self) -> int:
        return sum(end - start for start, end in self.spans)

    def _answer(self, request: Request, reply: Reply) -> Reply:
        if request.method == "HEAD":
            return reply
        start = len(_CONTENT) - len(reply.body)
        self.spans.append((start, start))
        limit = None if self.kill_after is None else min(self.kill_after, len(reply.body))

        def tick(count: int) -> None:
            end = self.spans[-1][1] + count
            self.spans[-1] = (start, end)
            if limit is not None and end - start >= limit:
                os.kill(self.victims.get(timeout=20), signal.SIGKILL)
                raise ConnectionAbortedError

        return replace(reply, tick=tick)


def _facts() -> ModelFacts:
    file = FileEntry("x.bin", len(_CONTENT), _SHA256)
    return ModelFacts("a/b", commit=COMMIT, files=(file,))


def _place(settings: Settings) -> Path:
    return Path(settings.cache_dir) / "models--a--b" / "snapshots" / COMMIT / "x.bin"


def _is_whole(settings: Settings) -> bool:
    return hashlib.sha256(_place(settings).read_bytes()).hexdigest() == _SHA256


def test_a_download_killed_at_twenty_random_moments_is_whole_and_costs_10_mib_a_kill_at_most(
    server: StubbornServer, settings: Settings
) -> None:
    settings = replace(settings, token_file="")
    file = _Counted(server)
    moments = random.Random(20)
    with _children(settings) as child:
        for number in range(_KILLS):
            is_last = (
                number == _KILLS - 1
            )  # the last one is killed as its last byte leaves, while it checks and renames
            file.kill_after = len(_CONTENT) if is_last else moments.randrange(1, 1_900_000)
            file.victims.put(child.begin())
            assert os.WTERMSIG(child.ended()) == signal.SIGKILL
            assert file.victims.empty(), "it was killed by the server, on the way"
            assert not _place(settings).exists() or _is_whole(settings)
        file.kill_after = None
        child.begin()
        assert child.ended() == 0
    assert _is_whole(settings)
    furthest = 0
    for start, end in file.spans:
        assert furthest - start <= _REFETCH, "a kill costs more than it may"
        furthest = max(furthest, end)
    assert len(file.spans) >= _KILLS
    assert list(Path(settings.cache_dir).rglob("*.incomplete")) == []


def test_two_processes_that_want_the_same_file_fetch_it_once(server: StubbornServer, settings: Settings) -> None:
    settings = replace(settings, token_file="")
    file = _Counted(server)
    with _children(settings) as first, _children(settings) as second:
        for child in (first, second):
            child.begin()
        assert [first.ended(), second.ended()] == [0, 0]
    assert file.sent == len(_CONTENT)
    assert len(file.spans) == 1
    assert _is_whole(settings)


def test_a_library_that_downloads_the_same_file_is_waited_for(server: StubbornServer, settings: Settings) -> None:
    settings = replace(settings, token_file="")
    file = _Counted(server)
    polls = threading.Semaphore(0)
    begun = threading.Event()
    whole = server.routes[_PATH]

    def held(request: Request) -> Reply:
        reply = whole(request)
        if request.method == "GET":
            begun.set()
            for _ in range(2):  # hubtui has tried for the lock and did not get it
                assert polls.acquire(timeout=20)
        return reply

    server.on(_PATH, held)
    code = (
        "from huggingface_hub import hf_hub_download as get\n"
        f"get('a/b', 'x.bin', revision={COMMIT!r}, endpoint={server.url!r}, cache_dir={settings.cache_dir!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ)) as library:
        assert begun.wait(20)

        def poll() -> bool:
            polls.release()
            return False

        snapshot = Downloader(settings).fetch(_facts(), _facts().files, is_cancelled=poll)
        assert library.wait(20) == 0
    assert snapshot.fetched_bytes == 0
    assert file.sent == len(_CONTENT)
    assert _is_whole(settings)


def test_a_library_finds_what_hubtui_is_downloading_instead_of_fetching_it_again(
    server: StubbornServer, settings: Settings
) -> None:
    settings = replace(settings, token_file="")
    file = _Counted(server)
    asked = threading.Event()
    whole = server.routes[_PATH]

    def held(request: Request) -> Reply:
        if request.method == "HEAD":
            asked.set()
        else:
            assert asked.wait(20)  # until the library has looked for the file too
        return whole(request)

    server.on(_PATH, held)
    code = (
        "from huggingface_hub import hf_hub_download as get\n"
        f"get('a/b', 'x.bin', revision={COMMIT!r}, endpoint={server.url!r}, cache_dir={settings.cache_dir!r})"
    )
    with _children(settings) as child:
        child.begin()
        with subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ)) as library:
            assert child.ended() == 0
            assert library.wait(20) == 0
    assert file.sent == len(_CONTENT)
    assert _is_whole(settings)
