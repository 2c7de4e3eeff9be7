"""YAML from strangers: read as JSON-like data without surprises, and its fields with the types they should have.

Checked on the parser's events before anything is built: aliases that multiply, nesting that would exhaust the stack,
tags that ask for other types, keys given twice. Scalars are read as YAML 1.2 does (``no`` is Norwegian, not false).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from hubtui.core.untrusted import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_NODES = 20_000  # values after aliases are expanded
_MAX_DEPTH = 40
_MAX_PROBLEMS = 20
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the C loader when PyYAML has it
    """A safe loader that knows no dates, octal numbers, merge keys, nor ``yes`` and ``no``."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - filled by add_implicit_resolver


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?", list("-+.0123456789")),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", list("-+.")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


def safe_load(text: str, problems: list[str]) -> Any:  # noqa: ANN401 - YAML is any JSON-like value
    """Return the data of one YAML document; keys given twice are added to `problems`, the last one counts.

    Raises:
        yaml.YAMLError: it is no YAML, or more than a card may ask for.
    """
    try:
        _EventCheck(problems).check(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader
    except (ValueError, TypeError, ArithmeticError) as error:  # scalars and keys that cannot be built, lone surrogates
        raise yaml.YAMLError(str(error)) from error


class _EventCheck:
    """Walks the parser's events, which cost no stack and share nothing, and refuses what building would multiply."""

    def __init__(self, problems: list[str]) -> None:
        self._problems = problems
        self._sizes: dict[str, int] = {}  # values under each anchor
        self._open: list[tuple[str | None, int]] = []  # anchor of each open collection, values before it
        self._keys: list[set[str] | None] = []  # keys of each open mapping, None for a sequence
        self._expects_key: list[bool] = []
        self._count = 0

    def check(self, text: str) -> None:
        for event in yaml.parse(text, Loader=_Base):
            if isinstance(event, yaml.NodeEvent):
                self._enter(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._leave()
            if self._count > _MAX_NODES:
                raise yaml.YAMLError(f"it holds more than {_MAX_NODES:,} values")

    def _enter(self, event: yaml.NodeEvent) -> None:
        self._count += 1
        self._note_key(event)
        if isinstance(event, yaml.AliasEvent):
            # an alias within its own anchor has no size yet, and would never end
            if event.anchor not in self._sizes:
                raise yaml.YAMLError("an alias refers to itself or to nothing")
            self._count += self._sizes[event.anchor]
            return
        if event.tag is not None and event.tag != "!":  # type: ignore[attr-defined]  # scalars and collections have one
            raise yaml.YAMLError("it uses YAML tags (!...), which cards may not")
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                self._sizes[event.anchor] = 1
            return
        if len(self._open) >= _MAX_DEPTH:
            raise yaml.YAMLError(f"it is nested more than {_MAX_DEPTH} deep")
        self._open.append((event.anchor, self._count))
        self._keys.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
        self._expects_key.append(True)

    def _note_key(self, event: yaml.NodeEvent) -> None:
        """Tell keys from values: in a mapping they take turns."""
        if not self._keys or (keys := self._keys[-1]) is None:
            return
        is_key = self._expects_key[-1]
        self._expects_key[-1] = not is_key
        if is_key and isinstance(event, yaml.ScalarEvent):
            if event.value in keys and len(self._problems) < _MAX_PROBLEMS:
                self._problems.append(f"The key {quoted(event.value)} is given twice; the last one counts.")
            keys.add(event.value)

    def _leave(self) -> None:
        anchor, before = self._open.pop()
        self._keys.pop()
        self._expects_key.pop()
        if anchor:
            self._sizes[anchor] = self._count - before + 1


def quoted(value: object) -> str:
    """Return a value as a problem may name it: safe, short, in quotes."""
    text = clean(str(value))
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"


def scalar_text(value: object, *, multiline: bool = False) -> str | None:
    """Return a scalar as safe text, None if it is none: a number is what it says, a yes or no is not text."""
    if isinstance(value, str):
        return clean(value, multiline=multiline).strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return clean(str(value))
    return None


class FieldReader:
    """Reads fields of a mapping as the types they should have, and says which have others."""

    def __init__(self, data: Mapping[Any, Any], problems: list[str]) -> None:
        self.data = data
        self._problems = problems

    def problem(self, sentence: str) -> None:
        """Add a problem; past twenty nobody reads them."""
        if len(self._problems) < _MAX_PROBLEMS:
            self._problems.append(sentence)

    def string(self, name: str) -> str:
        """Return a text field, empty if it is missing."""
        value = self.data.get(name)
        if value is None:
            return ""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        text = scalar_text(value)
        if text is None:
            self.problem(f"“{name}” should be text, but it is {kind_of(value)}.")
            return ""
        return text

    def strings(self, name: str, *others: str) -> tuple[str, ...]:
        """Return a list of texts, each once; one text is a list of one. `others` are misspellings that are taken."""
        name = next((key for key in (name, *others) if self.data.get(key) is not None), name)
        value = self.data.get(name)
        if value is None:
            return ()
        texts: dict[str, None] = {}
        for item in value if isinstance(value, list) else [value]:
            text = scalar_text(item)
            if text is None:
                where = "holds" if isinstance(value, list) else "is"
                self.problem(f"“{name}” should be text or a list of texts, but it {where} {kind_of(item)}.")
            elif text:
                texts[text] = None
        return tuple(texts)


def kind_of(value: object) -> str:
    """Name the type of a value for a sentence."""
    if value is None:
        return "nothing"
    names: dict[type, str] = {bool: "a yes or no", int: "a number", float: "a number", str: "text", list: "a list"}
    return names.get(type(value), "keys with values")
