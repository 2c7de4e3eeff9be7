"""The files of a commit with what the info answer leaves out: who changed each last, and what the scanners found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hubtui.core import checkpoint
from hubtui.core.listed import count, date, text
from hubtui.core.models import Commit, FileEntry, ModelFacts
from hubtui.core.names import is_commit, is_file_path
from hubtui.core.scans import SCAN_STATES, FileScan, PickleImport, ScannerWord
from hubtui.core.tree import TreePage
from hubtui.hub import entries
from hubtui.hub.answers import Subject
from hubtui.hub.http import HubHttp
from hubtui.hub.origin import is_same_origin, next_link

_MOST_IMPORTS = 100
_SCANNERS = {
    "protectAiScan": "Protect AI",
    "avScan": "antivirus",
    "pickleImportScan": "pickle imports",
    "virusTotalScan": "VirusTotal",
    "jFrogScan": "JFrog",
}
_WORST_FIRST = ("unsafe", "suspicious", "caution", "error")
_IMPORT_STATES = frozenset({"innocuous", "suspicious", "dangerous"})


def page(http: HubHttp, facts: ModelFacts, cursor: str | None) -> TreePage:
    """Return a page of the commit's tree, 50 entries of it on the real Hub; folders are left out.

    Args:
        http: the Hub.
        facts: of the model; its commit is asked for, so that what comes is of the files that are known.
        cursor: of the page, None for the first one.

    Raises:
        HubError: any of its kinds.
    """
    url = cursor or f"{http.endpoint}/api/models/{facts.id}/tree/{facts.commit}"
    params = () if cursor else (("recursive", "true"), ("expand", "true"))
    document, answer = http.get_json(url, params, subject=Subject(facts.id, facts.revision))
    following = next_link(answer.url, answer.headers.get("link", ""))
    if not document or following == url or (following is not None and not is_same_origin(following, http.endpoint)):
        following = None
    listed = document if isinstance(document, list) else ()
    return TreePage(tuple(found for entry in listed if (found := file_of(entry)) is not None), following)


def file_of(entry: object) -> FileEntry | None:
    """Return a file of a tree or paths-info answer, None for a folder and for a name that cannot be trusted."""
    if not isinstance(entry, dict) or entry.get("type") != "file":
        return None
    path = entry.get("path")
    if not isinstance(path, str) or not is_file_path(path):
        return None
    lfs = entry.get("lfs")
    lfs = lfs if isinstance(lfs, dict) else {}
    size = count(lfs.get("size"))
    return FileEntry(
        path=path,
        size=count(entry.get("size")) if size is None else size,
        sha256=entries.sha256(lfs.get("oid")),
        blob_id=entries.sha1(entry.get("oid")),
        format=checkpoint.file_format(path),
        last_commit=_commit(entry.get("lastCommit")),
        scan=scan_of(entry.get("securityFileStatus")),
    )


def _commit(stated: object) -> Commit | None:
    commit = stated.get("id") if isinstance(stated, dict) else None
    if not isinstance(stated, dict) or not isinstance(commit, str) or not is_commit(commit):
        return None
    return Commit(commit, text(stated.get("title")), date=date(stated.get("date")))


def scan_of(stated: object) -> FileScan | None:
    """Return a `securityFileStatus`, None when there is none."""
    if not isinstance(stated, dict):
        return None
    status = stated.get("status")
    return FileScan(
        status if isinstance(status, str) and status in SCAN_STATES else "unscanned",
        _message(stated),
        _imports(stated.get("pickleImportScan")),
        tuple(_words(stated)),
    )


def _words(stated: Mapping[str, Any]) -> Iterator[ScannerWord]:
    """What each scanner says; a state that is not among the Hub's words, such as `innocuous`, is said as it is."""
    for key, name in _SCANNERS.items():
        scan = stated.get(key)
        status = text(scan.get("status")) if isinstance(scan, dict) else ""
        if status not in {"", "unscanned"}:
            yield ScannerWord(name, status, text(scan.get("message")) if isinstance(scan, dict) else "")


def _message(stated: Mapping[str, Any]) -> str:
    """What the scanner with the worst finding says."""
    said = {
        scan.get("status"): text(scan.get("message"))
        for name in reversed(tuple(_SCANNERS))
        if isinstance(scan := stated.get(name), dict) and isinstance(scan.get("status"), str)
    }
    return next((said[level] for level in _WORST_FIRST if said.get(level)), "")


def _imports(scan: object) -> tuple[PickleImport, ...]:
    listed = scan.get("pickleImports") if isinstance(scan, dict) else None
    found = []
    for entry in listed[:_MOST_IMPORTS] if isinstance(listed, list) else ():
        if not isinstance(entry, dict):
            continue
        name = ".".join(filter(None, (text(entry.get("module")), text(entry.get("name")))))
        safety = entry.get("safety")
        if name:
            known = isinstance(safety, str) and safety in _IMPORT_STATES
            found.append(PickleImport(name, str(safety) if known else "suspicious"))
    return tuple(found)
