from __future__ import annotations

import json
from pathlib import Path

import httpx2
from huggingface_hub import HfApi

from hubtui.demo.child import DemoHubProcess
from hubtui.demo.tasktexts import TASK_TEXTS


def test_all_tasks_of_the_hub_are_described_in_words_of_our_own(sample_hub: DemoHubProcess, shared_data: Path) -> None:
    theirs = json.loads((shared_data / "api/tasks.json").read_text())
    ours = httpx2.get(f"{sample_hub.url}/api/tasks").json()
    assert ours.keys() == theirs.keys()
    for name, task in ours.items():
        assert (task["id"], task["label"]) == (theirs[name]["id"], theirs[name]["label"])
        assert sorted(task["libraries"]) == sorted(theirs[name]["libraries"])
        assert isinstance(task["widgetModels"], list)
        assert task["summary"] not in json.dumps(theirs[name])
    assert ours["fill-mask"]["widgetModels"] == ["demo/gated-auto"]


def test_every_task_type_has_its_label_and_modality(sample_hub: DemoHubProcess, shared_data: Path) -> None:
    theirs = json.loads((shared_data / "api/pipeline_data.json").read_text())
    tags = HfApi(endpoint=sample_hub.url, token=False).get_model_tags()
    ours = {entry["id"]: entry for entry in tags["pipeline_tag"]}
    assert theirs.keys() <= ours.keys()
    for name, entry in theirs.items():
        assert (ours[name]["label"], ours[name]["subType"]) == (entry["name"], entry["modality"])
    assert TASK_TEXTS.keys() <= ours.keys()


def test_tags_are_sorted_by_their_type(sample_hub: DemoHubProcess) -> None:
    tags = httpx2.get(f"{sample_hub.url}/api/models-tags-by-type").json()
    assert list(tags) == [
        "region", "library", "other", "license", "language", "deploy", "dataset", "bucket", "pipeline_tag",
    ]  # fmt: skip
    assert {"id": "license:mit", "label": "MIT License", "type": "license"} in tags["license"] or any(
        entry["id"] == "license:mit" for entry in tags["license"]
    )
    assert {entry["id"] for entry in tags["language"]} == {"en", "fr"}
    assert {"transformers", "gguf", "flair"} <= {entry["id"] for entry in tags["library"]}
    assert {"id": "tiny", "label": "tiny", "type": "other", "clickable": True} in tags["other"]
    assert list(httpx2.get(f"{sample_hub.url}/api/models-tags-by-type?type=license").json()) == ["license"]


def test_trends_have_the_fields_of_the_real_hub(sample_hub: DemoHubProcess, shared_data: Path) -> None:
    recorded = json.loads((shared_data / "api/trending-models.json").read_text())["body"]["recentlyTrending"][0]
    trends = httpx2.get(f"{sample_hub.url}/api/trending?type=model&limit=3").json()["recentlyTrending"]
    assert len(trends) == 3
    first = trends[0]["repoData"]
    assert first["id"] == "demo/plain"
    assert first.keys() == recorded["repoData"].keys()
    assert first["numParameters"] == 247
    assert {"_id", "name", "fullname", "type", "avatarUrl", "followerCount"} <= first["authorData"].keys()


def test_quick_search_finds_models_and_organizations(sample_hub: DemoHubProcess) -> None:
    found = httpx2.get(f"{sample_hub.url}/api/quicksearch?q=GATED&type=model&limit=1").json()
    assert [entry["id"] for entry in found["models"]] == ["demo/gated-auto"]
    assert found["q"] == "GATED"
    everything = httpx2.get(f"{sample_hub.url}/api/quicksearch?q=demo").json()
    assert [entry["name"] for entry in everything["orgs"]] == ["demo"]
    assert len(everything["models"]) == 5


def test_only_people_who_are_there_have_pages(sample_hub: DemoHubProcess) -> None:
    for path, status in {
        "users/demo-user": 200,
        "users/nobody": 404,
        "organizations/demo": 200,
        "organizations/demo-user": 404,
        "organizations/other": 404,  # all of its models are private
    }.items():
        assert httpx2.get(f"{sample_hub.url}/api/{path}/overview").status_code == status
