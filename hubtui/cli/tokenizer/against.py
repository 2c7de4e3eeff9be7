"""`hubtui tokenize MODEL TEXT --against MODEL[@REVISION] …`: several tokenizers on the same text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from string import ascii_uppercase
from typing import Any

from hubtui.cli.output import note, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, texts_of
from hubtui.core.errors import HubtuiError, UsageError
from hubtui.core.ports import Services
from hubtui.core.token_alignment import (
    BY_ALL,
    BY_OTHERS,
    BY_THIS,
    UNKNOWN_MARK,
    agreement,
    align,
    cuts_of,
    cuts_of_texts,
)
from hubtui.core.tokenizer_comparison import (
    MOST_CHARACTERS,
    MOST_TOKENIZERS,
    Fertility,
    SharedVocabulary,
    TokenizerMeasure,
    differing,
    named,
    settings_rows,
)
from hubtui.core.tokenizer_ports import TokenizerInspector
from hubtui.core.untrusted import reveal

_WITHOUT = {
    "pair": ("--pair", None),
    "pairs": ("--pairs", False),
    "padding": ("--padding", "none"),
    "padding_side": ("--padding-side", None),
    "pad_to_multiple_of": ("--pad-to-multiple-of", None),
    "truncation": ("--truncation", False),
    "truncation_side": ("--truncation-side", None),
    "truncation_strategy": ("--truncation-strategy", None),
    "stride": ("--stride", None),
    "max_length": ("--max-length", None),
    "no_special_tokens": ("--no-special-tokens", False),
}
"""Arguments that say how a batch is encoded, and what they are when they are not given."""

_EXPLAINED = (
    f"{BY_ALL} all cut here  {BY_THIS} this one, not all  {BY_OTHERS} only others  {UNKNOWN_MARK} unknown  "
    "² several tokens for one character"
)


@dataclass(frozen=True)
class _Found:
    """One of the tokenizers: where its files are, or why they cannot be had."""

    model: str
    revision: str
    folder: str = ""
    error: HubtuiError | None = None


@dataclass(frozen=True)
class _Told:
    """What a tokenizer said of itself, and what its vocabulary shares with the first's."""

    found: _Found
    measure: TokenizerMeasure | None = None
    shared: SharedVocabulary | None = None
    error: HubtuiError | None = None


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Compare and print; a tokenizer that cannot be had is named, and makes the exit code 1.

    Raises:
        UsageError: too many tokenizers or characters, or an argument that would change nothing.
    """
    given = [flag for name, (flag, default) in _WITHOUT.items() if getattr(arguments, name, default) != default]
    if given:
        raise UsageError(f"--against takes the texts whole: leave {' and '.join(given)} out.")
    if len(arguments.against) >= MOST_TOKENIZERS:
        raise UsageError(f"At most {MOST_TOKENIZERS} tokenizers are compared: leave some out.")
    texts = texts_of(arguments)
    if (n_chars := sum(map(len, texts))) > MOST_CHARACTERS:
        raise UsageError(f"{n_chars:,} characters are too many to compare.", hint=f"At most {MOST_CHARACTERS:,} are.")
    others = [named(text, arguments.model) for text in arguments.against]
    found = [_find(services, *one) for one in ((arguments.model, arguments.revision), *others)]
    told = asked(services, lambda inspector: _ask(inspector, found, texts))
    if arguments.json:
        print_json(_document(told, texts))
    else:
        _print(told, texts)
    return 1 if any(one.error for one in told) else 0


def _find(services: Services, model: str, revision: str | None) -> _Found:
    try:
        facts = services.hub().facts(model, revision)
        downloads = services.downloads()
        folder = downloads.fetch(facts, downloads.needed(facts, "tokenizer")).folder
    except HubtuiError as error:
        return _Found(model, revision or "", error=error)
    return _Found(facts.id, facts.revision, folder)


async def _ask(inspector: TokenizerInspector, found: Sequence[_Found], texts: list[str]) -> list[_Told]:
    told: list[_Told] = []
    for one in found:
        measure = shared = None
        error = one.error
        try:
            if error is None:
                measure = await inspector.measure(one.model, one.folder, texts)
                if told and told[0].measure is not None:
                    shared = await inspector.share(found[0].model, found[0].folder, one.model, one.folder)
        except HubtuiError as failed:
            error = failed
        told.append(_Told(one, measure, shared, error))
    return told


# -- for scripts


def _document(told: Sequence[_Told], texts: list[str]) -> dict[str, Any]:
    """Return `tokenize --against --json`: the first tokenizer is the one that the others' vocabularies are held to."""
    measured = [one.measure for one in told if one.measure is not None]
    infos = [measure.info for measure in measured]
    return {
        "texts": texts,
        "tokenizers": [_tokenizer(one) for one in told],
        "alignments": [_alignment(measured, number, text) for number, text in enumerate(texts)],
        "differs": [name for name, _ in differing(settings_rows(infos))],
    }


def _tokenizer(told: _Told) -> dict[str, Any]:
    document: dict[str, Any] = {
        "model": told.found.model,
        "revision": told.found.revision,
        "error": None if told.error is None else told.error.message,
    }
    measure = told.measure
    if measure is None:
        return document
    return {
        **document,
        "info": asdict(measure.info),
        "n_tokens": measure.n_tokens,
        "n_added": measure.n_added,
        "n_unknown": measure.n_unknown,
        "tokens_per_word": measure.per_word,
        "tokens_per_character": measure.per_character,
        "texts": [
            {"n_tokens": one.n_tokens, "pieces": [asdict(piece) for piece in one.pieces]} for one in measure.texts
        ],
        "fertility": {one.language: {**asdict(one), "value": one.value} for one in measure.fertility},
        "shared_with_first": None if told.shared is None else asdict(told.shared),
    }


def _alignment(measured: Sequence[TokenizerMeasure], number: int, text: str) -> dict[str, Any]:
    """Return where each of the tokenizers that answered cuts, in characters."""
    cuts = [cuts_of(text, measure.texts[number].pieces) for measure in measured]
    places = [one.places for one in cuts]
    return {
        "cuts": [sorted(one) for one in places],
        "agreed": sorted(frozenset.intersection(*places)) if places else [],
        "agreement_with_first": [agreement(cuts[:1], [one]) for one in cuts],
    }


# -- for people


def _print(told: Sequence[_Told], texts: list[str]) -> None:
    letters = ascii_uppercase
    for letter, one in zip(letters, told, strict=False):
        print_line(f"{letter}  {one.found.model}" + (f"@{one.found.revision}" if one.found.revision else ""))
    kept = [(letter, one.measure) for letter, one in zip(letters, told, strict=False) if one.measure is not None]
    if kept:
        print_line()
        _print_figures(kept)
        for number, text in enumerate(texts):
            print_line()
            _print_pieces(kept, number, text)
        print_line()
        print_line(_EXPLAINED)
        print_line()
        _print_fertility(kept)
        print_line()
        _print_settings(kept)
    for letter, one in zip(letters, told, strict=False):
        if one.shared is not None:
            _print_shared(letter, one.shared)
        if one.error is not None:
            note(f"{letter}  {one.found.model}: {one.error}")


_Kept = Sequence[tuple[str, TokenizerMeasure]]


def _print_figures(kept: _Kept) -> None:
    head = ["", "tokens", "added", "per word", "per char", "unknown", "cuts as first"]
    first = cuts_of_texts(kept[0][1].texts)
    rows = [
        [
            letter,
            f"{one.n_tokens:,}",
            f"{one.n_added:,}",
            _figure(one.per_word),
            _figure(one.per_character),
            f"{one.n_unknown:,}",
            f"{agreement(first, cuts_of_texts(one.texts)):.0%}",
        ]
        for letter, one in kept
    ]
    print_table([head, *rows], right=frozenset(range(1, len(head))))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _print_pieces(kept: _Kept, number: int, text: str) -> None:
    """Print a line a tokenizer, the same text in the same column."""
    from rich.cells import cell_len  # noqa: PLC0415 - only tables need it

    rows = align(text, [cuts_of(text, measure.texts[number].pieces) for _, measure in kept]).rows
    widths = [max(cell_len(row[at].words) for row in rows) for at in range(len(rows[0]))]
    for (letter, _), row in zip(kept, rows, strict=True):
        words = "".join(
            cell.mark + cell.words + " " * (width - cell_len(cell.words))
            for cell, width in zip(row, widths, strict=True)
        )
        print_line(f"{letter}  {words}".rstrip())


def _print_fertility(kept: _Kept) -> None:
    print_line("tokens a word in short samples (zh, ja: a character)")
    head = ["", *(letter for letter, _ in kept)]
    by_language = zip(*(measure.fertility for _, measure in kept), strict=True)
    rows = [[samples[0].language, *map(_fertility, samples)] for samples in by_language]
    print_table([head, *rows], right=frozenset(range(1, len(head))))


def _fertility(sample: Fertility) -> str:
    unknown = f"{UNKNOWN_MARK}{sample.n_unknown} " if sample.n_unknown else ""
    return f"{unknown}{sample.value:.2f}"


def _print_settings(kept: _Kept) -> None:
    rows = differing(settings_rows([measure.info for _, measure in kept]))
    if rows:
        head = ["differs", *(letter for letter, _ in kept)]
        print_table([head, *([name, *values] for name, values in rows)])
    else:
        print_line("No setting and no special token differs.")


def _print_shared(letter: str, shared: SharedVocabulary) -> None:
    if shared.is_same:
        print_line(f"{letter} and A: the same {shared.size:,} tokens with the same ids")
        return
    print_line(
        f"{letter} and A: {shared.shared:,} tokens are written the same, {_share(shared.shared, shared.size)} of A, "
        f"{_share(shared.shared, shared.other_size)} of {letter}; {shared.moved:,} of them have another id"
    )
    print_line(
        f"   marks aside {shared.shared_texts:,} texts, {_share(shared.shared_texts, shared.n_texts)} of A, "
        f"{_share(shared.shared_texts, shared.other_texts)} of {letter}"
    )
    for moved in shared.examples:
        print_line(f"   {reveal(moved.token)}: {moved.id} in A, {moved.other_id} in {letter}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
