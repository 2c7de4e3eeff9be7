from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, hf_hub_download, snapshot_download

from hubtui.demo.child import DemoHubProcess
from hubtui.demo.folders import RootError, read_root
from hubtui.demo.repository import Repository
from tests.demo.samples import BERT, Content, gguf_bytes, weights, write_files

Serve = Callable[..., DemoHubProcess]


def _read(root: Path) -> tuple[dict[str, Repository], list[str]]:
    lines: list[str] = []
    return {repo.id: repo for repo in read_root(root, lines.append, threading.Event())}, lines


LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "max_position_embeddings": 2048}
UNSEEN: dict[str, dict[str, Content]] = {
    "lab/bert": {"config.json": BERT, "model.safetensors": weights(a=(3, 4))},
    "lab/llama": {
        "config.json": LLAMA,
        "model-00001-of-00002.safetensors": weights(a=(10,)),
        "model-00002-of-00002.safetensors": weights(b=(5,)),
        "model.safetensors.index.json": {
            "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
        },
        "tokenizer_config.json": {"chat_template": "{{ messages }}"},
    },
    "lab/stated": {
        "config.json": BERT,
        "README.md": "---\npipeline_tag: text-classification\nlibrary_name: flair\nlicense: Apache-2.0\n"
        "language: no\n---\n",
    },
    "lab/lora": {
        "adapter_config.json": {"task_type": "CAUSAL_LM", "base_model_name_or_path": "lab/llama", "peft_type": "LORA"},
        "adapter_model.safetensors": weights(lora=(2,)),
    },
    "lab/sentences": {"modules.json": "[]", "config.json": {"architectures": ["BertModel"], "model_type": "bert"}},
    "lab/painter": {"model_index.json": {"_class_name": "StableDiffusionPipeline"}, "unet/config.json": {}},
    "lab/gguf": {"q8.gguf": gguf_bytes({"general.architecture": "llama"}, {"w": (32, 2)})},
    "lab/pickle": {
        "config.json": {"architectures": ["ViTForImageClassification"], "model_type": "vit"},
        "pytorch_model.bin": b"x",
    },
    "lab/custom": {
        "config.json": {**LLAMA, "auto_map": {"AutoModelForCausalLM": "modeling.Mine"}},
        "modeling.py": "x = 1",
    },
}


def test_task_library_and_tags_are_worked_out_from_unseen_folders(serve_folders: Serve) -> None:
    hub = serve_folders(UNSEEN)
    models = {info.id: info for info in HfApi(endpoint=hub.url, token=False).list_models(full=True)}
    assert {name: (info.pipeline_tag, info.library_name) for name, info in models.items()} == {
        "lab/bert": ("fill-mask", "transformers"),
        "lab/llama": ("text-generation", "transformers"),
        "lab/stated": ("text-classification", "flair"),
        "lab/lora": ("text-generation", "peft"),
        "lab/sentences": ("sentence-similarity", "sentence-transformers"),
        "lab/painter": ("text-to-image", "diffusers"),
        "lab/gguf": ("text-generation", "gguf"),
        "lab/pickle": ("image-classification", "transformers"),
        "lab/custom": ("text-generation", "transformers"),
    }
    tags = {name: set(info.tags or []) for name, info in models.items()}
    assert {"safetensors", "conversational", "llama"} <= tags["lab/llama"]
    assert {"license:apache-2.0", "no"} <= tags["lab/stated"]
    assert {"base_model:lab/llama", "base_model:adapter:lab/llama"} <= tags["lab/lora"]
    assert "pytorch" in tags["lab/pickle"]
    assert "custom_code" in tags["lab/custom"]
    totals = {
        info.id: info.safetensors.total
        for info in HfApi(endpoint=hub.url, token=False).list_models(expand=["safetensors"])
        if info.safetensors
    }
    assert totals == {"lab/bert": 12, "lab/llama": 15, "lab/lora": 2}
    assert hub.log() == ""


def test_every_unseen_folder_can_be_downloaded_whole(serve_folders: Serve, tmp_path: Path) -> None:
    hub = serve_folders(UNSEEN)
    for name, files in UNSEEN.items():
        folder = Path(snapshot_download(name, endpoint=hub.url, cache_dir=tmp_path / "cache", token=False))
        for path in files:
            assert (folder / path).read_bytes() == (tmp_path / "root" / name / path).read_bytes()


HOSTILE: dict[str, Content] = {
    "config.json": "{broken",
    "tokenizer_config.json": "[1, 2]",
    "README.md": "---\nlicense: [a, 1, null]\nlanguage: {x: y}\ntags: 5\nbase_model: [[a]]\nmodel-index: [text]\n"
    "widget: 7\nself: me\nignore_metadata_errors: no\neval_results: [{}]\ndatasets: 1\nmetrics: {a: 1}\n---\n",
    "model.safetensors": b"\xff" * 64,
    "model.gguf": b"GGUF\x03\x00\x00\x00" + b"\xff" * 16,
    "special_tokens_map.json": json.dumps({"mask_token": ["x"]}),
    "adapter_config.json": "null",
    "model_index.json": '"text"',
    "pytorch_model.bin": b"\x80\x04cos\nsystem\n",
}
WRONG_TYPES: dict[str, Content] = {
    "config.json": '{"architectures": "BertModel", "model_type": 5, "quantization_config": [], "auto_map": "x",'
    ' "n": NaN, "u": "\\ud800", "max_position_embeddings": "many", "text_config": 1}',
    "README.md": b"\xff\xfe\x00---",
    "model.safetensors.index.json": '{"weight_map": {"a": ["../../etc/passwd"], "b": "../outside.safetensors"}}',
    "adapter_config.json": '{"task_type": ["x"], "base_model_name_or_path": {"a": 1}}',
}


def test_broken_files_and_wrong_types_cost_only_themselves(serve_folders: Serve) -> None:
    hub = serve_folders({"bad/broken": HOSTILE, "bad/types": WRONG_TYPES, "good/model": UNSEEN["lab/bert"]})
    api = HfApi(endpoint=hub.url, token=False)
    listed = {info.id for info in api.list_models(full=True, cardData=True, fetch_config=True)}
    assert listed == {"bad/broken", "bad/types", "good/model"}
    for name in listed:
        info = api.model_info(name, files_metadata=True, securityStatus=True)
        assert info.sha
        assert list(api.list_repo_tree(name, recursive=True, expand=True))
        answer = httpx2.get(
            f"{hub.url}/api/models/{name}?" + "&".join(f"expand={field}" for field in ("config", "cardData"))
        )
        assert answer.json()["id"] == name
    assert hub.log() == ""


def test_odd_folders_and_names_are_passed_over_with_a_line(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {f"{name}/config.json": "{}" for name in ("ns/ok", "ns/with space", "ns/a--b", "n s/model", "ns/-dash")},
    )
    write_files(tmp_path, {"loose.txt": "x", "ns/loose.txt": "x", ".git/x/config": "x", "ns/.cache/x": "x"})
    (tmp_path / "ns/empty").mkdir()
    (tmp_path / "ns/ok/new\nline.txt").write_text("x")
    (tmp_path / "ns/ok/.git").mkdir()
    (tmp_path / "ns/ok/.git/config").write_text("secret")
    os.mkfifo(tmp_path / "ns/ok/pipe")
    repos, lines = _read(tmp_path)
    assert list(repos) == ["ns/ok"]
    assert list(repos["ns/ok"].head.tree.files) == ["config.json"]
    for name in ("'ns/with space'", "'ns/a--b'", "'n s'", "'ns/-dash'", "'ns/empty'", r"'new\nline.txt'"):
        assert sum(line.startswith(f"{name} is skipped") for line in lines) == 1
    assert len(lines) == 6


def test_links_are_followed_inside_the_root_and_nowhere_else(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_files(tmp_path, {"secret/config.json": "{}", "secret/key": "s"})
    write_files(root, {"ns/model/config.json": "{}", "shared-files/x/weights.bin": "w"})
    model = root / "ns/model"
    (model / "weights.bin").symlink_to(root / "shared-files/x/weights.bin")
    (model / "key").symlink_to(tmp_path / "secret/key")
    (model / "folder").symlink_to(tmp_path / "secret")
    (model / "nowhere").symlink_to("absent")
    (model / "circle").symlink_to(model)
    (model / "itself").symlink_to("itself")
    (root / "ns/outside").symlink_to(tmp_path / "secret")
    repos, lines = _read(root)
    assert list(repos["ns/model"].head.tree.files) == ["config.json", "weights.bin"]
    assert set(repos) == {"ns/model", "shared-files/x"}
    skipped = sorted(line.partition(" is")[0] for line in lines)
    assert skipped == ["'folder'", "'itself'", "'key'", "'nowhere'", "'ns/outside'"]


def test_a_snapshot_of_the_hugging_face_cache_can_be_served(serve_folders: Serve, tmp_path: Path) -> None:
    first = serve_folders({"lab/bert": UNSEEN["lab/bert"]})
    snapshot = Path(snapshot_download("lab/bert", endpoint=first.url, cache_dir=tmp_path / "cache", token=False))
    linked = tmp_path / "linked"
    (linked / "lab").mkdir(parents=True)
    (linked / "lab/bert").symlink_to(snapshot)
    shutil.copytree(tmp_path / "cache/models--lab--bert", linked / "copied/models", symlinks=True)
    repos, lines = _read(linked)
    assert set(repos["lab/bert"].head.tree.files) == {"config.json", "model.safetensors"}
    assert repos["lab/bert"].view().checkpoint.total_parameters == 12
    weights_file = (snapshot / "model.safetensors").resolve()
    stopped = threading.Event()
    stopped.set()  # a hash that had to be computed would end in Stopped
    unread = {repo.id: repo for repo in read_root(linked, lines.append, stopped)}["lab/bert"]
    assert unread.head.tree.files["model.safetensors"].sha256 == weights_file.name, "the cache knows the hash already"
    commit = snapshot.name
    assert f"snapshots/{commit}/config.json" in repos["copied/models"].head.tree.files
    assert lines == []


def test_large_files_are_large_whatever_their_name(tmp_path: Path) -> None:
    write_files(tmp_path, {"ns/model/config.json": "{}", "ns/model/small.safetensors": b"x"})
    with (tmp_path / "ns/model/vocab.json").open("wb") as file:
        file.truncate(10 << 20)
    (tmp_path / "ns/model/unreadable").write_text("x")
    repos, _ = _read(tmp_path)
    files = repos["ns/model"].head.tree.files
    assert {path: blob.is_lfs for path, blob in files.items()} == {
        "config.json": False, "small.safetensors": True, "unreadable": False, "vocab.json": True,
    }  # fmt: skip


def test_a_file_changed_while_serving_is_refused_not_served_wrongly(serve_folders: Serve, tmp_path: Path) -> None:
    hub = serve_folders({"lab/bert": UNSEEN["lab/bert"]})
    config = tmp_path / "root/lab/bert/config.json"
    url = f"{hub.url}/lab/bert/resolve/main/config.json"
    assert httpx2.get(url).status_code == 200
    config.write_text("{}")
    answer = httpx2.get(url)
    assert answer.status_code == 500
    assert "config.json has changed on disk" in answer.text
    config.unlink()
    assert httpx2.get(url).status_code == 404
    assert httpx2.get(f"{hub.url}/api/models/lab/bert").status_code == 200


@pytest.mark.parametrize("make", [lambda _: None, lambda path: path.mkdir(), lambda path: path.write_text("x")])
def test_a_root_without_checkpoints_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "root")
    with pytest.raises(RootError, match="root"):
        read_root(tmp_path / "root", lambda _: None, threading.Event())


def test_real_tokenizers_can_be_served_and_fetched(serve_folders: Serve, shared_data: Path, tmp_path: Path) -> None:
    sources = sorted((shared_data / "tokenizers").iterdir())
    hub = serve_folders(
        {f"shared/{source.name}": {path.name: path.read_bytes() for path in source.iterdir()} for source in sources}
    )
    api = HfApi(endpoint=hub.url, token=False)
    assert len(list(api.list_models(author="shared"))) == len(sources)
    for source in sources:
        for path in source.iterdir():
            got = hf_hub_download(
                f"shared/{source.name}", path.name, endpoint=hub.url, cache_dir=tmp_path / "c", token=False
            )
            assert Path(got).read_bytes() == path.read_bytes()


def test_real_configs_have_tasks(shared_data: Path, tmp_path: Path) -> None:
    named = {}
    for path in (shared_data / "configs").glob("*.json"):
        if json.loads(path.read_text()).get("architectures"):
            name = path.stem.replace("--", "-")
            write_files(tmp_path, {f"real/{name}/config.json": path.read_text()})
            named[f"real/{name}"] = path
    repos, _ = _read(tmp_path)
    tasks = {name: repo.view().task for name, repo in repos.items()}
    assert tasks.keys() == named.keys()
    assert tasks["real/llama-3.1-8b"] == "text-generation"
    assert tasks["real/whisper-large-v3"] == "automatic-speech-recognition"
    assert tasks["real/all-MiniLM-L6-v2"] == "feature-extraction"
    assert all(tasks.values())
