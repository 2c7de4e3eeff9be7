"""Who calls, and what they may see: two tokens that the demo Hub knows, and everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubtui.demo import errors
from hubtui.demo.repository import Repository, object_id


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the demo Hub.

    Attributes:
        member_of: namespaces whose private repos the account sees.
        fills_forms: the account has been let into repos whose form answers by itself (`gated` is `auto`).
    """

    name: str
    full_name: str
    member_of: frozenset[str] = frozenset()
    fills_forms: bool = False


TOKENS: Mapping[str, Account] = {
    "hf_demo": Account("demo-user", "Demo User", frozenset({"demo"}), fills_forms=True),
    "hf_outsider": Account("outsider", "Outsider"),
}
"""Token → account. Both are printed in the documentation and guard nothing real."""


def account_of(authorization: str | None) -> Account | None:
    """Return whose token an `Authorization` header bears, None when there is none.

    Raises:
        Refusal: the token is nobody's.
    """
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    account = TOKENS.get(token.strip()) if scheme.lower() == "bearer" else None
    if account is None:
        raise errors.bad_token()
    return account


def may_see(account: Account | None, repo: Repository) -> bool:
    """Return whether the caller may know that the repo exists."""
    return not repo.private or (account is not None and repo.namespace in account.member_of)


def check_files(account: Account | None, repo: Repository) -> None:
    """Make sure that the caller may read the repo's files.

    Raises:
        Refusal: the repo is disabled, or gated and the caller not let in.
    """
    if repo.disabled:
        raise errors.disabled()
    if repo.gated and not (repo.gated == "auto" and account is not None and account.fills_forms):
        raise errors.gated(repo.id, signed_in=account is not None)


def whoami(account: Account) -> dict[str, Any]:
    """Return the body of `/api/whoami-v2`."""
    return {
        "type": "user",
        "id": object_id(account.name),
        "name": account.name,
        "fullname": account.full_name,
        "email": f"{account.name}@example.com",
        "emailVerified": True,
        "canPay": False,
        "periodEnd": None,
        "isPro": False,
        "avatarUrl": "",
        "orgs": [
            {"type": "org", "id": object_id(name), "name": name, "fullname": name, "avatarUrl": "", "roleInOrg": "read"}
            for name in sorted(account.member_of)
        ],
        "auth": {
            "type": "access_token",
            "accessToken": {"displayName": "demo", "role": "read", "createdAt": "2026-01-01T00:00:00.000Z"},
        },
    }
