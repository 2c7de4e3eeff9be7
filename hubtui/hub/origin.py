"""Which addresses are the configured Hub: only these may receive the token."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of a URL, None when it is no absolute http(s) URL or names a user."""
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


def is_same_origin(url: str, other: str) -> bool:
    """Say whether both URLs are of one scheme, host and port."""
    first = origin(url)
    return first is not None and first == origin(other)


def host(url: str) -> str:
    """Return `host` or `host:port` of a URL for a message, the text itself when it is none."""
    found = origin(url)
    if found is None:
        return url
    scheme, name, port = found
    return name if port == _DEFAULT_PORTS[scheme] else f"{name}:{port}"


def resolved(base: str, location: str) -> str:
    """Return a `Location` or `Link` target as an absolute URL, empty when it is none."""
    try:
        url = urljoin(base, location)
    except ValueError:
        return ""
    return url if origin(url) else ""


def next_link(base: str, header: str) -> str | None:
    """Return the absolute URL that a `Link` header gives for `rel="next"`, None when it gives none."""
    for link in header.split(",<"):
        target, _, parameters = link.strip().lstrip("<").partition(">")
        if 'rel="next"' in parameters or "rel=next" in parameters:
            return resolved(base, target) or None
    return None
