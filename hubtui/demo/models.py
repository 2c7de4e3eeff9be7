"""`/api/models/{id}` and everything below it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from starlette.responses import Response

from hubtui.core.weights import WeightsError, read_safetensors
from hubtui.demo import accounts, catalogue, describe, discussions, errors, history, listing, security
from hubtui.demo.call import Call, json_response, text_response
from hubtui.demo.gitlike import Blob, Commit
from hubtui.demo.listing import is_true, whole_number
from hubtui.demo.repository import Repository

Handler = Callable[[Call, Repository, list[str]], Response]

_TREE_PAGE = 1000
_EXPANDED_TREE_PAGE = 50
_COMMITS_PAGE = 50
_LIKERS_PAGE = 1000


def list_models(call: Call) -> Response:
    """Answer `GET /api/models`."""
    page = listing.list_models(call.store, call.account, call.query)
    headers = call.link_next(cursor=page.cursor) if page.cursor else {}
    return json_response(page.entries, headers=headers)


def info(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `/api/models/{id}` and `…/revision/{revision}`."""
    commit = _commit(repo, rest[0]) if rest else repo.head
    view = repo.view(commit)
    expanded = listing.expand_fields(call.query)
    if expanded:
        return json_response(describe.describe(repo, view, call.store, expanded))
    answer = describe.describe(repo, view, call.store, describe.INFO_FIELDS)
    if is_true(call.query, "blobs"):
        answer["siblings"] = describe.siblings_with_blobs(view)
    if is_true(call.query, "securityStatus"):
        answer["securityRepoStatus"] = security.repo_status(repo, commit.tree)
    return json_response(answer)


def tree(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `…/tree/{revision}[/{path}]`."""
    accounts.check_files(call.account, repo)
    commit = _commit(repo, rest[0])
    folder = unquote("/".join(rest[1:])).strip("/")
    if not commit.tree.has_folder(folder):
        raise errors.missing_folder(folder, unquote(rest[0]))
    expanded = is_true(call.query, "expand")
    page_size = _EXPANDED_TREE_PAGE if expanded else _TREE_PAGE
    size = min(page_size, whole_number(call.query, "limit", page_size, least=1))
    start = whole_number(call.query, "cursor", 0, least=0)
    paths = history.paths_below(commit.tree, folder, recursive=is_true(call.query, "recursive"))
    headers = call.link_next(cursor=start + size) if start + size < len(paths) else {}
    return json_response(_entries(repo, commit, paths[start : start + size], expanded=expanded), headers=headers)


def paths_info(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `POST …/paths-info/{revision}`; paths that are not there are left out."""
    accounts.check_files(call.account, repo)
    commit = _commit(repo, rest[0])
    form = call.form()
    paths = [path.strip("/") for path in form.get("paths", [])]
    return json_response(
        _entries(repo, commit, paths, expanded=form.get("expand", ["false"])[0].lower() in {"true", "1"})
    )


def _entries(repo: Repository, commit: Commit, paths: list[str], *, expanded: bool) -> list[dict[str, object]]:
    entries = [entry for path in paths if (entry := history.entry_of(commit.tree, path)) is not None]
    return history.expand(repo, commit, entries) if expanded else entries


def commits(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `…/commits/{revision}`."""
    accounts.check_files(call.account, repo)
    found = _commit(repo, rest[0]).history()
    number = whole_number(call.query, "p", 0, least=0)
    limit = whole_number(call.query, "limit", _COMMITS_PAGE, least=1)
    formatted = "formatted" in (*call.query.getlist("expand"), *call.query.getlist("expand[]"))
    headers = {"X-Total-Count": str(len(found))}
    if (number + 1) * limit < len(found):
        headers |= call.link_next(p=number + 1, limit=limit)
    page = found[number * limit : (number + 1) * limit]
    return json_response([history.commit_entry(commit, formatted=formatted) for commit in page], headers=headers)


def refs(call: Call, repo: Repository, _rest: list[str]) -> Response:
    """Answer `…/refs`."""
    return json_response(history.refs(repo, pull_requests=is_true(call.query, "include_prs")))


def compare(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `…/compare/{a}..{b}`; with three dots from the newest commit that both have."""
    accounts.check_files(call.account, repo)
    text = unquote("/".join(rest))
    dots = "..." if "..." in text else ".."
    first, found, second = text.partition(dots)
    if not found:
        raise errors.bad_request("Compare takes two revisions with .. between them")
    old, new = _commit(repo, first), _commit(repo, second)
    if dots == "...":
        shared = {commit.id for commit in new.history()}
        old = next((commit for commit in old.history() if commit.id in shared), old)
    write = history.raw_diff if is_true(call.query, "raw") else history.diff
    return text_response(write(old.tree, new.tree))


def tree_size(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `…/treesize/{revision}[/{path}]`."""
    accounts.check_files(call.account, repo)
    commit = _commit(repo, rest[0])
    folder = unquote("/".join(rest[1:])).strip("/")
    if not commit.tree.has_folder(folder):
        raise errors.missing_folder(folder, unquote(rest[0]))
    return json_response({"path": f"/{folder}", "size": commit.tree.size(folder)})


def likers(call: Call, repo: Repository, _rest: list[str]) -> Response:
    """Answer `…/likers`."""
    found = catalogue.likers(repo)
    start = whole_number(call.query, "cursor", 0, least=0)
    size = min(_LIKERS_PAGE, whole_number(call.query, "limit", _LIKERS_PAGE, least=1))
    headers = call.link_next(cursor=start + size) if start + size < len(found) else {}
    return json_response(found[start : start + size], headers=headers)


def auth_check(call: Call, repo: Repository, _rest: list[str]) -> Response:
    """Answer `…/auth-check`: nothing, or why the files cannot be read."""
    accounts.check_files(call.account, repo)
    return json_response({})


def scan(_call: Call, repo: Repository, _rest: list[str]) -> Response:
    """Answer `…/scan`."""
    return json_response(security.repo_status(repo, repo.head.tree))


def talk(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `…/discussions` and `…/discussions/{num}`."""
    if not rest:
        query = call.query
        return json_response(
            discussions.page(
                repo,
                number=whole_number(query, "p", 0, least=0),
                kind=query.get("type", ""),
                status=query.get("status", ""),
                author=query.get("author", ""),
            )
        )
    entry = next((entry for entry in repo.discussions if str(entry.num) == rest[0]), None)
    if entry is None:
        raise errors.Refusal(404, "Discussion not found")
    return json_response(discussions.details(repo, entry, with_diff=is_true(call.query, "diff")))


def safetensors_metadata(call: Call, repo: Repository, rest: list[str]) -> Response:
    """Answer `…/safetensors-metadata/{index file}`: the index and the header of every shard that it names."""
    accounts.check_files(call.account, repo)
    path = unquote("/".join(rest))
    files = repo.head.tree.files
    if path not in files:
        raise errors.missing_file(repo.head.id)
    folder = path.rpartition("/")[0]
    try:
        index = json.loads(files[path].read())
        shards = sorted(set(index["weight_map"].values()))
        headers = {name: _header(files[f"{folder}/{name}" if folder else name]) for name in shards}
        return json_response({"index": {"metadata": index.get("metadata", {})}, "headers": headers})
    except (ValueError, KeyError, TypeError, AttributeError, WeightsError) as error:
        raise errors.bad_request(f"{path} is not the index of a sharded safetensors checkpoint") from error


def _header(blob: Blob) -> Mapping[str, object]:
    header: dict[str, object] = json.loads(read_safetensors(blob.read, blob.size).text)
    return header


def _commit(repo: Repository, revision: str) -> Commit:
    name = unquote(revision)
    commit = repo.resolve(name)
    if commit is None:
        raise errors.missing_revision(name)
    return commit


VERBS: Mapping[str, tuple[Handler, int]] = {
    "": (info, 0),
    "revision": (info, 1),
    "tree": (tree, 1),
    "paths-info": (paths_info, 1),
    "commits": (commits, 1),
    "refs": (refs, 0),
    "compare": (compare, 1),
    "treesize": (tree_size, 1),
    "likers": (likers, 0),
    "auth-check": (auth_check, 0),
    "scan": (scan, 0),
    "discussions": (talk, 0),
    "safetensors-metadata": (safetensors_metadata, 1),
}
"""What follows a model's id → who answers, and how many further parts the path must have."""
