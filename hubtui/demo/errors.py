"""Every refusal of the Hub, with the status, headers and body that the real one sends (HTTP recordings of 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

_AUTHENTICATE = 'Bearer realm="Authentication required", charset="UTF-8"'


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request is answered with an error.

    Attributes:
        status: HTTP status.
        message: what `X-Error-Message` and the body say.
        headers: further headers.
        as_text: the body is plain text (file URLs) instead of `{"error": …}`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        headers: Mapping[str, str] | None = None,
        as_text: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.as_text = as_text
        self.headers = {"X-Error-Message": _header(message), **(headers or {})}
        if code:
            self.headers["X-Error-Code"] = code
        if status == 401:
            self.headers["WWW-Authenticate"] = _AUTHENTICATE


def _header(text: str) -> str:
    """Header values are Latin-1 without line breaks; foreign names in messages may be anything."""
    return "".join(char if char.isprintable() and ord(char) < 256 else quote(char, errors="replace") for char in text)


def missing_repo(*, signed_in: bool) -> Refusal:
    """There is no such repo, or none that the caller may know of.

    The real Hub sends an anonymous caller no error code; over `http://` the client then sees no missing repo in it, so
    the code is added here.
    """
    if signed_in:
        return Refusal(404, "Repository not found", code="RepoNotFound")
    return Refusal(401, "Invalid username or password.", code="RepoNotFound")


def bad_token() -> Refusal:
    """The token is nobody's."""
    return Refusal(401, "Invalid credentials in Authorization header")


def not_signed_in() -> Refusal:
    """The URL is for signed-in callers, or the token given to it is nobody's."""
    return Refusal(401, "Invalid username or password.")


def gated(repo: str, *, signed_in: bool) -> Refusal:
    """The files are behind a form."""
    start = f"Access to model {repo} is restricted"
    if signed_in:
        where = f"Visit https://huggingface.co/{repo} to ask for access."
        return Refusal(403, f"{start} and you are not in the authorized list. {where}", code="GatedRepo")
    need = "You must have access to it and be authenticated to access it. Please log in."
    return Refusal(401, f"{start}. {need}", code="GatedRepo")


def disabled() -> Refusal:
    """The Hub has taken the repo's files down."""
    return Refusal(403, "Access to this resource is disabled.")


def missing_revision(revision: str) -> Refusal:
    """There is no such branch, tag or commit."""
    return Refusal(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def missing_file(commit: str) -> Refusal:
    """The revision has no such file; the commit lets the client remember that."""
    headers = {"X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
    return Refusal(404, "Entry not found", code="EntryNotFound", headers=headers)


def missing_folder(path: str, revision: str) -> Refusal:
    """The revision has no such folder."""
    return Refusal(404, f'{path} does not exist on "{revision}"', code="EntryNotFound")


def missing_page() -> Refusal:
    """There is nothing at this URL."""
    refusal = Refusal(404, "Sorry, we can't find the page you are looking for.")
    del refusal.headers["X-Error-Message"]
    return refusal


def wrong_method() -> Refusal:
    """The URL is there, but not for this method."""
    return Refusal(405, "Method Not Allowed")


def bad_request(message: str) -> Refusal:
    """A parameter is wrong."""
    return Refusal(400, message)


def changed_file(message: str) -> Refusal:
    """A served folder's file is not what it was when the server started."""
    return Refusal(500, f"{message}; start the server again to serve it as it is now.")


class Moved(Exception):  # noqa: N818 - an answer, not a fault
    """The repo is known under another name; the request goes there.

    Attributes:
        repo: the id that it has now.
    """

    def __init__(self, repo: str) -> None:
        super().__init__(repo)
        self.repo = repo
