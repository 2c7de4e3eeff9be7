"""What this machine knows without the network: its cache and checkpoint folders, in the words of the Hub."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hubtui.core import checkpoint
from hubtui.core.errors import CheckpointError, FileMissingError, UsageError
from hubtui.core.models import CachedModel, ModelFacts, ModelRow
from hubtui.hub import facts as facts_of
from hubtui.hub.facts import CardData
from hubtui.hub.local_files import FolderFiles, ModelCache, fetched
from hubtui.hub.remembered import AnswerStore

ReadCard = Callable[[str], CardData]
"""Reads the front matter of a card's text; never raises."""


class LocalHub:
    """Answers from files; shared by threads.

    Args:
        cache: the Hugging Face cache.
        read_card: front matter reader; without one the cards of files say nothing.
        answers: what the Hub said of the models in the cache.
    """

    def __init__(
        self, cache: ModelCache, read_card: ReadCard | None = None, answers: AnswerStore | None = None
    ) -> None:
        self.cache = cache
        self._answers = answers
        self._read_card = read_card
        self._rows: dict[tuple[str, str], ModelRow] = {}

    def folder_facts(self, folder: str, name: str) -> ModelFacts:
        """Return the facts of a checkpoint folder.

        Raises:
            CheckpointError: it is no folder, or holds no checkpoint.
        """
        path = Path(folder).expanduser()
        if not path.is_dir():
            raise CheckpointError(f"There is no folder {folder}.")
        files = FolderFiles(path.absolute())
        found = facts_of.of_folder(files, model=name, card=self._card(path))
        if not found.formats and not any(file.format in {"tokenizer", "config"} for file in found.files):
            raise CheckpointError(
                f"{folder} holds no checkpoint.", hint="A checkpoint folder has a config.json, weights or a tokenizer."
            )
        return found

    def cached_facts(self, model: str, revision: str | None = None) -> ModelFacts | None:
        """Return the facts of a cached snapshot, None when there is none of this model and revision.

        They are those of the Hub's last answer about that commit where it was kept; else those of the files that are
        here, which need not be all (`is_partial`).
        """
        snapshot = self.cache.snapshot(model, revision)
        if snapshot is None:
            return None
        commit, folder = snapshot
        answer = self._answers.get(model, commit) if self._answers is not None else None
        if answer is not None:
            entry, when = answer
            here = checkpoint.examine(FolderFiles(folder))
            known = facts_of.of_hub(
                entry, model=model, revision=revision or "main", commit=commit, config=here.config or None
            )
            is_listed = any(file.path == "config.json" for file in known.files)
            problem = facts_of.config_problem(here, is_listed=is_listed)
            return replace(known, from_cache=True, fetched=when, config_problem=problem)
        found = facts_of.of_folder(
            FolderFiles(folder),
            model=model,
            revision=revision or "main",
            commit=commit,
            card=self._card(folder),
            from_cache=True,
        )
        return replace(found, fetched=fetched(folder), is_partial=True)

    def newest(self) -> datetime | None:
        """Return when the last snapshot came to this machine, None while there is none."""
        snapshots = (self.cache.snapshot(model) for model in self.cache.ids())
        times = (fetched(snapshot[1]) for snapshot in snapshots if snapshot is not None)
        return max((when for when in times if when is not None), default=None)

    def folder_of(self, facts: ModelFacts) -> Path | None:
        """Return where the files of these facts lie on this machine, None when there are none."""
        if facts.folder:
            return Path(facts.folder)
        snapshot = self.cache.snapshot(facts.id, facts.commit) if facts.commit else None
        return snapshot[1] if snapshot else None

    def read(self, folder: Path, path: str, offset: int, length: int) -> bytes:
        """Return up to `length` bytes of a file from `offset` on.

        Raises:
            FileMissingError: it is not there or cannot be read.
        """
        try:
            with (folder / path).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except OSError as error:
            raise FileMissingError(f"{path} is not in {folder}, or cannot be read.") from error

    def row(self, model: str) -> ModelRow | None:
        """Return a cached model as a row; read once for each snapshot."""
        snapshot = self.cache.snapshot(model)
        if snapshot is None:
            return None
        key = (model, snapshot[0])
        if key not in self._rows:
            facts = self.cached_facts(model)
            if facts is None:
                return None
            self._rows[key] = facts_of.row_of(facts)
        return self._rows[key]

    def models(self) -> tuple[CachedModel, ...]:
        """Return the cached models, last used first."""
        return self.cache.models()

    def rows(self) -> tuple[ModelRow, ...]:
        """Return every cached model as a row, last used first."""
        return tuple(row for entry in self.models() if (row := self.row(entry.id)) is not None)

    def _card(self, folder: Path) -> CardData | None:
        text = facts_of.card_text(folder)
        return None if text is None or self._read_card is None else self._read_card(text)


def refuse_other_hub(asked: str, own: str) -> None:
    """Refuse a URL of another Hub than the configured one.

    Addresses of huggingface.co are taken by every Hub: people copy them from everywhere, mirrors serve the same ids.

    Raises:
        UsageError: naming the option that changes the Hub.
    """
    public = {"https://huggingface.co", "https://www.huggingface.co", "https://hf.co"}
    if asked != own and asked not in public:
        raise UsageError(f"This URL is of {asked}, but hubtui is asking {own}.", hint=f"Add --endpoint {asked}.")
