"""The facts of one model as `hubtui show` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hubtui.cli.card_facts import CardFacts, datasets_of
from hubtui.core.architectures import task_and_auto_class
from hubtui.core.fit.parameters import count_parameters
from hubtui.core.known_config import stated_config
from hubtui.core.lineage import relation_words
from hubtui.core.numbers import age_text, count_text, plural, size_text

if TYPE_CHECKING:
    from hubtui.core.models import ModelFacts
    from hubtui.core.verdict import Judgement

_MOST_NAMED = 8


def fact_rows(facts: ModelFacts, card: CardFacts | None, judgement: Judgement, now: datetime) -> Mapping[str, str]:
    """Return label → words, empty for what there is not; ages are counted to `now`.

    There is no card (None) where nothing but a listing is known.
    """
    is_of_hub = not facts.folder and not facts.is_partial
    return {
        "model": facts.id,
        "revision": f"{facts.revision} {facts.commit[:12]}".strip(),
        "task": facts.pipeline_tag,
        "library": facts.library,
        "licence": _license(facts, card),
        "gated": facts.gated.value if facts.gated else "",
        "private": "yes" if facts.private else "",
        "parameters": _parameters(facts),
        "size": f"{size_text(facts.size_bytes)} in {plural(len(facts.files), 'file')}" if facts.files else "",
        "architecture": ", ".join(facts.architectures),
        "model type": facts.model_type,
        "Auto class": auto_class(facts),
        "max length": f"{facts.max_length:,} tokens" if facts.max_length else "",
        "config": facts.config_problem.partition(". ")[0],
        "languages": _listed(facts.languages),
        "datasets": _listed(datasets_of(card, facts)) if card else "",
        "base model": _base_model(facts, card),
        "downloads": f"{count_text(facts.downloads)} a month" if is_of_hub else "",
        "likes": count_text(facts.likes) if is_of_hub else "",
        "updated": age_text(facts.updated, now) + " ago" if facts.updated else "",
        "formats": ", ".join(facts.formats),
        "verdict": judgement.line if card is not None or judgement.level != "good" else "",
        "safety": _safety(facts),
        "card": card.line if card else "",
    }


def more_facts(facts: ModelFacts, card: CardFacts | None) -> dict[str, Any]:
    """Return what `show --json` tells beside the keys that it always had."""
    return {
        "size_bytes": facts.size_bytes,
        "auto_class": auto_class(facts) or None,
        "license_name": (card and card.matter.license_name) or None,
        "license_link": (card and card.matter.license_link) or None,
        "config_problem": facts.config_problem or None,
    }


def auto_class(facts: ModelFacts) -> str:
    """Return the Auto class of transformers that loads a model, empty where its architecture does not tell."""
    return task_and_auto_class(facts.architectures[0], facts.config)[1] if facts.architectures else ""


def _parameters(facts: ModelFacts) -> str:
    """Return their number with the dtypes; of a repo without weights what its config.json describes."""
    if facts.parameters is None and not facts.formats and (counted := count_parameters(stated_config(facts))):
        return f"{count_text(counted)} (from config.json)"
    dtypes = ", ".join(f"{count_text(count)} {dtype}" for dtype, count in facts.parameters_by_dtype.items())
    return f"{count_text(facts.parameters)} ({dtypes})" if dtypes else count_text(facts.parameters)


def _license(facts: ModelFacts, card: CardFacts | None) -> str:
    """Return the licence; of one without an id of its own its name, and where its terms are."""
    if not facts.license:
        return (card and card.license_words) or "none named"
    more = [card.matter.license_name, card.matter.license_link] if card and facts.license == "other" else []
    return ", ".join([facts.license, *facts.more_licenses, *filter(None, more)])


def _base_model(facts: ModelFacts, card: CardFacts | None) -> str:
    how = relation_words(card.matter.base_relation) if card else ""
    return _listed(facts.base_models) + (f" ({how})" if how and facts.base_models else "")


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _safety(facts: ModelFacts) -> str:
    words = [facts.safety.status] if facts.listed is None else []
    if facts.safety.custom_code:
        words.append("asks for code of its own, which hubtui does not run")
    if facts.safety.pickle_only:
        words.append("weights only as pickle, which hubtui does not load")
    return "; ".join(words + [f"{issue.path}: {issue.level}" for issue in facts.safety.issues])
