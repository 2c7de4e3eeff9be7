from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
from hubtui.worker.lifeline import limit_memory
limit_memory(64 << 20, beyond_now=True)
few = bytearray(1 << 20)
try:
    many = bytearray(512 << 20)
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is limited on Linux only")
def test_a_config_cannot_fill_the_memory_of_the_box() -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
