"""Text of one block or cell while it is gathered: runs of one dress, links, images; then safe spans."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from hubtui.cards.emoji import of_sure_width, with_emoji
from hubtui.cards.latex import subscript, superscript
from hubtui.cards.links import BARE_URL, address, image_name, is_badge, link_kind, trim_bare_url
from hubtui.cards.model import Link, Mark, Span, Style
from hubtui.cards.wrap import without_end_blanks
from hubtui.core.untrusted import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NOT_LINKED = frozenset({Style.CODE, Style.MATH, Style.KEY, Style.IMAGE})
_MAX_LINK_TEXT = 200


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One link element; two links to the same address are two targets."""

    href: str


class Dress(NamedTuple):
    """How text is to be shown."""

    style: Style = Style.TEXT
    marks: Mark = Mark.NONE
    target: Target | None = None
    script: Literal["", "sup", "sub"] = ""
    preformatted: bool = False


@dataclass(slots=True)
class _Run:
    """Raw text of one dress, an image (``src`` set) or a hard line break (``text`` is a newline)."""

    text: list[str]
    dress: Dress
    src: str | None = None
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class InlineContent:
    """Gathered text, ready to be wrapped: spans (newlines break lines) and the images (name, address) named in it."""

    spans: list[Span]
    images: list[tuple[str, str]]


@dataclass(slots=True)
class LinkRegistry:
    """The links of a card in the order they are met, each address once."""

    links: list[Link] = field(default_factory=list)
    _by_url: dict[str, int] = field(default_factory=dict)
    _numbered: int = 0

    def register(self, href: str, text: str) -> int:
        """Return the index of the link to `href`, adding it if it is new."""
        url = address(href)
        index = self._by_url.get(url)
        if index is None:
            kind = link_kind(href)
            if kind != "anchor":
                self._numbered += 1
            index = self._by_url[url] = len(self.links)
            shown = " ".join(text.split())[:_MAX_LINK_TEXT]
            self.links.append(Link(self._numbered if kind != "anchor" else 0, shown, url, kind))
        return index


class InlineBuffer:
    """Gathers the text of one block."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return not self._runs

    @property
    def is_blank(self) -> bool:
        """Whether nothing would be seen."""
        return not self._runs or all(
            run.src is None and (run.is_break or not "".join(run.text).strip()) for run in self._runs
        )

    def raw_text(self) -> str:
        """Return the text as gathered, for preformatted blocks."""
        return "".join("".join(run.text) for run in self._runs if run.src is None)

    def add(self, text: str, dress: Dress) -> None:
        """Add raw text; neighbours of one dress become one run: what stands together is made safe together."""
        last = self._runs[-1] if self._runs else None
        if last is not None and last.dress == dress and last.src is None and not last.is_break:
            last.text.append(text)
        else:
            self._runs.append(_Run([text], dress))

    def add_break(self) -> None:
        """Add a hard line break."""
        self._runs.append(_Run(["\n"], Dress(), is_break=True))

    def end_line(self) -> None:
        """Add a line break unless there is nothing to end."""
        if self._runs and not self._runs[-1].is_break:
            self.add_break()

    def add_image(self, alt: str, src: str, dress: Dress) -> None:
        """Add an image, which its name will stand for."""
        self._runs.append(_Run([alt], dress._replace(style=Style.IMAGE), src=src))

    def finish(self, links: LinkRegistry) -> InlineContent:
        """Return what was gathered, safe to show, with its links numbered."""
        images: list[tuple[str, str]] = []
        seen = [run for run in self._runs if run.src is not None or "".join(run.text).strip()]
        # rows of badges and logos stand side by side, whatever blanks and breaks are between them
        is_row = any(run.src is not None for run in seen) and all(
            run.src is not None or run.dress.target for run in seen
        )
        spans: list[Span] = []
        for group in _by_target(seen if is_row else self._runs):
            dressed = list(_dressed(group, spans, links, images))
            if is_row and spans and dressed:
                spans.append(Span(" · ", Style.MUTED))
            spans.extend(dressed)
        return InlineContent(list(without_end_blanks(spans)), images)


def _by_target(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Yield the runs of each link together, other runs one by one."""
    group: list[_Run] = []
    for run in runs:
        if group and (run.dress.target is None or run.dress.target is not group[0].dress.target):
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _dressed(
    group: list[_Run], before: list[Span], links: LinkRegistry, images: list[tuple[str, str]]
) -> Iterator[Span]:
    """Yield the spans of one link, or of one run outside links."""
    texts: list[tuple[str, Dress]] = []
    ends_blank = not before or before[-1].text[-1:] in {" ", "\n"}
    for run in group:
        text = _shown(run, ends_blank=ends_blank, images=images)
        if text:
            ends_blank = text[-1] in " \n"
            texts.append((text, run.dress))
    target = group[0].dress.target
    if target is None:
        for text, dress in texts:
            yield from _linkified(text, dress, links)
    elif "".join(text for text, _ in texts).strip():
        yield from _linked(texts, target, links)


def _shown(run: _Run, *, ends_blank: bool, images: list[tuple[str, str]]) -> str:
    """Return the safe text of a run; blanks collapse as in HTML."""
    raw = "".join(run.text)
    if run.is_break:
        return "\n"
    if run.src is not None:
        name = of_sure_width(image_name(raw, run.src))
        images.append((name, address(run.src)))
        return name if run.dress.target or is_badge(run.src) else f"▣ {name}"
    if run.dress.preformatted:
        return _without_loose_marks(of_sure_width(clean(raw, multiline=True)))
    if run.dress.style not in _NOT_LINKED:
        raw = with_emoji(raw)
    text = _without_loose_marks(of_sure_width(clean(_BLANKS.sub(" ", raw))))
    if run.dress.script:
        text = superscript(text) if run.dress.script == "sup" else subscript(text)
    return text.lstrip(" ") if ends_blank else text


def _without_loose_marks(text: str) -> str:
    """Drop combining marks at the start: on the span before they would pile up without bound."""
    while text and not text[0].isascii() and unicodedata.category(text[0])[0] == "M":
        text = text[1:]
    return text


def _linked(texts: list[tuple[str, Dress]], target: Target, links: LinkRegistry) -> Iterator[Span]:
    index = links.register(target.href, "".join(text for text, _ in texts))
    link = links.links[index]
    # blanks at the end belong behind the number
    *head, (last, last_dress) = texts
    body = last.rstrip(" \n") or last
    for text, dress in [*head, (body, last_dress)]:
        style = Style.LINK_UNSAFE if link.kind == "unsafe" else Style.LINK
        yield Span(text, style if dress.style in {Style.TEXT, Style.IMAGE} else dress.style, dress.marks, index)
    if link.number:
        yield Span(f"[{link.number}]", Style.LINK_NUMBER, link=index)
    if body != last:
        yield Span(last[len(body) :])


def _linkified(text: str, dress: Dress, links: LinkRegistry) -> Iterator[Span]:
    """Yield a run outside links, its bare addresses made links."""
    done = 0
    if dress.style not in _NOT_LINKED and ("://" in text or "www." in text):
        for match in BARE_URL.finditer(text):
            url = trim_bare_url(match[0])
            if len(url) < len("http://a"):
                continue
            if match.start() > done:
                yield Span(text[done : match.start()], dress.style, dress.marks)
            href = url if "://" in url else f"https://{url}"
            yield from _linked([(url, dress)], Target(href), links)
            done = match.start() + len(url)
    if done < len(text):
        yield Span(text[done:], dress.style, dress.marks)
