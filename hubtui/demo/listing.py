"""`GET /api/models`: which repos match, in which order, and which page of them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from hubtui.demo import describe, errors
from hubtui.demo.accounts import Account
from hubtui.demo.repository import Repository, View
from hubtui.demo.store import Store

LARGEST_PAGE = 1000
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_SIZE = re.compile(r"(min|max):(\d+(?:\.\d+)?)([KMBT]?)", re.IGNORECASE)

Matches = Callable[[Repository, View], bool]

_SORTS: Mapping[str, Callable[[Repository], Any]] = {
    "trendingScore": lambda repo: repo.numbers.trending,
    "downloads": lambda repo: repo.numbers.downloads,
    "likes": lambda repo: repo.numbers.likes,
    "likes30d": lambda repo: repo.numbers.likes,
    "createdAt": lambda repo: repo.created,
    "lastModified": lambda repo: repo.head.date,
    "num_parameters": lambda repo: repo.view().checkpoint.total_parameters or 0,
    "mainSize": lambda repo: repo.head.tree.size(""),
    "id": lambda repo: repo.id.lower(),
}

_GGUF_APPS = frozenset(
    {
        "llama.cpp", "node-llama-cpp", "lmstudio", "localai", "jan", "atomic-chat", "backyard", "jellybox", "msty",
        "recursechat", "ollama", "unsloth", "docker-model-runner", "lemonade", "pi", "hermes-agent", "openclaw",
    }
)  # fmt: skip
_SERVERS = frozenset({"vllm", "sglang", "tgi", "docker-model-runner"})
_PAINTERS = frozenset({"drawthings", "diffusionbee", "joyfusion"})


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page; `cursor` leads to the next, None on the last."""

    entries: list[dict[str, Any]]
    cursor: str | None


def list_models(store: Store, account: Account | None, query: QueryParams) -> ListPage:
    """Return the page that a query asks for.

    Raises:
        Refusal: a parameter has a value that it does not take.
    """
    fields = _fields(query)
    tests = _tests(query)
    found = [repo for repo in store.visible(account) if all(test(repo, repo.view()) for test in tests)]
    ordered = _ordered(found, query)
    start = _offset(query.get("cursor"))
    size = min(LARGEST_PAGE, whole_number(query, "limit", LARGEST_PAGE, least=1))
    page = ordered[start : start + size]
    cursor = _cursor(start + size) if start + size < len(ordered) else None
    return ListPage([describe.list_entry(repo, store, fields) for repo in page], cursor)


def expand_fields(query: QueryParams) -> tuple[str, ...]:
    """Return the names in `expand`, `expand[]`, empty when the query has none.

    Raises:
        Refusal: one of them is unknown.
    """
    names = [*query.getlist("expand"), *query.getlist("expand[]")]
    split = tuple(dict.fromkeys(part for name in names for part in name.split(",") if part))
    unknown = [name for name in split if name not in describe.EXPANDABLE]
    if unknown:
        options = ", ".join(describe.EXPANDABLE)
        raise errors.bad_request(f'Invalid value "{unknown[0]}" for "expand": it takes {options}')
    return split


def is_true(query: QueryParams, name: str) -> bool:
    """Return whether a flag is set."""
    return query.get(name, "").lower() in {"true", "1"}


def whole_number(query: QueryParams, name: str, default: int, *, least: int) -> int:
    """Return a numeric parameter.

    Raises:
        Refusal: it is no number, or below `least`.
    """
    text = query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise errors.bad_request(f'"{name}" must be a number of at least {least}')
    return int(text)


def _fields(query: QueryParams) -> tuple[str, ...]:
    expanded = expand_fields(query)
    if expanded:
        return expanded
    names = [name for name in describe.LIST_FIELDS if name != "trendingScore" or _sort(query) == "trendingScore"]
    if is_true(query, "full"):
        names += describe.FULL_FIELDS
    names += [name for name in ("config", "cardData") if is_true(query, name)]
    return tuple(names)


def _sort(query: QueryParams) -> str:
    sort = query.get("sort") or "trendingScore"
    if sort not in _SORTS:
        raise errors.bad_request(f'Invalid value "{sort[:80]}" for "sort": it takes {", ".join(_SORTS)}')
    return sort


def _ordered(found: Sequence[Repository], query: QueryParams) -> list[Repository]:
    """Sorted falling unless `direction=1`; of equals the older come first (`core.ordering`): no pages overlap."""
    by_age = sorted(found, key=lambda repo: (repo.created, repo.id.lower()))
    return sorted(by_age, key=_SORTS[_sort(query)], reverse=query.get("direction") != "1")


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"start={start}".encode()).decode()


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        match = re.fullmatch(rb"start=(\d{1,9})", base64.urlsafe_b64decode(cursor.encode()))
    except (binascii.Error, ValueError):
        match = None
    if match is None:
        raise errors.bad_request('Invalid "cursor"')
    return int(match[1])


def _split(query: QueryParams, name: str) -> list[str]:
    return [part.strip() for value in query.getlist(name) for part in value.split(",") if part.strip()]


def _tests(query: QueryParams) -> list[Matches]:
    tests: list[Matches] = []
    words = query.get("search", "").lower().split()
    if words:
        tests.append(lambda repo, _: all(word in repo.id.lower() for word in words))
    if author := query.get("author"):
        tests.append(lambda repo, _: repo.namespace == author)
    if wanted := _split(query, "filter"):
        tests.append(lambda _, view: set(wanted) <= set(view.tags))
    if task := query.get("pipeline_tag"):
        tests.append(lambda _, view: view.task == task)
    if "gated" in query:
        is_gated = is_true(query, "gated")
        tests.append(lambda repo, _: bool(repo.gated) == is_gated)
    if inference := query.get("inference"):
        tests.append(lambda repo, _: repo.inference == inference)
    if providers := _split(query, "inference_provider"):
        tests.append(lambda repo, view: _is_served(repo, view, providers))
    if apps := _split(query, "apps"):
        tests.append(lambda _, view: all(_runs_in(app, view) for app in apps))
    if "num_parameters" in query:
        low, high = _size_range(query["num_parameters"])
        tests.append(lambda _, view: low <= (view.checkpoint.total_parameters or -1) <= high)
    return tests


def _is_served(repo: Repository, view: View, providers: Sequence[str]) -> bool:
    served_by = {entry["provider"] for entry in describe.provider_mapping(repo, view)}
    return bool(served_by) and ("all" in providers or bool(served_by & set(providers)))


def _runs_in(app: str, view: View) -> bool:
    """Whether a local app can open the repo, after the rules of @huggingface/tasks as far as files and tags decide."""
    formats = view.checkpoint.formats
    if app in _GGUF_APPS and "gguf" in formats:
        return True
    if app in _SERVERS:
        return view.task == "text-generation" and view.library == "transformers" and "safetensors" in formats
    if app == "mlx-lm":
        return view.library == "mlx"
    return app in _PAINTERS and view.task == "text-to-image" and view.library == "diffusers"


def _size_range(text: str) -> tuple[float, float]:
    """Read `min:6B,max:128B`, either part alone, or nothing between the commas."""
    bounds = {"min": 0.0, "max": float("inf")}
    for part in text.split(","):
        match = _SIZE.fullmatch(part.strip())
        if match is None:
            raise errors.bad_request('"num_parameters" must look like "min:6B,max:128B"')
        bounds[match[1].lower()] = float(match[2]) * _UNITS[match[3].upper()]
    return bounds["min"], bounds["max"]
