from __future__ import annotations

from pathlib import Path

import pytest

from hubtui.core.errors import UsageError
from hubtui.core.settings import DEFAULT_ENDPOINT, Settings
from hubtui.local.config import Overrides, hub_cache, load_settings
from hubtui.local.paths import Folders


@pytest.fixture
def own(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "config", tmp_path / "data", tmp_path / "state", tmp_path / "cache")


def load(
    own: Folders, config: str = "", *, overrides: Overrides | None = None, environ: dict[str, str] | None = None
) -> Settings:
    if config:
        own.config.mkdir(parents=True, exist_ok=True)
        own.config_file.write_text(config)
    return load_settings(own, overrides or Overrides(), environ or {})


def test_without_a_file_the_defaults_hold(own: Folders) -> None:
    settings = load(own)
    assert settings.endpoint == DEFAULT_ENDPOINT
    assert settings.log_file == str(own.log_file)
    assert not settings.offline


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(own: Folders, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("hf_x")
    config = 'endpoint = "https://file.example"\ntoken_file = "/file"\ntheme = "light"\n'
    environ = {"HF_ENDPOINT": "https://environment.example", "HF_TOKEN_PATH": str(token)}
    settings = load(own, config, overrides=Overrides(endpoint="https://words.example/"), environ=environ)
    assert (settings.endpoint, settings.token_file, settings.theme) == (
        "https://words.example",
        str(token),
        "light",
    )


@pytest.mark.parametrize("value", ["1", "true", "YES", "on"])
def test_the_hubs_own_offline_switch_is_obeyed(own: Folders, value: str) -> None:
    assert load(own, environ={"HF_HUB_OFFLINE": value}).offline


def test_a_cache_named_in_the_file_holds_unless_the_environment_names_one(own: Folders) -> None:
    assert load(own, 'cache_dir = "/models"').cache_dir == "/models"
    assert load(own, 'cache_dir = "/models"', environ={"HF_HOME": "/home"}).cache_dir == "/home/hub"


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HF_HUB_CACHE": "/a"}, "/a"),
        ({"HF_HOME": "/b"}, "/b/hub"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/huggingface/hub"),
        ({"HF_HUB_CACHE": "/a", "HF_HOME": "/b"}, "/a"),
    ],
)
def test_models_land_in_the_cache_that_all_libraries_share(environ: dict[str, str], folder: str) -> None:
    assert hub_cache(environ) == folder


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("endpont = 'x'", "Did you mean endpoint"),
        ("offline = 'yes'", "true or false"),
        ("theme = 'pink'", "dark, light, ansi"),
        ("= broken", "not TOML"),
        ("is_demo = true", "does not exist"),
        ("endpoint = 'ftp://x'", "not the address of a Hub"),
        ("[worker]\npyton = 'x'", "worker.pyton"),
    ],
)
def test_a_wrong_config_is_named_with_what_would_be_right(own: Folders, config: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(own, config)
    assert says in str(caught.value)


def test_the_interpreter_of_the_inference_process_can_be_named(own: Folders) -> None:
    assert load(own, "[worker]\npython = '/opt/cuda/bin/python'").worker_python == "/opt/cuda/bin/python"


def test_a_config_file_that_was_named_must_exist(own: Folders) -> None:
    with pytest.raises(UsageError, match="no config file"):
        load(own, overrides=Overrides(config="/nowhere/config.toml"))


def test_a_place_for_a_token_without_a_token_is_no_error(own: Folders) -> None:
    assert load(own, environ={"HF_TOKEN_PATH": "/nowhere/token"}).token_file == ""
