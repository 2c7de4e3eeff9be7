from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi

from hubtui.demo.child import DemoHubProcess


@pytest.fixture
def api(sample_hub: DemoHubProcess) -> HfApi:
    return HfApi(endpoint=sample_hub.url, token=False)


def _ids(api: HfApi, query: dict[str, Any] | None = None) -> set[str]:
    return {info.id for info in api.list_models(**(query or {}))}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "GATED demo"}, {"demo/gated-auto", "demo/gated-manual"}),
        ({"author": "demo", "search": "plain"}, {"demo/plain"}),
        ({"author": "nobody"}, set()),
        ({"filter": "gguf"}, {"demo/gguf"}),
        ({"filter": ["fill-mask", "fr", "license:mit", "transformers"], "search": "plain"}, {"demo/plain"}),
        ({"filter": "base_model:quantized:demo/plain"}, {"demo/gguf"}),
        ({"trained_dataset": "demo/words", "search": "plain"}, {"demo/plain"}),
        ({"pipeline_tag": "text-generation"}, {"demo/gguf", "demo/sharded"}),
        ({"apps": "llama.cpp"}, {"demo/gguf"}),
        ({"apps": ["vllm"]}, {"demo/sharded"}),
        ({"apps": "ollama", "filter": "transformers"}, set()),
        ({"gated": True}, {"demo/gated-auto", "demo/gated-manual"}),
        ({"inference": "warm"}, {"demo/plain"}),
        ({"inference_provider": "all"}, {"demo/plain"}),
        ({"inference_provider": ["hf-inference", "groq"]}, {"demo/plain"}),
        ({"inference_provider": "groq"}, set()),
        ({"num_parameters": "min:0.2K"}, {"demo/plain"}),
        ({"num_parameters": "min:100,max:200"}, {"demo/sharded", "demo/gguf"}),
    ],
)
def test_each_filter_finds_what_it_names(api: HfApi, query: dict[str, Any], found: set[str]) -> None:
    assert _ids(api, query) == found


def test_private_models_are_not_listed_for_strangers(api: HfApi) -> None:
    assert not {"demo/secret", "other/secret"} & _ids(api)


def test_ungated_models_can_be_asked_for(api: HfApi) -> None:
    assert not {"demo/gated-auto", "demo/gated-manual"} & _ids(api, {"gated": False})


def test_lists_are_sorted_as_asked(api: HfApi) -> None:
    assert next(iter(api.list_models(sort="downloads"))).id == "demo/plain"
    assert next(iter(api.list_models())).trending_score == 9
    by_likes = [info.likes or 0 for info in api.list_models(sort="likes")]
    assert by_likes == sorted(by_likes, reverse=True)


def test_more_fields_come_when_asked(api: HfApi) -> None:
    (plain,) = api.list_models(search="plain", full=True, cardData=True, fetch_config=True)
    assert plain.sha == api.model_info("demo/plain").sha
    assert plain.siblings
    assert plain.config
    assert plain.card_data is not None
    assert plain.gated is False
    (bare,) = api.list_models(search="plain")
    assert (bare.sha, bare.siblings, bare.config, bare.card_data) == (None, None, None, None)
    (chosen,) = api.list_models(search="plain", expand=["safetensors", "inferenceProviderMapping"])
    assert chosen.safetensors is not None
    assert chosen.downloads is None
    assert chosen.inference_provider_mapping is not None
    assert chosen.inference_provider_mapping[0].provider == "hf-inference"


def test_pages_follow_one_another_without_loss(api: HfApi, sample_hub: DemoHubProcess) -> None:
    everything = [info.id for info in api.list_models(sort="downloads")]
    url: str | None = f"{sample_hub.url}/api/models?sort=downloads&limit=2&search=demo"
    paged: list[str] = []
    while url:
        answer = httpx2.get(url)
        paged += [entry["id"] for entry in answer.json()]
        url = answer.links["next"]["url"] if "next" in answer.links else None
        assert url is None or (url.startswith(sample_hub.url) and "search=demo" in url)
    assert paged == everything
    assert len(list(api.list_models(limit=3))) == 3


def test_both_spellings_of_expand_are_taken(sample_hub: DemoHubProcess) -> None:
    answer = httpx2.get(f"{sample_hub.url}/api/models?search=plain&expand[]=sha&expand=likes&expand[]=likes")
    assert [set(entry) for entry in answer.json()] == [{"_id", "id", "sha", "likes"}]


def test_entries_have_the_fields_of_the_real_hub(sample_hub: DemoHubProcess, shared_data: Path) -> None:
    recorded = json.loads((shared_data / "api/models-list-entry.json").read_text())["body"][0]
    (entry,) = httpx2.get(f"{sample_hub.url}/api/models?search=plain").json()
    assert list(entry) == list(recorded)


@pytest.mark.parametrize(
    "query",
    [
        "expand=nonsense",
        "sort=nonsense",
        "cursor=nonsense",
        "limit=0",
        "limit=x",
        "num_parameters=6B",
        "limit=99999999999",
    ],
)
def test_a_wrong_parameter_is_refused_with_a_reason(sample_hub: DemoHubProcess, query: str) -> None:
    answer = httpx2.get(f"{sample_hub.url}/api/models?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["error"]
