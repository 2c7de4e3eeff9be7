"""What the interface does with each page of results (judge its fit, fold its families) and each key (complete)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from hubtui.core.families import FamilyFolder
from hubtui.core.fit import Device, best_verdict, fit_of_row
from hubtui.core.models import ModelRow
from hubtui.core.query import parse
from hubtui.core.query_complete import complete
from hubtui.core.query_plan import plan
from tests.benchmarks.report import Figure

RUNS = 15
_GIB = 1 << 30
_BOX = (*(Device(f"GPU{at}", "gpu", 80 * _GIB, 70 * _GIB) for at in range(8)), Device("CPU", "cpu", _GIB, _GIB))
_QUERY = "bert task:fill-mask,translation language:fr,en -license:mit size:<3B fits:yes sort:likes"


def measure() -> list[Figure]:
    """Return the figures in CPU time, the best of several runs."""
    rows = _rows(100_000)
    page = rows[:100]
    counts = {"author": {f"author-{at}": at for at in range(1_000)}}
    fit = _best(lambda: [best_verdict(fit_of_row(row, _BOX)) for row in page])
    fold = _best(lambda: FamilyFolder(rows), runs=3)
    typed = _best(lambda: complete("author:au", 9, counts))
    read = _best(lambda: plan(parse(_QUERY)))
    return [
        Figure("fit of a page of 100 rows on 8 GPUs, CPU", f"{fit * 1000:.1f} ms", "≤ 5 ms", fit <= 0.005),
        Figure("fold 100,000 rows into families, CPU", f"{fold:.2f} s", "≤ 3 s", fold <= 3),
        Figure("complete among 1,000 authors, CPU", f"{typed * 1000:.1f} ms", "≤ 10 ms", typed <= 0.01),
        Figure("read and plan a long search, CPU", f"{read * 1000:.2f} ms", "≤ 1 ms", read <= 0.001),
    ]


def _best(call: Callable[[], object], runs: int = RUNS) -> float:
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
    return min(seconds)


def _rows(count: int) -> list[ModelRow]:
    rng = random.Random(1)
    rows = []
    for at in range(count):
        base = rng.randrange(count // 5)
        kind = rng.choice(["", "-GGUF", "-AWQ", "-4bit", "-chat", "-lora"])
        stated = (f"base_model:org/base-{base}B", f"base_model:quantized:org/base-{base}B") if kind and at % 3 else ()
        by_dtype = {"I32": base * 10**6, "BF16": 10**8} if kind == "-AWQ" else {"BF16": base * 10**6}
        rows.append(
            ModelRow(
                f"u{at}/base-{base}B{kind}",
                tags=("transformers", *stated, "text-generation", "region:us"),
                downloads=rng.randrange(10**6),
                parameters=sum(by_dtype.values()),
                parameters_by_dtype=by_dtype,
            )
        )
    return rows
