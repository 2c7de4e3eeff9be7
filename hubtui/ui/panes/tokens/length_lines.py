"""How long the lines of a file are in tokens: facts, a histogram, the longest lines."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.core.file_lengths import Bin, FileLengths
from hubtui.core.untrusted import reveal
from hubtui.ui.drawing import bar, facts_in_lines
from hubtui.ui.text import Line, Piece, cells, clip, plural, whole
from hubtui.ui.theme import Inks

_WIDEST_BAR = 60
_OVER = " over the limit"


def length_lines(found: FileLengths, width: int, height: int, inks: Inks, *, is_done: bool) -> list[Line]:
    """Return at most `height` lines; the histogram has the room that there is, the longest lines what it leaves."""
    lines = facts_in_lines(_facts(found, inks, is_done=is_done), width, inks.faint)
    if not found.n_lines:
        return lines[:height]
    room = height - len(lines)
    bins = found.bins(max(2, min(16, room - 2)))
    lines += [[], *_histogram(found, bins, width, inks)] if room > 6 else _histogram(found, bins, width, inks)
    longest = [_longest(found, at, width, inks) for at in range(len(found.longest))]
    if len(lines) + 4 <= height:
        lines += [[], [("the longest lines begin", inks.muted)], *longest]
    return lines[:height]


def _facts(found: FileLengths, inks: Inks, *, is_done: bool) -> list[Piece]:
    share = found.done / max(1, found.size)
    facts: list[Piece] = [] if is_done else [(f"… {share:.0%}".replace("%", " %"), inks.accent)]
    facts += [(plural(found.n_lines, "line"), inks.strong), (plural(found.n_tokens, "token"), inks.text)]
    if found.n_lines:
        facts.append((f"half ≤ {whole(found.percentile(0.5))}, 99 % ≤ {whole(found.percentile(0.99))}", inks.text))
    if found.tokens_per_character is not None:
        facts.append((f"{found.tokens_per_character:.2f} tokens a character", inks.text))
    if found.limit is None:
        facts.append(("no limit stated", inks.muted))
    else:
        over = f"{(found.share_over or 0) * 100:.1f} % over the limit of {whole(found.limit)}"
        facts.append((f"{'✗' if found.n_over else '✓'} {over}", inks.bad if found.n_over else inks.good))
    if found.n_unknown:
        facts.append((f"{found.unknown_share * 100:.1f} % unknown", inks.warn))
    if found.n_broken:
        facts.append((f"! {plural(found.n_broken, 'line')} not UTF-8", inks.warn))
    if found.n_cut:
        facts.append((f"! {plural(found.n_cut, 'line')} measured up to 1 MiB only", inks.warn))
    return facts


def _histogram(found: FileLengths, bins: Sequence[Bin], width: int, inks: Inks) -> list[Line]:
    names = [str(one.low) if one.low == one.high else f"{one.low}–{one.high}" for one in bins]
    counts = [whole(one.count) for one in bins]
    left, right = max(map(cells, [*names, "tokens"])), max(map(cells, [*counts, "lines"]))
    room = max(4, min(_WIDEST_BAR, width - left - right - 4 - len(_OVER)))
    highest = max(one.count for one in bins)
    lines: list[Line] = [[(f"{'tokens':>{left}}  {'lines':>{right}}", inks.muted)]]
    for one, name, count in zip(bins, names, counts, strict=True):
        is_over = found.limit is not None and one.low > found.limit and one.count > 0
        lines.append(
            [
                (f"{name:>{left}}  ", inks.text),
                (f"{count:>{right}}  ", inks.strong if one.count else inks.muted),
                *bar(one.count / highest, room, inks),
                (_OVER if is_over else "", inks.bad),
            ]
        )
    return lines


def _longest(found: FileLengths, at: int, width: int, inks: Inks) -> Line:
    line = found.longest[at]
    tokens = max(len(whole(one.n_tokens)) for one in found.longest)
    number = max(len(whole(one.number)) for one in found.longest)
    return clip(
        [
            (f"{whole(line.n_tokens):>{tokens}} tokens  ", inks.strong),
            (f"line {whole(line.number):>{number}}  ", inks.muted),
            (reveal(line.start) or "(empty)", inks.text),
        ],
        width,
    )
