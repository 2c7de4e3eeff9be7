"""Reads the built-in repos: package data with a history in `repo.json` beside the files of every version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from hubtui.demo.gitlike import Blob, Commit, LfsRules, Tree
from hubtui.demo.repository import Discussion, Finding, Numbers, Repository

BUILTIN_ROOT = Path(__file__).parent / "repos"


class BuiltinRepoError(Exception):
    """A built-in repo is not as its format asks; the text names the repo and what is wrong."""


def read_builtin(folder: Path) -> tuple[Repository, tuple[str, ...]]:
    """Read one built-in repo.

    Args:
        folder: `<namespace>/<name>` with a `repo.json`, `main/` and, where files had other contents, `history/`.

    Returns:
        The repo and its former ids.

    Raises:
        BuiltinRepoError: `repo.json` is broken, names missing files, or does not lead to the files in `main/`.
    """
    name = f"{folder.parent.name}/{folder.name}"
    try:
        stated = json.loads((folder / "repo.json").read_text(encoding="utf-8"))
        history = _History(folder)
        commits = [history.extend(entry) for entry in stated["commits"]]
        _check_head(folder, commits[-1])
        repository = Repository(
            id=name,
            created=_date(stated["created"]),
            branches={"main": commits[-1]},
            tags={tag: commits[index] for tag, index in stated.get("tags", {}).items()},
            discussions=tuple(
                sorted(
                    [
                        *(history.pull_request(entry, commits) for entry in stated.get("pull_requests", [])),
                        *(_discussion(entry) for entry in stated.get("discussions", [])),
                    ],
                    key=lambda entry: -entry.num,
                )
            ),
            numbers=Numbers(
                stated.get("downloads", 0),
                stated.get("downloads_all_time", 0),
                stated.get("likes", 0),
                stated.get("trending", 0),
            ),
            gated=stated.get("gated", False),
            private=stated.get("private", False),
            disabled=stated.get("disabled", False),
            task=stated["pipeline_tag"] or "",
            library=stated["library"] or "",
            inference=stated.get("inference"),
            findings={path: Finding(**finding) for path, finding in stated.get("security", {}).items()},
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise BuiltinRepoError(f"{name}: {type(error).__name__}: {error}") from error
    return repository, tuple(stated.get("renamed_from", []))


class _History:
    """Builds commits one on the other; a version of a file is one blob, however many commits hold it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._blobs: dict[tuple[Path, bool], Blob] = {}
        self._tip: Commit | None = None

    def extend(self, entry: Mapping[str, Any]) -> Commit:
        self._tip = self._commit(entry, self._tip)
        return self._tip

    def pull_request(self, entry: Mapping[str, Any], commits: list[Commit]) -> Discussion:
        base = commits[entry["base"]]
        head = self._commit({**entry, "message": entry.get("description", "")}, base)
        text = entry.get("description", "")
        return Discussion(
            entry["num"],
            entry["title"],
            entry["author"],
            _date(entry["date"]),
            entry["status"],
            text,
            head=head,
            base=base,
        )

    def _commit(self, entry: Mapping[str, Any], parent: Commit | None) -> Commit:
        sources: dict[str, Path] = (
            {} if parent is None else {path: blob.source for path, blob in parent.tree.files.items()}
        )
        for path in entry.get("delete", []):
            del sources[path]
        for path, source in entry.get("put", {}).items():
            sources[path] = self._folder / PurePosixPath(source)
        attributes = sources.get(".gitattributes")
        rules = LfsRules(attributes.read_text(encoding="utf-8") if attributes else "")
        tree = Tree({path: self._blob(source, rules.match(path)) for path, source in sources.items()})
        return Commit(tree, entry["title"], entry["author"], _date(entry["date"]), entry.get("message", ""), parent)

    def _blob(self, source: Path, is_lfs: bool) -> Blob:
        key = (source, is_lfs)
        if key not in self._blobs:
            self._blobs[key] = Blob(source, is_lfs=is_lfs)
        return self._blobs[key]


def _check_head(folder: Path, head: Commit) -> None:
    main = folder / "main"
    # an installer compiles every .py file of a package, also those that are a repo's content
    files = (path for path in main.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    on_disk = {path.relative_to(main).as_posix() for path in files}
    if on_disk != head.tree.files.keys():
        different = sorted(on_disk ^ head.tree.files.keys())
        raise ValueError(f"the head of main and the folder main/ differ in {', '.join(different)}")


def _discussion(entry: Mapping[str, Any]) -> Discussion:
    return Discussion(
        entry["num"], entry["title"], entry["author"], _date(entry["date"]), entry["status"], entry.get("text", "")
    )


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text)
