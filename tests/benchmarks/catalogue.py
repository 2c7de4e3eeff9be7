"""The local catalogue at the size of the Hub: building it from Parquet, its size, and searching it as one types.

`python -m tests.benchmarks.catalogue 200000` is a quick look at fewer models.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import hub_dump
from tests.benchmarks.report import Figure, table

MODELS = 2_500_000
QUERIES = 400
TOP = 50
_SORTS = ("trending", "downloads", "likes", "updated", "created")
_FILTERS = (
    "", "", "task:text-generation", "-task:text-to-image", "license:apache-2.0,mit", "language:fr", "size:1B..8B",
    "library:transformers", "gated:no", "is:safetensors", "fits:yes", "-license:other", "author:kalo0",
    "task:fill-mask language:en -library:peft",
)  # fmt: skip
_WORDS = (
    "llama", "qwen2.5", "mistral", "bert", "camembert", "whisper-large", "stable", "instruct", "gguf", "french",
    "reinforce", "3.1-8b", "deepseek",
)  # fmt: skip


def measure(models: int = MODELS) -> list[Figure]:
    """Return the figures of the catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder, "models.parquet")
        hub_dump.write(dump, models)
        built, asked = (_in_child(action, folder) for action in ("build", "ask"))
    if built["models"] != models:
        raise RuntimeError(f"{built['models']} models were indexed of {models}")
    of = f"{models / 1e6:g} M models"
    return [
        _figure(f"catalogue of {of}, built in", built["seconds"], 90, "s"),
        _figure("on disk", built["bytes"] / 1e6, 500, "MB"),
        Figure("resident while built (peak, with mapped files)", f"{built['peak'] / 1e6:.0f} MB", "", True),
        _figure("resident while searched (most)", asked["resident"] / 1e6, 300, "MB"),
        _figure(f"top {TOP} as typed, any filter and sort, p95", asked["top"][1], 50, "ms"),
        Figure("the same, p50", f"{asked['top'][0]:.1f} ms", "", True),
        _figure("exact counts of four facets, p95", asked["counts"][1], 60, "ms"),
        Figure("the same, p50", f"{asked['counts'][0]:.1f} ms", "", True),
        Figure("a typing error forgiven, p50 and p95", "{:.1f}, {:.1f} ms".format(*asked["forgiven"]), "", True),
    ]


def _figure(name: str, value: float, budget: float, unit: str) -> Figure:
    return Figure(name, f"{value:.1f} {unit}", f"≤ {budget:g} {unit}", value <= budget)


def _in_child(action: str, folder: str) -> dict[str, Any]:
    """Run one part in a process of its own, whose memory is measured."""
    command = [sys.executable, "-m", "tests.benchmarks.catalogue", action, folder]
    answer: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return answer


def _service(folder: str) -> Any:
    from hubtui.catalogue.service import HubListing, LocalCatalogue
    from hubtui.catalogue.translate import Here
    from hubtui.local.devices import ThisBox
    from hubtui.local.files import write_atomically

    hub = HubListing("https://hub.test", True, page=_no_listing, quota=lambda: None)
    here = Here(frozenset, frozenset, ThisBox().devices)
    place = Path(folder, "catalogue")
    return LocalCatalogue(place, hub, here, read_row="hubtui.hub.entries:row", write=write_atomically)


def _no_listing(cursor: str | None, *, sort: str) -> Any:
    raise AssertionError(f"{cursor} by {sort} was asked for")


def _build(folder: str) -> dict[str, Any]:
    import resource

    started = time.perf_counter()
    status = _service(folder).sync(lambda _: None, lambda: False, str(Path(folder, "models.parquet")))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "models": status.models, "bytes": status.bytes_on_disk, "peak": peak}


def _ask(folder: str) -> dict[str, Any]:
    import psutil

    from hubtui.core.query import parse

    catalogue = _service(folder)
    searches = [parse(text) for text in _typed(QUERIES)]
    wrong = [parse(text) for text in ("camenbert", "mistarl", "deepseak", "whsiper", "qwem2", "roberat-base")]

    def top(query: Any) -> object:
        return catalogue.search(query, page_size=TOP)

    resident: list[int] = []

    def spread(ask: Callable[[Any], object], queries: list[Any]) -> tuple[float, float]:
        times = []
        for query in queries:
            started = time.perf_counter()
            ask(query)
            times.append((time.perf_counter() - started) * 1000)
            resident.append(psutil.Process().memory_info().rss)
        return statistics.median(times), statistics.quantiles(times, n=20)[-1]

    for query in searches[:20]:  # the first ones read the files
        top(query)
        catalogue.counts(query)
    return {
        "top": spread(top, searches),
        "counts": spread(catalogue.counts, searches),
        "forgiven": spread(top, wrong),
        "resident": max(resident),
    }


def _typed(count: int) -> Iterator[str]:
    """Searches as they stand while words are typed, with every kind of filter and sort."""
    pick = random.Random(11)
    for _ in range(count):
        word = pick.choice(_WORDS)
        yield f"{word[: pick.randrange(len(word) + 1)]} {pick.choice(_FILTERS)} sort:{pick.choice(_SORTS)}"


if __name__ == "__main__":
    if sys.argv[1] in {"build", "ask"}:
        print(json.dumps({"build": _build, "ask": _ask}[sys.argv[1]](sys.argv[2])))
    else:
        print(table(measure(int(sys.argv[1]))))
