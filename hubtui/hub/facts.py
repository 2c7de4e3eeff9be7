"""Puts together what is known about one model: from the Hub's answer, or from files on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from hubtui.core import cardfacts, checkpoint, known_config, listed
from hubtui.core.checkpoint import Checkpoint
from hubtui.core.gate import gate_of
from hubtui.core.models import ModelFacts, ModelRow, Safety
from hubtui.core.names import is_model_id
from hubtui.core.untrusted import clean
from hubtui.hub import entries
from hubtui.hub.local_files import FolderFiles

_CARD_CAP = 1 << 20
_DEEPEST = 20


class CardData(Protocol):
    """What the front matter of a card states, as the `cards` room reads it."""

    @property
    def license(self) -> tuple[str, ...]:
        """Licence ids."""

    @property
    def license_name(self) -> str:
        """What a licence without an id is called."""

    @property
    def license_link(self) -> str:
        """Where its terms are."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes."""

    @property
    def datasets(self) -> tuple[str, ...]:
        """Ids of datasets."""

    @property
    def base_models(self) -> tuple[str, ...]:
        """Ids of the models it was made from."""

    @property
    def tags(self) -> tuple[str, ...]:
        """The author's own tags."""

    @property
    def library_name(self) -> str:
        """Library id."""

    @property
    def pipeline_tag(self) -> str:
        """Task id."""


def of_hub(
    entry: Mapping[str, Any], *, model: str, revision: str, commit: str, config: Mapping[str, Any] | None
) -> ModelFacts:
    """Return the facts of an info answer (`blobs=true&securityStatus=true`) and of config.json.

    Args:
        entry: the info answer.
        model: the id that was asked for.
        revision: the revision that was asked for.
        commit: what it resolved to, checked.
        config: config.json, None when it is missing or may not be read; then the answer's own excerpt counts.
    """
    excerpt = entry.get("config")
    known = config if config is not None else excerpt if isinstance(excerpt, dict) else {}
    files, refused = entries.files(entry)
    formats = checkpoint.weight_formats(file.path for file in files)
    tags = listed.tags(entry.get("tags"))
    by_dtype, total = listed.parameters(entry.get("safetensors"), entry.get("gguf"))
    header = entry.get("gguf")
    of_gguf = header if isinstance(header, dict) and not known else {}
    named = entry.get("id")
    stated = entry.get("cardData")
    card = stated if isinstance(stated, dict) else {}
    licenses = cardfacts.licenses(card)
    return ModelFacts(
        id=named if isinstance(named, str) and is_model_id(named) else model,
        revision=revision,
        commit=commit,
        pipeline_tag=listed.text(entry.get("pipeline_tag")),
        library=listed.text(entry.get("library_name")),
        license=listed.text(licenses[0]) if licenses else listed.license_of(tags),
        more_licenses=tuple(map(listed.text, licenses[1:])),
        languages=entries.card_languages(entry),
        gated=listed.gated(entry.get("gated")),
        private=entry.get("private") is True,
        disabled=entry.get("disabled") is True,
        downloads=listed.count(entry.get("downloads")) or 0,
        likes=listed.count(entry.get("likes")) or 0,
        created=listed.date(entry.get("createdAt")),
        updated=listed.date(entry.get("lastModified")),
        tags=tags,
        base_models=listed.base_models_of(tags),
        parameters=total,
        parameters_by_dtype=by_dtype,
        architectures=_architectures(known),
        model_type=listed.text(known.get("model_type") or of_gguf.get("architecture")),
        max_length=checkpoint.max_length(known) or listed.count(of_gguf.get("context_length")) or None,
        config=cleaned(known),
        files=files,
        formats=formats,
        safety=entries.safety(
            entry,
            refused,
            custom_code=isinstance(known.get("auto_map"), dict) or "custom_code" in tags,
            pickle_only=formats == ("pickle",),
        ),
        license_name=listed.text(card.get("license_name")),
        license_link=listed.text(card.get("license_link")),
        gate=gate_of(card),
    )


def of_folder(
    files: FolderFiles,
    *,
    model: str,
    revision: str = "",
    commit: str = "",
    card: CardData | None = None,
    from_cache: bool = False,
) -> ModelFacts:
    """Return the facts of a checkpoint folder, or of a snapshot in the cache (`from_cache`)."""
    found = checkpoint.examine(files)
    stated = _mapping(card)
    task, library = cardfacts.pipeline_tag(stated, found), cardfacts.library(stated, found)
    licenses = cardfacts.licenses(stated)
    return ModelFacts(
        id=model,
        revision=revision,
        commit=commit,
        pipeline_tag=listed.text(task),
        library=listed.text(library),
        license=listed.text(licenses[0]) if licenses else "",
        more_licenses=tuple(map(listed.text, licenses[1:])),
        languages=tuple(map(listed.text, cardfacts.languages(stated))),
        tags=tuple(map(listed.text, cardfacts.tags(stated, found, task=task, library_name=library))),
        base_models=tuple(map(listed.text, cardfacts.base_models(stated, found))),
        parameters=found.total_parameters,
        parameters_by_dtype={listed.text(name): number for name, number in found.parameters.items()},
        architectures=_architectures(found.config),
        model_type=listed.text(found.model_type),
        max_length=found.max_length,
        config=cleaned(found.config),
        config_problem=config_problem(found, is_listed="config.json" in files.sizes() or from_cache),
        files=files.entries(),
        formats=found.formats,
        safety=_local_safety(found),
        folder="" if from_cache else str(files.folder),
        from_cache=from_cache,
        license_name=listed.text(card.license_name) if card else "",
        license_link=listed.text(card.license_link) if card else "",
    )


def row_of(facts: ModelFacts) -> ModelRow:
    """Return the row that a listing would show for a model on this machine."""
    return ModelRow(
        id=facts.id,
        pipeline_tag=facts.pipeline_tag,
        library=facts.library,
        license=facts.license,
        languages=facts.languages,
        parameters=facts.parameters,
        parameters_by_dtype=facts.parameters_by_dtype,
        formats=facts.formats,
        tags=facts.tags,
        base_models=facts.base_models,
        is_cached=facts.from_cache,
        has_card=any(file.path == "README.md" for file in facts.files),
    )


def card_text(folder: Path) -> str | None:
    """Return README.md of a folder as it is stored, undecodable bytes replaced; None when there is none."""
    try:
        with (folder / "README.md").open("rb") as file:
            return file.read(_CARD_CAP).decode("utf-8", "replace")
    except OSError:
        return None


def cleaned(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object with every string in it fit for a terminal."""
    found = _clean_value(dict(config), 0)
    return found if isinstance(found, dict) else {}


def _clean_value(value: object, depth: int) -> object:
    if isinstance(value, str):
        return clean(value, multiline=True)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {clean(str(key)): _clean_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_value(item, depth + 1) for item in value]
    return value


def _architectures(config: Mapping[str, Any]) -> tuple[str, ...]:
    names = config.get("architectures")
    return tuple(listed.text(name) for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _mapping(card: CardData | None) -> dict[str, Any]:
    """The front matter in the form that `core.cardfacts` reads."""
    if card is None:
        return {}
    return {
        "license": list(card.license),
        "language": list(card.languages),
        "datasets": list(card.datasets),
        "base_model": list(card.base_models),
        "tags": list(card.tags),
        "library_name": card.library_name,
        "pipeline_tag": card.pipeline_tag,
    }


def config_problem(found: Checkpoint, *, is_listed: bool) -> str:
    """Return why config.json is not known from the files on this machine, empty where it is.

    Args:
        found: what the files say.
        is_listed: the revision has one, or may have one.
    """
    broken = next((clean(problem) for problem in found.problems if problem.startswith("config.json ")), "")
    return broken or (known_config.NOT_HERE if is_listed and not found.config else "")


def _local_safety(found: Checkpoint) -> Safety:
    return Safety("unscanned", (), found.custom_code, found.pickle_only)
