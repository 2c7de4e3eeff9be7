"""What is said about a tokenizer and a batch, below the pieces."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.core.language_samples import SENTENCES
from hubtui.core.tokens import TokenizedView, TokenizerInfo
from hubtui.core.untrusted import reveal
from hubtui.ui.drawing import facts_in_lines
from hubtui.ui.text import Line, Piece, plural, whole
from hubtui.ui.theme import Inks
from hubtui.ui.token_layout import INSIDE


def first_text(languages: Sequence[str]) -> str:
    """Return a text to begin with, in the first of the model's languages that hubtui knows."""
    known = next((code for code in languages if code in SENTENCES), "en")
    return "\n".join(SENTENCES[known])


def padding_words(info: TokenizerInfo) -> tuple[str, bool]:
    """Return which token pads, and whether that is a warning: what follows from it, the view's own warnings say."""
    pad = info.special_tokens.get("pad")
    if pad is None:
        return "no pad token", True
    if pad.id is None:
        return f"pad {reveal(pad.token)} is not in the vocabulary", True
    return f"pad {reveal(pad.token)} = {pad.id}", False


def totals(
    view: TokenizedView, info: TokenizerInfo, limit: int | None, inks: Inks, width: int, *, is_low: bool = False
) -> list[Line]:
    """Return the totals of a batch: counts and share of the limit, what the text costs, then the tokenizer itself.

    With `is_low` there is room for few lines, and the tokenizer is left out unless it is provisional.
    """
    pad, is_odd = padding_words(info)
    counts: list[Piece] = [
        (plural(view.n_sequences, "sequence"), inks.text),
        (f"longest {whole(view.longest)}", inks.strong),
    ]
    if view.n_padding:
        counts.append((plural(view.n_padding, "pad"), inks.text))
    counts.append((pad, inks.warn if is_odd else inks.text))
    if view.n_unknown:
        counts.append((f"{whole(view.n_unknown)} unknown", inks.bad))
    if view.n_truncated:
        counts.append((f"{whole(view.n_truncated)} cut", inks.warn))
    counts.append(_share(view.longest, limit, inks))
    costs = statistics_facts(view, inks)
    if is_low and not info.provisional:
        return facts_in_lines([*counts, *costs], width, inks.faint)
    return [
        *facts_in_lines(counts, width, inks.faint),
        *facts_in_lines(costs, width, inks.faint),
        *tokenizer_lines(info, width, inks),
    ]


def statistics_facts(view: TokenizedView, inks: Inks) -> list[Piece]:
    """Return what the text costs: tokens, characters and bytes a token, words split, unknown, characters cut."""
    found = view.statistics
    if not found.tokens:
        return []
    facts: list[Piece] = [(f"{plural(found.tokens, 'token')} of text", inks.text)]
    rates = [found.characters / found.tokens, found.n_bytes / found.tokens]
    if found.characters == found.n_bytes:
        facts.append((f"{rates[0]:.2f} characters each", inks.muted))
    else:
        facts.append((f"{rates[0]:.2f} characters, {rates[1]:.2f} bytes each", inks.muted))
    if found.words:
        facts.append(
            (f"{_percent(found.split_words / found.words)} of {plural(found.words, 'word')} split", inks.muted)
        )
    if view.n_unknown:
        facts.append((f"{_percent(view.n_unknown / found.tokens)} unknown", inks.bad))
    if found.split_clusters:
        facts.append((f"{plural(found.split_clusters, 'character')} split {INSIDE}", inks.warn))
    return facts


def _percent(share: float) -> str:
    return "<1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def _share(longest: int, limit: int | None, inks: Inks) -> Piece:
    if not limit:
        return ("no limit stated", inks.muted)
    share = longest / limit
    return (f"{_percent(share)} of {whole(limit)}", inks.bad if share > 1 else inks.text)


def tokenizer_lines(info: TokenizerInfo, width: int, inks: Inks) -> list[Line]:
    """Return what the tokenizer is: algorithm, vocabulary, fast or slow, whether it is confirmed."""
    pieces: list[Piece] = [
        (info.algorithm, inks.accent),
        (f"{whole(info.vocab_size)} in the vocabulary", inks.muted),
        ("fast" if info.fast else "slow", inks.muted),
    ]
    if info.tokenizer_class:
        pieces.append((info.tokenizer_class, inks.muted))
    if info.provisional:
        pieces.append(("≈ provisional, being confirmed", inks.warn))
    return facts_in_lines(pieces, width, inks.faint)
