"""What is known of a model: from the Hub or the cache, and where neither can answer from the catalogue's listing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hubtui.core.errors import CatalogueError, HubtuiError, HubUnreachableError, OfflineError
from hubtui.core.known_config import NOT_LISTED
from hubtui.core.models import ModelFacts, ModelRow, Safety
from hubtui.core.names import is_model_id
from hubtui.core.ports import Catalogue, Hub


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Facts, and where they are no more than a listing said, that and why.

    Attributes:
        row: what the catalogue holds of the model; None when the Hub or the cache answered.
        why: what kept them from answering.
    """

    facts: ModelFacts
    row: ModelRow | None = None
    why: HubtuiError | None = None


def known_facts(
    hub: Callable[[], Hub], catalogue: Callable[[], Catalogue], model: str, revision: str | None = None
) -> KnownFacts:
    """Return the facts of a model id, a Hub URL or a folder; blocks.

    Args:
        hub: whose `facts` are wanted.
        catalogue: asked when the network is not there and the cache has nothing of the model.
        model: as `Hub.facts` takes it.
        revision: likewise; the catalogue only knows of `main`.

    Raises:
        HubError: any of its kinds, and nothing is known.
    """
    try:
        return KnownFacts(hub().facts(model, revision))
    except (OfflineError, HubUnreachableError) as error:
        if revision in {None, "", "main"} and is_model_id(model):
            with contextlib.suppress(CatalogueError):
                if (found := catalogue().row(model)) is not None:
                    row, as_of = found
                    return KnownFacts(facts_of_row(row, as_of), row, error)
        raise


def facts_of_row(row: ModelRow, as_of: datetime) -> ModelFacts:
    """Return what a listing says as facts: without files, config and commit, which no listing tells."""
    return ModelFacts(
        id=row.id,
        pipeline_tag=row.pipeline_tag,
        library=row.library,
        license=row.license,
        languages=row.languages,
        gated=row.gated,
        private=row.private,
        downloads=row.downloads,
        likes=row.likes,
        created=row.created,
        updated=row.updated,
        tags=row.tags,
        base_models=row.base_models,
        parameters=row.parameters,
        parameters_by_dtype=row.parameters_by_dtype,
        formats=row.formats,
        safety=Safety(custom_code="custom_code" in row.tags, pickle_only=row.formats == ("pickle",)),
        listed=as_of,
        config_problem=NOT_LISTED,
    )
