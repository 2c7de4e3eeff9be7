from __future__ import annotations

import sys

import pytest

from hubtui import __main__, bootstrap
from hubtui.core.settings import Settings
from hubtui.ui.app import HubtuiApp
from tests.fakes import fake_services
from tests.fakes_files import FakeQueue


@pytest.mark.parametrize("ends_by", [None, RuntimeError("a fault")])
def test_downloads_are_stopped_in_order_however_the_interface_ends(
    monkeypatch: pytest.MonkeyPatch, ends_by: Exception | None
) -> None:
    queue, was_closed = FakeQueue(), list[bool]()

    def run(_: HubtuiApp) -> None:
        was_closed.append(queue.is_closed)
        if ends_by is not None:
            raise ends_by

    monkeypatch.setattr(bootstrap, "services_of", lambda _: fake_services(queue=queue))
    monkeypatch.setattr(HubtuiApp, "run", run)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    if ends_by is None:
        assert __main__._open(Settings(), None) == 0
    else:
        with pytest.raises(RuntimeError):
            __main__._open(Settings(), None)
    assert was_closed == [False]
    assert queue.is_closed
