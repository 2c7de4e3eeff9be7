"""The facts above the tabs: what the model is, what it takes, whether it fits this box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hubtui.core.fit import Fit
from hubtui.core.fit.weights import chosen_files
from hubtui.core.models import Gated, ModelFacts
from hubtui.core.numbers import count_text, size_text
from hubtui.core.verdict import judge
from hubtui.ui import text
from hubtui.ui.drawing import facts_in_lines
from hubtui.ui.panes.opened import OpenedModel
from hubtui.ui.text import Line, Piece
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.painted import Painted

_VERDICTS = {"fits": "fits", "tight": "tight on", "no": "too big for"}
WHY = "safety"
"""Name of the verdict, by which a click on it is known."""

_LOW = 22
"""A screen of fewer rows gets one line of each kind of facts."""


class FactsHeader(Painted):
    """The id, then three or four lines of facts; before they arrive, the id alone."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._title = ""
        self._opened: OpenedModel | None = None
        self._now: datetime | None = None
        self._pinned = False
        self._pins = 0
        self._bookmarked = False

    def announce(self, title: str) -> None:
        """Show the id of a model whose facts are on their way."""
        self._title, self._opened = title, None
        self.changed()

    def show(self, opened: OpenedModel, now: datetime) -> None:
        """Show the facts; ages are counted from `now`."""
        self._title, self._opened, self._now = opened.facts.id, opened, now
        self.changed()

    def mark(self, *, pins: int, is_pinned: bool, is_bookmarked: bool | None = None) -> None:
        """Show how many models are pinned, and whether this one is pinned and bookmarked (None: as before)."""
        self._pins, self._pinned = pins, is_pinned
        if is_bookmarked is not None:
            self._bookmarked = is_bookmarked
        self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines: groups of facts, each begun on a line of its own."""
        ink = self.inks
        lines: list[Line] = [text.spread([(text.shorten_left(self._title, width), ink.strong)], self._marks(), width)]
        if self._opened is None or self._now is None:
            return lines
        facts, fit = self._opened.facts, self._opened.fit
        is_low = self.screen.size.height < _LOW
        told, verdict = _facts(facts, fit, width, ink), _verdict(facts, self._now, ink, width)
        state = _state(facts, fit, self._now, ink, width)
        if is_low:  # what speaks against the model is the last to go
            return [*lines, *told[: 2 - len(verdict)], *verdict, *state[:1]]
        return [*lines, *told, *verdict, *state]

    def _marks(self) -> list[Piece]:
        ink = self.inks
        pieces: list[Piece] = []
        if self._bookmarked:
            pieces.append((text.BOOKMARK_MARK, ink.accent))
        if self._pins:
            pieces.append(
                (
                    f"  pinned {self._pins}" if self._pinned else f"  {self._pins} pinned",
                    ink.accent if self._pinned else ink.muted,
                )
            )
        return pieces


def _facts(facts: ModelFacts, fit: Fit, width: int, ink: Inks) -> list[Line]:
    """What the model is and how it is built: a line each, or one after the other where a line is too short."""
    groups = [_what(facts, fit, ink), _architecture(facts, ink)]
    lines = [line for group in groups for line in facts_in_lines(group, width, ink.faint)]
    return lines if len(lines) == len(groups) else facts_in_lines([*groups[0], *groups[1]], width, ink.faint)


def dtypes(facts: ModelFacts) -> str:
    """Return the names of the weights' dtypes, the commonest first: `bf16+f32`."""
    ranked = sorted(facts.parameters_by_dtype.items(), key=lambda item: -item[1])
    return "+".join(name.lower() for name, _ in ranked[:2])


def size_of(facts: ModelFacts, fit: Fit) -> int | None:
    """Return the bytes of the weight files that a load takes; what was estimated where no files are listed."""
    sizes = [file.size for file in chosen_files(facts.files)]
    if sizes and None not in sizes:
        return sum(size for size in sizes if size is not None)
    return None if facts.files else fit.weights_bytes


def _what(facts: ModelFacts, fit: Fit, ink: Inks) -> list[Piece]:
    pieces: list[Piece] = [
        (facts.pipeline_tag, ink.text) if facts.pipeline_tag else ("no task stated", ink.warn),
        (facts.library, ink.text) if facts.library else ("no library stated", ink.muted),
        (facts.license, ink.text) if facts.license else ("no licence stated", ink.warn),
    ]
    if facts.gated:
        how = "automatic" if facts.gated is Gated.AUTO else "manual"
        pieces.append((f"{text.GATED_MARK} gated ({how})", ink.warn))
    if facts.private:
        pieces.append(("private", ink.warn))
    if facts.parameters is not None:
        pieces.append((f"{count_text(facts.parameters)} {dtypes(facts)}".rstrip(), ink.text))
    if (size := size_of(facts, fit)) is not None:
        pieces.append((size_text(size), ink.text))
    return pieces


def _architecture(facts: ModelFacts, ink: Inks) -> list[Piece]:
    pieces: list[Piece] = []
    if facts.max_length is not None:
        pieces.append((f"{text.whole(facts.max_length)} tokens", ink.muted))
    if facts.model_type:
        pieces.append((facts.model_type, ink.muted))
    pieces += [(name, ink.muted) for name in facts.architectures[:1]]
    pieces += _formats(facts, ink)
    return pieces


def _formats(facts: ModelFacts, ink: Inks) -> list[Piece]:
    safety = facts.safety
    pieces: list[Piece] = []
    if safety.status in {"unsafe", "suspicious"}:
        pieces.append(("! caution", ink.warn) if safety.is_mild else (f"✗ {safety.status} files", ink.bad))
    if safety.pickle_only:
        pieces.append(("pickle only ✗", ink.warn))
    elif facts.formats:
        is_safe = "safetensors" in facts.formats and safety.status not in {"unsafe", "suspicious"}
        pieces.append((", ".join(facts.formats) + (" ✓" if is_safe else ""), ink.good if is_safe else ink.muted))
    elif facts.listed is None and not facts.is_partial:
        pieces.append(("no weights", ink.warn))
    if safety.custom_code:
        pieces.append(("custom code", ink.warn))
    return pieces


def _verdict(facts: ModelFacts, now: datetime, ink: Inks, width: int) -> list[Line]:
    """What speaks against the model, where something does."""
    found = judge(facts, now)
    if found.level == "good":
        return []
    style = ink.bad if found.level == "stop" else ink.warn
    mark = text.VERDICT_MARKS[found.level]
    why = [(" V", text.hit(ink.key, WHY)), (" why", text.hit(ink.muted, WHY))]
    return [text.spread([(f"{mark} ", text.hit(style, WHY)), (found.line, text.hit(ink.text, WHY))], why, width)]


def fit_words(fit: Fit) -> str:
    """Return the verdict for the best device as a sentence: `fits GPU0 (needs 0.6 of 22.1 GB free)`."""
    best = fit.best
    if best is None:
        return "no device known"
    name = best.device.name
    if fit.total_bytes is None:
        return "fit unknown: the Hub names neither parameters nor sizes"
    needs = f"needs {_gigabytes(best.needed_bytes or 0)} of {_gigabytes(best.device.free_bytes)} GB free"
    return f"{_VERDICTS.get(best.verdict, '')} {name} ({needs})"


def fit_brief(fit: Fit) -> str:
    """Return the verdict and what is needed, without what happens to be free just now: `fits GPU0, needs 0.6 GB`."""
    best = fit.best
    if best is None or fit.total_bytes is None:
        return fit_words(fit)
    return f"{_VERDICTS.get(best.verdict, '')} {best.device.name}, needs {_gigabytes(best.needed_bytes or 0)} GB"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f}" if size < 99.95e9 else f"{size / 1e9:.0f}"


def _state(facts: ModelFacts, fit: Fit, now: datetime, ink: Inks, width: int) -> list[Line]:
    """The fit, and beside or below it what happens to the model on the Hub."""
    verdict = fit.best.verdict if fit.best else "unknown"
    style = {"fits": ink.good, "tight": ink.warn, "no": ink.bad}.get(verdict, ink.muted)
    left: list[Piece] = [(text.FIT_MARKS[verdict], style), (f" {fit_words(fit)}", ink.text)]
    for right in (_hub_state(facts, now, ink), _hub_state(facts, now, ink, is_short=True)):
        (joined,) = facts_in_lines(right, 1_000, ink.faint)
        if text.width_of(left) + text.width_of(joined) + 2 <= width:
            return [text.spread(left, joined, width, gap=2)]
    return [text.clip(left, width), *facts_in_lines(_hub_state(facts, now, ink), width, ink.faint)]


def _hub_state(facts: ModelFacts, now: datetime, ink: Inks, *, is_short: bool = False) -> list[Piece]:
    """What happens to the model on the Hub; the short form leaves the commit out where a branch or tag is open."""
    pieces: list[Piece] = []
    if facts.folder:
        pieces.append(("local folder", ink.muted))
    else:
        if when := text.ago(facts.updated, now):
            pieces.append((when, ink.muted))
        if facts.is_partial:
            pieces.append((f"{text.plural(len(facts.files), 'file')} here, more not known", ink.warn))
        else:
            pieces.append((f"{count_text(facts.downloads)}{text.DOWNLOADS_MARK}", ink.muted))
            pieces.append((f"{count_text(facts.likes)}{text.LIKES_MARK}", ink.muted))
        if facts.listed is None:
            revision = "" if facts.revision == facts.commit else text.shorten(facts.revision, 20)
            commit = "" if is_short and revision else facts.commit[:7]
            pieces.append(("@".join(part for part in (revision, commit) if part), ink.muted))
    if facts.listed is not None:
        age = text.ago(facts.listed, now)
        pieces.append(("from the catalogue" if is_short else f"from the catalogue, {age}", ink.warn))
    if facts.from_cache:
        age = text.ago(facts.fetched, now)
        pieces.append((f"from the cache, fetched {age}" if age and not is_short else "from the cache", ink.warn))
    return pieces
