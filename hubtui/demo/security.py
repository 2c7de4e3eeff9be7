"""What the Hub's scanners say about files: findings stated with a repo, and the imports that its pickles have."""

from __future__ import annotations

from typing import Any

from hubtui.demo import pickles
from hubtui.demo.gitlike import Blob, Tree
from hubtui.demo.repository import Finding, Repository

_NOTHING = "No security issues detected"
_LEVELS = {"dangerous": "unsafe", "suspicious": "suspicious"}


def file_status(repo: Repository, path: str, blob: Blob) -> dict[str, Any]:
    """Return a file's `securityFileStatus`, with the keys that the client insists on."""
    imports = pickles.imports_of(blob.source, path)
    finding = _finding(repo, path, imports)
    return {
        "status": finding.level if finding else "safe",
        "protectAiScan": {
            "status": finding.level if finding else "safe",
            "message": finding.message if finding else "This file has no security findings.",
            "reportLink": "",
        },
        "avScan": {"status": "safe", "message": _NOTHING},
        "pickleImportScan": {
            "status": "unscanned" if imports is None else _pickle_status(imports),
            "pickleImports": [
                {"module": entry.module, "name": entry.name, "safety": entry.safety} for entry in imports or ()
            ],
            "version": "0.0.0",
        },
        "virusTotalScan": {"status": "unscanned"},
        "jFrogScan": {"status": "unscanned"},
    }


def repo_status(repo: Repository, tree: Tree) -> dict[str, Any]:
    """Return `securityRepoStatus`: the files with something to say."""
    issues = []
    for path, blob in tree.files.items():
        finding = _finding(repo, path, pickles.imports_of(blob.source, path))
        if finding:
            issues.append({"path": path, "level": finding.level})
    return {"scansDone": True, "filesWithIssues": issues}


def _finding(repo: Repository, path: str, imports: tuple[pickles.Import, ...] | None) -> Finding | None:
    if path in repo.findings:
        return repo.findings[path]
    level = _LEVELS.get(_pickle_status(imports or ()), "")
    if not level:
        return None
    names = ", ".join(f"{entry.module}.{entry.name}" for entry in imports or () if entry.safety != "innocuous")
    return Finding(level, f"Loading this pickle calls {names}.")


def _pickle_status(imports: tuple[pickles.Import, ...]) -> str:
    found = {entry.safety for entry in imports}
    return "dangerous" if "dangerous" in found else "suspicious" if "suspicious" in found else "innocuous"
