"""`hubtui tokenize MODEL TEXT --stages`: what each stage of the tokenizer does to each text."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from typing import Any

from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, texts_of, tokenizer_of
from hubtui.core.byte_pieces import bytes_text
from hubtui.core.errors import UsageError
from hubtui.core.ports import Services
from hubtui.core.stage_words import ALGORITHMS, DEFINITIONS, WHY_SUBWORDS
from hubtui.core.stages import MOST_CHARACTERS, ModelWord, Stage, TokenStages
from hubtui.core.tokenizer_ports import TokenizerInspector
from hubtui.core.untrusted import reveal

_WITHOUT = {
    "pair": ("--pair", None),
    "padding": ("--padding", "none"),
    "truncation": ("--truncation", False),
    "max_length": ("--max-length", None),
    "no_special_tokens": ("--no-special-tokens", False),
}
"""Arguments that say how a batch is encoded, and what they are when they are not given."""

_BOUNDARY = "│"
_NAMES = {"word": "word by word", "character": "character by character", "token": "this tokenizer"}
_MOST_CHANGES = 20
_MOST_UNITS = 12


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Take each text apart and print.

    Raises:
        UsageError: a text is too long, or an argument would change nothing.
        HubtuiError: the tokenizer cannot be had or cannot answer.
    """
    given = [flag for name, (flag, default) in _WITHOUT.items() if getattr(arguments, name, default) != default]
    if given:
        raise UsageError(f"--stages takes each text by itself, whole: leave {' and '.join(given)} out.")
    texts = texts_of(arguments)
    for number, text in enumerate(texts, 1):
        if len(text) > MOST_CHARACTERS:
            raise UsageError(
                f"Text {number} has {len(text):,} characters; only up to {MOST_CHARACTERS:,} are taken apart.",
                hint="Give a part of it.",
            )
    model, folder = tokenizer_of(arguments, services)

    async def question(inspector: TokenizerInspector) -> list[TokenStages]:
        return [await inspector.stages(model, folder, text) for text in texts]

    told = asked(services, question)
    if arguments.json:
        print_json(stages_document(model, told))
        return 0
    for number, one in enumerate(told):
        if number:
            print_line()
        _print(one)
    return 0


def stages_document(model: str, told: list[TokenStages]) -> dict[str, Any]:
    """Return `tokenize --stages --json`; places count characters of the text from 0, `data` is bytes in hex."""
    info = told[0].info if told else None
    return {
        "model": model,
        "algorithm": info.algorithm if info else None,
        "vocab_size": info.vocab_size if info else None,
        "fast": info.fast if info else None,
        "texts": [_document(one) for one in told],
    }


def _document(told: TokenStages) -> dict[str, Any]:
    document = asdict(told)
    del document["info"]
    return {**document, "is_same": told.is_same, "differs_at": told.differs_at}


def _print(told: TokenStages) -> None:
    print_facts({"text": reveal(told.text), "algorithm": f"{told.info.algorithm}, {told.info.vocab_size:,} tokens"})
    outputs = {
        "normalizer": _normalized,
        "pre-tokenizer": _pre_tokens,
        "model": _model,
        "post-processor": _sequence,
        "decoder": _decoded,
    }
    for number, stage in enumerate(told.stages, 1):
        print_line()
        names = " → ".join(member.name for member in stage.members) or stage.name or "none"
        print_line(f"{number} {stage.kind}: {names}")
        outputs[stage.kind](told)
        _print_about(stage)
    print_line()
    _print_units(told)
    if told.doubt:
        note(f"warning: {told.doubt}")


def _print_about(stage: Stage) -> None:
    """Print members with their settings and outputs, the settings of the stage, and what cannot be told."""
    for member in stage.members:
        shown = "" if member.output is None else f": {_BOUNDARY.join(map(reveal, member.output))}"
        print_line(f"  {_with_settings(member.name, member.settings)}{shown}")
    if stage.settings:
        print_line(f"  {_with_settings('settings', stage.settings)}")
    if stage.limit:
        print_line(f"  {stage.limit}")


def _with_settings(name: str, settings: dict[str, str]) -> str:
    return f"{name} ({', '.join(f'{key} {value}' for key, value in settings.items())})" if settings else name


def _normalized(told: TokenStages) -> None:
    if told.normalized is None:
        return
    print_line(f"  {reveal(''.join(run.text for run in told.normalized))}")
    runs = [run for run in told.normalized if run.kind != "same"]
    counts = Counter((run.kind, run.source, run.text) for run in runs)
    for (kind, source, text), count in list(counts.items())[:_MOST_CHANGES]:
        print_line(f"  {kind}: {reveal(source) or '–'} → {reveal(text) or '–'}{f' ×{count}' if count > 1 else ''}")
    if len(counts) > _MOST_CHANGES:
        print_line(f"  and {len(counts) - _MOST_CHANGES} more")


def _pre_tokens(told: TokenStages) -> None:
    if told.pre_tokens is not None:
        print_line(f"  {_BOUNDARY.join(reveal(one.text) for one in told.pre_tokens)}")


def _model(told: TokenStages) -> None:
    """Print each pre-token with its pieces, then how it came to them where several pieces are made of it."""
    parts = [reveal(one.text) for one in told.pre_tokens] if told.pre_tokens is not None else ["the text"]
    places = [f"{one.start}-{one.end}" for one in told.pre_tokens] if told.pre_tokens is not None else [""]
    rows = [
        [
            f"  {part}",
            place,
            _BOUNDARY.join(reveal(piece.token) for piece in word.pieces) or "nothing",
            " ".join(str(piece.id) for piece in word.pieces),
            _bytes(word),
        ]
        for part, place, word in zip(parts, places, told.words, strict=True)
    ]
    title = "bytes" if any(row[-1] for row in rows) else ""
    if rows:
        print_table([["  pre-token", "chars", "pieces", "ids", title], *rows], right=frozenset({1}))
    for part, word in dict(zip(parts, told.words, strict=True)).items():
        if len(word.pieces) > 1:
            _print_steps(part, word)


def _bytes(word: ModelWord) -> str:
    if not word.pieces or any(piece.data is None for piece in word.pieces):
        return ""
    said = bytes_text(bytes.fromhex("".join(piece.data or "" for piece in word.pieces)))
    return f"{_BOUNDARY.join(piece.data or '' for piece in word.pieces)} = {'?' if said is None else reveal(said)}"


def _print_steps(part: str, word: ModelWord) -> None:
    if word.silence:
        print_line(f"  {part}: {word.silence}")
        return
    steps: list[list[str]] = []
    for merge in word.merges:
        what = "begins as" if merge.rank is None else f"#{merge.rank:,} {reveal(merge.left)} + {reveal(merge.right)}"
        steps.append([f"    {what}", _BOUNDARY.join(map(reveal, merge.pieces))])
    for match in word.matches:
        found = "nothing: unknown" if match.piece is None else reveal(match.piece)
        longer = f"   ({match.longer} longer not in the vocabulary)" if match.longer else ""
        steps.append([f"    {reveal(match.rest)}", f"{found}{longer}"])
    for path in word.paths:
        score = "unknown" if path.score is None else f"{path.score:.2f}"
        why = "" if path.without is None else f"   (without {reveal(path.without)})"
        steps.append([f"    {score}", f"{_BOUNDARY.join(map(reveal, path.pieces))}{why}"])
    if len(word.merges) == 1:
        steps = [["    no merge fits", _BOUNDARY.join(map(reveal, word.merges[0].pieces))]]
    if steps:
        print_line(f"  {part}")
        print_table(steps)


def _sequence(told: TokenStages) -> None:
    print_line(f"  {_BOUNDARY.join(reveal(token.token) for token in told.tokens)}")
    print_line(f"  ids {' '.join(str(token.id) for token in told.tokens)}")


def _decoded(told: TokenStages) -> None:
    print_line(f"  {reveal(told.decoded)}")
    said = "the text again" if told.is_same else f"not the same text, from character {told.differs_at} on"
    print_line(f"  {said}")


def _print_units(told: TokenStages) -> None:
    print_line(" ".join(ALGORITHMS[told.info.algorithm]))
    rows = [
        [
            _NAMES[count.unit],
            f"{count.vocabulary:,}",
            f"{count.length:,}",
            f"{count.unknown:,}",
            " ".join(map(reveal, count.unknown_units[:_MOST_UNITS])),
        ]
        for count in told.counts
    ]
    print_table([["", "entries", "length", "unknown", ""], *rows], right=frozenset({1, 2, 3}))
    print_line(WHY_SUBWORDS)
    print_line(DEFINITIONS)
