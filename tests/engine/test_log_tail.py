from __future__ import annotations

from pathlib import Path

from hubtui.engine.log_tail import MAX_LOG_BYTES, LogTail


def test_the_last_lines_are_kept_harmless_and_the_log_has_them(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = LogTail(str(path), "tokenizer")
    log.write(b"first\npanicked at \x1b[31mred")
    log.write(b"\x1b[0m\nnext\xff\n")
    log.write(b"unfinished")
    log.flush()
    assert "\x1b" not in log.text
    assert log.text.splitlines()[0] == "first"
    assert log.text.splitlines()[-1] == "unfinished"
    assert path.read_text().startswith("tokenizer: first\n")


def test_a_chatty_child_cannot_fill_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = LogTail(str(path), "tokenizer")
    for _ in range(400):
        log.write(b"x" * 400 + b"\n" + b"y" * 100_000)
        log.write(b"z" * 8000 + b"\n" * 9)
    assert path.stat().st_size < MAX_LOG_BYTES + 10_000
    assert len(log.text) < 20_000


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    log = LogTail(str(tmp_path / "missing" / "log"), "tokenizer")
    log.write(b"line\n")
    assert log.text == "line"


def test_of_a_progress_bar_the_last_state_is_kept() -> None:
    log = LogTail("", "inference")
    log.write(b"10%\r50%\r100%\r\n")
    assert log.text == "100%"
