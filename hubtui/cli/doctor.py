"""`hubtui doctor`: what hubtui found on this box."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hubtui import __version__
from hubtui.cli.output import print_json, print_line, print_table
from hubtui.core.errors import HubtuiError
from hubtui.core.numbers import duration_text, plural, size_text
from hubtui.core.ports import Hub, Services
from hubtui.core.query import Query
from hubtui.core.settings import Settings

LIBRARIES = ("textual", "huggingface_hub", "transformers", "tokenizers", "torch", "safetensors")


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Print the findings; nothing that is missing makes this command fail."""
    findings = examine(services)
    if arguments.json:
        print_json(findings)
    else:
        _print(findings)
    return 0


def examine(services: Services) -> dict[str, Any]:
    """Return everything that is worth knowing when something does not work; secrets only as present or not."""
    settings = services.settings
    return {
        "hubtui": __version__,
        "python": {"version": platform.python_version(), "executable": sys.executable},
        "system": platform.platform(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "terminal": _terminal(),
        "devices": [asdict(device) for device in services.box.devices()],
        "token": {"present": _has_token(settings)},
        "cache": _cache(settings),
        "endpoint": _endpoint(services.hub(), settings),
        "settings": asdict(settings),
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _terminal() -> dict[str, Any]:
    size = shutil.get_terminal_size()
    names = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL")
    return {
        "columns": size.columns,
        "rows": size.lines,
        "is_tty": sys.stdout.isatty(),
        "encoding": sys.stdout.encoding,
        "tmux": "TMUX" in os.environ,
        "ssh": "SSH_CONNECTION" in os.environ,
        **{name.lower(): os.environ.get(name) for name in names},
    }


def _has_token(settings: Settings) -> bool:
    """Return whether huggingface_hub will find a token, without reading one that is in a file."""
    if settings.is_demo:
        return False
    if os.environ.get("HF_TOKEN") or os.environ.get("HUGGING_FACE_HUB_TOKEN"):
        return True
    home = os.environ.get("HF_HOME") or str(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(settings.token_file or Path(home) / "token").expanduser().is_file()


def _cache(settings: Settings) -> dict[str, Any]:
    folder = Path(settings.cache_dir)
    existing = next((parent for parent in (folder, *folder.parents) if parent.is_dir()), Path("/"))
    return {
        "folder": str(folder),
        "exists": folder.is_dir(),
        "writable": os.access(existing, os.W_OK),
        "free_bytes": shutil.disk_usage(existing).free,
        "models": sum(1 for _ in folder.glob("models--*")),
    }


def _endpoint(hub: Hub, settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {"url": settings.endpoint, "offline": settings.offline, "reachable": False, "problem": None}
    if settings.offline:
        return found
    start = time.monotonic()
    try:
        hub.search(Query(), page_size=1)
    except HubtuiError as error:
        found["problem"] = str(error)
    else:
        found["reachable"] = True
        found["seconds"] = round(time.monotonic() - start, 3)
    return found


def _print(findings: Mapping[str, Any]) -> None:
    libraries = ", ".join(f"{name} {version or 'missing'}" for name, version in findings["libraries"].items())
    terminal, cache, endpoint = findings["terminal"], findings["cache"], findings["endpoint"]
    reached = (
        f"answers in {duration_text(endpoint['seconds'])}"
        if endpoint["reachable"]
        else endpoint["problem"] or "offline"
    )
    rows = [
        ["hubtui", findings["hubtui"]],
        ["Python", f"{findings['python']['version']} ({findings['python']['executable']})"],
        ["system", findings["system"]],
        ["libraries", libraries],
        ["terminal", f"{terminal['term']}, {terminal['columns']}×{terminal['rows']}, {terminal['encoding']}"],
        ["token", "present" if findings["token"]["present"] else "none: public models only (hf auth login)"],
        [
            "cache",
            f"{cache['folder']}: {plural(cache['models'], 'model')}, {size_text(cache['free_bytes'])} free on the disk",
        ],
        ["Hub", f"{endpoint['url']}: {reached}"],
        ["log", findings["settings"]["log_file"]],
    ]
    rows += [
        ["memory", f"{device['name']}: {size_text(device['free_bytes'])} free of {size_text(device['total_bytes'])}"]
        for device in findings["devices"]
    ]
    print_table(rows)
    print_line()
    print_line("Every setting with its value: hubtui doctor --json")
