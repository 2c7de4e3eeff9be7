"""Settings: built-in defaults, then config.toml, then the environment, then the command line."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from hubtui.core.errors import UsageError
from hubtui.core.settings import DEFAULT_ENDPOINT, Settings
from hubtui.local.paths import Folders

TRUE = {"1", "true", "yes", "on"}
"""Words that huggingface_hub takes for true in its variables (in any case)."""

_NESTED = {"worker": {"python": "worker_python"}}
_INTERNAL = {"is_demo"}
_CHOICES = {
    "theme": ("dark", "light", "ansi"),
    "images": ("auto", "kitty", "sixel", "blocks"),
    "dtype": ("auto", "float32", "float16", "bfloat16"),
}


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; None where it says nothing."""

    endpoint: str | None = None
    offline: bool | None = None
    cache_dir: str | None = None
    token_file: str | None = None
    config: str | None = None
    log_file: str | None = None


def load_settings(folders: Folders, overrides: Overrides, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force.

    Raises:
        UsageError: the config file cannot be read, or names a setting or value that does not exist.
    """
    environ = os.environ if environ is None else environ
    defaults = Settings(log_file=str(folders.log_file), cache_dir=hub_cache(environ))
    settings = replace(defaults, **_from_file(folders, overrides.config))
    settings = replace(settings, **_from_environment(environ))
    given = {
        name: value
        for name in ("endpoint", "offline", "cache_dir", "token_file", "log_file")
        if (value := getattr(overrides, name)) is not None
    }
    settings = replace(settings, **given)
    return replace(settings, endpoint=_checked_endpoint(settings.endpoint))


def hub_cache(environ: Mapping[str, str]) -> str:
    """Return the folder of the Hugging Face cache for models, as huggingface_hub works it out."""
    home = environ.get("HF_HOME") or os.path.join(environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface")  # noqa: PTH118
    cache = environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE") or os.path.join(home, "hub")  # noqa: PTH118
    return str(Path(os.path.expandvars(cache)).expanduser())


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if endpoint := environ.get("HF_ENDPOINT"):
        found["endpoint"] = endpoint
    if any(environ.get(name, "").lower() in TRUE for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")):
        found["offline"] = True
    if any(environ.get(name) for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME")):
        found["cache_dir"] = hub_cache(environ)
    # The variable says where a token would be; one that was named on the command line must be there
    if (token_file := environ.get("HF_TOKEN_PATH")) and Path(token_file).expanduser().is_file():
        found["token_file"] = str(Path(token_file).expanduser())
    return found


def _from_file(folders: Folders, named: str | None) -> dict[str, Any]:
    path = Path(named).expanduser() if named else folders.config_file
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except FileNotFoundError:
        if named:
            raise UsageError(f"There is no config file {path}.") from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The config file {path} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The config file {path} is not TOML: {error}.") from error
    return _checked(path, _flatten(document))


def _flatten(document: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in document.items():
        names = _NESTED.get(key)
        if names and isinstance(value, Mapping):
            flat.update({names.get(inner, f"{key}.{inner}"): entry for inner, entry in value.items()})
        else:
            flat[key] = value
    return flat


def _checked(path: Path, flat: Mapping[str, Any]) -> dict[str, Any]:
    defaults = Settings()
    known = {
        field.name: type(getattr(defaults, field.name)) for field in fields(Settings) if field.name not in _INTERNAL
    }
    checked: dict[str, Any] = {}
    for key, value in flat.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"{path} names a setting {key!r} that does not exist.", hint=f"Did you mean {near[0]}?" if near else ""
            )
        if not isinstance(value, known[key]):
            raise UsageError(f"{path}: {key} takes {_WORDS[known[key]]}, not {value!r}.")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise UsageError(f"{path}: {key} is one of {', '.join(_CHOICES[key])}, not {value!r}.")
        checked[key] = str(Path(value).expanduser()) if key in _PATHS and value else value
    return checked


_WORDS: Mapping[type, str] = {str: "a text", bool: "true or false", dict: "a table"}
_PATHS = {"cache_dir", "token_file", "log_file", "worker_python"}


def _checked_endpoint(endpoint: str) -> str:
    address = endpoint.strip().rstrip("/")
    if not address.startswith(("https://", "http://")) or any(char.isspace() for char in address):
        raise UsageError(
            f"{endpoint!r} is not the address of a Hub.", hint=f"It begins with https://, as {DEFAULT_ENDPOINT} does."
        )
    return address
