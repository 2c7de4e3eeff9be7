from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    BadRequestError,
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from hubtui.demo.child import DemoHubProcess
from hubtui.demo.repository import object_id
from tests.demo.samples import ATTRIBUTES


@pytest.fixture
def api(sample_hub: DemoHubProcess) -> HfApi:
    return HfApi(endpoint=sample_hub.url, token=False)


@pytest.fixture
def member(sample_hub: DemoHubProcess) -> HfApi:
    return HfApi(endpoint=sample_hub.url, token="hf_demo")


@pytest.fixture
def outsider(sample_hub: DemoHubProcess) -> HfApi:
    return HfApi(endpoint=sample_hub.url, token="hf_outsider")


def test_the_client_reads_every_field_of_a_model(api: HfApi) -> None:
    info = api.model_info("demo/plain", files_metadata=True, securityStatus=True)
    assert (info.pipeline_tag, info.library_name, info.author) == ("fill-mask", "transformers", "demo")
    assert info.safetensors is not None
    assert (dict(info.safetensors.parameters), info.safetensors.total) == ({"F32": 247}, 247)
    assert info.mask_token == "[MASK]"
    assert info.transformers_info is not None
    assert info.transformers_info.auto_model == "AutoModelForMaskedLM"
    assert info.config is not None
    assert info.config["architectures"] == ["BertForMaskedLM"]
    assert info.card_data is not None
    assert info.card_data.license == "mit"
    assert info.tags is not None
    assert {"safetensors", "bert", "en", "fr", "dataset:demo/words", "license:mit", "arxiv:1810.04805", "tiny"} <= set(
        info.tags
    )
    assert info.security_repo_status == {"scansDone": True, "filesWithIssues": []}
    files = {entry.rfilename: entry for entry in info.siblings or []}
    assert files[".gitattributes"].size == len(ATTRIBUTES)
    weights = files["model.safetensors"].lfs
    assert weights is not None
    assert (len(weights.sha256), weights.pointer_size) == (64, 125 + len(str(weights.size)))


def test_every_expandable_field_can_be_asked_for(api: HfApi) -> None:
    info = api.model_info("demo/plain", expand=["downloadsAllTime", "trendingScore", "childrenModelCount", "sha"])
    assert info.downloads_all_time == 1000
    assert info.trending_score == 9
    assert info.author is None
    # The client declares a number; the Hub sends an object.
    assert vars(info)["children_model_count"] == {"adapter": 0, "merge": 0, "quantized": 1, "finetune": 0}
    base = api.model_info("demo/gguf", expand=["baseModels", "gguf"])
    assert vars(base)["base_models"] == {
        "relation": "quantized",
        "models": [{"_id": object_id("demo/plain"), "id": "demo/plain"}],
    }
    assert base.gguf == {
        "total": 160,
        "architecture": "llama",
        "context_length": 2048,
        "chat_template": "{{ messages }}",
        "bos_token": "<s>",
        "eos_token": "</s>",
    }


def test_an_unknown_expand_is_named_with_the_options(api: HfApi) -> None:
    with pytest.raises(BadRequestError, match="it takes author, baseModels"):
        api.model_info("demo/plain", expand=["nonsense"])  # type: ignore[list-item]


@pytest.mark.parametrize("revision", ["main", "v1.0", "refs/pr/1", "refs/heads/main", "refs/tags/v1.0"])
def test_a_model_can_be_read_at_every_kind_of_revision(api: HfApi, revision: str) -> None:
    info = api.model_info("demo/plain", revision=revision)
    assert info.sha is not None
    assert api.model_info("demo/plain", revision=info.sha).sha == info.sha
    assert api.model_info("demo/plain", revision=info.sha[:8]).sha == info.sha


def test_an_older_revision_shows_what_its_files_said(api: HfApi) -> None:
    before_the_card = api.model_info("demo/plain", revision="v1.0")
    assert before_the_card.card_data is None
    assert "README.md" not in {entry.rfilename for entry in before_the_card.siblings or []}


def test_branches_tags_and_pull_requests_are_listed(api: HfApi) -> None:
    refs = api.list_repo_refs("demo/plain", include_pull_requests=True)
    assert [ref.name for ref in refs.branches] == ["main"]
    assert [ref.ref for ref in refs.tags] == ["refs/tags/v1.0"]
    assert [ref.ref for ref in refs.pull_requests or []] == ["refs/pr/1"]
    assert api.list_repo_refs("demo/plain").pull_requests is None


def test_history_comes_newest_first_with_authors(api: HfApi) -> None:
    commits = api.list_repo_commits("demo/plain", formatted=True)
    assert [commit.title for commit in commits] == ["Write the card", "Add files", "initial commit"]
    assert [commit.authors for commit in commits] == [["demo"], ["demo"], ["system"]]
    assert commits[0].message == "With its limits."
    assert commits[0].formatted_message == "<p>With its limits.</p>"
    assert api.list_repo_commits("demo/plain", revision="v1.0")[0].title == "Add files"


def test_the_tree_shows_folders_files_hashes_and_last_commits(api: HfApi) -> None:
    entries = {entry.path: entry for entry in api.list_repo_tree("demo/plain", recursive=True, expand=True)}
    assert {"onnx", "onnx/deep", "onnx/deep/model.onnx", "sub dir", "sub dir/x+y #1.txt"} <= entries.keys()
    card = entries["README.md"]
    assert card.last_commit is not None
    assert card.last_commit.title == "Write the card"
    assert card.security is not None  # type: ignore[union-attr]
    shallow = {entry.path for entry in api.list_repo_tree("demo/plain")}
    assert "onnx" in shallow
    assert "onnx/config.json" not in shallow
    assert {entry.path for entry in api.list_repo_tree("demo/plain", "sub dir")} == {"sub dir/x+y #1.txt"}
    assert {entry.path for entry in api.list_repo_tree("demo/plain", "onnx/deep")} == {"onnx/deep/model.onnx"}


def test_a_pull_request_changes_the_tree(api: HfApi) -> None:
    files = set(api.list_repo_files("demo/plain", revision="refs/pr/1"))
    assert "onnx/config.json" not in files
    assert "onnx/config.json" in set(api.list_repo_files("demo/plain"))


def test_folders_of_more_than_one_page_come_whole(api: HfApi) -> None:
    assert len(list(api.list_repo_tree("demo/many-files", recursive=True))) == 1100 + 2
    assert len(list(api.list_repo_tree("demo/many-files", "part", expand=True))) == 1100


def test_single_paths_can_be_looked_up(api: HfApi) -> None:
    found = api.get_paths_info("demo/plain", ["config.json", "onnx", "absent.txt", "model.safetensors"], expand=True)
    assert [entry.path for entry in found] == ["config.json", "onnx", "model.safetensors"]


def test_discussions_and_pull_requests_can_be_read(api: HfApi) -> None:
    entries = {entry.num: entry for entry in api.get_repo_discussions("demo/plain")}
    assert (entries[1].is_pull_request, entries[1].status) == (True, "open")
    assert (entries[2].is_pull_request, entries[2].status) == (False, "closed")
    assert [entry.num for entry in api.get_repo_discussions("demo/plain", discussion_type="discussion")] == [2]
    assert [entry.num for entry in api.get_repo_discussions("demo/plain", discussion_status="open")] == [1]
    request = api.get_discussion_details("demo/plain", 1)
    assert request.target_branch == "refs/heads/main"
    assert request.diff is not None
    assert "+A better text." in request.diff
    assert "deleted file mode" in request.diff
    assert [event.type for event in api.get_discussion_details("demo/plain", 2).events] == ["comment", "status-change"]


def test_people_who_like_a_model_are_as_many_as_its_likes(api: HfApi) -> None:
    assert len(list(api.list_repo_likers("demo/plain"))) == api.model_info("demo/plain").likes == 3


def test_safetensors_headers_are_read_through_ranges(api: HfApi) -> None:
    single = api.get_safetensors_metadata("demo/plain")
    assert single.parameter_count == {"F32": 247}
    sharded = api.get_safetensors_metadata("demo/sharded")
    assert sharded.sharded
    assert sharded.parameter_count == {"F32": 105}


def test_sharded_headers_come_in_one_answer(api: HfApi) -> None:
    metadata = api.get_sharded_safetensors_metadata("demo/sharded")
    assert set(metadata.weight_map) == {"a", "b"}


def test_scanners_name_the_pickle_and_what_it_imports(api: HfApi) -> None:
    info = api.model_info("demo/pickled", securityStatus=True)
    assert info.security_repo_status is not None
    assert info.security_repo_status["filesWithIssues"] == [{"path": "pytorch_model.bin", "level": "unsafe"}]
    (entry,) = api.get_paths_info("demo/pickled", "pytorch_model.bin", expand=True)
    security = entry.security  # type: ignore[union-attr]
    assert security is not None
    assert not security.safe
    assert security.pickle_import_scan is not None
    assert security.pickle_import_scan["pickleImports"][0]["safety"] == "dangerous"


@pytest.mark.parametrize("name", ["demo/absent", "demo/secret", "other/secret", "absent", "absent/tree"])
def test_missing_and_private_models_look_the_same(api: HfApi, outsider: HfApi, name: str) -> None:
    with pytest.raises(RepositoryNotFoundError) as anonymous:
        api.model_info(name)
    assert anonymous.value.response.status_code == 401
    with pytest.raises(RepositoryNotFoundError) as signed_in:
        outsider.model_info(name)
    assert signed_in.value.response.status_code == 404


def test_members_see_their_private_models(member: HfApi) -> None:
    assert member.model_info("demo/secret").private
    assert "demo/secret" in {info.id for info in member.list_models()}
    with pytest.raises(RepositoryNotFoundError):
        member.model_info("other/secret")


def test_gated_models_show_facts_but_no_files(api: HfApi, member: HfApi, outsider: HfApi) -> None:
    assert api.model_info("demo/gated-auto").gated == "auto"
    assert api.list_repo_refs("demo/gated-auto").branches
    for caller, status in ((api, 401), (outsider, 403)):
        for call in (caller.auth_check, caller.list_repo_commits, caller.list_repo_files):
            with pytest.raises(GatedRepoError) as refused:
                call("demo/gated-auto")
            assert refused.value.response.status_code == status
    assert "model.safetensors" in member.list_repo_files("demo/gated-auto")
    member.auth_check("demo/gated-auto")
    with pytest.raises(GatedRepoError, match="authorized list"):
        member.list_repo_files("demo/gated-manual")


def test_disabled_models_show_facts_but_no_files(api: HfApi) -> None:
    assert api.model_info("demo/disabled").disabled
    with pytest.raises(DisabledRepoError):
        api.list_repo_files("demo/disabled")
    with pytest.raises(DisabledRepoError):
        api.get_hf_file_metadata(url=f"{api.endpoint}/demo/disabled/resolve/main/config.json")


def test_a_bad_token_is_refused_everywhere(sample_hub: DemoHubProcess) -> None:
    stranger = HfApi(endpoint=sample_hub.url, token="hf_unknown")
    for call in (lambda: stranger.model_info("demo/plain"), lambda: list(stranger.list_models()), stranger.whoami):
        with pytest.raises(HfHubHTTPError) as refused:
            call()
        assert refused.value.response.status_code == 401
        assert not isinstance(refused.value, RepositoryNotFoundError)


def test_unknown_revisions_and_paths_are_told_apart(api: HfApi) -> None:
    for revision in ("nope", "0000000", "f" * 40, "refs/pr/99"):
        with pytest.raises(RevisionNotFoundError):
            api.model_info("demo/plain", revision=revision)
    with pytest.raises(RemoteEntryNotFoundError, match="additional_chat_templates does not exist"):
        list(api.list_repo_tree("demo/plain", "additional_chat_templates"))


@pytest.mark.parametrize("name", ["demo/old-name", "bare-name", "DEMO/new-name"])
def test_former_names_and_wrong_letter_case_lead_to_the_model(api: HfApi, name: str, tmp_path: Path) -> None:
    assert api.model_info(name).id == "demo/New-Name"
    assert api.list_repo_files(name) == api.list_repo_files("demo/New-Name")
    assert Path(api.hf_hub_download(name, "config.json", cache_dir=tmp_path)).is_file()


def test_accounts_are_known_by_their_tokens(member: HfApi, outsider: HfApi, api: HfApi) -> None:
    assert member.whoami()["name"] == "demo-user"
    assert outsider.whoami()["name"] == "outsider"
    assert api.get_user_overview("demo-user").fullname == "Demo User"
    assert api.get_organization_overview("demo").name == "demo"
    with pytest.raises(HfHubHTTPError):
        api.get_user_overview("demo")
