"""A picture from a host that is not the Hub, when the user has agreed to ask that host for it."""

from __future__ import annotations

import ipaddress
import platform
import re
import socket
import time
from urllib.parse import urlsplit

import httpx2

from hubtui import __version__
from hubtui.core.errors import HubError, HubUnreachableError
from hubtui.hub.origin import host, is_same_origin, resolved

MOST_BYTES = 8 << 20
"""A larger picture is not fetched."""

_TIMEOUT = httpx2.Timeout(5.0, connect=2.0)
_WHOLE_S = 15.0
_MOST_REDIRECTS = 3
_HEADERS = {"user-agent": f"hubtui/{__version__}; python/{platform.python_version()}", "accept": "image/*"}
_NAME = re.compile(
    r"(?:[\w-]+\.)+[a-z][\w-]*[a-z0-9]", re.IGNORECASE
)  # at its end no number, which would be an address
_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")


def fetch(address: str) -> bytes:
    """Return what an https address answers: without a token or cookies, and only from the host that it names.

    Raises:
        HubError: the host is of this network, leads elsewhere, refuses, or sends too much.
    """
    refuse_own_network(address)
    name = host(address)
    try:
        with httpx2.Client(timeout=_TIMEOUT, headers=_HEADERS, follow_redirects=False) as client:
            return _read(client, address)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise HubUnreachableError(f"{name} did not send the picture.") from error


def refuse_own_network(address: str) -> None:
    """Refuse what a card could use to look behind the user's firewall: other schemes, local names and addresses.

    Raises:
        HubError: naming what is wrong.
    """
    parts = urlsplit(address)
    name = (parts.hostname or "").rstrip(".")
    try:
        is_public = ipaddress.ip_address(name).is_global
    except ValueError:
        is_public = _NAME.fullmatch(name) is not None and not f".{name}".endswith(_LOCAL_NAMES)
    if parts.scheme != "https" or parts.username is not None or not is_public or _leads_inside(name):
        raise HubError(f"{host(address)} is not a public https address: the picture is not fetched.")


def _leads_inside(name: str) -> bool:
    """Say whether a name stands for an address of this network; one that cannot be looked up is for a proxy to ask."""
    try:
        found = socket.getaddrinfo(name, 443, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    return not all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


def _read(client: httpx2.Client, address: str) -> bytes:
    url, until = address, time.monotonic() + _WHOLE_S
    for _ in range(_MOST_REDIRECTS + 1):
        with client.stream("GET", url) as response:
            if response.is_redirect:
                target = resolved(url, response.headers.get("location", ""))
                if not is_same_origin(target, address):
                    raise HubError(f"{host(address)} leads on to {host(target) or 'nowhere'}, which is not asked.")
                url = target
                continue
            if response.status_code != 200:
                raise HubError(f"{host(address)} answered {response.status_code} instead of the picture.")
            return _body(response, until, host(address))
    raise HubError(f"{host(address)} redirects in a circle.")


def _body(response: httpx2.Response, until: float, name: str) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise HubError(f"The picture of {name} is larger than {MOST_BYTES >> 20} MiB.")
        if time.monotonic() > until:
            raise HubUnreachableError(f"{name} answers too slowly.", hint="Try again.")
    return bytes(content)
