"""The Hub as the rest of hubtui asks it: facts, cards, files, history and search, online or from this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from huggingface_hub import constants

from hubtui.core import known_config, vocabulary
from hubtui.core.authors import Author
from hubtui.core.differences import Comparison, TextDiff
from hubtui.core.errors import (
    FileMissingError,
    GatedError,
    HubError,
    HubUnreachableError,
    ModelNotFoundError,
    OfflineError,
    UsageError,
)
from hubtui.core.fit import Verdict
from hubtui.core.lineage import Lineage
from hubtui.core.models import CachedModel, Commit, ListingPage, ModelFacts, ModelRow, Page, Quota, Ref
from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision
from hubtui.core.query import Query
from hubtui.core.settings import Settings
from hubtui.core.target import parse_target
from hubtui.core.tree import TreePage
from hubtui.hub import compare, entries, foreign, tree
from hubtui.hub import facts as facts_of
from hubtui.hub.answers import Subject
from hubtui.hub.authors import Authors
from hubtui.hub.http import HubHttp
from hubtui.hub.lineage import Families
from hubtui.hub.local_files import ModelCache
from hubtui.hub.local_hub import LocalHub, ReadCard, refuse_other_hub
from hubtui.hub.origin import host, is_same_origin, next_link
from hubtui.hub.ranges import count_parameters
from hubtui.hub.remembered import AnswerStore
from hubtui.hub.search import Here, Search

_CARD_CAP = 8 << 20  # more than is laid out, so that a longer card can say how much is left out
_CONFIG_CAP = 8 << 20
_HEADER_CAP = 16 << 20
_COMMITS_PER_PAGE = 50
_ASK_LATER = "Ask again when the Hub can be reached."
_LARGEST_PAGE = 1000


def _no_bookmarks() -> Sequence[str]:
    return ()


def _fit_unknown(_: ModelRow) -> Verdict:
    return "unknown"


class HubClient:
    """Implements `core.ports.Hub`; shared by threads.

    Args:
        settings: endpoint, cache, token file, and whether to stay offline.
        bookmarks: the bookmarked ids, for `is:bookmarked`.
        fit_of: whether a row fits this box, for `fits:`.
        read_card: reader of a card's front matter, for folders and the cache.
        answers: keeps what the Hub says of models, for when it cannot be asked.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        bookmarks: Callable[[], Sequence[str]] = _no_bookmarks,
        fit_of: Callable[[ModelRow], Verdict] = _fit_unknown,
        read_card: ReadCard | None = None,
        answers: AnswerStore | None = None,
    ) -> None:
        self._settings = settings
        self._http = HubHttp(settings)
        self._local = LocalHub(ModelCache(cache_folder(settings)), read_card, answers)
        self._answers = answers
        self._families, self._authors = Families(self._family), Authors(self._http)
        self._search = Search(self._http, self._local, Here(bookmarks, fit_of), offline=settings.offline)

    @property
    def endpoint(self) -> str:
        """The Hub's address."""
        return self._http.endpoint

    @property
    def is_offline(self) -> bool:
        """Whether hubtui was told to stay off the network."""
        return self._settings.offline

    @property
    def quota(self) -> Quota | None:
        """The API quota now, as the answers stated it; whole again once its window is over."""
        return self._http.quota

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        """Return one page of results; the first when `cursor` is None."""
        return self._search.page(query, cursor, page_size)

    def trending(self, limit: int = 12) -> tuple[ModelRow, ...]:
        """Return what is trending now; offline, what is in the cache, last used first."""
        return self.search(Query(), page_size=limit).rows[:limit]

    def cached(self) -> tuple[CachedModel, ...]:
        """Return the models in this machine's cache, last used first."""
        return self._local.models()

    def cached_ids(self) -> tuple[str, ...]:
        """Return the ids of the models in this machine's cache."""
        return self._local.cache.ids()

    def listing_page(self, cursor: str | None, *, sort: str) -> ListingPage:
        """Return a page of the listing of all models, as large as the Hub allows, with all that the catalogue keeps.

        Args:
            cursor: of the page, None for the first one.
            sort: the Hub's word.

        Raises:
            HubError: any of its kinds; the cursor may be of another Hub, or out of date.
        """
        return self._search.everything(cursor, sort, _LARGEST_PAGE)

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        """Return what is known about a model id, a Hub URL, or a checkpoint folder given by its path.

        When the Hub cannot be reached, or offline, the cache answers (`from_cache`).
        """
        target = parse_target(model, lambda path: Path(path).expanduser().is_dir(), bare_is_model=True)
        if target.kind == "folder":
            if revision:
                raise UsageError(
                    "A folder has no revisions.", hint="Give the id of a model, or leave the revision out."
                )
            return self._local.folder_facts(target.folder, target.folder)
        if target.endpoint:
            refuse_other_hub(target.endpoint, self.endpoint)
        asked = revision or target.revision or None
        if asked is not None and not is_revision(asked):
            raise UsageError(f"“{asked}” cannot be a revision.", hint="Give a branch, a tag, a commit or refs/pr/N.")
        if self.is_offline:
            return self._offline_facts(target.model, asked)
        try:
            return self._hub_facts(target.model, asked)
        except HubUnreachableError:
            cached = self._local.cached_facts(target.model, asked)
            if cached is None:
                raise
            return cached

    def card(self, facts: ModelFacts) -> str | None:
        """Return README.md as it is stored (untrusted), None when the revision has none.

        Raises:
            OfflineError: it has one that is not on this machine, or that is not known.
        """
        if all(file.path != "README.md" for file in facts.files):
            if facts.is_partial:
                raise OfflineError("Whether there is a model card is not known without the Hub.", hint=_ASK_LATER)
            return None
        try:
            return self.read_text(facts, "README.md", max_bytes=_CARD_CAP)
        except FileMissingError:
            if facts.from_cache:
                raise OfflineError("The model card is not on this machine.", hint=_ASK_LATER) from None
            return None

    def read_text(self, facts: ModelFacts, path: str, *, max_bytes: int = 1 << 20) -> str:
        """Return the beginning of one file as text (untrusted); undecodable bytes become U+FFFD.

        As `read_bytes`, from the start.
        """
        return self.read_bytes(facts, path, length=max_bytes).decode("utf-8", "replace")

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return up to `length` bytes of one file, at most 16 MiB a call, from `offset` on; fewer at its end.

        A file that this machine has whole is read here, without a request; others by a range, from the Hub or the host
        that it redirects to, which does not receive the token.
        """
        if not is_file_path(path) or offset < 0:
            raise UsageError(f"“{path}” cannot be a file of a model.")
        stated = next((file.size for file in facts.files if file.path == path), None)
        folder = self._local.folder_of(facts)
        if folder is not None and (facts.folder or facts.from_cache or _has_size(folder / path, stated)):
            return self._local.read(folder, path, offset, min(length, _HEADER_CAP))
        return self._file(facts, path, offset, length)

    def tree(self, facts: ModelFacts, *, cursor: str | None = None) -> TreePage:
        """Return files with their last commit and scan state, 50 a page; none for a folder, the cache, or offline."""
        if facts.folder or facts.from_cache or self.is_offline:
            return TreePage()
        return tree.page(self._http, facts, cursor)

    def compare(self, model: str, before: str, after: str) -> Comparison:
        """Return what changed between two revisions: files, values of config and tokenizer, commits between.

        What cannot be read is noted, and the rest compared; offline, with what the cache has.
        """
        return compare.compare(self, model, before, after)

    def file_diff(self, comparison: Comparison, path: str) -> TextDiff:
        """Return how the text of one file changed; computed in the caller's thread, bounded."""
        return compare.file_diff(self, comparison, path)

    def image(self, facts: ModelFacts, path: str) -> bytes:
        """Return an image file of the repo, whole."""
        if not is_file_path(path):
            raise UsageError(f"“{path}” cannot be a file of a model.")
        stated = next((file.size for file in facts.files if file.path == path), None)
        if stated is None:
            raise FileMissingError(f"{facts.id} has no file {path} at this revision.")
        if stated > foreign.MOST_BYTES:
            raise HubError(f"{path} is larger than {foreign.MOST_BYTES >> 20} MiB.")
        return self.read_bytes(facts, path, length=foreign.MOST_BYTES)

    def foreign_image(self, address: str) -> bytes:
        """Return an image of another host, asked without the token: only after the user has agreed to ask it."""
        if self.is_offline:
            raise OfflineError("hubtui is offline.", hint="Start it without --offline to ask other hosts.")
        return foreign.fetch(address)

    def lineage(self, facts: ModelFacts) -> Lineage | None:
        """Return a model's parents and the counts of what was made of it; None for a folder."""
        if facts.folder or not is_model_id(facts.id):
            return None
        return self._families.of(facts.id)

    def author(self, name: str) -> Author | None:
        """Return who owns a namespace, None when the Hub knows nobody of that name; asked once a session."""
        return self._authors.of(name) if is_model_id(name) else None

    def commits(self, model: str, revision: str | None = None, *, limit: int = 50) -> tuple[Commit, ...]:
        """Return the newest commits; none for a folder."""
        if not is_model_id(model):
            return ()
        name = revision or "main"
        subject = Subject(model, name)
        url: str | None = f"{self._api(model)}/commits/{quote(name, safe='')}"
        params: tuple[tuple[str, str], ...] = (("limit", str(min(limit, _COMMITS_PER_PAGE))),)
        found: list[Commit] = []
        while url is not None and len(found) < limit:
            document, answer = self._http.get_json(url, params, subject=subject)
            found += entries.commits(document)
            following = next_link(answer.url, answer.headers.get("link", ""))
            if not document or (following is not None and not is_same_origin(following, self.endpoint)):
                break
            url, params = (None if following == url else following), ()
        return tuple(found[:limit])

    def refs(self, model: str) -> tuple[Ref, ...]:
        """Return branches, tags and pull requests; none for a folder."""
        if not is_model_id(model):
            return ()
        document, _ = self._http.get_json(f"{self._api(model)}/refs", (("include_prs", "1"),), subject=Subject(model))
        return entries.refs(document)

    def _family(self, model: str) -> Any:  # noqa: ANN401 - unchecked JSON
        expand = (("expand", "baseModels"), ("expand", "childrenModelCount"))
        return self._http.get_json(self._api(model), expand, subject=Subject(model))[0]

    def _api(self, model: str) -> str:
        return f"{self.endpoint}/api/models/{model}"

    def _offline_facts(self, model: str, revision: str | None) -> ModelFacts:
        found = self._local.cached_facts(model, revision)
        if found is None:
            what = f"{model} at {revision}" if revision else model
            raise OfflineError(
                f"hubtui is offline, and {what} is not in the cache {self._local.cache.folder}.",
                hint="Start without --offline to ask the Hub.",
            )
        return found

    def _hub_facts(self, model: str, revision: str | None) -> ModelFacts:
        subject = Subject(model, revision or "")
        url = self._api(model) + (f"/revision/{quote(revision, safe='')}" if revision else "")
        try:
            entry, _ = self._http.get_json(url, (("blobs", "true"), ("securityStatus", "true")), subject=subject)
        except ModelNotFoundError as error:
            raise self._with_nearest(error, model) from error
        commit = entry.get("sha") if isinstance(entry, dict) else None
        if not isinstance(commit, str) or not is_commit(commit):
            raise HubError(f"{host(self.endpoint)} did not say which commit of {model} it means.")
        if self._answers is not None:
            self._answers.put(model, commit, entry)
        revision = revision or "main"
        found = facts_of.of_hub(entry, model=model, revision=revision, commit=commit, config=None)
        config, problem = self._config(found)
        if config is not None:
            found = facts_of.of_hub(entry, model=model, revision=revision, commit=commit, config=config)
        found = replace(found, config_problem=problem)
        if found.gated:
            found = replace(found, has_access=self._has_access(model))
        return self._with_parameters(found)

    def _has_access(self, model: str) -> bool | None:
        """Whether this account may fetch the files; None when the Hub does not say."""
        try:
            self._http.get(f"{self._api(model)}/auth-check", subject=Subject(model), max_bytes=0, cut=True)
        except GatedError:
            return False
        except HubError:
            return None
        return True

    def _config(self, facts: ModelFacts) -> tuple[Mapping[str, Any] | None, str]:
        """config.json, None when there is none; and why what is there could not be read."""
        if all(file.path != "config.json" for file in facts.files):
            return None, ""
        try:
            config = json.loads(self._file(facts, "config.json", 0, _CONFIG_CAP))
        except (FileMissingError, GatedError, ModelNotFoundError) as error:
            return None, known_config.unread(error)
        except (ValueError, RecursionError) as error:
            return None, known_config.invalid(error)
        return (config, "") if isinstance(config, dict) else (None, "config.json is not a JSON object.")

    def _with_parameters(self, facts: ModelFacts) -> ModelFacts:
        """Count the weights from the files' headers where the Hub did not."""
        if facts.parameters is not None or "safetensors" not in facts.formats:
            return facts
        try:
            counts = count_parameters(facts, lambda path, offset, length: self._file(facts, path, offset, length))
        except (FileMissingError, GatedError, ModelNotFoundError):
            return facts
        return replace(facts, parameters=sum(counts.values()) or None, parameters_by_dtype=counts)

    def _file(self, facts: ModelFacts, path: str, offset: int, length: int) -> bytes:
        """A span of a file of the commit, at most 16 MiB."""
        sizes = (file.size for file in facts.files if file.path == path and file.size is not None)
        # past the end of a file (an empty one has no beginning either) servers answer 416
        length = min(length, _HEADER_CAP, next(sizes, offset + length) - offset)
        if length <= 0:
            return b""
        answer = self._http.get(
            f"{self.endpoint}/{facts.id}/resolve/{facts.commit}/{quote(path)}",
            subject=Subject(facts.id, facts.revision, path),
            headers={"range": f"bytes={offset}-{offset + length - 1}"},
            max_bytes=length if offset == 0 else offset + length,
            is_file=True,
            cut=True,
        )
        is_whole = answer.status == 200  # the server ignored the range
        return answer.content[offset : offset + length] if is_whole else answer.content[:length]

    def _with_nearest(self, error: ModelNotFoundError, model: str) -> ModelNotFoundError:
        """Name the nearest ids, when a search for the name's first letters finds any."""
        name = model.rpartition("/")[2]
        found: list[str] = []
        for word in dict.fromkeys((name, re.split(r"[-_.]", name)[0], name[: max(4, len(name) // 2)])):
            try:
                document, _ = self._http.get_json(
                    f"{self.endpoint}/api/models", (("search", word), ("sort", "downloads"), ("limit", "50"))
                )
            except HubError:
                return error
            found += [
                row.id for entry in (document if isinstance(document, list) else ()) if (row := entries.row(entry))
            ]
            if found:
                break
        near = vocabulary.nearest(model, found, cutoff=0.6) or vocabulary.nearest(
            name, [identifier.rpartition("/")[2] for identifier in found], cutoff=0.6
        )
        match = next((identifier for identifier in found if near and identifier.endswith(near)), "")
        return ModelNotFoundError(error.message, hint=f"Did you mean {match}? {error.hint}") if match else error


def cache_folder(settings: Settings) -> str:
    """Return the cache folder of the settings, else huggingface_hub's own."""
    return settings.cache_dir or str(constants.HF_HUB_CACHE)


def _has_size(place: Path, size: int | None) -> bool:
    try:
        return size is not None and place.stat().st_size == size
    except OSError:
        return False
