"""One request as the handlers see it, and the answers that they give."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from hubtui.demo import errors
from hubtui.demo.accounts import Account
from hubtui.demo.errors import Refusal
from hubtui.demo.store import Store


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        account: whose token it bears, None without one.
        origin: `http://host:port` as the caller wrote it.
        path: still percent-encoded, for a revision may hold an encoded `/`.
        body: of a POST, else empty.
    """

    store: Store
    account: Account | None
    method: str
    origin: str
    path: str
    query: QueryParams
    body: bytes = b""
    content_type: str = ""

    def form(self) -> dict[str, list[str]]:
        """Return the body's fields, from JSON or a form.

        Raises:
            Refusal: the body is neither.
        """
        try:
            if "json" in self.content_type:
                return _json_fields(json.loads(self.body))
            return parse_qs(self.body.decode(), keep_blank_values=True)
        except (ValueError, RecursionError) as error:
            raise errors.bad_request("The body cannot be read") from error

    def link_next(self, **changes: str | int) -> dict[str, str]:
        """Return the `Link` header of the next page: this URL, absolute, with some parameters set."""
        kept = [(name, value) for name, value in self.query.multi_items() if name not in changes]
        query = urlencode([*kept, *((name, str(value)) for name, value in changes.items())])
        return {"Link": f'<{self.origin}{self.path}?{query}>; rel="next"'}


def _json_fields(body: object) -> dict[str, list[str]]:
    if not isinstance(body, dict):
        raise errors.bad_request("The body must be a JSON object")
    fields: dict[str, list[str]] = {}
    for name, value in body.items():
        items = value if isinstance(value, list) else [value]
        fields[name] = [str(item).lower() if isinstance(item, bool) else str(item) for item in items]
    return fields


def json_response(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON body with the weak ETag that the Hub gives it."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    digest = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode().rstrip("=")
    tag = {"ETag": f'W/"{len(body):x}-{digest}"'} if status == 200 else {}
    return Response(body, status, {**tag, **(headers or {})}, media_type="application/json; charset=utf-8")


def text_response(text: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a plain text body."""
    return Response(text.encode("utf-8", "replace"), status, headers, media_type="text/plain; charset=utf-8")


def refusal_response(refusal: Refusal) -> Response:
    """Return the answer that a refusal stands for."""
    if refusal.as_text:
        return text_response(refusal.message, status=refusal.status, headers=refusal.headers)
    return json_response({"error": refusal.message}, status=refusal.status, headers=refusal.headers)
