from __future__ import annotations

import pytest

from hubtui.core.errors import QueryError, UsageError
from hubtui.core.query import to_text
from hubtui.core.target import parse_target


def _no_folders(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "model", "revision", "path"),
    [
        ("almanach/camembert-base", "almanach/camembert-base", "", ""),
        ("https://huggingface.co/almanach/camembert-base", "almanach/camembert-base", "", ""),
        ("https://huggingface.co/gpt2", "gpt2", "", ""),
        ("huggingface.co/gpt2/tree/main", "gpt2", "main", ""),
        ("hf.co/a/b/blob/v1.0/sub%20dir/x.json?download=true#L3", "a/b", "v1.0", "sub dir/x.json"),
        ("https://huggingface.co/a/b/tree/refs%2Fpr%2F1", "a/b", "refs/pr/1", ""),
        ("https://huggingface.co/a/b/resolve/refs/pr/12/config.json", "a/b", "refs/pr/12", "config.json"),
        ("https://huggingface.co/a/b/discussions/3", "a/b", "", ""),
        ("http://127.0.0.1:8123/api/models/a/b", "a/b", "", ""),
    ],
)
def test_a_pasted_address_opens_the_model(text: str, model: str, revision: str, path: str) -> None:
    target = parse_target(text, _no_folders)
    assert (target.kind, target.model, target.revision, target.path) == ("model", model, revision, path)


def test_the_hub_of_an_address_is_kept_without_any_user_name_in_it() -> None:
    assert parse_target("http://me:secret@127.0.0.1:8123/a/b", _no_folders).endpoint == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co/",
        "https://huggingface.co/datasets/squad",
        "https://huggingface.co/spaces/a/b",
        "https://huggingface.co/a/b/tree/..%2F..%2Fetc",
        "https://huggingface.co/a/b/blob/main/..%2F..%2Fetc/passwd",
        "https://huggingface.co/-a/b",
        "http://[broken/a/b",
        "./nowhere",
        "/nowhere",
        "~",
    ],
)
def test_what_is_no_model_is_said_to_be_none(text: str) -> None:
    with pytest.raises(UsageError):
        parse_target(text, _no_folders)


def test_a_checkpoint_folder_is_opened_as_such() -> None:
    for text in ("./outputs/checkpoint-500", "outputs/checkpoint-500", "/data/x", "~/x", "."):
        assert parse_target(text, lambda _: True).folder == text


def test_a_word_is_a_search_unless_a_model_is_wanted() -> None:
    assert parse_target("gpt2", _no_folders).kind == "query"
    assert parse_target("gpt2", _no_folders, bare_is_model=True).model == "gpt2"
    assert to_text(parse_target(" task:fill-mask  fr", _no_folders).query) == "task:fill-mask fr"
    with pytest.raises(UsageError):
        parse_target("two words", _no_folders, bare_is_model=True)
    with pytest.raises(QueryError):
        parse_target("tsk:fill-mask", _no_folders)
