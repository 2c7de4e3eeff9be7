"""Whether rows fit this box: the devices are read in a thread, at most every thirty seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from hubtui.core.errors import HubtuiError
from hubtui.ui import work

if TYPE_CHECKING:
    from hubtui.core.fit import Device, Verdict
    from hubtui.core.models import ModelRow
    from hubtui.core.ports import Box

_FRESH_S = 30.0


class FitMarks:
    """Verdicts for rows of a listing, by weights alone."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._devices: tuple[Device, ...] = ()
        self._read_at = float("-inf")
        self._verdicts: dict[str, Verdict] = {}

    def verdict(self, row: ModelRow) -> Verdict | None:
        """Return the verdict for the best device; None before the devices were read."""
        if not self._devices:
            return None
        known = self._verdicts.get(row.id)
        if known is None:
            from hubtui.core.fit import best_verdict, fit_of_row  # noqa: PLC0415 - there are no rows in the first frame

            known = self._verdicts[row.id] = best_verdict(fit_of_row(row, self._devices))
        return known

    def refresh(self, node: DOMNode, changed: Callable[[], None]) -> None:
        """Read the devices again if that is long ago, then call `changed`."""
        if time.monotonic() - self._read_at < _FRESH_S:
            return
        self._read_at = time.monotonic()

        def done(devices: tuple[Device, ...]) -> None:
            self._devices = devices
            self._verdicts.clear()
            changed()

        def failed(_error: HubtuiError) -> None:
            self._devices = ()

        work.start(node, "devices", self._box.devices, done, failed)
