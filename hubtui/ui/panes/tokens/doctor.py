"""What is said of padding: in a line beside the batch, and in full."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style

from hubtui.core.pad_doctor import PadFacts, PadFinding
from hubtui.core.tokens import SpecialToken
from hubtui.core.untrusted import reveal
from hubtui.ui.drawing import facts_in_lines
from hubtui.ui.text import Line, Piece, plural, spread, whole, wrap
from hubtui.ui.theme import Inks

_KEY = "D"
_MARKS = {"bad": "✗", "doubtful": "!"}
_INDENT = "  "


def summary(facts: PadFacts, findings: Sequence[PadFinding], warnings: Sequence[str], width: int, inks: Inks) -> Line:
    """Return the one line: the first finding or warning, or that all is well, and the key for the rest."""
    key: Line = [(f" {_KEY} ", inks.key), ("pad doctor", inks.muted)]
    said = [finding.what for finding in findings] + list(warnings)
    if not said:
        return spread([("✓ ", inks.good), (f"pad {_token(facts.pad)}: sound", inks.text)], key, width)
    severity = findings[0].severity if findings else "doubtful"
    ink = inks.bad if severity == "bad" else inks.warn
    others: Line = [(f" (+{len(said) - 1})", ink)] if said[1:] else []
    return spread([(f"{_MARKS[severity]} {said[0]}", ink)], [*others, *key], width)


def report(
    facts: PadFacts, findings: Sequence[PadFinding], warnings: Sequence[str], width: int, inks: Inks
) -> list[Line]:
    """Return everything: what the files say, each finding with its consequence and remedy, warnings of this batch."""
    lines: list[Line] = [*facts_in_lines(_stated(facts, inks), width, inks.faint), []]
    if not findings:
        lines += [[("✓ ", inks.good), ("Padding is sound: tokenizer, model and generation agree.", inks.text)], []]
    for finding in findings:
        ink = inks.bad if finding.severity == "bad" else inks.warn
        lines += _wrapped(f"{_MARKS[finding.severity]} ", finding.what + ".", width, ink)
        lines += _wrapped(_INDENT, f"{finding.consequence[:1].upper()}{finding.consequence[1:]}.", width, inks.text)
        for statement in finding.fix.split("; "):
            lines += _wrapped(_INDENT, statement, width, inks.code)
        lines.append([])
    if warnings:
        lines.append([(f"{plural(len(warnings), 'warning')} of this batch", inks.strong)])
        for warning in warnings:
            lines += _wrapped("! ", warning, width, inks.warn)
    return lines


def _wrapped(mark: str, words: str, width: int, ink: Style) -> list[Line]:
    made = wrap(words, width - len(mark))
    return [[(mark if at == 0 else " " * len(mark), ink), (line, ink)] for at, line in enumerate(made)]


def _stated(facts: PadFacts, inks: Inks) -> list[Piece]:
    config = _id(facts.config_pad_id) if facts.has_config else "there is none"
    found: list[Piece] = [
        (f"pad {_token(facts.pad)}", inks.text),
        (f"model's config {config}", inks.text),
        (f"generation config {_id(facts.generation_pad_id)}", inks.text),
        (f"eos {_token(facts.eos)}", inks.muted),
        (f"unk {_token(facts.unk)}", inks.muted),
        (f"pads on the {facts.padding_side}", inks.muted),
    ]
    if facts.is_decoder:
        found.append(("a decoder", inks.muted))
    if facts.embedding_size is not None:
        found.append((f"embedding of {whole(facts.embedding_size)} rows", inks.muted))
    return found


def _token(token: SpecialToken | None) -> str:
    return "none" if token is None else f"{reveal(token.token)} = {'no id' if token.id is None else token.id}"


def _id(number: int | None) -> str:
    return "not set" if number is None else str(number)
