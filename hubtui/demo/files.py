"""`/{id}/resolve/{revision}/{path}` and `/{id}/raw/…`: the files themselves, whole or in ranges."""

from __future__ import annotations

import mimetypes
import os
from typing import ClassVar
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from hubtui.demo import accounts, errors
from hubtui.demo.call import Call
from hubtui.demo.gitlike import Blob, ChangedFileError
from hubtui.demo.repository import Repository

_SHOWN_AS_THEY_ARE = ("image/", "audio/", "video/")


class _BlobResponse(FileResponse):
    """Sends a file in larger pieces than starlette's own: each costs a change of threads."""

    chunk_size: ClassVar[int] = 1 << 20  # type: ignore[misc]  # the base class sets it as a plain class attribute


def resolve(call: Call, repo: Repository, revision: str, path: str) -> Response:
    """Return a file; starlette answers ranges (206, 416) and HEAD.

    Raises:
        Refusal: the caller may not read it, or there is no such revision or file, or it has changed on disk.
    """
    commit, blob = _find(call, repo, revision, path)
    headers = _headers(commit, path, blob)
    headers["ETag"] = f'"{blob.etag}"'
    if blob.is_lfs:
        headers["X-Linked-Size"] = str(blob.size)
        headers["X-Linked-ETag"] = headers["ETag"]
    state = os.stat_result((0o100644, 0, 0, 1, 0, 0, blob.size, 0, 0, 0))
    return _BlobResponse(blob.source, headers=headers, media_type=_media_type(path, blob), stat_result=state)


def raw(call: Call, repo: Repository, revision: str, path: str) -> Response:
    """Return what git holds: for LFS files the pointer.

    Raises:
        Refusal: as for `resolve`.
    """
    commit, blob = _find(call, repo, revision, path)
    if not blob.is_lfs:
        return resolve(call, repo, revision, path)
    headers = {**_headers(commit, path, blob), "ETag": f'"{blob.oid}"'}
    return Response(blob.pointer, headers=headers, media_type="text/plain; charset=utf-8")


def _find(call: Call, repo: Repository, revision: str, path: str) -> tuple[str, Blob]:
    accounts.check_files(call.account, repo)
    commit = repo.resolve(revision)
    if commit is None:
        raise errors.missing_revision(revision)
    blob = commit.tree.files.get(path)
    if blob is None:
        raise errors.missing_file(commit.id)
    try:
        blob.check()
    except ChangedFileError as error:
        raise errors.changed_file(str(error)) from error
    except OSError as error:
        raise errors.missing_file(commit.id) from error
    return commit.id, blob


def _headers(commit: str, path: str, blob: Blob) -> dict[str, str]:
    name = path.rpartition("/")[2]
    ascii_name = "".join(char if " " <= char <= "~" and char not in '"\\' else "_" for char in name)
    return {
        "X-Repo-Commit": commit,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}; filename=\"{ascii_name}\";",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store" if blob.is_lfs else "no-cache",
    }


def _media_type(path: str, blob: Blob) -> str:
    guessed = mimetypes.guess_type(path)[0] or ""
    if guessed.startswith(_SHOWN_AS_THEY_ARE) and guessed != "image/svg+xml":
        return guessed
    return "application/octet-stream" if blob.is_lfs else "text/plain; charset=utf-8"
