"""A process that forks a downloading child for each line on its standard input, so that killing many costs little.

It prints `pid N` before the child begins and `status N`, as `os.waitpid` gives it, when the child is gone.
Arguments: the Hub's address, the cache folder, a commit, and the path, size and sha256 of one file of the model a/b.
"""

from __future__ import annotations

import os
import sys

from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.settings import Settings
from hubtui.hub.downloads import Downloader


def main() -> None:
    endpoint, cache, commit, path, size, sha256 = sys.argv[1:]
    file = FileEntry(path, int(size), sha256)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _download(Settings(endpoint=endpoint, cache_dir=cache), ModelFacts("a/b", commit=commit, files=(file,)))
        print(f"pid {pid}", flush=True)
        print(f"status {os.waitpid(pid, 0)[1]}", flush=True)


def _download(settings: Settings, facts: ModelFacts) -> None:
    try:
        Downloader(settings).fetch(facts, facts.files)
    except BaseException as error:  # noqa: BLE001 - a forked child must not go on with its parent's work
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
