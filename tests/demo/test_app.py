from __future__ import annotations

import json
import re
from pathlib import Path

import httpx2
import pytest

from hubtui.demo.child import DemoHubProcess


@pytest.mark.parametrize(
    ("path", "bucket"),
    [
        ("/api/models?limit=1", "api"),
        ("/api/models/demo/plain", "api"),
        ("/api/models/demo/absent", "api"),
        ("/api/models/DEMO/plain", "api"),
        ("/demo/plain/resolve/main/config.json", "resolvers"),
        ("/demo/plain/resolve/main/absent", "resolvers"),
        ("/nowhere", "pages"),
    ],
)
def test_every_answer_carries_request_id_and_quota(sample_hub: DemoHubProcess, path: str, bucket: str) -> None:
    headers = httpx2.get(sample_hub.url + path).headers
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", headers["x-request-id"])
    assert re.fullmatch(rf'"{bucket}";r=\d+;t=\d+', headers["ratelimit"])
    assert re.fullmatch(rf'"fixed window";"{bucket}";q=\d+;w=300', headers["ratelimit-policy"])
    assert "X-Linked-ETag" in headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/nowhere", "/api/models/demo/plain/nowhere", "/demo/plain/blob/main/x", "/"]
)
def test_unknown_urls_say_so(sample_hub: DemoHubProcess, path: str) -> None:
    answer = httpx2.get(sample_hub.url + path)
    assert answer.status_code == 404
    assert answer.json() == {"error": "Sorry, we can't find the page you are looking for."}
    assert "x-error-code" not in answer.headers


def test_wrong_methods_are_refused(sample_hub: DemoHubProcess) -> None:
    assert httpx2.delete(f"{sample_hub.url}/api/models").status_code == 405
    assert httpx2.post(f"{sample_hub.url}/api/models/demo/plain").status_code == 405
    assert httpx2.get(f"{sample_hub.url}/api/models/demo/plain/paths-info/main").status_code == 405
    assert httpx2.head(f"{sample_hub.url}/api/models/demo/plain").status_code == 200


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/api/models/demo/old-name?expand=sha", "/api/models/demo/New-Name?expand=sha"),
        ("/api/models/bare-name/tree/refs%2Fpr%2F1/a%20b", "/api/models/demo/New-Name/tree/refs%2Fpr%2F1/a%20b"),
        ("/demo/new-name/resolve/main/sub%20dir/x%2By", "/demo/New-Name/resolve/main/sub%20dir/x%2By"),
        ("/bare-name/resolve/main/config.json", "/demo/New-Name/resolve/main/config.json"),
    ],
)
def test_redirects_are_relative_and_keep_path_and_query(sample_hub: DemoHubProcess, path: str, location: str) -> None:
    answer = httpx2.get(sample_hub.url + path)
    assert (answer.status_code, answer.headers["location"], answer.content) == (307, location, b"")


def test_missing_models_are_told_with_the_code_that_plain_http_needs(sample_hub: DemoHubProcess) -> None:
    answer = httpx2.get(f"{sample_hub.url}/api/models/demo/absent")
    assert answer.status_code == 401
    assert answer.headers["x-error-code"] == "RepoNotFound"
    assert answer.headers["www-authenticate"].startswith("Bearer realm=")
    assert httpx2.get(f"{sample_hub.url}/demo/absent/resolve/main/x").text == "Invalid username or password."


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("commits-bad-revision-404", "/api/models/demo/plain/commits/no-such-branch-x9?limit=1"),
        ("commits-gated-401", "/api/models/demo/gated-auto/commits/main?limit=1"),
    ],
)
def test_refusals_equal_those_recorded_from_the_real_hub(
    sample_hub: DemoHubProcess, shared_data: Path, name: str, path: str
) -> None:
    recorded = json.loads((shared_data / f"api/{name}.json").read_text())
    answer = httpx2.get(sample_hub.url + path)

    def ours(text: str) -> str:
        return text.replace("meta-llama/Llama-3.1-8B", "demo/gated-auto")

    assert answer.status_code == recorded["status"]
    assert answer.json() == {"error": ours(recorded["body"]["error"])}
    for header in ("x-error-code", "x-error-message", "content-type"):
        assert answer.headers[header] == ours(recorded["headers"][header])


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("models.resolve.notfound", "GET", "/demo/plain/resolve/main/does-not-exist.txt"),
        ("models.revision.notfound", "GET", "/api/models/demo/plain/revision/does-not-exist"),
        ("models.tree.notfound", "GET", "/api/models/demo/plain/tree/main/does-not-exist"),
        ("whoami-v2", "GET", "/api/whoami-v2"),
    ],
)
def test_answers_equal_the_recordings_of_2026(
    sample_hub: DemoHubProcess, shared_data: Path, name: str, method: str, path: str
) -> None:
    recorded = json.loads((shared_data / "api/hub-recordings-2026-09-22.json").read_text())[name]
    answer = httpx2.request(method, sample_hub.url + path)
    assert answer.status_code == recorded["status"]
    for header, value in recorded["headers"].items():
        assert answer.headers[header] == value
    assert answer.text == recorded["text"] if "text" in recorded else answer.json() == recorded["json"]


def test_the_body_of_a_path_look_up_may_be_json(sample_hub: DemoHubProcess) -> None:
    url = f"{sample_hub.url}/api/models/demo/plain/paths-info/main"
    answer = httpx2.post(url, json={"paths": ["config.json", "absent"], "expand": True})
    assert [entry["path"] for entry in answer.json()] == ["config.json"]
    assert set(answer.json()[0]["securityFileStatus"]) >= {"status", "avScan", "pickleImportScan"}
    assert httpx2.post(url, content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert httpx2.post(url, json=["config.json"]).status_code == 400
    assert httpx2.post(url, content=b"x" * (2 << 20)).status_code == 413


def test_commits_come_in_numbered_pages_with_their_total(sample_hub: DemoHubProcess) -> None:
    answer = httpx2.get(f"{sample_hub.url}/api/models/demo/plain/commits/main?limit=2")
    assert answer.headers["x-total-count"] == "3"
    assert len(answer.json()) == 2
    following = answer.links["next"]["url"]
    assert following == f"{sample_hub.url}/api/models/demo/plain/commits/main?p=1&limit=2"
    last = httpx2.get(following)
    assert [entry["title"] for entry in last.json()] == ["initial commit"]
    assert "link" not in last.headers


def test_two_revisions_can_be_compared(sample_hub: DemoHubProcess) -> None:
    base = f"{sample_hub.url}/api/models/demo/plain/compare/v1.0..main"
    text = httpx2.get(base).text
    assert text.startswith("diff --git a/README.md b/README.md\nnew file mode 100644\n")
    assert "+license: mit" in text
    assert re.fullmatch(r":000000 100644 0{40} [0-9a-f]{40} A\tREADME.md\n", httpx2.get(f"{base}?raw=true").text)
    three_dots = httpx2.get(f"{sample_hub.url}/api/models/demo/plain/compare/main...refs%2Fpr%2F1").text
    assert "+A better text." in three_dots


def test_folder_sizes_add_up(sample_hub: DemoHubProcess) -> None:
    url = f"{sample_hub.url}/api/models/demo/many-files/treesize/main"
    assert httpx2.get(f"{url}/part").json() == {"path": "/part", "size": 1100}
    assert httpx2.get(f"{url}/nowhere").status_code == 404


def test_link_headers_use_the_name_that_the_caller_used(sample_hub: DemoHubProcess) -> None:
    port = sample_hub.url.rpartition(":")[2]
    answer = httpx2.get(f"http://127.0.0.1:{port}/api/models?limit=1", headers={"host": f"localhost:{port}"})
    assert answer.links["next"]["url"].startswith(f"http://localhost:{port}/api/models?limit=1&cursor=")


def test_web_pages_cannot_read_served_folders_through_a_name_of_their_own(sample_hub: DemoHubProcess) -> None:
    answer = httpx2.get(f"{sample_hub.url}/api/models", headers={"host": "evil.example:80"})
    assert answer.status_code == 400
