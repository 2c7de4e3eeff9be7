"""A handful of models, and the moment at which they are looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hubtui.core.models import (
    FileEntry,
    Gated,
    ModelFacts,
    ModelRow,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
"""The moment of every picture."""


def _row(model_id: str, task: str, parameters: int | None, *, days: int, **more: Any) -> ModelRow:
    row = ModelRow(
        model_id,
        pipeline_tag=task,
        library="transformers",
        license="apache-2.0",
        languages=("en",),
        parameters=parameters,
        parameters_by_dtype={more.pop("dtype", "F32"): parameters} if parameters else {},
        updated=NOW - timedelta(days=days),
        created=NOW - timedelta(days=days + 30),
        formats=("safetensors",),
    )
    return replace(row, trending=float(more.get("likes", 0)), **more)


_FR: dict[str, Any] = {"task": "fill-mask", "languages": ("fr",)}

ROWS: tuple[ModelRow, ...] = (
    _row(
        "almanach/camembert-base",
        **_FR,
        parameters=110_655_493,
        downloads=1_214_000,
        likes=98,
        days=730,
        license="mit",
        is_cached=True,
    ),
    _row("demo/tiny-camembert-fr", **_FR, parameters=913_000, downloads=12_400, likes=4, days=3),
    _row("cmarkea/distilcamembert-base", **_FR, parameters=68_100_000, downloads=45_300, likes=31, days=400),
    _row(
        "flaubert/flaubert_base_cased",
        **_FR,
        parameters=138_232_064,
        downloads=22_100,
        likes=17,
        days=1500,
        license="mit",
    ),
    _row("google-bert/bert-base-uncased", "fill-mask", 110_106_428, downloads=62_700_000, likes=2_410, days=820),
    _row(
        "meta-llama/Llama-3.1-8B-Instruct",
        "text-generation",
        8_030_261_248,
        dtype="BF16",
        downloads=7_900_000,
        likes=4_800,
        days=240,
        gated=Gated.MANUAL,
        license="llama3.1",
    ),
    _row(
        "Qwen/Qwen2.5-0.5B-Instruct",
        "text-generation",
        494_032_768,
        dtype="BF16",
        downloads=1_900_000,
        likes=391,
        days=250,
    ),
    _row(
        "deepseek-ai/DeepSeek-V3.1",
        "text-generation",
        684_531_386_000,
        dtype="F8_E4M3",
        downloads=420_000,
        likes=2_900,
        days=60,
        license="mit",
    ),
    _row(
        "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
        "text-classification",
        66_955_010,
        downloads=5_300_000,
        likes=811,
        days=530,
    ),
    _row(
        "sentence-transformers/all-MiniLM-L6-v2",
        "sentence-similarity",
        22_713_728,
        downloads=110_000_000,
        likes=3_900,
        days=90,
        library="sentence-transformers",
        is_cached=True,
    ),
    _row("someone/an-awkward-model", "", None, days=1, library="", license="", formats=("pickle",)),
)
"""A handful of models with every mark: cached, gated, too large, unknown size, no task."""


def many_rows(count: int) -> tuple[ModelRow, ...]:
    """Return rows named in order, for lists that need several pages."""
    return tuple(
        _row(
            f"demo/model-{at:04d}",
            "text-generation",
            1_000_000 * (at + 1),
            downloads=10_000 - at,
            likes=at,
            days=at % 3_000,
        )
        for at in range(count)
    )


def facts_of(row: ModelRow, revision: str = "main") -> ModelFacts:
    """Return the facts that go with a row."""
    weights = 4 * (row.parameters or 0)
    return ModelFacts(
        row.id,
        revision=revision,
        commit="c" * 40,
        pipeline_tag=row.pipeline_tag,
        library=row.library,
        license=row.license,
        languages=row.languages,
        gated=row.gated,
        downloads=row.downloads,
        likes=row.likes,
        created=row.created,
        updated=row.updated,
        parameters=row.parameters,
        parameters_by_dtype=row.parameters_by_dtype,
        architectures=("CamembertForMaskedLM",) if row.pipeline_tag == "fill-mask" else (),
        model_type="camembert" if row.pipeline_tag == "fill-mask" else "",
        max_length=512,
        files=(
            FileEntry("README.md", 2_345, blob_id="1" * 40, format="card"),
            FileEntry("config.json", 640, blob_id="2" * 40, format="config"),
            FileEntry("model.safetensors", weights, sha256="3" * 64, format="safetensors"),
            FileEntry("tokenizer.json", 2_400_000, sha256="4" * 64, format="tokenizer"),
        ),
        formats=row.formats,
    )
