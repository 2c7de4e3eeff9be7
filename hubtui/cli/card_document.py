"""The JSON document of `hubtui card`: what the card says, for whoever parses it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hubtui.cards.frontmatter import split_card
from hubtui.cards.model import FrontMatter
from hubtui.cards.render import render
from hubtui.cards.sections import find_sections
from hubtui.cards.unsaid import unsaid
from hubtui.core.license_terms import terms_of
from hubtui.core.lineage import Lineage, lineage_document
from hubtui.core.models import ModelFacts
from hubtui.core.vocabulary import license_class, licenses

_WIDTH = 100


def card_document(facts: ModelFacts, text: str, lineage: Lineage | None, license_id: str) -> dict[str, Any]:
    """Return `card --json`: front matter, what is missing, headings, links, images and the body as plain text.

    Args:
        facts: of the model.
        text: README.md.
        lineage: the model's family, None when it is not known.
        license_id: what the Hub has for a licence.
    """
    matter, body = split_card(text)
    sections, card = find_sections(body), render(body, _WIDTH)
    return {
        "id": facts.id,
        "revision": facts.revision,
        "commit": facts.commit or None,
        "front_matter": _front_matter(matter),
        "lineage": None if lineage is None else lineage_document(lineage),
        "has_limitations": sections.has_limitations,
        "has_bias": sections.has_bias,
        "has_training_data": sections.has_training_data,
        "has_evaluation": sections.has_evaluation,
        "not_stated": list(unsaid(sections, matter, license_id)),
        "license_section": sections.license_section or None,
        "headings": [{"level": head.level, "text": head.text, "anchor": head.anchor} for head in card.headings],
        "links": [{"text": link.text, "url": link.url, "kind": link.kind} for link in card.links],
        "images": [{"alt": image.alt, "src": image.src} for image in card.images],
        "text": "\n".join("".join(span.text for span in line) for line in card.lines),
    }


def _front_matter(matter: FrontMatter) -> dict[str, Any] | None:
    if not matter.present:
        return None
    return {
        "license": [_license(name, matter) for name in matter.license],
        "languages": list(matter.languages),
        "datasets": list(matter.datasets),
        "metrics": list(matter.metrics),
        "base_models": list(matter.base_models),
        "base_model_relation": matter.base_relation or None,
        "tags": list(matter.tags),
        "library": matter.library_name or None,
        "task": matter.pipeline_tag or None,
        "results": [asdict(result) for result in matter.results],
        "co2_eq_emissions": None if matter.carbon is None else asdict(matter.carbon),
        "problems": list(matter.problems),
    }


def _license(name: str, matter: FrontMatter) -> dict[str, Any]:
    return {
        "id": name,
        "name": matter.license_name or licenses().get(name.lower(), name),
        "class": license_class(name),
        "terms": matter.license_link or terms_of(name) or None,
    }
