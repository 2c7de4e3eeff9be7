"""What choosing a link of a card means: another model, or an address to copy."""

from __future__ import annotations

from urllib.parse import urlsplit

from hubtui.cards.model import Link
from hubtui.core.errors import UsageError
from hubtui.core.models import ModelFacts
from hubtui.core.target import Target, parse_target

_HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PAGES = frozenset(
    (
        *("api", "blog", "brand", "chat", "collections", "datasets", "docs", "enterprise", "inference", "join", "jobs"),
        *("learn", "login", "models", "new", "organizations", "papers", "posts", "pricing", "privacy", "settings"),
        *("spaces", "support", "tasks", "terms-of-service"),
    )
)


def model_of(link: Link, endpoint: str) -> Target | None:
    """Return the model that a link leads to, None when it leads elsewhere."""
    is_of_hub = link.kind == "relative" and link.url.startswith("/")
    if link.kind != "web" and not is_of_hub:
        return None
    url = endpoint + link.url if is_of_hub else link.url
    try:
        address = urlsplit(url)
        target = parse_target(url, lambda _: False)
    except (UsageError, ValueError):
        return None
    is_hub = address.netloc.lower() in _HUB_HOSTS or f"{address.scheme}://{address.netloc}" == endpoint
    first = address.path.lstrip("/").partition("/")[0]
    is_model = target.kind == "model" and "/" in target.model and first not in _PAGES and not target.path
    return target if is_hub and is_model else None


def address_of(link: Link, facts: ModelFacts, endpoint: str) -> str:
    """Return the whole address of a link; those relative to the repository are completed."""
    if link.kind == "anchor":
        return f"{endpoint}/{facts.id}{link.url}"
    if link.kind != "relative":
        return link.url
    if link.url.startswith("/"):
        return f"{endpoint}{link.url}"
    return f"{endpoint}/{facts.id}/blob/{facts.revision}/{link.url.removeprefix('./')}"
