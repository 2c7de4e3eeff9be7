"""Entry of the worker processes: `python -P -m hubtui.worker KIND --fds READ,WRITE`, started by `engine.process`."""

from __future__ import annotations

import sys

from hubtui.worker.lifeline import become_child


def main(arguments: list[str]) -> int:
    """Serve requests from one descriptor with answers to the other until the first one ends.

    Args:
        arguments: kind (`tokenizer`, `autotokenizer`, `inference`, `model`, `structure`), the word `--fds`, both
            descriptors.
    """
    kind, _, descriptors = arguments
    read_fd, write_fd = (int(number) for number in descriptors.split(","))
    become_child()
    # imported here: each kind stands on other libraries, and none of them is light
    if kind == "tokenizer":
        from hubtui.worker.tokenizers import process

        process.serve(read_fd, write_fd)
    elif kind == "autotokenizer":
        from hubtui.worker.tokenizers import reference_process

        reference_process.serve(read_fd, write_fd)
    elif kind == "inference":
        from hubtui.worker import inference

        inference.serve(read_fd, write_fd)
    elif kind == "model":
        from hubtui.worker import model

        model.serve(read_fd, write_fd)
    elif kind == "structure":
        from hubtui.worker.structure import process as structure

        structure.serve(read_fd, write_fd)
    else:
        raise SystemExit(f"There is no worker of kind {kind!r}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
