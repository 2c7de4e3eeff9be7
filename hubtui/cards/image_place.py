"""Whose an image of a card is: the model's own repository's, another host's, or nothing that can be shown."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from hubtui.core.names import is_file_path
from hubtui.core.untrusted import clean

_HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_REPO_FILE = re.compile(r"/(?:resolve|raw|blob)/[^/]+/(.+)")


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """Where an image comes from.

    Attributes:
        kind: `repo`: a file of the model's repository; `other`: another host; `none`: it cannot be shown.
        path: of the file in the repository.
        host: of the other host, as it is asked.
        address: the true address; empty for `repo`.
        why: what keeps it from being shown.
    """

    kind: Literal["repo", "other", "none"]
    path: str = ""
    host: str = ""
    address: str = ""
    why: str = ""


def image_place(src: str, model: str, endpoint: str) -> ImagePlace:
    """Say where the image at an address, as the card writes it, would come from.

    Args:
        src: the address; one without a host is relative to the repository.
        model: id of the card's model.
        endpoint: address of the Hub.
    """
    if src[:5].lower() == "data:":
        return ImagePlace("none", why="it is written into the card itself")
    try:
        parts = urlsplit("https:" + src if src.startswith("//") else src)
        _ = parts.port
    except ValueError:
        return ImagePlace("none", address=clean(src), why="its address cannot be read")
    if unquote(parts.path).lower().endswith((".svg", ".svgz")):
        return ImagePlace("none", address=clean(src), why="it is an SVG drawing")
    if not parts.scheme and not parts.netloc:
        return _in_repo(unquote(parts.path), model)
    return _absolute(src, parts, model, endpoint)


def _absolute(src: str, parts: SplitResult, model: str, endpoint: str) -> ImagePlace:
    is_hub = parts.hostname in _HUB_HOSTS or f"{parts.scheme}://{parts.netloc}" == endpoint
    if is_hub and parts.path.startswith(f"/{model}/") and (found := _REPO_FILE.fullmatch(parts.path[len(model) + 1 :])):
        return _in_repo(unquote(found[1]), model)
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        return ImagePlace("none", address=clean(src), why="its address is not one of https")
    return ImagePlace("other", host=clean(parts.netloc), address=clean(src))


def _in_repo(path: str, model: str) -> ImagePlace:
    if path.startswith("/"):
        found = _REPO_FILE.fullmatch(path[len(model) + 1 :]) if path.startswith(f"/{model}/") else None
        if found is None:
            return ImagePlace("none", address=clean(path), why="it is not in the model's repository")
        path = found[1]
    path = posixpath.normpath(path)
    if not is_file_path(path):
        return ImagePlace("none", address=clean(path), why="it is not in the model's repository")
    return ImagePlace("repo", path=path)
