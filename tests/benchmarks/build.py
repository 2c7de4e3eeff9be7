"""How a model is built: headers of 18,000 tensors through a server of the box, configs on the meta device."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from huggingface_hub.utils import close_session  # type: ignore[attr-defined]  # exported lazily

from hubtui.core.errors import HubtuiError
from hubtui.core.settings import Settings
from hubtui.core.tensors import Entry, TensorFile, TensorNode, Tensors
from hubtui.core.weights import read_safetensors
from hubtui.engine.structures import StructureProcess
from hubtui.hub.client import HubClient
from hubtui.hub.headers import HeaderStore
from hubtui.hub.tensors import HeaderReader
from hubtui.local.files import write_atomically
from tests.benchmarks.report import Figure
from tests.hub.stubborn import COMMIT, Reply, Request, StubbornServer

_LAYERS, _EXPERTS, _SHARDS = 46, 128, 16
_ROWS, _COLUMNS = 1_408, 2_048
_RUNS = 5
_CONFIGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "configs"

# Counts every config as torch does, in a process of its own: name → parameters of AutoModel, or of the class it names.
_COUNT = """
import json, pathlib, sys
import torch, transformers
from transformers import CONFIG_MAPPING
transformers.utils.logging.set_verbosity_error()
counts = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    raw = json.loads(path.read_text())
    stored = (raw.get("architectures") or [""])[0]
    try:
        with torch.device("meta"):
            config = CONFIG_MAPPING[raw["model_type"]].from_dict(raw)
            kind = getattr(transformers, stored, None)
            model = kind(config) if kind else transformers.AutoModel.from_config(config)
        counts[path.stem] = sum(parameter.numel() for parameter in model.parameters())
    except ImportError:
        counts[path.stem] = None
print(json.dumps(counts))
"""


def measure() -> list[Figure]:
    """Return the figures of headers and of configs."""
    return [*_headers(), *(asyncio.run(_configs()) if _CONFIGS.is_dir() else [])]


def _shard(number: int) -> tuple[bytes, int]:
    """Header and size of one shard of a mixture of experts."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset, size = 0, _ROWS * _COLUMNS * 2
    for layer in range(number, _LAYERS, _SHARDS):
        for expert in range(_EXPERTS):
            for part in ("gate_proj", "up_proj", "down_proj"):
                name = f"model.layers.{layer}.mlp.experts.{expert}.{part}.weight"
                header[name] = {
                    "dtype": "BF16",
                    "shape": [_ROWS, _COLUMNS],
                    "data_offsets": [offset, offset + size],
                }
                offset += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text, 8 + len(text) + offset


def _serve(server: StubbornServer) -> list[str]:
    """Serve the shards by ranges, zeros after the header; return their paths."""
    siblings: list[dict[str, object]] = []
    weight_map: dict[str, str] = {}
    for number in range(_SHARDS):
        path = f"model-{number + 1:05d}-of-{_SHARDS:05d}.safetensors"
        head, size = _shard(number)
        weight_map |= dict.fromkeys((name for name in json.loads(head[8:]) if name != "__metadata__"), path)

        def reply(request: Request, head: bytes = head, size: int = size) -> Reply:
            first, _, last = request.headers["range"].removeprefix("bytes=").partition("-")
            start, end = int(first), int(last) + 1
            body = head[start:end]
            return Reply(206, body + bytes(end - start - len(body)), {"Content-Range": f"bytes {first}-{last}/{size}"})

        server.on(f"/lab/experts/resolve/{COMMIT}/{path}", reply)
        siblings.append({"rfilename": path, "size": size, "lfs": {"size": size, "sha256": f"{number:064x}"}})
    index = json.dumps({"weight_map": weight_map}).encode()
    siblings.append(server.on_file("lab/experts", "model.safetensors.index.json", index))
    server.on_model("lab/experts", siblings, safetensors={"parameters": {"BF16": 1}, "total": 1})
    return [str(entry["rfilename"]) for entry in siblings]


def _headers() -> list[Figure]:
    server = StubbornServer()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    _serve(server)
    with tempfile.TemporaryDirectory() as folder:
        hub = HubClient(Settings(endpoint=server.url, cache_dir=str(Path(folder) / "hub")))
        facts = hub.facts("lab/experts")
        reader = HeaderReader(lambda: hub, HeaderStore(Path(folder) / "headers", write_atomically))
        server.requests.clear()
        started = time.perf_counter()
        found = reader.tensors(facts)
        seconds = time.perf_counter() - started
        asked = [path for path in server.paths() if path.endswith(".safetensors")]
    most = max(asked.count(path) for path in asked)
    close_session()
    server.shutdown()
    server.server_close()
    shards = [_shard(number) for number in range(_SHARDS)]
    reading = _cpu(lambda: _read(shards))
    drawing = _cpu(lambda: _draw(found))
    return [
        Figure(f"requests a shard, {found.total.tensors:,} tensors in {_SHARDS} shards", str(most), "≤ 2", most <= 2),
        Figure("its headers read and checked, CPU", f"{reading * 1000:.0f} ms", "≤ 150 ms", reading <= 0.15),
        Figure("its folded tree and all totals, CPU", f"{drawing * 1000:.0f} ms", "", True),
        Figure("its headers with a server of this box", f"{seconds:.2f} s", "", True),
    ]


def _read(shards: list[tuple[bytes, int]]) -> Tensors:
    """Read all headers, without any network."""
    files = []
    for number, (head, size) in enumerate(shards):
        header = read_safetensors(lambda at, length, head=head: head[at : at + length], size)  # type: ignore[misc]  # a default binds it
        path = f"{number}.safetensors"
        entries = tuple(Entry(name, tensor, path) for name, tensor in header.tensors.items())
        files.append(TensorFile(path, size, header.header_bytes, entries))
    return Tensors("lab/experts", COMMIT, "safetensors", tuple(files))


def _draw(found: Tensors) -> None:
    """Walk the folded tree and sum everything up."""
    _walk(found.tree)
    _ = found.total, found.by_dtype(), found.by_layer()


def _cpu(work: Callable[[], object]) -> float:
    """The shortest of a few runs, in CPU seconds."""
    found = []
    for _ in range(_RUNS):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def _walk(node: TensorNode) -> None:
    for child in node.children(fold=True):
        _walk(child)


async def _configs() -> list[Figure]:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    counted = subprocess.run(  # noqa: ASYNC221 - nothing else runs meanwhile
        [sys.executable, "-c", _COUNT, str(_CONFIGS)], capture_output=True, text=True, check=True, env=environment
    )
    counts: dict[str, int | None] = json.loads(counted.stdout.splitlines()[-1])
    process = StructureProcess(Settings())
    started = time.perf_counter()
    await process.build("first", json.loads((_CONFIGS / "llama-3.1-8b.json").read_text()))
    cold = time.perf_counter() - started
    seconds, equal, refused = [], 0, 0
    for path in sorted(_CONFIGS.glob("*.json")):
        started = time.perf_counter()
        try:
            built = await process.build(path.stem, json.loads(path.read_text()))
        except HubtuiError:
            refused += counts[path.stem] is None
            continue
        seconds.append(time.perf_counter() - started)
        equal += built.parameters == counts[path.stem]
    started = time.perf_counter()
    await process.heads("bert", json.loads((_CONFIGS / "default-bert.json").read_text()))
    heads = time.perf_counter() - started
    await process.close()
    is_kept = equal + refused == len(counts)
    return [
        Figure(
            "configs whose parameters equal the meta device's",
            f"{equal} of {len(counts)}, {refused} need another package",
            "all that can be built",
            is_kept,
        ),
        Figure("first model without weights, libraries to import", f"{cold:.1f} s", "", True),
        Figure("another model without weights, median", f"{statistics.median(seconds) * 1000:.0f} ms", "", True),
        Figure("ten heads of BERT", f"{heads * 1000:.0f} ms", "", True),
    ]


if __name__ == "__main__":
    from tests.benchmarks.report import table

    print(table(measure()))
