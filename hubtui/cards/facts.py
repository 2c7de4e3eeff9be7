"""The front matter of a card as a table of facts, and its evaluation results as a table of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hubtui.cards.model import RESULTS_HEADING, EvalResult, FrontMatter, Mark, Span, Style
from hubtui.cards.page import Frame, heading_lines, rule_lines
from hubtui.cards.tables import Cell, table_lines
from hubtui.cards.wrap import wrap
from hubtui.core.license_terms import terms_of
from hubtui.core.lineage import relation_words
from hubtui.core.numbers import plural
from hubtui.core.vocabulary import languages, license_class, licenses

if TYPE_CHECKING:
    from hubtui.cards.page import Page

FamilyRows: TypeAlias = tuple[tuple[str, str], ...]
"""Labels and words of what is known of a model's family (`core.lineage.family_rows`)."""

_LABEL_CELLS = 12
_MOST_NAMED_LANGUAGES = 6
_MOST_LISTED = 12
_CLASS_WORDS = {
    "permissive": "permissive",
    "copyleft": "copyleft",
    "research": "not for commercial use",
    "custom": "terms of its own",
}
_SEPARATOR = Span(" · ", Style.MUTED)


class FactsTable:
    """Places facts on a page: a label, and beside it what the front matter says."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frame = Frame(tight=True)

    def place(self, matter: FrontMatter, family: FamilyRows) -> int | None:
        """Place all facts and a rule under them; return the first line of the family, None where there is none.

        Args:
            matter: the front matter.
            family: what is known of the model's family; each row is kept to one line, for it may be replaced.
        """
        self._row("licence", self._license(matter))
        self._row("languages", _languages(matter.languages))
        self._row("datasets", self._linked(matter.datasets, "/datasets/"))
        self._row("metrics", _plain(" · ".join(matter.metrics)))
        how = relation_words(matter.base_relation)
        made_from = self._linked(matter.base_models, "/")
        self._row("base model", [*made_from, Span(f" ({how})", Style.MUTED)] if made_from and how else made_from)
        self._row("results", self._results(matter.results))
        self._row("carbon", _plain(_carbon(matter)))
        lines = [self._page.place([(Span(words),)], self._frames(label)) for label, words in family]
        if self._page.is_begun:
            self._page.keep_together()
            self._page.place(rule_lines(self._page.width), ())
        return lines[0] if lines else None

    def _frames(self, label: str) -> tuple[Frame, ...]:
        return self._frame, Frame(" " * _LABEL_CELLS, Style.MUTED, label.ljust(_LABEL_CELLS))

    def _row(self, label: str, spans: list[Span]) -> None:
        if spans:
            frames = self._frames(label)
            self._page.place(wrap(spans, self._page.room(frames)), frames)

    def _link(self, text: str, url: str) -> list[Span]:
        index = self._page.links.register(url, text)
        link = self._page.links.links[index]
        style = Style.LINK_UNSAFE if link.kind == "unsafe" else Style.LINK
        number = [Span(f"[{link.number}]", Style.LINK_NUMBER, link=index)] if link.number else []
        return [Span(text, style, link=index), *number]

    def _linked(self, names: tuple[str, ...], before: str) -> list[Span]:
        spans: list[Span] = []
        for name in names[:_MOST_LISTED]:
            spans += [_SEPARATOR] * bool(spans) + self._link(name, before + name)
        if len(names) > _MOST_LISTED:
            for name in names[_MOST_LISTED:]:
                self._page.links.register(before + name, name)
            spans.append(Span(f" · and {len(names) - _MOST_LISTED} more among the links", Style.MUTED))
        return spans

    def _license(self, matter: FrontMatter) -> list[Span]:
        spans: list[Span] = []
        for name in matter.license:
            known = licenses().get(name.lower(), "")
            called = matter.license_name or name if name.lower() == "other" else known or name
            if name.lower() not in {"other", called.lower()}:
                called = f"{called} ({name})"
            spans += [_SEPARATOR] * bool(spans) + [Span(called, marks=Mark.STRONG)]
            if kind := _CLASS_WORDS.get(license_class(name), ""):
                spans += [_SEPARATOR, Span(kind)]
            if terms := matter.license_link or terms_of(name):
                spans += [_SEPARATOR, *self._link("terms", terms)]
        return spans

    def _results(self, results: tuple[EvalResult, ...]) -> list[Span]:
        if not results:
            return []
        datasets = len({result.dataset for result in results})
        where = f"{plural(len(results), 'value')} on {plural(datasets, 'dataset')}"
        anchor = "#" + RESULTS_HEADING.lower().replace(" ", "-")
        return [Span(f"{where}: "), *self._link("at the end of the card", anchor)]


def place_results(page: Page, results: tuple[EvalResult, ...]) -> None:
    """Place the evaluation results as a table under a heading of its own."""
    if not results:
        return
    heading = [Span(RESULTS_HEADING, Style.H2, Mark.STRONG)]
    page.add_heading(2, RESULTS_HEADING, page.place(heading_lines(2, heading, page.width, ""), ()))
    names = ("task", "dataset", "metric", "value")
    head = [Cell([Span(name, Style.TABLE_HEAD, Mark.STRONG)], is_head=True) for name in names]
    rows = [
        [Cell([Span(text)] if text else []) for text in (*_subject(result, before), value_text(result.value))]
        for before, result in zip((None, *results), results, strict=False)
    ]
    page.place(table_lines([head, *rows], page.width), ())


def value_text(value: float | str) -> str:
    """Return a result as short as it says the same: `0.8123`, `81.2`, `3.1e-05`."""
    return value if isinstance(value, str) else f"{value:.6g}"


def _subject(result: EvalResult, before: EvalResult | None) -> tuple[str, str, str]:
    """Return task, dataset and metric; what the row above says too is left out."""
    same_task = before is not None and before.task == result.task
    same_dataset = same_task and before is not None and before.dataset == result.dataset
    return "" if same_task else result.task, "" if same_dataset else result.dataset, result.metric


def _plain(text: str) -> list[Span]:
    return [Span(text)] if text else []


def _languages(codes: tuple[str, ...]) -> list[Span]:
    if len(codes) > _MOST_NAMED_LANGUAGES:
        return [Span(f"{len(codes)}: "), Span(" ".join(codes))]
    named = (f"{languages()[code]} ({code})" if code in languages() else code for code in codes)
    return _plain(" · ".join(named))


def _carbon(matter: FrontMatter) -> str:
    carbon = matter.carbon
    if carbon is None:
        return ""
    amount = ""
    if carbon.grams is not None:
        amount = f"{carbon.grams / 1000:,.6g} kg CO₂e" if carbon.grams >= 1000 else f"{carbon.grams:.4g} g CO₂e"
    said = (amount, carbon.training, carbon.hardware, carbon.location, f"by {carbon.source}" if carbon.source else "")
    return " · ".join(part for part in said if part)
