"""Which files make up the weights of a checkpoint: one, or the shards of it, without second copies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hubtui.core.checkpoint_files import CheckpointFiles, json_object

_OTHER_PRECISION = re.compile(r"\.(fp16|bf16|non_ema|ema)\b")
_NUMBERED = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<of>\d{5})\.(?P<suffix>safetensors|gguf)")

INDEX_SUFFIX = ".safetensors.index.json"


@dataclass(frozen=True, slots=True)
class Shards:
    """The weight files of one checkpoint.

    Attributes:
        paths: those that are there.
        weight_map: name of a tensor → path of its shard, as the index says; empty without one.
        missing: the shards that the index or the numbers in the names ask for, and that are not there.
    """

    paths: tuple[str, ...]
    weight_map: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def safetensors_shards(files: CheckpointFiles) -> Shards:
    """Return the safetensors files that make up the weights, without second copies and other precisions.

    `model.safetensors`, or an adapter's file, or the shards that an index names; else every one in the root, else
    (diffusers) the plain ones of every folder.
    """
    paths = files.sizes()
    for single in ("model.safetensors", "adapter_model.safetensors"):
        if single in paths:
            return Shards((single,))
    for index in sorted(path for path in paths if path.endswith(INDEX_SUFFIX) and "/" not in path):
        indexed = indexed_shards(files, index)
        if indexed.paths:
            return indexed
    found = sorted(path for path in paths if path.endswith(".safetensors"))
    in_root = tuple(path for path in found if "/" not in path)
    return Shards(in_root or tuple(path for path in found if not _OTHER_PRECISION.search(path)))


def lists_tensors(path: str) -> bool:
    """Say whether a file has a header that lists its tensors, or is the index of such files."""
    return path.endswith((".safetensors", ".gguf", INDEX_SUFFIX))


def indexed_shards(files: CheckpointFiles, index: str) -> Shards:
    """Return the shards that an index names, which lie beside it; none where it cannot be read."""
    stated = json_object(files, index, []).get("weight_map")
    folder = index.rpartition("/")[0]
    above = f"{folder}/" if folder else ""
    weight_map = {name: above + shard for name, shard in _strings(stated).items()} if isinstance(stated, dict) else {}
    shards, there = set(weight_map.values()), files.sizes().keys()
    return Shards(tuple(sorted(shards & there)), weight_map, tuple(sorted(shards - there)))


def gguf_shards(files: CheckpointFiles) -> Shards:
    """Return the first GGUF model by name, whole; a repo's others are the same model in other precisions."""
    found = sorted(path for path in files.sizes() if path.endswith(".gguf") and "mmproj" not in path)
    return numbered_shards(found, found[0]) if found else Shards(())


def numbered_shards(paths: Iterable[str], path: str) -> Shards:
    """Return a file with the others of its set (`…-00001-of-00003…`), alone when its name states none."""
    match = _NUMBERED.fullmatch(path)
    if match is None:
        return Shards((path,))
    stem, of, suffix = match["stem"], match["of"], match["suffix"]
    wanted = [f"{stem}-{number:05d}-of-{of}.{suffix}" for number in range(1, min(int(of), 10_000) + 1)]
    there = set(paths) | {path}
    return Shards(
        tuple(name for name in wanted if name in there) or (path,),
        missing=tuple(name for name in wanted if name not in there),
    )


def _strings(weight_map: Mapping[object, object]) -> dict[str, str]:
    return {name: shard for name, shard in weight_map.items() if isinstance(name, str) and isinstance(shard, str)}
