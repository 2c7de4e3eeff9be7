"""Requests to the Hub on huggingface_hub's session: deadlines, one retry, and a token that only the Hub receives."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import __version__ as hub_version
from huggingface_hub import constants, get_session, get_token
from huggingface_hub.errors import OfflineModeIsEnabled

from hubtui import __version__
from hubtui.core.errors import (
    AnswerTooLongError,
    HubError,
    HubUnreachableError,
    OfflineError,
    RateLimitedError,
    TokenRefusedError,
)
from hubtui.core.models import Quota
from hubtui.core.settings import Settings
from hubtui.hub import answers, patience
from hubtui.hub.answers import Subject
from hubtui.hub.origin import host, is_same_origin, origin, resolved
from hubtui.hub.quota import QuotaMeter

CONNECT_S = 2.0
READ_S = 10.0
WHOLE_S = 30.0
"""A server that drips is given up after this long."""

_MOST_REDIRECTS = 5
_RETRIED_STATUS = frozenset({500, 502, 503, 504})
_RETRY_PAUSE_S = 0.3
_JSON_CAP = 64 << 20
_ERROR_BODY_CAP = 64 << 10
_TIMEOUT = httpx2.Timeout(READ_S, connect=CONNECT_S)
_USER_AGENT = f"hubtui/{__version__}; hf_hub/{hub_version}; python/{platform.python_version()}"

Params = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names are in lower case.

    Attributes:
        url: where it came from, after redirects within the Hub.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str


class HubHttp:
    """Asks one Hub; shared by threads."""

    def __init__(self, settings: Settings) -> None:
        self.endpoint = settings.endpoint.rstrip("/")
        self._meter = QuotaMeter()
        self._settings = settings
        if origin(self.endpoint) is None:
            raise HubError(f"“{self.endpoint}” is no address of a Hub.", hint="It begins with https:// or http://.")

    @property
    def quota(self) -> Quota | None:
        """The API quota now, None before an answer stated it."""
        return self._meter.current

    def get_json(self, url: str, params: Params = (), *, subject: Subject = Subject()) -> tuple[Any, Answer]:  # noqa: B008 - frozen
        """Ask for a JSON document; return it with the answer it came in.

        Raises:
            HubError: any of its kinds; also when the body is not JSON.
        """
        answer = self.get(url, params, subject=subject, max_bytes=_JSON_CAP, headers={"accept": "application/json"})
        try:
            return json.loads(answer.content), answer
        except (ValueError, RecursionError) as error:
            raise HubError(
                f"{host(self.endpoint)} answered with something that is not JSON.",
                hint="Is it a Hub? The address is set with --endpoint or HF_ENDPOINT.",
            ) from error

    def get(
        self,
        url: str,
        params: Params = (),
        *,
        subject: Subject,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        is_file: bool = False,
        cut: bool = False,
    ) -> Answer:
        """Ask for something and read all of it, up to `max_bytes`.

        Args:
            url: absolute, of this Hub.
            params: of the query; repeated ones repeated.
            subject: for the sentence of an error.
            max_bytes: a longer answer is an error, or cut off there with `cut`.
            headers: further request headers.
            is_file: redirects to another host (a CDN) are followed, without the token.
            cut: see `max_bytes`.
        """
        until = time.monotonic() + WHOLE_S
        with self.stream("GET", url, params, subject=subject, headers=headers, is_file=is_file) as response:
            content = bytearray()
            for chunk in self._chunks(response, until):
                content += chunk
                if len(content) > max_bytes:
                    if not cut:
                        raise AnswerTooLongError(f"{host(self.endpoint)} sent an absurdly long answer.")
                    del content[max_bytes:]
                    break
            return Answer(response.status_code, _lower(response.headers), bytes(content), str(response.url))

    def head(self, url: str, *, subject: Subject) -> Mapping[str, str]:
        """Ask for a file's headers; a redirect to another host is not followed, and the Hub's own answer counts."""
        if self._settings.offline:
            raise OfflineError("hubtui is offline.", hint="Start it without --offline to ask the Hub.")
        headers = {"accept-encoding": "identity"}
        token = self._token()
        with self._unreachable():
            for _ in range(_MOST_REDIRECTS + 1):
                self._refuse_when_used_up(url, has_token=token is not None)
                response = self._sent("HEAD", url, (), self._headers(url, headers, token))
                self._note_quota(url, response, has_token=token is not None)
                try:
                    if response.status_code >= 400:
                        raise self._error(response, subject, has_token=token is not None)
                    target = self._redirected(url, response, is_file=True) if response.is_redirect else ""
                    if not target or not is_same_origin(target, self.endpoint):
                        return _lower(response.headers)
                    url = target
                finally:
                    response.close()
        raise HubError(f"{host(self.endpoint)} redirects in a circle.")

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        params: Params = (),
        *,
        subject: Subject,
        headers: Mapping[str, str] | None = None,
        is_file: bool = False,
    ) -> Generator[httpx2.Response]:
        """Open an answer of status 200 or 206 whose body is still to be read; errors become hubtui's.

        Network failures while the caller reads the body become `HubUnreachableError` too.
        """
        if self._settings.offline:
            raise OfflineError("hubtui is offline.", hint="Start it without --offline to ask the Hub.")
        if not is_same_origin(url, self.endpoint):
            raise HubError(f"{host(url)} is not the Hub {host(self.endpoint)}: its address is not followed.")
        with self._unreachable():
            response = self._opened(method, url, params, subject, dict(headers or {}), is_file=is_file)
            try:
                yield response
            finally:
                response.close()

    def _opened(
        self, method: str, url: str, params: Params, subject: Subject, headers: dict[str, str], *, is_file: bool
    ) -> httpx2.Response:
        if is_file:
            headers.setdefault("accept-encoding", "identity")  # lengths and ranges count the file's own bytes
        token = self._token()
        query: Params = params
        for _ in range(_MOST_REDIRECTS + 1):
            self._refuse_when_used_up(url, has_token=token is not None)
            response = self._sent(method, url, query, self._headers(url, headers, token))
            self._note_quota(url, response, has_token=token is not None)
            if response.is_redirect:
                response.close()
                url, query = self._redirected(url, response, is_file=is_file), ()
            elif response.status_code in {200, 206}:
                return response
            else:
                raise self._error(response, subject, has_token=token is not None)
        raise HubError(f"{host(self.endpoint)} redirects in a circle.")

    def _sent(self, method: str, url: str, params: Params, headers: dict[str, str]) -> httpx2.Response:
        """Send, and once more after a pause when the connection was cut or the server has a passing problem."""
        client = get_session()
        request = client.build_request(method, url, params=tuple(params) or None, headers=headers, timeout=_TIMEOUT)
        for is_last in (False, True):
            try:
                response = patience.send(client, request, connect_s=CONNECT_S, answer_s=READ_S)
            except (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError):
                if is_last:
                    raise
            else:
                if is_last or response.status_code not in _RETRIED_STATUS:
                    return response
                response.close()
            time.sleep(_RETRY_PAUSE_S)
        raise AssertionError("unreachable")

    def _headers(self, url: str, headers: dict[str, str], token: str | None) -> dict[str, str]:
        sent = {"user-agent": _USER_AGENT, **headers}
        if token is not None and is_same_origin(url, self.endpoint):
            sent["authorization"] = f"Bearer {token}"
        return sent

    def _redirected(self, url: str, response: httpx2.Response, *, is_file: bool) -> str:
        target = resolved(url, response.headers.get("location", ""))
        if not target:
            raise HubError(f"{host(url)} redirects to nowhere.")
        if is_same_origin(target, self.endpoint):
            return target
        if not is_file:
            raise HubError(
                f"{host(url)} redirects to {host(target)}, which is not followed.",
                hint="If that is the Hub you mean, set it with --endpoint.",
            )
        if url.startswith("https:") and not target.startswith("https:"):
            raise HubError(f"{host(url)} redirects a file to the unencrypted {host(target)}, which is not followed.")
        return target

    def _error(self, response: httpx2.Response, subject: Subject, *, has_token: bool) -> HubError:
        body = bytearray()
        until = time.monotonic() + READ_S
        for chunk in self._chunks(response, until):
            body += chunk
            if len(body) > _ERROR_BODY_CAP:
                break
        response.close()
        error = answers.error_of(
            response.status_code,
            _lower(response.headers),
            bytes(body),
            endpoint=self.endpoint,
            subject=subject,
            has_token=has_token,
        )
        if isinstance(error, RateLimitedError):
            self._meter.note_refusal(str(response.url), error, has_token=has_token)
        return error

    def _refuse_when_used_up(self, url: str, *, has_token: bool) -> None:
        """Send nothing into a quota that is used up: the Hub would only refuse, and count it."""
        rest_s = self._meter.rest_s(url, has_token=has_token) if is_same_origin(url, self.endpoint) else 0.0
        if rest_s:
            raise answers.rate_limited(self.endpoint, rest_s, has_token=has_token)

    def _note_quota(self, url: str, response: httpx2.Response, *, has_token: bool) -> None:
        if is_same_origin(url, self.endpoint):
            self._meter.note(_lower(response.headers), has_token=has_token)

    def _chunks(self, response: httpx2.Response, until: float) -> Iterator[bytes]:
        for chunk in response.iter_bytes():
            yield chunk
            if time.monotonic() > until:
                raise HubUnreachableError(f"{host(self.endpoint)} answers too slowly.", hint="Try again.")

    @contextmanager
    def _unreachable(self) -> Generator[None]:
        """Turn the network's failures into one sentence each."""
        name = host(self.endpoint)
        hint = "Try again, or go on with --offline."
        try:
            yield
        except OfflineModeIsEnabled as error:
            raise OfflineError("HF_HUB_OFFLINE keeps hubtui offline.", hint="Unset it to ask the Hub.") from error
        except httpx2.ConnectTimeout as error:
            raise HubUnreachableError(f"{name} does not answer.", hint=hint) from error
        except httpx2.ProxyError as error:
            raise HubUnreachableError(f"The proxy on the way to {name} refuses.", hint="Check HTTPS_PROXY.") from error
        except httpx2.ConnectError as error:
            raise HubUnreachableError(f"{name} cannot be reached: {_reason(error)}.", hint=hint) from error
        except httpx2.TimeoutException as error:
            raise HubUnreachableError(
                f"{name} took the request but sent no whole answer for {READ_S:.0f} s.", hint=hint
            ) from error
        except (httpx2.TransportError, httpx2.StreamError) as error:
            raise HubUnreachableError(f"The connection to {name} broke off.", hint=hint) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise HubError(f"{name} answered with something that is not proper HTTP.") from error

    def _token(self) -> str | None:
        token = read_token(self._settings)
        if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
            raise TokenRefusedError(
                "The access token holds characters that no token has.", hint="Log in again with `hf auth login`."
            )
        return token


def read_token(settings: Settings) -> str | None:
    """Return the access token: of the configured file, else what huggingface_hub finds; the demo Hub gets no other's.

    Raises:
        TokenRefusedError: the configured file cannot be read.
    """
    if settings.token_file:
        try:
            return Path(settings.token_file).expanduser().read_text("utf-8").strip() or None
        except (OSError, ValueError) as error:
            raise TokenRefusedError(
                f"The token file {settings.token_file} cannot be read.", hint="Give another with --token-file."
            ) from error
    if settings.is_demo or constants.HF_HUB_DISABLE_IMPLICIT_TOKEN:
        return None
    return get_token()


def _reason(error: Exception) -> str:
    """The operating system's words for a failed connection, which httpx2 wraps in its own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
        cause = cause.__cause__ or cause.__context__
    return "the connection failed"


def _lower(headers: httpx2.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
