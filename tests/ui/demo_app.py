"""The interface on fakes, to look at: `python -m tests.ui.demo_app [TARGET]`.

`HUBTUI_FAKE` chooses states: `error`, `offline`, `slow`, `many`, `first` (nothing remembered), `light`, `ansi`, `fault`
(help runs into a fault of hubtui's own).
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from datetime import timedelta

from hubtui.core.errors import HubUnreachableError
from hubtui.core.settings import Settings
from hubtui.core.target import parse_target
from hubtui.ui import clock
from hubtui.ui.app import HubtuiApp
from hubtui.ui.screens.main import MainScreen
from tests.fake_rows import NOW, many_rows
from tests.fakes import FakeHub, FakeMemory, fake_services


def main() -> None:
    """Open the interface on fakes."""
    states = set(os.environ.get("HUBTUI_FAKE", "").split(","))
    clock.now = lambda: NOW
    hub = FakeHub(rows=many_rows(1_000)) if "many" in states else FakeHub()
    if "error" in states:
        hub.error = HubUnreachableError("The Hub does not answer.", hint="Check the network, or start with --offline.")
    hub.is_offline = "offline" in states
    if "slow" in states:
        hub.gate = threading.Event()
    memory = FakeMemory()
    if "first" not in states:
        memory.marked = ["almanach/camembert-base", "Qwen/Qwen2.5-0.5B-Instruct"]
        memory.seen = [
            ("google-bert/bert-base-uncased", NOW - timedelta(hours=3)),
            ("./outputs/checkpoint-500", NOW - timedelta(days=2)),
            ("almanach/camembert-base", NOW - timedelta(days=9)),
            *((f"demo/model-{at}", NOW - timedelta(days=20 + at)) for at in range(8)),
        ]
        memory.saved = ["task:fill-mask language:fr license:mit"]
        memory.entered = [
            ("task:text-generation size:1B..8B fits:yes sort:downloads", NOW - timedelta(hours=1)),
            ("camembert", NOW - timedelta(days=1)),
        ]
    theme = next(iter(states & {"light", "ansi"}), "dark")
    settings = replace(
        Settings(), endpoint=hub.endpoint, is_demo="offline" not in states, offline=hub.is_offline, theme=theme
    )
    services = fake_services(hub=hub, memory=memory, settings=settings)
    if "fault" in states:
        MainScreen.action_help = _fault  # type: ignore[method-assign] # what the crash tests need
    target = parse_target(" ".join(sys.argv[1:]), os.path.isdir) if len(sys.argv) > 1 else None
    app = HubtuiApp(services, target)
    sys.exit(app.run() or app.return_code)


def _fault(self: MainScreen) -> None:
    del self
    token = "hf_" + "x" * 8  # a local variable, which must not reach the terminal
    raise ZeroDivisionError(len(token))


if __name__ == "__main__":
    main()
