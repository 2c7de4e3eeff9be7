from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from huggingface_hub import hf_hub_download, snapshot_download
from huggingface_hub.errors import GatedRepoError, RemoteEntryNotFoundError

from hubtui.demo.child import DemoHubProcess
from tests.demo.samples import CARD


def _url(hub: DemoHubProcess, path: str, repo: str = "demo/plain", revision: str = "main") -> str:
    return f"{hub.url}/{repo}/resolve/{quote(revision, safe='')}/{quote(path)}"


def test_head_names_commit_size_and_hash(sample_hub: DemoHubProcess, sample_repos: Path) -> None:
    content = (sample_repos / "demo/plain/main/config.json").read_bytes()
    small = httpx2.head(_url(sample_hub, "config.json"))
    git_sha1 = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
    assert small.status_code == 200
    assert small.headers["etag"] == f'"{git_sha1}"'
    assert small.headers["content-length"] == str(len(content))
    assert len(small.headers["x-repo-commit"]) == 40
    assert small.headers["accept-ranges"] == "bytes"
    assert "x-linked-etag" not in small.headers
    assert small.content == b""


def test_head_of_large_files_names_their_sha256(sample_hub: DemoHubProcess, sample_repos: Path) -> None:
    content = (sample_repos / "demo/plain/main/model.safetensors").read_bytes()
    answer = httpx2.head(_url(sample_hub, "model.safetensors"))
    assert answer.headers["x-linked-etag"] == answer.headers["etag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert answer.headers["x-linked-size"] == str(len(content))
    assert not {"x-xet-hash", "link", "content-encoding"} & set(answer.headers)


@pytest.mark.parametrize(
    ("wanted", "part", "content_range"),
    [
        ("bytes=0-3", slice(0, 4), "bytes 0-3/{n}"),
        ("bytes=10-", slice(10, None), "bytes 10-{last}/{n}"),
        ("bytes=-5", slice(-5, None), "bytes {tail}-{last}/{n}"),
        ("bytes=0-999999", slice(0, None), "bytes 0-{last}/{n}"),
    ],
)
def test_parts_of_a_file_can_be_fetched(
    sample_hub: DemoHubProcess, wanted: str, part: slice, content_range: str
) -> None:
    whole = httpx2.get(_url(sample_hub, "README.md"), headers={"accept-encoding": "gzip"})
    assert whole.text == CARD
    assert "content-encoding" not in whole.headers
    answer = httpx2.get(_url(sample_hub, "README.md"), headers={"range": wanted})
    size = len(whole.content)
    assert answer.status_code == 206
    assert answer.content == whole.content[part]
    assert answer.headers["content-range"] == content_range.format(n=size, last=size - 1, tail=size - 5)
    assert answer.headers["etag"] == whole.headers["etag"]


def test_a_range_past_the_end_is_refused_with_the_size(sample_hub: DemoHubProcess) -> None:
    answer = httpx2.get(_url(sample_hub, "README.md"), headers={"range": f"bytes={len(CARD.encode())}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CARD.encode())}"


@pytest.mark.parametrize("verb", ["resolve", "raw"])
def test_odd_names_and_encoded_revisions_are_understood(sample_hub: DemoHubProcess, verb: str) -> None:
    for revision in ("main", "refs%2Fpr%2F1", "v1.0", "refs%2Fheads%2Fmain"):
        url = f"{sample_hub.url}/demo/plain/{verb}/{revision}/sub%20dir/x%2By%20%231.txt"
        answer = httpx2.get(url)
        assert answer.text == "an odd name"
        assert "filename*=UTF-8''x%2By%20%231.txt" in answer.headers["content-disposition"]


def test_raw_shows_the_pointer_of_a_large_file(sample_hub: DemoHubProcess, sample_repos: Path) -> None:
    content = (sample_repos / "demo/plain/main/model.safetensors").read_bytes()
    answer = httpx2.get(f"{sample_hub.url}/demo/plain/raw/main/model.safetensors")
    digest = hashlib.sha256(content).hexdigest()
    assert answer.text == f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    assert httpx2.get(f"{sample_hub.url}/demo/plain/raw/main/README.md").text == CARD


def test_a_missing_file_names_the_commit_so_that_clients_remember(sample_hub: DemoHubProcess) -> None:
    answer = httpx2.head(_url(sample_hub, "absent.txt"))
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")
    assert len(answer.headers["x-repo-commit"]) == 40
    assert httpx2.get(_url(sample_hub, "absent.txt")).text == "Entry not found"


@pytest.mark.parametrize(
    "path", ["../repo.json", "%2e%2e/repo.json", "..%2f..%2fplain%2frepo.json", "/etc/passwd", "onnx"]
)
def test_nothing_but_the_files_of_the_commit_is_served(sample_hub: DemoHubProcess, path: str) -> None:
    with httpx2.Client() as client:
        request = client.build_request("GET", sample_hub.url)
        request.url = request.url.copy_with(raw_path=f"/demo/plain/resolve/main/{path}".encode())
        assert client.send(request).status_code == 404


def test_downloads_land_whole_in_the_cache(sample_hub: DemoHubProcess, sample_repos: Path, tmp_path: Path) -> None:
    folder = Path(snapshot_download("demo/plain", endpoint=sample_hub.url, cache_dir=tmp_path, token=False))
    source = sample_repos / "demo/plain/main"
    names = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    assert {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} == names
    assert all((folder / name).read_bytes() == (source / name).read_bytes() for name in names)


def test_older_and_proposed_versions_can_be_downloaded(sample_hub: DemoHubProcess, tmp_path: Path) -> None:
    proposed = hf_hub_download(
        "demo/plain", "README.md", revision="refs/pr/1", endpoint=sample_hub.url, cache_dir=tmp_path, token=False
    )
    assert Path(proposed).read_text().endswith("A better text.\n")
    with pytest.raises(RemoteEntryNotFoundError):
        hf_hub_download(
            "demo/plain", "README.md", revision="v1.0", endpoint=sample_hub.url, cache_dir=tmp_path, token=False
        )


def test_gated_files_are_refused_and_let_through_by_token(sample_hub: DemoHubProcess, tmp_path: Path) -> None:
    with pytest.raises(GatedRepoError, match="Please log in"):
        hf_hub_download("demo/gated-auto", "config.json", endpoint=sample_hub.url, cache_dir=tmp_path, token=False)
    with pytest.raises(GatedRepoError, match="authorized list"):
        hf_hub_download(
            "demo/gated-auto", "config.json", endpoint=sample_hub.url, cache_dir=tmp_path, token="hf_outsider"
        )
    got = hf_hub_download(
        "demo/gated-auto", "config.json", endpoint=sample_hub.url, cache_dir=tmp_path, token="hf_demo"
    )
    assert Path(got).is_file()


def test_a_file_larger_than_memory_chunks_arrives_unchanged(
    serve_folders: Callable[..., DemoHubProcess], tmp_path: Path
) -> None:
    content = bytes(range(256)) * (24 << 12)  # 24 MiB: more than two of the client's own chunks
    hub = serve_folders({"big/model": {"model.bin": content}})
    got = hf_hub_download("big/model", "model.bin", endpoint=hub.url, cache_dir=tmp_path / "cache", token=False)
    assert Path(got).read_bytes() == content
    assert Path(got).resolve().name == hashlib.sha256(content).hexdigest()
