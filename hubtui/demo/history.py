"""Trees, commits, refs and differences as the Hub's API shows them."""

from __future__ import annotations

import difflib
import html
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hubtui.demo import security
from hubtui.demo.gitlike import Blob, Commit, Tree, iso
from hubtui.demo.repository import Repository

_LARGEST_DIFF = 1 << 20


def file_entry(path: str, blob: Blob) -> dict[str, Any]:
    """Return a file of a tree."""
    entry: dict[str, Any] = {"type": "file", "oid": blob.oid, "size": blob.size, "path": path}
    if blob.is_lfs:
        entry["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": len(blob.pointer)}
    return entry


def entry_of(tree: Tree, path: str) -> dict[str, Any] | None:
    """Return the entry of a file or folder, None when there is neither."""
    blob = tree.files.get(path)
    if blob is not None:
        return file_entry(path, blob)
    if path and tree.has_folder(path):
        return {"type": "directory", "oid": tree.oid(path), "size": 0, "path": path}
    return None


def paths_below(tree: Tree, folder: str, *, recursive: bool) -> list[str]:
    """Return the paths in a folder, folders first."""
    prefix = f"{folder}/" if folder else ""
    found = [
        path
        for path in (*tree.folders, *tree.files)
        if path.startswith(prefix) and (recursive or "/" not in path[len(prefix) :])
    ]
    return list(dict.fromkeys(found))


def expand(repo: Repository, commit: Commit, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to entries who changed them last, and to files what the scanners say."""
    changes = commit.last_changes()
    expanded = []
    for entry in entries:
        last = changes.get(entry["path"], commit)
        more: dict[str, Any] = {"lastCommit": {"id": last.id, "title": last.title, "date": iso(last.date)}}
        if entry["type"] == "file":
            path = entry["path"]
            more["securityFileStatus"] = security.file_status(repo, path, commit.tree.files[path])
        expanded.append({**entry, **more})
    return expanded


def commit_entry(commit: Commit, *, formatted: bool) -> dict[str, Any]:
    """Return a commit of a history, with `formatted` also its texts as HTML."""
    entry: dict[str, Any] = {
        "id": commit.id,
        "title": commit.title,
        "message": commit.message,
        "authors": [{"user": commit.author, "avatar": ""}],
        "date": iso(commit.date),
    }
    if formatted:
        entry["formatted"] = {
            "title": html.escape(commit.title),
            "message": f"<p>{html.escape(commit.message)}</p>" if commit.message else "",
        }
    return entry


def refs(repo: Repository, *, pull_requests: bool) -> dict[str, Any]:
    """Return branches, tags and, when asked, pull requests with the commits that they point to."""
    answer: dict[str, Any] = {
        "branches": _refs("refs/heads/", repo.branches),
        "tags": _refs("refs/tags/", repo.tags),
        "converts": [],
    }
    if pull_requests:
        heads = {str(num): entry.head for num, entry in sorted(repo.pull_requests.items()) if entry.head}
        answer["pullRequests"] = _refs("refs/pr/", heads)
    return answer


def _refs(prefix: str, commits: Mapping[str, Commit]) -> list[dict[str, str]]:
    return [{"name": name, "ref": prefix + name, "targetCommit": commit.id} for name, commit in commits.items()]


def diff(before: Tree, after: Tree) -> str:
    """Return what changed between two trees as `git diff` writes it; LFS files differ by their pointers."""
    return "".join(_file_diff(path, *pair) for path, *pair in _changes(before, after))


def raw_diff(before: Tree, after: Tree) -> str:
    """Return what changed between two trees as `git diff --raw` writes it: modes, ids, kind of change, path."""
    lines = []
    for path, old, new in _changes(before, after):
        kind = "A" if old is None else "D" if new is None else "M"
        modes = f"{'000000' if old is None else '100644'} {'000000' if new is None else '100644'}"
        lines.append(f":{modes} {_oid(old)} {_oid(new)} {kind}\t{path}\n")
    return "".join(lines)


def _changes(before: Tree, after: Tree) -> Iterator[tuple[str, Blob | None, Blob | None]]:
    for path in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(path), after.files.get(path)
        if _oid(old) != _oid(new):
            yield path, old, new


def _oid(blob: Blob | None) -> str:
    return "0" * 40 if blob is None else blob.oid


def _file_diff(path: str, old: Blob | None, new: Blob | None) -> str:
    head = f"diff --git a/{path} b/{path}\n"
    if old is None:
        head += "new file mode 100644\n"
    elif new is None:
        head += "deleted file mode 100644\n"
    mode = " 100644" if old is not None and new is not None else ""
    head += f"index {_oid(old)[:7]}..{_oid(new)[:7]}{mode}\n"
    names = ("/dev/null" if old is None else f"a/{path}", "/dev/null" if new is None else f"b/{path}")
    texts = _text(old), _text(new)
    if texts[0] is None or texts[1] is None:
        return f"{head}Binary files {names[0]} and {names[1]} differ\n"
    lines = difflib.unified_diff(texts[0].splitlines(True), texts[1].splitlines(True), *names)
    return head + "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _text(blob: Blob | None) -> str | None:
    """The git content of a blob as text; None when it is binary or too long to be compared."""
    if blob is None:
        return ""
    if blob.is_lfs:
        return blob.pointer.decode()
    if blob.size > _LARGEST_DIFF:
        return None
    content = blob.read()
    try:
        return None if b"\0" in content else content.decode()
    except UnicodeDecodeError:
        return None
