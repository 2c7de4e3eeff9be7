from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts `python -m hubtui.demo` as a user would."""
    running: list[subprocess.Popen[str]] = []

    def run(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "hubtui.demo", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_url_is_the_only_line_and_a_signal_ends_it_at_once(start: Start, sample_repos: Path, number: int) -> None:
    process = start("--repos", str(sample_repos))
    url = _url(process)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    with httpx2.Client(base_url=url) as client:  # keeps its connection open
        assert client.get("/api/models").status_code == 200
        began = time.monotonic()
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)
        assert time.monotonic() - began < 1
        assert (process.returncode, rest, errors) == (0, "", "")
        with pytest.raises(httpx2.TransportError):
            client.get("/api/models")


@pytest.mark.parametrize("verb", ["raw", "resolve"])
def test_a_hash_or_a_download_under_way_does_not_keep_the_server_alive(start: Start, tmp_path: Path, verb: str) -> None:
    folder = tmp_path / "root/ns/model"
    folder.mkdir(parents=True)
    content = tmp_path / "models--ns--model/blobs" / ("0" * 64 if verb == "resolve" else "model.bin")
    snapshot = tmp_path / "models--ns--model/snapshots/x"
    for parent in (content.parent, snapshot):
        parent.mkdir(parents=True)
    with content.open("wb") as file:
        file.truncate(1 << 30)  # sparse; of a hash only where the cache does not know it
    (snapshot / "model.bin").symlink_to(content)
    folder.rmdir()
    folder.symlink_to(snapshot)
    process = start("--root", str(tmp_path / "root"))
    host, _, port = _url(process).removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET /ns/model/{verb}/main/model.bin HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with socket.create_connection((host, int(port))) as other:
            other.sendall(f"GET /api/models HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert other.recv(12) == b"HTTP/1.1 200"
            began = time.monotonic()
            process.terminate()
            _, errors = process.communicate(timeout=10)
            assert time.monotonic() - began < 1.5
    assert (process.returncode, errors) == (0, "")


def test_a_port_can_be_chosen_and_a_taken_one_is_told_in_one_sentence(start: Start, sample_repos: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    first = start("--port", str(port), "--repos", str(sample_repos))
    assert _url(first) == f"http://127.0.0.1:{port}"
    second = start("--port", str(port))
    output, errors = second.communicate(timeout=20)
    assert (second.returncode, output) == (1, "")
    assert errors.count("\n") == 1
    assert f"Port {port} of 127.0.0.1 cannot be used: Address already in use." in errors


@pytest.mark.parametrize("kind", ["missing", "empty", "file", "no models"])
def test_a_root_with_nothing_to_serve_is_told_in_one_sentence(start: Start, tmp_path: Path, kind: str) -> None:
    root = tmp_path / "root"
    if kind == "file":
        root.write_text("")
    elif kind != "missing":
        root.mkdir()
    if kind == "no models":
        (root / "namespace").mkdir()
    process = start("--root", str(root))
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (1, "")
    assert errors.count("\n") == 1
    assert str(root) in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("words", [["--port", "70000"], ["--port", "x"], ["--nonsense"], ["--quota", "api=x"]])
def test_wrong_arguments_end_with_the_usage(start: Start, words: list[str]) -> None:
    process = start(*words)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert "usage: " in errors


def test_the_server_goes_when_the_pipe_of_its_parent_closes(sample_repos: Path) -> None:
    child_end, parent_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "hubtui.demo", "--repos", str(sample_repos), "--parent-pipe", str(child_end)],
        stdout=subprocess.PIPE,
        pass_fds=(child_end,),
    )
    os.close(child_end)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"http://")
    os.close(parent_end)
    assert process.wait(timeout=10) == 0
    process.stdout.close()
