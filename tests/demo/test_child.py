from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

from hubtui.demo.child import DemoHubError, DemoHubProcess


def test_the_url_works_before_the_server_is_up(sample_repos: Path) -> None:
    with DemoHubProcess(repos=sample_repos) as hub:
        assert httpx2.get(f"{hub.url}/api/models/demo/plain", timeout=30).status_code == 200
    assert (hub.alive, hub.log()) == (False, "")
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(hub.url)


def test_closing_twice_and_closing_after_a_crash_are_fine(sample_repos: Path) -> None:
    hub = DemoHubProcess(repos=sample_repos)
    os.kill(hub.pid, signal.SIGKILL)
    hub.close()
    hub.close()
    assert not hub.alive


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with DemoHubProcess(root=tmp_path) as hub, pytest.raises(DemoHubError, match="holds no checkpoint"):
        hub.wait_ready()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DemoHubError, match="Address already in use"):
            DemoHubProcess(port=taken.getsockname()[1])


def test_the_server_started_by_a_thread_outlives_the_thread(sample_repos: Path) -> None:
    hubs: list[DemoHubProcess] = []
    thread = threading.Thread(target=lambda: hubs.append(DemoHubProcess(repos=sample_repos)))
    thread.start()
    thread.join()
    with hubs[0] as hub:
        hub.wait_ready()
        assert httpx2.get(f"{hub.url}/api/models").status_code == 200


@pytest.mark.parametrize("end", ["exit", "kill"])
def test_no_server_is_left_when_its_parent_ends(sample_repos: Path, end: str) -> None:
    program = f"""
import os, signal, sys
from pathlib import Path
from hubtui.demo.child import DemoHubProcess
hub = DemoHubProcess(repos=Path({str(sample_repos)!r}))
hub.wait_ready()
print(hub.pid, flush=True)
os._exit(0) if {end!r} == "exit" else os.kill(os.getpid(), signal.SIGKILL)
"""
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert parent.stderr == ""
    child = int(parent.stdout)
    assert _gone(child), "the server outlived its parent"


def _gone(pid: int) -> bool:
    """Wait for the end of a process that is not our child, through a descriptor where the system has them."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("needs pidfd_open to wait for a process that is not our child")
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def test_secrets_are_not_handed_to_the_server(sample_repos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_real_secret")
    with DemoHubProcess(repos=sample_repos) as hub:
        hub.wait_ready()
        environment = Path(f"/proc/{hub.pid}/environ")
        if not environment.exists():
            pytest.skip("needs /proc to read another process's environment")
        assert b"hf_real_secret" not in environment.read_bytes()


def test_importing_the_starter_loads_no_server_library() -> None:
    program = (
        "import sys, hubtui.demo.child; print([n for n in ('starlette','uvicorn','yaml','anyio') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
