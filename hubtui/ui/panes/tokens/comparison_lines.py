"""Several tokenizers side by side, as lines: figures, pieces of the same text, languages, vocabularies, settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from hubtui.core.errors import HubtuiError
from hubtui.core.token_alignment import (
    BY_ALL,
    BY_OTHERS,
    BY_THIS,
    SMALL,
    UNKNOWN_MARK,
    Cell,
    agreement,
    align,
    cuts_of,
    cuts_of_texts,
)
from hubtui.core.tokenizer_comparison import (
    Fertility,
    SharedVocabulary,
    TextPiece,
    TokenizerMeasure,
    differing,
    settings_rows,
)
from hubtui.core.untrusted import reveal
from hubtui.ui import text
from hubtui.ui.drawing import facts_in_lines
from hubtui.ui.text import Line, Piece, cells, fit, whole
from hubtui.ui.theme import Inks

_ALIGNED = 1_500
"""Characters whose pieces are shown; the figures count all."""

_NAME, _GAP = 14, 2
_LABEL = 17
_LANGUAGE = 9


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the tokenizers.

    Attributes:
        folder: of its files, empty until they are here.
        error: why it cannot be compared.
        measure: what it makes of the text.
        shared: what its vocabulary shares with the first's; unshared: why that cannot be told.
    """

    model: str
    revision: str
    folder: str = ""
    error: HubtuiError | None = None
    measure: TokenizerMeasure | None = None
    shared: SharedVocabulary | None = None
    unshared: HubtuiError | None = None

    @property
    def name(self) -> str:
        """Its model, with the revision unless that is the usual one."""
        return self.model if self.revision in {"", "main"} else f"{self.model}@{self.revision}"


_Measured = Sequence[tuple[str, TokenizerMeasure]]


def comparison_lines(compared: Sequence[Compared], width: int, inks: Inks) -> list[Line]:
    """Return all of the comparison; what takes two tokenizers is left out until there are two."""
    lettered = list(zip(ascii_uppercase, compared, strict=False))
    measured = [(letter, one.measure) for letter, one in lettered if one.measure is not None]
    lines = _figures(lettered, width, inks)
    if measured:
        lines += [[], *_pieces(measured, width, inks), [], *_languages(measured, width, inks)]
    if len(measured) > 1:
        lines += [[], *_vocabularies(lettered, width, inks), [], *_settings(measured, width, inks)]
    return [*lines, *_reasons(lettered, width, inks)]


# -- figures

_COLUMNS = (("tokens", 7), ("added", 5), ("per word", 8), ("per char", 8), ("unknown", 7), ("same cuts", 9))
_NARROW = frozenset({"added", "per char"})


def _figures(lettered: Sequence[tuple[str, Compared]], width: int, inks: Inks) -> list[Line]:
    """Return a row a tokenizer, or what is the matter with it."""
    columns = _COLUMNS if width >= _taken(_COLUMNS) else tuple(one for one in _COLUMNS if one[0] not in _NARROW)
    name = width - 3 - sum(room + _GAP for _, room in columns)
    name = max(_NAME, min(name, max(cells(one.name) for _, one in lettered)))
    head = "   " + " " * name + "".join(fit(title, room + _GAP, "right") for title, room in columns)
    lines: list[Line] = [[(head, inks.muted)]]
    first = next((one.measure for _, one in lettered if one.measure is not None), None)
    for letter, one in lettered:
        label: list[Piece] = [
            (f"{letter}  ", inks.accent),
            (fit(text.shorten_left(reveal(one.name), name), name), inks.strong),
        ]
        if one.measure is None or one.error is not None:
            lines += _state(one, label, width, inks)
        else:
            values = _values(one.measure, first or one.measure, inks)
            lines.append(
                [*label, *((fit(values[title][0], room + _GAP, "right"), values[title][1]) for title, room in columns)]
            )
    return lines


def _taken(columns: Sequence[tuple[str, int]]) -> int:
    return 3 + _NAME + sum(room + _GAP for _, room in columns)


def _values(one: TokenizerMeasure, first: TokenizerMeasure, inks: Inks) -> dict[str, Piece]:
    is_first = one is first
    is_of_one_text = _texts(one) == _texts(first)
    same = f"{agreement(cuts_of_texts(first.texts), cuts_of_texts(one.texts)):.0%}" if is_of_one_text else "…"
    return {
        "tokens": (whole(one.n_tokens), inks.strong),
        "added": (whole(one.n_added), inks.muted),
        "per word": (_figure(one.per_word), inks.text),
        "per char": (_figure(one.per_character), inks.text),
        "unknown": (f"{UNKNOWN_MARK} {whole(one.n_unknown)}", inks.bad) if one.n_unknown else ("0", inks.muted),
        "same cuts": ("as A", inks.muted) if is_first else (same.replace("%", " %"), inks.text),
    }


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _state(one: Compared, label: Sequence[Piece], width: int, inks: Inks) -> list[Line]:
    if one.error is None:
        return [[*label, ("  loading the tokenizer" if one.folder else "  fetching its files", inks.muted)]]
    room = max(16, width - text.width_of(label) - 2)
    return [[*label, (f"  {text.shorten(f'{UNKNOWN_MARK} {one.error.message}', room)}", inks.bad)]]


def _reasons(lettered: Sequence[tuple[str, Compared]], width: int, inks: Inks) -> list[Line]:
    """Return in full why some cannot be compared, and what to do about it."""
    lines: list[Line] = []
    for letter, one in lettered:
        if one.error is None:
            continue
        said = [f"{UNKNOWN_MARK} {one.error.message}", *([f"  {one.error.hint}"] if one.error.hint else [])]
        parts = [(part, at) for at, sentence in enumerate(said) for part in text.wrap(sentence, max(16, width - 3))]
        for number, (part, at) in enumerate(parts):
            label = (f"{letter}  " if number == 0 else "   ", inks.accent)
            lines.append([label, (part, inks.muted if at else inks.bad)])
    return [[], [("Not compared  ", inks.strong), ("r tries again", inks.muted)], *lines] if lines else []


# -- pieces


def _pieces(measured: _Measured, width: int, inks: Inks) -> list[Line]:
    """Return the same text under itself: what stands in one column is the same characters."""
    first = measured[0][1]
    same = [(letter, one) for letter, one in measured if _texts(one) == _texts(first)]
    lines: list[Line] = []
    signs = ""
    room = _ALIGNED
    for number, one in enumerate(first.texts):
        if room <= 0:
            break
        shown = one.text[:room]
        room -= len(shown)
        rows = align(shown, [cuts_of(shown, _within(of.texts[number].pieces, len(shown))) for _, of in same]).rows
        signs += "".join(cell.mark + cell.words for row in rows for cell in row)
        lines += [*([[]] if lines else []), *_wrapped([letter for letter, _ in same], rows, width, inks)]
    if room <= 0:
        lines.append([(f"… the pieces of the first {whole(_ALIGNED)} characters; the figures count all", inks.muted)])
    return [*_legend(signs, len(same), width, inks), *lines]


def _within(pieces: Sequence[TextPiece], length: int) -> list[TextPiece]:
    return [piece for piece in pieces if piece.start < length]


def _texts(measure: TokenizerMeasure) -> list[str]:
    return [one.text for one in measure.texts]


def _legend(signs: str, rows: int, width: int, inks: Inks) -> list[Line]:
    """Return the heading with what the signs mean that are in sight."""
    explained = [f"{BY_ALL} all cut", f"{BY_THIS} this one", f"{BY_OTHERS} others"] if rows > 1 else [f"{BY_ALL} cut"]
    if UNKNOWN_MARK in signs:
        explained.append(f"{UNKNOWN_MARK} unknown")
    if not SMALL.isdisjoint(signs):
        explained.append("² tokens for one character")
    lines = ["Pieces"]
    for words in explained:
        joined = f"{lines[-1]}   {words}"
        if cells(joined) > width:
            lines.append(f"         {words}")
        else:
            lines[-1] = joined
    return [
        [("Pieces", inks.strong), (line.removeprefix("Pieces"), inks.muted)] if at == 0 else [(line, inks.muted)]
        for at, line in enumerate(lines)
    ]


def _wrapped(letters: Sequence[str], rows: Sequence[Sequence[Cell]], width: int, inks: Inks) -> list[Line]:
    """Break the rows at the same segments, so that each group of lines holds the same text."""
    if not rows or not rows[0]:
        return []
    widths = [max(cells(row[at].mark + row[at].words) for row in rows) for at in range(len(rows[0]))]
    groups: list[list[int]] = [[]]
    room = width - 3
    for word in _words(rows[0]):
        # a word longer than a line is broken at its cuts
        if groups[-1] and room < sum(widths[at] for at in word) <= width - 3:
            groups.append([])
            room = width - 3
        for at in word:
            if groups[-1] and widths[at] > room:
                groups.append([])
                room = width - 3
            groups[-1].append(at)
            room -= widths[at]
    lines: list[Line] = []
    for number, group in enumerate(groups):
        if number and len(rows) > 1:
            lines.append([])
        for letter, row in zip(letters, rows, strict=True):
            lines.append([(f"{letter}  ", inks.accent), *_cells(row, group, widths, inks)])
    return lines


def _words(row: Sequence[Cell]) -> list[list[int]]:
    """Return the segments of each word; after the last of a word there is a blank."""
    words: list[list[int]] = [[]]
    for at, cell in enumerate(row):
        words[-1].append(at)
        if cell.words.endswith(" "):
            words.append([])
    return [word for word in words if word]


def _cells(row: Sequence[Cell], group: Sequence[int], widths: Sequence[int], inks: Inks) -> list[Piece]:
    pieces: list[Piece] = []
    number = sum(cell.mark in {BY_ALL, BY_THIS} for cell in row[: group[0]])
    for at in group:
        cell = row[at]
        is_cut = cell.mark in {BY_ALL, BY_THIS}
        number += is_cut
        tint = inks.unknown if cell.is_unknown else inks.tints[number % len(inks.tints)]
        bare = cell.words.rstrip(" ")
        mark_ink = inks.strong if cell.mark == BY_ALL else inks.text if is_cut else tint
        rest = widths[at] - cells(cell.mark + bare)
        # where the piece goes on, no blank is to be taken for its end
        goes_on = bare == cell.words and at + 1 < len(row) and row[at + 1].mark == BY_OTHERS
        pieces += [
            (cell.mark, mark_ink),
            (bare, inks.muted if cell.is_uncovered else tint),
            (BY_OTHERS * rest, tint) if goes_on else (" " * rest, inks.text),
        ]
    return pieces


# -- languages


def _languages(measured: _Measured, width: int, inks: Inks) -> list[Line]:
    """Return tokens a word by language; the lowest of those that know every piece stands out."""
    room = max(9, min(13, (width - _LANGUAGE) // max(1, len(measured))))
    what = "tokens a word in two short sentences; zh and ja: a character"
    lines: list[Line] = [[("Languages  ", inks.strong), (text.shorten(what, width - 11), inks.muted)]]
    head: list[Piece] = [(" " * _LANGUAGE, inks.muted)]
    lines.append([*head, *((fit(letter, room, "right"), inks.accent) for letter, _ in measured)])
    for samples in zip(*(one.fertility for _, one in measured), strict=True):
        sound = [sample.value for sample in samples if not sample.n_unknown]
        lines.append(
            [
                (fit(samples[0].language, _LANGUAGE), inks.muted),
                *(_fertility(sample, min(sound, default=0.0), room, inks) for sample in samples),
            ]
        )
    return lines


def _fertility(sample: Fertility, lowest: float, room: int, inks: Inks) -> Piece:
    if sample.n_unknown:
        return (fit(f"{UNKNOWN_MARK}{sample.n_unknown} {sample.value:.2f}", room, "right"), inks.bad)
    return (fit(f"{sample.value:.2f}", room, "right"), inks.strong if sample.value == lowest else inks.text)


# -- vocabularies

_SHARED = (("shared", 10), ("of A", 6), ("of it", 6), ("other ids", 10), ("same text", 10))


def _vocabularies(lettered: Sequence[tuple[str, Compared]], width: int, inks: Inks) -> list[Line]:
    """Return what each vocabulary has in common with the first."""
    what = "tokens that A has, too; same text: marks such as ▁ aside"
    lines: list[Line] = [[("Vocabularies  ", inks.strong), (text.shorten(what, width - 14), inks.muted)]]
    head = "   " + "".join(fit(title, room + _GAP, "right") for title, room in _SHARED)
    lines.append([(head, inks.muted)])
    for letter, one in lettered[1:]:
        label: Piece = (f"{letter}  ", inks.accent)
        if one.measure is None or one.error is not None:
            continue
        if one.shared is None:
            said = f"  {UNKNOWN_MARK} {one.unshared.message}" if one.unshared else "  comparing"
            lines.append([label, (text.shorten(said, width - 3), inks.bad if one.unshared else inks.muted)])
        elif one.shared.is_same:
            lines.append([label, (f"  the same {whole(one.shared.size)} tokens with the same ids", inks.good)])
        else:
            lines += [[label, *_counts(one.shared, inks)], *_examples(letter, one.shared, width, inks)]
    return lines


def _counts(shared: SharedVocabulary, inks: Inks) -> list[Piece]:
    values = (
        whole(shared.shared),
        _share(shared.shared, shared.size),
        _share(shared.shared, shared.other_size),
        whole(shared.moved),
        whole(shared.shared_texts),
    )
    return [
        (fit(value, room + _GAP, "right"), inks.strong if at == 0 else inks.text)
        for at, (value, (_, room)) in enumerate(zip(values, _SHARED, strict=True))
    ]


def _share(part: int, of: int) -> str:
    if not of:
        return "–"
    return "<1 %" if 0 < part / of < 0.01 else f"{part / of:.0%}".replace("%", " %")


def _examples(letter: str, shared: SharedVocabulary, width: int, inks: Inks) -> list[Line]:
    if not shared.examples:
        return []
    facts: list[Piece] = [
        (f"{reveal(one.token)} {one.id} in A, {one.other_id} in {letter}", inks.muted) for one in shared.examples[:3]
    ]
    return [[("     ", inks.text), *line] for line in facts_in_lines(facts, width - 5, inks.faint)]


# -- settings


def _settings(measured: _Measured, width: int, inks: Inks) -> list[Line]:
    """Return the settings and special tokens that differ."""
    rows = differing(settings_rows([one.info for _, one in measured], whole))
    if not rows:
        return [[("Settings  ", inks.strong), ("no setting and no special token differs", inks.muted)]]
    room = max(12, (width - _LABEL) // len(measured))
    lines: list[Line] = [
        [("Settings  ", inks.strong), ("that differ", inks.muted)],
        [(" " * _LABEL, inks.muted), *((fit(letter, room), inks.accent) for letter, _ in measured)],
    ]
    for name, values in rows:
        cut = [text.wrap(value, room - 1) for value in values]
        for at in range(max(map(len, cut))):
            mark = ("≠ " if at == 0 else "  ", inks.accent)
            label = (fit(name if at == 0 else "", _LABEL - 2), inks.muted)
            lines.append(
                [mark, label, *((fit(parts[at] if at < len(parts) else "", room), inks.text) for parts in cut)]
            )
    return lines
