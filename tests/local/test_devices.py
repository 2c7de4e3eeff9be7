from __future__ import annotations

from pathlib import Path

import pytest

from hubtui.core.fit import Device
from hubtui.local import devices
from hubtui.local.devices import RecentDevices, ThisBox


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


def test_a_page_of_rows_is_judged_by_one_reading_of_the_box_and_the_next_by_a_new_one() -> None:
    readings: list[tuple[Device, ...]] = [(Device("CPU", "cpu", 9, free),) for free in (1, 2)]
    now = [0.0]

    class Box:
        def devices(self) -> tuple[Device, ...]:
            return readings.pop(0)

    recent = RecentDevices(Box(), clock=lambda: now[0])
    assert {recent()[0].free_bytes for _ in range(100)} == {1}
    now[0] = 6
    assert recent()[0].free_bytes == 2
