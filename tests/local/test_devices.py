from __future__ import annotations

from pathlib import Path

import pytest

from hubtui.local import devices
from hubtui.local.devices import ThisBox


def test_the_memory_of_this_box_is_read() -> None:
    cpu = ThisBox().devices()[-1]
    assert cpu.kind == "cpu"
    assert 0 < cpu.free_bytes <= cpu.total_bytes


def test_a_containers_limit_is_not_mistaken_for_the_hosts_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    monkeypatch.setattr(devices, "_CGROUP", tmp_path)
    cpu = ThisBox().devices()[-1]
    assert (cpu.total_bytes, cpu.free_bytes) == (1_000_000, 600_000)


def test_a_container_without_a_limit_has_the_hosts_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("400000\n")
    monkeypatch.setattr(devices, "_CGROUP", tmp_path)
    assert ThisBox().devices()[-1].total_bytes > 1_000_000
