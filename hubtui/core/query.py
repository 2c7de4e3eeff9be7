"""The query language: one text is the whole state of a search.

Words are matched in the model id; `key:value` narrows, `key:a,b` is either, a leading minus excludes, quotes hold a
value together. `parse` reads a text, `to_text` writes the one canonical text, and the filter panel edits with the
helpers here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NoReturn

from hubtui.core import query_keys, vocabulary
from hubtui.core.errors import QueryError
from hubtui.core.query_keys import KEYS, ValueProblem

DEFAULT_SORT = "trending"


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be found in the model id."""

    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A `key:value`; of several values any one suffices."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search, as `parse` reads it: its parts in the order in which they stand in the text."""

    parts: tuple[Word | Term, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """The words, in order."""
        return tuple(part for part in self.parts if isinstance(part, Word))

    @property
    def terms(self) -> tuple[Term, ...]:
        """The `key:value` terms, in order."""
        return tuple(part for part in self.parts if isinstance(part, Term))

    @property
    def sort(self) -> str:
        """The order of the results: a key of `vocabulary.SORTS`."""
        return next((term.values[0] for term in self.terms if term.key == "sort"), DEFAULT_SORT)


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_KEY = re.compile(r"[^\s:]*:")
_BARE_WORD = re.compile(r"\S+")
_BARE_VALUE = re.compile(r"[^\s,]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOST_WORDS_OF_A_NAME = 6


def parse(text: str) -> Query:
    """Read a search.

    Raises:
        QueryError: an unknown key, or a value that the key does not take; with the position and the nearest valid word.
    """
    reader = _Reader(text)
    parts: list[Word | Term] = []
    while (part := reader.next_part()) is not None:
        is_second = isinstance(part, Term) and any(_is_term(old, part.key, None) for old in parts)
        if isinstance(part, Term) and is_second and KEYS[part.key].stands_once:
            raise QueryError(f"{part.key}: stands twice.", position=reader.part_start, hint="Keep one of them.")
        if part not in parts:
            parts.append(part)
    return Query(tuple(parts))


def to_text(query: Query) -> str:
    """Return the canonical text of a search; `parse` of it gives the same search."""
    return " ".join(
        ("-" if part.negated else "") + (_word_text(part) if isinstance(part, Word) else _term_text(part))
        for part in query.parts
    )


def with_words(query: Query, text: str) -> Query:
    """Return the query with its words replaced by those of `text`, which is split at blanks and holds no terms."""
    words = tuple(Word(word) for word in dict.fromkeys(text.split()))
    return Query(words + query.terms)


def with_term(query: Query, key: str, values: Iterable[str], negated: bool = False) -> Query:
    """Return the query with one term of `key` (and sign) holding exactly `values`, in the place of the old one.

    Raises:
        QueryError: an unknown key or value.
    """
    spec = _spec(key, 0)
    normal = tuple(dict.fromkeys(_normalize(spec, value, 0) for value in values))
    if not normal:
        return Query(tuple(part for part in query.parts if not _is_term(part, key, negated)))
    if negated and not spec.is_negatable:
        _refuse_minus(spec, 0)
    if spec.most and len(normal) > spec.most:
        raise QueryError(_too_many(spec))
    term, parts, is_placed = Term(spec.name, normal, negated), list[Word | Term](), False
    for part in query.parts:
        if not _is_term(part, spec.name, None if spec.stands_once else negated):
            parts.append(part)
        elif not is_placed:
            parts.append(term)
            is_placed = True
    return Query((*parts, *(() if is_placed else (term,))))


def switched(query: Query, key: str, value: str, *, negated: bool = False) -> Query:
    """Return the query with a value of `key` put in, or taken out where it stands: what a filter panel does.

    It joins the term of its key and sign as an alternative; where there are several, which all must hold, it becomes
    one more of them. A value of the other sign goes, and of one too many the first.

    Raises:
        QueryError: an unknown key or value, or a key that cannot be excluded.
    """
    spec = _spec(key, 0)
    value = _normalize(spec, value, 0)
    if value in value_of(query, key, negated=negated):
        return _without_value(query, key, value, negated=negated)
    query = _without_value(query, key, value, negated=not negated)
    terms = [part for part in query.terms if _is_term(part, key, negated)]
    if len(terms) > 1:
        return Query((*query.parts, Term(spec.name, (value,), negated)))
    return with_term(query, key, (*value_of(query, key, negated=negated), value)[-spec.most :], negated)


def _without_value(query: Query, key: str, value: str, *, negated: bool) -> Query:
    kept = (
        without(Query((part,)), key, value).parts if _is_term(part, key, negated) else (part,) for part in query.parts
    )
    return Query(tuple(part for parts in kept for part in parts))


def without(query: Query, key: str, value: str | None = None) -> Query:
    """Return the query without the terms of `key`, or without one value of them, excluded or not."""
    parts: list[Word | Term] = []
    for part in query.parts:
        if isinstance(part, Word) or part.key != key:
            parts.append(part)
        elif value is not None and (kept := tuple(other for other in part.values if other != value)):
            parts.append(replace(part, values=kept))
    return Query(tuple(parts))


def without_part(query: Query, part: Word | Term) -> Query:
    """Return the query without one of its parts: what the cross on a chip does."""
    return Query(tuple(other for other in query.parts if other != part))


def value_of(query: Query, key: str, *, negated: bool = False) -> tuple[str, ...]:
    """Return the values of the terms of `key` (those with a minus when `negated`), in order."""
    return tuple(value for part in query.terms if _is_term(part, key, negated) for value in part.values)


def part_text(part: Word | Term) -> str:
    """Return the canonical text of one part, for a chip."""
    return to_text(Query((part,)))


class _Reader:
    """Reads parts from left to right; every position it reports lies in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.part_start = 0

    def next_part(self) -> Word | Term | None:
        text = self._text
        while self._at < len(text) and text[self._at].isspace():
            self._at += 1
        if self._at >= len(text):
            return None
        self.part_start = self._at
        negated = text[self._at] == "-"
        self._at += negated
        if self._is_at_end():
            self._fail("Nothing follows the minus.", self.part_start, hint="Write -word or -key:value to exclude.")
        if text[self._at] == '"':
            return Word(self._quoted(ends=""), negated)
        key = _KEY.match(text, self._at)
        if key:
            return self._term(key[0][:-1], negated)
        return Word(self._bare(_BARE_WORD), negated)

    def _term(self, name: str, negated: bool) -> Term:
        spec = _spec(name, self._at)
        if negated and not spec.is_negatable:
            _refuse_minus(spec, self.part_start)
        self._at += len(name) + 1
        values: dict[str, None] = {}
        while True:
            start = self._at
            if self._is_at_end() or self._text[start] == ",":
                hint = f"Write for example {spec.name}:{next(iter(spec.choices()), 'name')}."
                self._fail(f"{spec.name}: needs a value.", start - 1, hint=hint)
            values[self._value(spec, start)] = None
            if spec.most and len(values) > spec.most:
                self._fail(_too_many(spec), start)
            if self._is_at_end():
                return Term(spec.name, tuple(values), negated)
            self._at += 1  # the comma

    def _value(self, spec: query_keys.Key, start: int) -> str:
        if self._text[start] == '"':
            return _normalize(spec, self._quoted(ends=","), start)
        try:
            return _normalize(spec, self._bare(_BARE_VALUE), start)
        except QueryError as error:
            self._refuse_blanks(spec, start, error)
            raise

    def _refuse_blanks(self, spec: query_keys.Key, start: int, error: QueryError) -> None:
        """Say that a name with blanks needs quotes, if the words from `start` on are one."""
        words = list(_BARE_WORD.finditer(self._text, start))[:_MOST_WORDS_OF_A_NAME]
        for last in reversed(words[1:]):
            name = self._text[start : last.end()]
            try:
                value = spec.normalize(name)
            except ValueProblem:
                continue
            if value in spec.choices() or spec.name == "size":
                raise QueryError(
                    f"“{name}” has blanks in it.",
                    position=start,
                    end=last.end(),
                    suggestion=value,
                    hint=f"Did you mean {spec.name}:{value}? With blanks it needs quotes: {spec.name}:{_quote(name)}.",
                ) from error

    def _quoted(self, ends: str) -> str:
        start = self._at
        match = _QUOTED.match(self._text, start)
        if match is None:
            self._fail("This quote is never closed.", start)
        self._at = match.end()
        if not self._is_at_end() and self._text[self._at] not in ends:
            self._fail("A blank is missing after the quote.", self._at)
        value = _ESCAPED.sub(r"\1", match[1])
        if not value.strip():
            self._fail("There is nothing between the quotes.", start)
        return value

    def _bare(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match is not None  # noqa: S101 - the caller saw a character that is no blank
        self._at = match.end()
        return match[0]

    def _is_at_end(self) -> bool:
        return self._at >= len(self._text) or self._text[self._at].isspace()

    def _fail(self, message: str, position: int, *, hint: str = "") -> NoReturn:
        raise QueryError(message, position=position, hint=hint)


def _spec(name: str, position: int) -> query_keys.Key:
    spec = KEYS.get(name.casefold())
    if spec is not None:
        return spec
    if not name:
        raise QueryError(
            "There is no key before the colon.", position=position, hint='Quote a word with a colon: ":)".'
        )
    near = vocabulary.nearest(name, KEYS)
    hint = "" if near else f"The keys are {', '.join(KEYS)}."
    raise QueryError(f"There is no key “{name}:”.", position=position, suggestion=f"{near}:" if near else "", hint=hint)


def _normalize(spec: query_keys.Key, value: str, position: int) -> str:
    try:
        return spec.normalize(value.strip())
    except ValueProblem as problem:
        near = f"Did you mean {problem.suggestion}?" if problem.suggestion else ""
        hint = f"{near} {problem.hint}".strip()
        raise QueryError(problem.message, position=position, suggestion=problem.suggestion, hint=hint) from problem


def _too_many(spec: query_keys.Key) -> str:
    return f"{spec.name}: takes one value." if spec.most == 1 else f"{spec.name}: takes {spec.most} values at most."


def _refuse_minus(spec: query_keys.Key, position: int) -> NoReturn:
    raise QueryError(f"{spec.name}: cannot be excluded.", position=position, hint="Leave the minus out.")


def _is_term(part: Word | Term, key: str, negated: bool | None) -> bool:
    """Say whether it is a term of `key` with that sign; of either sign when None."""
    return isinstance(part, Term) and part.key == key and (negated is None or negated == part.negated)


def _word_text(word: Word) -> str:
    needs_quotes = word.text.startswith(("-", '"')) or re.search(r"[\s:]", word.text)
    return _quote(word.text) if needs_quotes else word.text


def _term_text(term: Term) -> str:
    return f"{term.key}:" + ",".join(map(quoted, term.values))


def quoted(value: str) -> str:
    """Return a value as it must be typed after a key: in quotes when it would be read otherwise without."""
    return _quote(value) if value.startswith('"') or re.search(r"[\s,]", value) else value


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
