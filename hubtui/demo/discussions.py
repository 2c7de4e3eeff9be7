"""Discussions and pull requests as the Hub's API shows them."""

from __future__ import annotations

import html
from typing import Any

from hubtui.demo import history
from hubtui.demo.gitlike import iso
from hubtui.demo.repository import Discussion, Repository, object_id

PAGE_SIZE = 50
_OPEN = frozenset({"open", "draft"})


def page(repo: Repository, *, number: int, kind: str = "", status: str = "", author: str = "") -> dict[str, Any]:
    """Return one page of a repo's discussions.

    Args:
        repo: whose they are.
        number: page number, from 0.
        kind: `discussion` or `pull_request`; both when empty.
        status: `open` or `closed`; both when empty.
        author: whose only; everybody's when empty.
    """
    found = [
        entry
        for entry in repo.discussions
        if kind in {"", "all", "pull_request" if entry.head else "discussion"}
        and status in {"", "all", "open" if entry.status in _OPEN else "closed"}
        and author in {"", entry.author}
    ]
    start = number * PAGE_SIZE
    return {
        "discussions": [_summary(repo, entry) for entry in found[start : start + PAGE_SIZE]],
        "count": len(found),
        "start": start,
        "numClosedDiscussions": sum(entry.status not in _OPEN for entry in repo.discussions),
    }


def details(repo: Repository, entry: Discussion, *, with_diff: bool) -> dict[str, Any]:
    """Return one discussion with its events, and for a pull request the changes that it proposes."""
    events = [_event(entry, "comment", _comment(entry))] if entry.text else []
    answer = {**_summary(repo, entry), "events": events}
    if entry.head is not None:
        events.append(_event(entry, "commit", {"subject": entry.head.title, "oid": entry.head.id}))
        merged = entry.head.id if entry.status == "merged" else None
        answer["changes"] = {"base": "refs/heads/main", "mergeCommitId": merged}
        answer["filesWithConflicts"] = []
        if with_diff and entry.base is not None:
            answer["diff"] = history.diff(entry.base.tree, entry.head.tree)
    if entry.status not in _OPEN:
        events.append(_event(entry, "status-change", {"status": entry.status}))
    return answer


def _summary(repo: Repository, entry: Discussion) -> dict[str, Any]:
    return {
        "num": entry.num,
        "title": entry.title,
        "author": {"name": entry.author, "type": "user", "avatarUrl": "", "fullname": entry.author},
        "repo": {"name": repo.id, "type": "model"},
        "status": entry.status,
        "createdAt": iso(entry.date),
        "isPullRequest": entry.head is not None,
        "numComments": 1 if entry.text else 0,
        "pinned": False,
        "topReactions": [],
        "numReactionUsers": 0,
    }


def _event(entry: Discussion, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": object_id(f"{entry.num} {kind} {entry.title}"),
        "type": kind,
        "createdAt": iso(entry.date),
        "author": {"name": entry.author},
        "data": data,
    }


def _comment(entry: Discussion) -> dict[str, Any]:
    latest = {
        "raw": entry.text,
        "html": f"<p>{html.escape(entry.text)}</p>",
        "updatedAt": iso(entry.date),
        "author": {"name": entry.author},
    }
    return {"edited": False, "hidden": False, "latest": latest, "history": [], "numEdits": 0}
