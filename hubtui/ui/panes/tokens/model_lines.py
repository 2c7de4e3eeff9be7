"""What the model made of each pre-token, and step by step how, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style

from hubtui.core.byte_pieces import bytes_text
from hubtui.core.stages import LongestMatch, Merge, ModelWord, Path, PreToken, StagePiece, TokenStages
from hubtui.core.untrusted import reveal
from hubtui.ui.drawing import BOUNDARY, bounded, fill
from hubtui.ui.text import Line, Piece, cells, clip, fit, plural, shorten, spread, width_of, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.fold_lines import FOLDED_MARK, OPEN_MARK, FoldLine

_MOST_WORDS = 200
_WIDEST_WORD = 20
_CHARS = 9
_STEP_INDENT = 4
_LONGEST_LEFT = 24


def piece_rows(told: TokenStages, inks: Inks) -> list[list[Piece]]:
    """Return the pieces of each pre-token, each in its ink: neighbours differ, added and unknown tokens stand out."""
    rows: list[list[Piece]] = []
    at = 0
    for number, word in enumerate(told.words):
        is_added = told.pre_tokens is not None and told.pre_tokens[number].is_added
        row: list[Piece] = []
        for piece in word.pieces:
            tint = inks.tints[at % len(inks.tints)]
            row.append((reveal(piece.token), inks.special if is_added else inks.unknown if piece.is_unknown else tint))
            at += 1
        rows.append(row)
    return rows


def model_detail(told: TokenStages, opened: frozenset[str], width: int, inks: Inks) -> list[FoldLine]:
    """Return a line for each pre-token with its pieces; those that are open with ids, bytes and steps."""
    if told.pre_tokens is None:
        return [FoldLine(line, "model") for line in _facts(told.words[0], width, inks)]
    lines: list[FoldLine] = []
    parts = list(zip(told.pre_tokens, told.words, piece_rows(told, inks), strict=True))[:_MOST_WORDS]
    column = min(_WIDEST_WORD, max((cells(reveal(one.text)) for one, _, _ in parts), default=0))
    for at, (pre_token, word, row) in enumerate(parts):
        fold = f"word {at}"
        is_open = fold in opened
        head = _word_line(pre_token, word, row, column=column, width=width, inks=inks, is_open=is_open)
        lines.append(FoldLine(head, fold, is_head=True))
        if is_open:
            indent = (" " * _STEP_INDENT, Style.null())
            below = [*_facts(word, width - _STEP_INDENT, inks), *_steps(word, width - _STEP_INDENT, inks)]
            lines += [FoldLine([indent, *line], fold) for line in below]
    if len(told.words) > _MOST_WORDS:
        more = plural(len(told.words) - _MOST_WORDS, "more pre-token")
        lines.append(FoldLine([(f"  and {more}", inks.muted)], "model"))
    if parts and not any(fold.startswith("word ") for fold in opened):
        lines.append(FoldLine([("  enter on one of them tells how it came to its pieces", inks.quote)], "model"))
    return lines


def _word_line(
    pre_token: PreToken, word: ModelWord, row: list[Piece], *, column: int, width: int, inks: Inks, is_open: bool
) -> Line:
    """Return a pre-token, its characters and its pieces, with their ids where there is room."""
    chars = f"{pre_token.start}–{pre_token.end}" if pre_token.end else "–"
    left: list[Piece] = [
        (f"{OPEN_MARK if is_open else FOLDED_MARK} ", inks.muted),
        *_filled((reveal(pre_token.text), inks.special if pre_token.is_added else inks.text), column),
        (f"{chars:>{_CHARS}}  ", inks.muted),
        *(_joined(row, inks) if row else [("nothing", inks.muted)]),
    ]
    ids = " ".join(str(piece.id) for piece in word.pieces)
    has_room = width_of(left) + len(ids) + 2 <= width
    return spread(left, [(ids, inks.muted)], width, gap=2) if has_room else clip(left, width)


def _filled(piece: Piece, width: int) -> list[Piece]:
    """Return a piece and blanks without its ink."""
    shown = shorten(piece[0], width)
    return [(shown, piece[1]), (" " * (width - cells(shown)), Style.null())]


def _joined(row: Sequence[Piece], inks: Inks) -> list[Piece]:
    """Return pieces on one line, with a boundary between any two."""
    joined: list[Piece] = []
    for at, piece in enumerate(row):
        joined += [(BOUNDARY, inks.muted)] if at else []
        joined.append(piece)
    return joined


def _facts(word: ModelWord, width: int, inks: Inks) -> list[Line]:
    """Return the ids of the pieces and the bytes behind them."""
    if not word.pieces:
        return []
    ids = [(str(piece.id), inks.strong) for piece in word.pieces]
    lines = _labelled("ids", bounded(ids, width - 7, inks.faint), inks)
    if all(piece.data is None for piece in word.pieces):
        return lines
    data = [(piece.data or "–", inks.text) for piece in word.pieces]
    lines += _labelled("bytes", bounded(data, width - 7, inks.faint), inks)
    return [*lines, *_labelled("text", _spelled(word.pieces, width - 7, inks), inks)]


def _spelled(pieces: Sequence[StagePiece], width: int, inks: Inks) -> list[Line]:
    """Return what the bytes of pieces say together, and how many of them say nothing by themselves."""
    whole = bytes_text(bytes.fromhex("".join(piece.data or "" for piece in pieces)))
    if whole is None:
        return [[("bytes that are no whole characters", inks.muted)]]
    cut = sum(piece.data is not None and bytes_text(bytes.fromhex(piece.data)) is None for piece in pieces)
    said: list[Piece] = [(f"   {plural(cut, 'piece')} cut inside a character", inks.muted)] if cut else []
    return fill([(reveal(whole), inks.text), *said], width)


def _labelled(label: str, rows: Sequence[Line], inks: Inks) -> list[Line]:
    return [[(f"{label if at == 0 else '':<7}", inks.muted), *row] for at, row in enumerate(rows)]


# -- steps


def _steps(word: ModelWord, width: int, inks: Inks) -> list[Line]:
    if word.silence:
        return [[(line, inks.muted)] for line in wrap(word.silence, width)]
    return [*_merges(word.merges, width, inks), *_matches(word.matches, width, inks), *_paths(word.paths, width, inks)]


def _merges(merges: Sequence[Merge], width: int, inks: Inks) -> list[Line]:
    """Return the merges in the order in which they are made, with their place in the table."""
    if not merges:
        return []
    if len(merges) == 1:
        is_whole = len(merges[0].pieces) == 1
        said = "It is a piece of the vocabulary as it is: nothing to merge." if is_whole else "No merge fits it."
        return [[(line, inks.muted)] for line in wrap(said, width)]
    labels = ["begins as", *(f"{reveal(step.left)} + {reveal(step.right)}" for step in merges[1:])]
    left = min(_LONGEST_LEFT, max(map(cells, labels)))
    ranks = ["", *(f"#{step.rank or 0:,}" for step in merges[1:])]
    rank = max(map(len, ranks))
    return [
        [
            (f"{number:>{rank}}  ", inks.muted),
            (fit(label, left) + "  ", inks.text if number else inks.muted),
            *clip(_plain(step.pieces, inks), width - rank - left - 4),
        ]
        for step, number, label in zip(merges, ranks, labels, strict=True)
    ]


def _matches(matches: Sequence[LongestMatch], width: int, inks: Inks) -> list[Line]:
    """Return the longest match of each rest."""
    rests = [reveal(match.rest) for match in matches]
    left = min(_LONGEST_LEFT, max(map(cells, rests), default=0))
    taken = min(_LONGEST_LEFT, max((cells(reveal(match.piece or "")) for match in matches), default=0))
    lines: list[Line] = []
    for match, rest in zip(matches, rests, strict=True):
        if match.piece is None:
            said: Piece = ("no beginning of it is in the vocabulary: all of the word is unknown", inks.bad)
            lines.append(clip([(fit(rest, left) + "  ", inks.text), said], width))
            continue
        longer = f"{plural(match.longer, 'longer beginning')} not in the vocabulary" if match.longer else "all of it"
        row: list[Piece] = [
            (f"{fit(rest, left)}  → ", inks.text),
            (fit(reveal(match.piece), taken) + "  ", inks.strong),
            (longer, inks.muted),
        ]
        lines.append(clip(row, width))
    return lines


def _paths(paths: Sequence[Path], width: int, inks: Inks) -> list[Line]:
    """Return the way that is taken and some that cost more, with the sums of their log probabilities."""
    lines: list[Line] = []
    for path in paths:
        score = "" if path.score is None else f"{path.score:.2f}"
        why = "taken" if path.without is None else f"were {reveal(path.without)} not there"
        if path.score is None:
            why += ", with an unknown piece"
        row = [
            (f"{score:>9}  ", inks.strong if path.without is None else inks.muted),
            *_plain(path.pieces, inks),
            (f"   {why}", inks.muted),
        ]
        lines.append(clip(row, width))
    return lines


def _plain(pieces: Sequence[str], inks: Inks) -> list[Piece]:
    return _joined([(reveal(piece), inks.text) for piece in pieces], inks)
