"""A dump fetched from an address into the catalogue's folder, going on where an interrupted fetch stopped."""

from __future__ import annotations

import http.client
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from hubtui.core.errors import CancelledError, CatalogueError, HubUnreachableError
from hubtui.core.models import CatalogueProgress

_CHUNK = 1 << 20
_TIMEOUT_S = 20.0
_KEPT_FREE = 2 << 30
"""Bytes of the disk that a dump leaves: the index made of it needs them."""


class _SecureRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from an encrypted address to another kind."""

    def redirect_request(  # noqa: PLR0917  urllib's own signature
        self, req: urllib.request.Request, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        """Return the next request, or refuse."""
        if urlsplit(newurl).scheme != "https" and urlsplit(req.full_url).scheme == "https":
            raise CatalogueError("The address leads from https to an unencrypted one, which is not followed.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # as given


def is_url(source: str) -> bool:
    """Say whether a source is an address to fetch, not a file."""
    return urlsplit(source).scheme in {"http", "https"}


def fetch(
    url: str, target: Path, progress: Callable[[CatalogueProgress], None], is_cancelled: Callable[[], bool]
) -> None:
    """Fetch a file; no credential is sent. What is there of the same version is not fetched again.

    Raises:
        CatalogueError: the server refuses, or the disk has no room.
        HubUnreachableError: no connection, or it broke; the next call goes on.
        CancelledError: likewise.
    """
    part, note = target.with_name(target.name + ".part"), target.with_name(target.name + ".json")
    try:
        with _opened(url, part, note) as answer:
            _receive(answer, part, progress, is_cancelled)
    except urllib.error.HTTPError as error:
        raise CatalogueError(f"The dump's server answers {error.code}.", hint="Check the address.") from error
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, OSError) and error.errno == 28:
            raise CatalogueError("The disk is full.", hint="Make room; the fetch goes on where it stopped.") from error
        raise HubUnreachableError(
            "The dump cannot be fetched: the connection failed.", hint="The same command goes on where it stopped."
        ) from error
    part.replace(target)
    note.unlink(missing_ok=True)


def _opened(url: str, part: Path, note: Path) -> http.client.HTTPResponse:
    """Ask for what is missing; start again when the file is another one by now."""
    opener = urllib.request.build_opener(_SecureRedirects)
    version = _version(note, url)
    have = part.stat().st_size if version and part.exists() else 0
    request = urllib.request.Request(url)  # noqa: S310  http and https alone, see `is_url`
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", version)
    try:
        answer: http.client.HTTPResponse = opener.open(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE or not have:
            raise
        part.unlink()
        return _opened(url, part, note)
    if answer.status != http.client.PARTIAL_CONTENT:
        part.unlink(missing_ok=True)
    note.write_text(json.dumps({"url": url, "version": answer.headers.get("ETag") or ""}))
    return answer


def _version(note: Path, url: str) -> str:
    try:
        known = json.loads(note.read_bytes())
        return str(known["version"]) if known["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _receive(
    answer: http.client.HTTPResponse,
    part: Path,
    progress: Callable[[CatalogueProgress], None],
    is_cancelled: Callable[[], bool],
) -> None:
    have = part.stat().st_size if part.exists() else 0
    length = answer.headers.get("Content-Length", "")
    total = have + int(length) if length.isdecimal() else None
    room = shutil.disk_usage(part.parent).free - _KEPT_FREE
    if total is not None and total - have > room:
        raise CatalogueError(f"The dump has {total >> 20} MiB, and the disk no room for it.", hint="Make room.")
    done = have
    with part.open("ab") as file:
        while chunk := answer.read(_CHUNK):
            if is_cancelled():
                raise CancelledError("The fetch was stopped.", hint="The same command goes on where it stopped.")
            done += len(chunk)
            if done - have > room:
                raise CatalogueError("The dump is larger than the room on the disk.", hint="Make room.")
            file.write(chunk)
            progress(CatalogueProgress("downloading", done, total))
    if total is not None and done != total:
        raise HubUnreachableError(
            "The connection broke off before the dump's end.", hint="The same command goes on where it stopped."
        )
