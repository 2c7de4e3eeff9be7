"""What an error answer of the Hub means, as one of hubtui's errors: what happened, and the next step."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hubtui.core.errors import (
    FileMissingError,
    GatedError,
    HubError,
    ModelNotFoundError,
    RateLimitedError,
    RevisionNotFoundError,
    TokenRefusedError,
)
from hubtui.core.models import Quota
from hubtui.core.untrusted import clean
from hubtui.hub.origin import host

_RATE_LIMIT = re.compile(r'"(\w+)"\s*;\s*r\s*=\s*(\d{1,9})\s*;\s*t\s*=\s*(\d{1,9})')
_POLICY = re.compile(r"q\s*=\s*(\d{1,9})")
_WAIT_WHEN_UNKNOWN_S = 60.0
_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request was about, for the sentence of an error."""

    model: str = ""
    revision: str = ""
    path: str = ""

    @property
    def name(self) -> str:
        """The model, with its revision when that is not the main branch."""
        return f"{self.model} at {self.revision}" if self.revision not in {"", "main"} else self.model


def standing(headers: Mapping[str, str]) -> tuple[str, Quota] | None:
    """Return the bucket (`api`, `resolvers`, `pages`) and the quota that an answer states, None when it states none."""
    found = _RATE_LIMIT.search(headers.get("ratelimit", ""))
    if found is None:
        return None
    limit = _POLICY.search(headers.get("ratelimit-policy", ""))
    remaining = int(found[2])
    return found[1], Quota(remaining, int(limit[1]) if limit else remaining, float(found[3]))


@dataclass(frozen=True, slots=True)
class _Case:
    status: int
    headers: Mapping[str, str]
    said: str
    endpoint: str
    subject: Subject
    has_token: bool

    @property
    def code(self) -> str:
        return self.headers.get("x-error-code", "")


def error_of(
    status: int, headers: Mapping[str, str], body: bytes, *, endpoint: str, subject: Subject, has_token: bool
) -> HubError:
    """Return the error that an answer of status 400 and more stands for (HUB_PROTOCOL, section 2)."""
    case = _Case(status, headers, _message(headers, body), endpoint, subject, has_token)
    return next((make(case) for applies, make in _KINDS if applies(case)), None) or _other(case)


def _other(case: _Case) -> HubError:
    name = host(case.endpoint)
    if case.status in {401, 403}:
        hint = "This token lacks the permission." if case.has_token else "Log in with `hf auth login`."
        return HubError(_sentence(f"{name} refuses this", case), hint=hint)
    if case.status >= 500:
        return HubError(_sentence(f"{name} has a problem of its own", case), hint="Try again later.")
    return HubError(_sentence(f"{name} did not accept the request", case))


def _sentence(what: str, case: _Case) -> str:
    return f"{what} (HTTP {case.status})" + (f": {case.said.rstrip('.')}." if case.said else ".")


def _token_refused(case: _Case) -> TokenRefusedError:
    return TokenRefusedError(
        f"{host(case.endpoint)} does not accept the access token.",
        hint="Log in again with `hf auth login`, or unset HF_TOKEN.",
    )


def _gated(case: _Case) -> GatedError:
    page = f"{case.endpoint}/{case.subject.model}"
    who = "this account has not been admitted" if case.has_token else "you are not logged in"
    first = "Ask" if case.has_token else "Log in with `hf auth login`, then ask"
    return GatedError(
        f"The files of {case.subject.model} are behind a form, and {who}.", hint=f"{first} for access at {page}."
    )


def _no_revision(case: _Case) -> RevisionNotFoundError:
    return RevisionNotFoundError(
        f"{case.subject.model} has no revision {case.subject.revision or 'main'}.",
        hint="Give a branch, a tag, a commit or refs/pr/N.",
    )


def _no_file(case: _Case) -> FileMissingError:
    return FileMissingError(f"{case.subject.name} has no file {case.subject.path}.")


def _disabled(case: _Case) -> HubError:
    return HubError(f"{case.subject.model or 'This model'} has been disabled by the Hub.")


def _no_model(case: _Case) -> ModelNotFoundError:
    why = "or this token may not see it" if case.has_token else "or it is private and you are not logged in"
    hint = "Check the spelling." if case.has_token else "Check the spelling, or log in with `hf auth login`."
    return ModelNotFoundError(f"{host(case.endpoint)} has no model {case.subject.model}, {why}.", hint=hint)


def _rate_limited(case: _Case) -> RateLimitedError:
    found = _RATE_LIMIT.search(case.headers.get("ratelimit", ""))
    after = case.headers.get("retry-after", "").strip()
    seconds = float(found[3]) if found else float(after) if after.isdecimal() and len(after) < 7 else None
    return rate_limited(case.endpoint, seconds, has_token=case.has_token)


def rate_limited(endpoint: str, seconds: float | None, *, has_token: bool) -> RateLimitedError:
    """Return the error for a quota that is filled again in so many seconds, None when nobody said in how many."""
    when = "" if seconds is None else f"It is filled again in {max(1.0, seconds):.0f} s."
    account = "" if has_token else "A free account has twice the quota: `hf auth login`."
    return RateLimitedError(
        f"The quota of requests to {host(endpoint)} is used up.",
        retry_after_s=_WAIT_WHEN_UNKNOWN_S if seconds is None else seconds,
        hint=f"{when} {account}".strip(),
    )


# First match wins. A bare 401 or 404 about a model is how the real Hub says that it is missing or private.
_KINDS: tuple[tuple[Callable[[_Case], bool], Callable[[_Case], HubError]], ...] = (
    (lambda case: case.status == 429, _rate_limited),
    (lambda case: case.status == 401 and case.has_token and "credentials" in case.said.lower(), _token_refused),
    (lambda case: case.code == "GatedRepo", _gated),
    (lambda case: case.code == "RevisionNotFound", _no_revision),
    (lambda case: case.code == "EntryNotFound", _no_file),
    (lambda case: case.said == "Access to this resource is disabled.", _disabled),
    (lambda case: case.code == "RepoNotFound", _no_model),
    (lambda case: bool(case.subject.model) and case.status in {401, 404}, _no_model),
)


def _message(headers: Mapping[str, str], body: bytes) -> str:
    """What the Hub said, cleaned and cut; never a page of HTML."""
    said = headers.get("x-error-message", "")
    if not said:
        text = body[:4096].decode("utf-8", "replace").strip()
        try:
            error = json.loads(text).get("error")
            said = error if isinstance(error, str) else ""
        except (ValueError, AttributeError, RecursionError):
            said = "" if text.startswith("<") else text
    return clean(said[:_LONGEST_MESSAGE])
