"""What a person means by the one word they give: a model, a Hub URL, a checkpoint folder, or a search."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from hubtui.core.errors import UsageError
from hubtui.core.names import is_file_path, is_model_id, is_revision
from hubtui.core.query import Query, parse


@dataclass(frozen=True, slots=True)
class Target:
    """What to open.

    Attributes:
        kind: which of the other attributes count.
        model: id, for `model`.
        revision: branch, tag, commit or `refs/pr/N` when a URL named one, else empty.
        path: file or folder of the model when a URL named one, else empty.
        endpoint: scheme and host of a URL, else empty.
        folder: path of a checkpoint folder as given, for `folder`.
        query: the search, for `query`.
    """

    kind: Literal["model", "folder", "query"]
    model: str = ""
    revision: str = ""
    path: str = ""
    endpoint: str = ""
    folder: str = ""
    query: Query = field(default_factory=Query)


_PATH_LIKE = re.compile(r"\.{1,2}(/|$)|~|/|[A-Za-z]:[\\/]")
_HUB_WITHOUT_SCHEME = re.compile(r"(?:www\.)?(?:huggingface\.co|hf\.co)/")
_OTHER_KINDS = {"datasets": "dataset", "spaces": "Space", "papers": "paper", "collections": "collection"}
_SPECIAL_REF = re.compile(r"refs/(?:pr|convert)/[^/]+")
_WITH_REVISION = frozenset({"tree", "blob", "resolve", "raw", "commits", "commit", "blame", "edit"})


def parse_target(text: str, is_dir: Callable[[str], bool], *, bare_is_model: bool = False) -> Target:
    """Decide what `text` names.

    Args:
        text: what the person typed.
        is_dir: whether a path is a folder on this machine.
        bare_is_model: read `gpt2` as a model (commands that want one) rather than as a word to search for.

    Raises:
        UsageError: a folder that does not exist, or a URL that names no model.
        QueryError: a search that cannot be read.
    """
    text = text.strip()
    if _HUB_WITHOUT_SCHEME.match(text):
        text = f"https://{text}"
    if text.startswith(("http://", "https://")):
        return _from_url(text)
    if _PATH_LIKE.match(text):
        if not is_dir(text):
            raise UsageError(f"There is no folder {text}.", hint="Give the path of a folder which holds config.json.")
        return Target("folder", folder=text)
    if "/" in text and is_dir(text):
        return Target("folder", folder=text)  # as from_pretrained does
    if is_model_id(text) and ("/" in text or bare_is_model):
        return Target("model", model=text)
    if bare_is_model:
        raise UsageError(
            f"“{text}” is no model id.", hint="Write namespace/name, a Hub URL or the path of a checkpoint folder."
        )
    return Target("query", query=parse(text))


def _from_url(url: str) -> Target:
    try:
        address = urlsplit(url)
    except ValueError as error:
        raise UsageError(f"{url} is no URL.") from error
    parts = [part for part in address.path.split("/") if part]
    if parts[:2] == ["api", "models"]:
        parts = parts[2:]
    if not parts:
        raise UsageError(f"{url} names no model.", hint="Write HUB/namespace/name.")
    if parts[0] in _OTHER_KINDS:
        raise UsageError(f"{url} is a {_OTHER_KINDS[parts[0]]}; hubtui shows models.")
    endpoint = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
    is_legacy = len(parts) == 1 or parts[1] in _WITH_REVISION
    model, rest = "/".join(parts[: 2 - is_legacy]), parts[2 - is_legacy :]
    if not is_model_id(model):
        raise UsageError(f"{url} names no model.", hint="Write HUB/namespace/name.")
    if len(rest) < 2 or rest[0] not in _WITH_REVISION:
        return Target("model", model=model, endpoint=endpoint)
    revision, path = _revision_and_path(rest[1:])
    return Target("model", model=model, revision=revision, path=path, endpoint=endpoint)


def _revision_and_path(parts: list[str]) -> tuple[str, str]:
    whole = "/".join(unquote(part) for part in parts)
    special = _SPECIAL_REF.match(whole)
    revision = special[0] if special else unquote(parts[0])
    path = whole[len(revision) :].strip("/")
    if not is_revision(revision):
        raise UsageError(f"“{revision}” cannot be a revision.")
    if path and not is_file_path(path):
        raise UsageError(f"“{path}” cannot be a file of a model.")
    return revision, path
