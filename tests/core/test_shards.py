from __future__ import annotations

from hubtui.core.shards import gguf_shards, numbered_shards


class _Files:
    def __init__(self, *paths: str) -> None:
        self._paths = paths

    def sizes(self) -> dict[str, int]:
        return dict.fromkeys(self._paths, 1)

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        raise OSError(path, offset, length)


def test_a_gguf_in_parts_is_read_whole_and_a_missing_part_is_named() -> None:
    files = _Files("mmproj.gguf", "q4-00001-of-00003.gguf", "q4-00003-of-00003.gguf", "q8.gguf")
    shards = gguf_shards(files)
    assert shards.paths == ("q4-00001-of-00003.gguf", "q4-00003-of-00003.gguf")
    assert shards.missing == ("q4-00002-of-00003.gguf",)
    assert numbered_shards(files.sizes(), "q8.gguf").paths == ("q8.gguf",)


def test_a_name_that_counts_wrongly_is_read_alone() -> None:
    assert numbered_shards(["m-00000-of-00000.gguf"], "m-00000-of-00000.gguf").paths == ("m-00000-of-00000.gguf",)
