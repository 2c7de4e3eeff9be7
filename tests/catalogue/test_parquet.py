"""A dump read by columns gives what the same entries give one by one, whatever is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as arrow

from hubtui.catalogue import codec, parquet
from hubtui.catalogue.codec import Record
from hubtui.hub import entries
from tests.benchmarks import hub_dump
from tests.catalogue.helpers import Bench, FakeListing, make_entries

_ODD_NUMBERS = (0, 1, 255, 2047, 2048, 1 << 24, 1 << 40, (1 << 62) - 1, 1 << 62, -1)
_COUNTS = st.none() | st.sampled_from(_ODD_NUMBERS) | st.integers(-(1 << 63), (1 << 63) - 1)
_WORDS = st.sampled_from(
    (
        "", "text-generation", "gguf", "pytorch", "safetensors", "tf", "fr", "en", "license:mit", "license:", "peft",
        "license:other", "base_model:a/b", "4-bit", "mlx", "\x01kalo", "\x1b[2J", "\u202eevil", "x" * 400, " ",
    )
) | st.text(max_size=5).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text))  # fmt: skip
_TAGS = st.lists(st.none() | _WORDS, max_size=8) | st.just([f"tag-{number}" for number in range(1005)])
_WEIGHTS = st.fixed_dictionaries(
    {
        "parameters": st.none() | st.lists(st.tuples(st.sampled_from(("BF16", "F64", "I32", "u8", "", "?")), _COUNTS)),
        "total": _COUNTS,
    }
)
_STATUS = st.sampled_from(("live", "error", None))
_SECONDS = st.none() | st.sampled_from((-1, 0, 1, 253_402_300_799)) | st.integers(-(1 << 33), 1 << 33)
_TYPES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "id": (
        pa.string(),
        st.sampled_from(("a/b", "gpt2", "Org/Qwen3-8B-AWQ", "a/llama-7b-4bit-GGUF", None, "", "../b", "a b")),
    ),
    "pipeline_tag": (pa.string(), st.none() | _WORDS),
    "library_name": (pa.string(), st.none() | _WORDS),
    "tags": (pa.list_(pa.string()), st.none() | _TAGS),
    "downloads": (pa.int64(), _COUNTS),
    "likes": (pa.int64(), _COUNTS),
    "trendingScore": (pa.float64(), st.none() | st.floats()),
    "gated": (pa.string(), st.sampled_from((None, "", "false", "False", "auto", "manual", "soon"))),
    "private": (pa.bool_(), st.none() | st.booleans()),
    "createdAt": (pa.timestamp("s", "UTC"), _SECONDS),
    "lastModified": (pa.timestamp("s", "UTC"), _SECONDS),
    "safetensors": (
        pa.struct([("parameters", pa.map_(pa.string(), pa.int64())), ("total", pa.int64())]), st.none() | _WEIGHTS
    ),
    "gguf": (pa.struct([("total", pa.int64())]), st.none() | st.fixed_dictionaries({"total": _COUNTS})),
    "inference": (pa.string(), st.sampled_from((None, "warm", "cold", ""))),
    "inferenceProviderMapping": (
        pa.list_(pa.struct([("provider", pa.string()), ("status", pa.string())])),
        st.none() | st.lists(st.none() | st.fixed_dictionaries({"provider": st.none() | _WORDS, "status": _STATUS})),
    ),
    "siblings": (
        pa.list_(pa.struct([("rfilename", pa.string())])),
        st.lists(st.none() | st.fixed_dictionaries({"rfilename": st.none() | st.just("README.md") | _WORDS})),
    ),
}  # fmt: skip
_MODELS = st.fixed_dictionaries({name: values for name, (_, values) in _TYPES.items()})


def _written(path: Path, models: list[dict[str, Any]], names: list[str]) -> Path:
    columns = {
        name: pa.array([model[name] for model in models], _TYPES[name][0]) if name in _TYPES else pa.nulls(len(models))
        for name in names
    }
    arrow.write_table(pa.table(columns), path)
    return path


def _listed(model: dict[str, Any]) -> dict[str, Any]:
    """The same as the Hub's JSON has it."""
    weights, gated = model["safetensors"], model["gated"]
    return {
        **model,
        "gated": False if gated in {"", "false", "False"} else gated,
        "createdAt": _iso(model["createdAt"]),
        "lastModified": _iso(model["lastModified"]),
        "safetensors": weights and {**weights, "parameters": dict(weights["parameters"] or ())},
    }


def _iso(stamp: int | None) -> str | None:
    return None if stamp is None else str(pa.scalar(stamp, pa.timestamp("s"))).replace(" ", "T") + "Z"


def _one_by_one(models: list[dict[str, Any]]) -> list[Record | None]:
    return [None if (row := entries.row(model)) is None else codec.record(row) for model in models]


def _by_columns(path: Path) -> list[Record | None]:
    return [model for batch in parquet.records(path) for model in batch]


@given(models=st.lists(_MODELS, min_size=1, max_size=8), names=st.sets(st.sampled_from(list(_TYPES))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_dump_holds_it_gives_what_the_hub_would_list(
    tmp_path: Path, models: list[dict[str, Any]], names: set[str]
) -> None:
    kept = [name for name in _TYPES if name in {*names, "id"}]
    path = _written(tmp_path / "models.parquet", models, kept)
    wanted = _one_by_one([{name: _listed(model)[name] for name in kept} for model in models])
    found = _by_columns(path)
    assert found == wanted
    table = codec.TagTable(codec.common_tags())
    for model in filter(None, found):
        assert entries.row(codec.stored_entry(codec._packed(model, table), table)) is not None
        document = json.loads(codec.document(model, table))
        assert all(0 <= value < 1 << 64 for value in document.values() if isinstance(value, int))


def test_plausible_models_are_read_alike_by_columns_and_one_by_one(tmp_path: Path) -> None:
    hub_dump.write(tmp_path / "models.parquet", 2500, seed=3)
    assert _by_columns(tmp_path / "models.parquet") == _one_by_one(make_entries(2500))


@pytest.mark.parametrize("count", [(1 << 62) - 1, 1 << 61])
def test_one_model_with_an_impossible_size_does_not_stop_the_sync(bench: Bench, count: int) -> None:
    odd = {"id": "a/odd", "safetensors": {"parameters": dict.fromkeys(("F64", "F32", "F16", "I64", "U64"), count)}}
    bench.listing.entries = [odd, {"id": "a/plain"}]
    bench.sync()
    assert set(bench.everything()) == {"a/odd", "a/plain"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "catalogue", FakeListing([]))
