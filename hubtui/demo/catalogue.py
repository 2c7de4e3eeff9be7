"""What the Hub tells about itself: tags by type, tasks, trends, quick search, people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hubtui.core import cardfacts, tasks, vocabulary
from hubtui.demo import accounts, describe
from hubtui.demo.accounts import Account
from hubtui.demo.gitlike import iso
from hubtui.demo.repository import Repository, object_id
from hubtui.demo.store import Store
from hubtui.demo.tasktexts import TASK_TEXTS

_PREFIXED = ("license", "dataset", "region", "deploy")
_SUBTYPES = {
    "Multimodal": "multimodal",
    "Computer vision": "cv",
    "Natural language": "nlp",
    "Audio": "audio",
    "Tabular": "tabular",
    "Reinforcement learning": "rl",
    "Other": "other",
}

AGENT_HARNESSES: Mapping[str, Any] = {"standardEnvVars": ["AI_AGENT", "AGENT"], "harnesses": {}}
"""Body of `/api/agent-harnesses`, which the client asks for before its first call."""


def tags_by_type(store: Store, account: Account | None) -> dict[str, list[dict[str, Any]]]:
    """Return every tag that a visible repo has, every task and every library, by type."""
    found = sorted({tag for repo in store.visible(account) for tag in repo.view().tags})
    by_type: dict[str, list[dict[str, Any]]] = {
        "region": [],
        "library": [_tag(name, label, "library") for name, label in vocabulary.libraries().items()],
        "other": [],
        "license": [],
        "language": [],
        "deploy": [],
        "dataset": [],
        "bucket": [],
        "pipeline_tag": [
            {**_tag(name, label, "pipeline_tag"), "subType": _SUBTYPES[modality]}
            for modality, entries in tasks.LABELS.items()
            for name, label in entries.items()
        ],
    }
    placed = {entry["id"] for kind in ("library", "pipeline_tag") for entry in by_type[kind]}
    languages = vocabulary.languages()
    spoken = {tag for repo in store.visible(account) for tag in _languages(repo)}
    for tag in found:
        prefix, _, name = tag.partition(":")
        if tag in placed:
            continue
        if name and prefix in _PREFIXED:
            by_type[prefix].append(
                _tag(tag, vocabulary.licenses().get(name, name) if prefix == "license" else name, prefix)
            )
        elif tag in spoken:
            by_type["language"].append(_tag(tag, languages.get(tag, tag), "language"))
        else:
            by_type["other"].append({**_tag(tag, tag, "other"), "clickable": True})
    return by_type


def _languages(repo: Repository) -> tuple[str, ...]:
    return cardfacts.languages(repo.view().card.data)


def _tag(name: str, label: str, kind: str) -> dict[str, Any]:
    return {"id": name, "label": label, "type": kind}


def task_pages(store: Store) -> dict[str, dict[str, Any]]:
    """Return what the Hub's task pages hold, with this Hub's own models as examples."""
    by_task: dict[str, list[Repository]] = {}
    for repo in store.visible(None):
        by_task.setdefault(repo.view().task, []).append(repo)
    return {name: _task_page(name, by_task.get(name, [])) for name in TASK_TEXTS}


def _task_page(name: str, repos: list[Repository]) -> dict[str, Any]:
    text = TASK_TEXTS[name]
    return {
        "id": name,
        "label": tasks.label(name),
        "summary": text.summary,
        "datasets": [],
        "models": [{"id": repo.id, "description": f"A model of this Hub for {tasks.label(name)}."} for repo in repos],
        "spaces": [],
        "metrics": [],
        "demo": {
            "inputs": [{"type": kind} for kind in text.inputs],
            "outputs": [{"type": kind} for kind in text.outputs],
        },
        "libraries": list(text.libraries),
        "widgetModels": [repo.id for repo in repos[:1]],
        "youtubeId": "",
    }


def trending(store: Store, account: Account | None, limit: int) -> dict[str, Any]:
    """Return the repos that most people look at now."""
    repos = sorted(store.visible(account), key=lambda repo: (-repo.numbers.trending, repo.id))
    return {"recentlyTrending": [{"repoType": "model", "repoData": _trend(repo)} for repo in repos[:limit]]}


def _trend(repo: Repository) -> dict[str, Any]:
    view = repo.view()
    data: dict[str, Any] = {
        "id": repo.id,
        "author": repo.namespace,
        "authorData": {**_organization(repo.namespace), "followerCount": 0, "isUserFollowing": False},
        "downloads": repo.numbers.downloads,
        "likes": repo.numbers.likes,
        "gated": repo.gated,
        "private": repo.private,
        "lastModified": iso(repo.head.date),
        "availableInferenceProviders": [entry["provider"] for entry in describe.provider_mapping(repo, view)],
        "isLikedByUser": False,
        "widgetOutputUrls": [],
        "repoType": "model",
    }
    if view.task:
        data["pipeline_tag"] = view.task
    if view.checkpoint.total_parameters is not None:
        data["numParameters"] = view.checkpoint.total_parameters
    return data


def quick_search(store: Store, account: Account | None, text: str, kinds: list[str], limit: int) -> dict[str, Any]:
    """Return the models and organizations whose names hold a text."""
    needle = text.lower()
    found = [repo for repo in store.visible(account) if needle in repo.id.lower()]
    found.sort(
        key=lambda repo: (not repo.id.lower().partition("/")[2].startswith(needle), -repo.numbers.downloads, repo.id)
    )
    owners = sorted({repo.namespace for repo in store.visible(account) if needle in repo.namespace.lower()})
    answer: dict[str, Any] = {
        "models": [{"_id": object_id(repo.id), "id": repo.id} for repo in found[:limit]],
        "orgs": [_organization(name) for name in owners[:limit]],
    }
    empty: dict[str, Any] = {
        kind: [] for kind in ("models", "datasets", "spaces", "orgs", "users", "papers", "collections")
    }
    shown = {kind: value for kind, value in answer.items() if not kinds or kind.removesuffix("s") in kinds}
    return {**empty, **shown, "q": text}


def _organization(name: str) -> dict[str, Any]:
    return {"_id": object_id(name), "name": name, "fullname": name, "type": "org", "avatarUrl": ""}


def organization(store: Store, account: Account | None, name: str) -> dict[str, Any] | None:
    """Return an organization's overview: every namespace is one. None when there is none of that name."""
    models = [repo for repo in store.visible(account) if repo.namespace == name]
    if not models:
        return None
    members = sum(name in member.member_of for member in accounts.TOKENS.values())
    counts = {"numUsers": members, "numModels": len(models), "numDatasets": 0, "numSpaces": 0, "numFollowers": 0}
    return {**_organization(name), "isPro": False, **counts}


def user(name: str) -> dict[str, Any] | None:
    """Return a user's overview, None when there is none of that name."""
    account = next((account for account in accounts.TOKENS.values() if account.name == name), None)
    if account is None:
        return None
    counts = dict.fromkeys(("numModels", "numDatasets", "numSpaces", "numLikes", "numFollowers", "numFollowing"), 0)
    return {
        "_id": object_id(name),
        "user": name,
        "fullname": account.full_name,
        "avatarUrl": "",
        "type": "user",
        "isPro": False,
        "orgs": [_organization(member) for member in sorted(account.member_of)],
        **counts,
    }


def likers(repo: Repository) -> list[dict[str, Any]]:
    """Return who likes a repo: the demo Hub invents one reader for each like."""
    names = [f"reader-{number}" for number in range(1, repo.numbers.likes + 1)]
    return [
        {"_id": object_id(name), "user": name, "fullname": name, "avatarUrl": "", "type": "user", "isPro": False}
        for name in names
    ]
