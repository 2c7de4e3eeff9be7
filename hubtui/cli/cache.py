"""`hubtui cache list|delete`: the Hugging Face cache of this machine."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime

from hubtui.cli.documents import cached_document
from hubtui.cli.output import note, print_json, print_line, print_table
from hubtui.core.cache import CachedRepo, plan_deletion
from hubtui.core.errors import CacheError
from hubtui.core.numbers import age_text, plural, size_text
from hubtui.core.ports import Cache, Services


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Do what the word after `cache` says."""
    cache = services.cache()
    if arguments.action == "delete":
        return _delete(cache, arguments)
    repos = (_found(cache, arguments.model),) if arguments.model else cache.repos()
    if arguments.json:
        print_json([cached_document(repo) for repo in repos])
    elif arguments.model:
        _print_files(repos[0])
    else:
        _print(repos)
    return 0


def _found(cache: Cache, model: str) -> CachedRepo:
    repo = cache.repo(model)
    if repo is None:
        raise CacheError(f"Nothing of {model} is in the cache.", hint="hubtui cache list says what is.")
    return repo


def _delete(cache: Cache, arguments: argparse.Namespace) -> int:
    """Print the plan; carry it out only when told to."""
    repo = _found(cache, arguments.model)
    plan = plan_deletion(repo, None if arguments.revision is None else _commits(repo, arguments.revision))
    if not arguments.yes:
        if arguments.json:
            print_json({"deleted": False, **asdict(plan)})
        else:
            print_line(plan.sentence)
        note("Nothing was deleted: --yes does it.")
        return 0
    done = cache.delete(plan)
    for sentence in done.left:
        note(sentence)
    if arguments.json:
        print_json({"deleted": True, **asdict(done.plan), "freed_bytes": done.freed_bytes})
    else:
        print_line(f"{size_text(done.freed_bytes)} are free again.")
    return 0


def _commits(repo: CachedRepo, revision: str) -> list[str]:
    """Return the commit that a branch, a tag or the beginning of a commit names.

    Raises:
        CacheError: it names none of this model, or several.
    """
    named = [entry.commit for entry in repo.revisions if revision in entry.refs]
    found = named or [entry.commit for entry in repo.revisions if entry.commit.startswith(revision)]
    if len(found) != 1:
        what = "several revisions" if found else "no revision"
        raise CacheError(
            f"{what.capitalize()} {revision} of {repo.model} in the cache.",
            hint=f"hubtui cache list {repo.model} says which there are.",
        )
    return found


def _print(repos: tuple[CachedRepo, ...]) -> None:
    now = datetime.now(UTC)
    print_table(
        [
            [repo.model, size_text(repo.size_bytes), age_text(repo.last_used, now), ", ".join(_names(repo))]
            for repo in repos
        ],
        right=frozenset({1, 2}),
    )
    note(f"{plural(len(repos), 'model')}, {size_text(sum(repo.size_bytes for repo in repos))}.")


def _names(repo: CachedRepo) -> list[str]:
    names = [ref for revision in repo.revisions for ref in revision.refs or (revision.commit[:9],)]
    return names or ["only beginnings of files"]


def _print_files(repo: CachedRepo) -> None:
    now = datetime.now(UTC)
    for revision in repo.revisions:
        names = f" ({', '.join(revision.refs)})" if revision.refs else ""
        age = age_text(revision.fetched, now)
        print_line(f"{revision.commit}{names} {size_text(revision.size_bytes)}, age {age}")
        print_table([[f"  {file.path}", size_text(file.size)] for file in revision.files], right=frozenset({1}))
    if repo.partials:
        print_line(f"{plural(len(repo.partials), 'beginning')} of files, {size_text(sum(repo.partials.values()))}")
