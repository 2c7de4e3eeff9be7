"""The YAML block at the top of a card: split off, read leniently, checked field by field. Nothing here raises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from hubtui.cards.model import FrontMatter
from hubtui.cards.widgets import read_carbon, read_results, read_widget
from hubtui.cards.yamlread import FieldReader, kind_of, safe_load
from hubtui.core.gate import gate_of
from hubtui.core.untrusted import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FRONT_MATTER = 100_000
"""Characters of front matter that are read; real cards have a few thousand."""

_OPENING = re.compile(r"\ufeff?\s*?---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_LOOKS_LIKE_YAML = re.compile(r"(?:#.*\s+)*[A-Za-z_][\w-]*\s*:")


def split_card(readme: str) -> tuple[FrontMatter, str]:
    """Split a README into its front matter, read, and its body.

    A byte-order mark, any line ends and blank lines before the first ``---`` are taken; without a closing ``---`` there
    is no front matter and everything is body.
    """
    readme = readme.removeprefix("\ufeff")
    opening = _OPENING.match(readme)
    if opening is None:
        return FrontMatter(), readme
    text = readme[opening.end() :]
    # line ends first: ^ does not match after a lone \r
    closing = _CLOSING.search(text.replace("\r\n", " \n").replace("\r", "\n"))
    if closing is None:
        if _LOOKS_LIKE_YAML.match(text[:1_000]):
            problem = "The front matter begins with --- but never ends with ---; it is shown as text."
            return FrontMatter(problems=(problem,)), readme
        return FrontMatter(), readme
    return read_front_matter(text[: closing.start()]), text[closing.end() :]


def read_front_matter(text: str) -> FrontMatter:
    """Read the YAML between the ``---`` lines; every field that has a wrong type becomes a problem."""
    if not text.strip():
        return FrontMatter(present=True)
    if len(text) > MAX_FRONT_MATTER:
        problem = f"The front matter has {len(text):,} characters and was not read: the limit is {MAX_FRONT_MATTER:,}."
        return FrontMatter(present=True, problems=(problem,))
    problems: list[str] = []
    try:
        data = safe_load(text, problems)
    except yaml.YAMLError as error:
        return FrontMatter(present=True, problems=(*problems, _sentence(error)))
    if data is None:
        return FrontMatter(present=True, problems=tuple(problems))
    if not isinstance(data, dict):
        problems.append(f"The front matter should be keys with values, but it is {kind_of(data)}.")
        return FrontMatter(present=True, problems=tuple(problems))
    return _read(data, problems)


def _read(data: Mapping[Any, Any], problems: list[str]) -> FrontMatter:
    fields = FieldReader(data, problems)
    inference = data.get("inference")
    return FrontMatter(
        present=True,
        license=fields.strings("license"),
        license_name=fields.string("license_name"),
        license_link=fields.string("license_link"),
        languages=fields.strings("language", "languages"),
        datasets=fields.strings("datasets", "dataset"),
        metrics=fields.strings("metrics"),
        base_models=fields.strings("base_model", "base_models"),
        base_relation=fields.string("base_model_relation"),
        tags=fields.strings("tags"),
        library_name=fields.string("library_name"),
        pipeline_tag=fields.string("pipeline_tag"),
        widget=read_widget(fields),
        inference_off=inference is False or (isinstance(inference, str) and inference.strip().lower() == "false"),
        results=read_results(fields),
        carbon=read_carbon(fields),
        gated=gate_of(data),
        problems=tuple(problems),
    )


def _sentence(error: yaml.YAMLError) -> str:
    """Say in one sentence what is wrong with the YAML and where."""
    what, mark = str(error).split("\n", 1)[0], None
    if isinstance(error, yaml.MarkedYAMLError):
        what = error.problem or error.context or "it cannot be read"
        mark = error.problem_mark or error.context_mark
    where = f" (line {mark.line + 2} of the card)" if mark is not None else ""
    return f"The front matter is not valid YAML: {clean(what)[:200]}{where}."
