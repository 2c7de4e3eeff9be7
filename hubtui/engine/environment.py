"""The environment of a worker process: enough to run in, and no secret."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

# A worker needs no network (the parent downloads), so it needs no credential either. Matched on the words of a name,
# not on a list of known ones: the next service's token is named like the last one's.
_SECRET = re.compile(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|AUTH|COOKIE|SESSION_ID"
)
_PROXY = re.compile(r"PROXY$")
# PYTHON* would change what the child imports, or let it wait in a debugger.
_INTERPRETER = re.compile(r"^(PYTHON|COVERAGE_PROCESS)")

_FIXED = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "NO_COLOR": "1",
}


def worker_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a worker process gets: `environment` (this process's own by default) without secrets and surprises.

    Variables that name a token, key or password are dropped, proxies too (their addresses may hold a password), and all
    of PYTHON*; the Hub's libraries are told to stay offline.
    """
    source = os.environ if environment is None else environment
    kept = {name: value for name, value in source.items() if not _is_dropped(name.upper())}
    return {**kept, **_FIXED}


def _is_dropped(name: str) -> bool:
    if name in _FIXED:
        return True
    return bool(_SECRET.search(name) or _PROXY.search(name) or _INTERPRETER.search(name))
