from __future__ import annotations

import logging
from pathlib import Path

import pytest

from hubtui.local.log import start_log


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> object:
    root = logging.getLogger()
    handlers, level, raises = list(root.handlers), root.level, logging.raiseExceptions
    root.handlers.clear()
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raises


def test_what_went_wrong_stands_in_the_log_and_not_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "state" / "hubtui.log"
    start_log(path)
    logging.getLogger("somewhere").warning("a %s", "word")
    assert "WARNING somewhere: a word" in path.read_text()
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    start_log(tmp_path / "file" / "hubtui.log")
    logging.getLogger("somewhere").error("lost")
    assert capfd.readouterr() == ("", "")
