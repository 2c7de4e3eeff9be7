"""All repos of a demo Hub, found by id as the Hub finds them: former names and wrong letter case lead on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from hubtui.core import cardfacts
from hubtui.demo import accounts, errors
from hubtui.demo.accounts import Account
from hubtui.demo.builtin import BUILTIN_ROOT, BuiltinRepoError, read_builtin
from hubtui.demo.folders import read_root
from hubtui.demo.repository import Repository


class Store:
    """The repos of one server; they do not change while it runs.

    Args:
        repositories: every repo, also the private ones.
        former_ids: an id that a repo once had → the id that it has now.
    """

    def __init__(self, repositories: Iterable[Repository], former_ids: Mapping[str, str] | None = None) -> None:
        self.repositories: Mapping[str, Repository] = {repo.id: repo for repo in repositories}
        self._leads = {name.lower(): name for name in self.repositories}
        self._leads.update({old.lower(): new for old, new in (former_ids or {}).items()})

    def visible(self, account: Account | None) -> list[Repository]:
        """Return the repos that the caller may know of."""
        return [repo for repo in self.repositories.values() if accounts.may_see(account, repo)]

    def knows(self, name: str) -> bool:
        """Return whether an id leads to a repo, now or by a former name."""
        return name.lower() in self._leads

    def find(self, name: str, account: Account | None) -> Repository:
        """Return the repo of that id.

        Raises:
            Refusal: there is none that the caller may know of.
            Moved: it has another id, or the same in other letter case.
        """
        repo = self.repositories.get(self._leads.get(name.lower(), ""))
        if repo is None or not accounts.may_see(account, repo):
            raise errors.missing_repo(signed_in=account is not None)
        if repo.id != name:
            raise errors.Moved(repo.id)
        return repo

    @cached_property
    def children(self) -> Mapping[str, Mapping[str, int]]:
        """Id of a base model → relation → number of public repos made of it."""
        counts: dict[str, dict[str, int]] = {}
        for repo in self.visible(None):
            view = repo.view()
            relation = cardfacts.base_relation(view.card.data, view.checkpoint)
            for base in cardfacts.base_models(view.card.data, view.checkpoint):
                known = counts.setdefault(base, dict.fromkeys(("adapter", "merge", "quantized", "finetune"), 0))
                known[relation] += 1
        return counts

    def warm(self) -> None:
        """Read what every repo's files say, so that the first listing does not wait for it."""
        for repo in self.repositories.values():
            repo.view()


def builtin_store(report: Callable[[str], None], root: Path = BUILTIN_ROOT) -> Store:
    """Return the repos that come with the package.

    Args:
        report: called with one line for a repo that is not as its format asks, which is left out.
        root: where they are.
    """
    repositories, former_ids = [], {}
    for stated in sorted(root.glob("*/*/repo.json")):
        try:
            repo, names = read_builtin(stated.parent)
        except BuiltinRepoError as error:
            report(str(error))
            continue
        repositories.append(repo)
        former_ids.update(dict.fromkeys(names, repo.id))
    return Store(repositories, former_ids)


def root_store(root: Path, report: Callable[[str], None], stopping: threading.Event) -> Store:
    """Return the checkpoint folders below a root as repos.

    Raises:
        RootError: there is nothing to serve.
    """
    return Store(read_root(root, report, stopping))
