"""What a model card becomes: styled lines for a screen, typed front matter, the sections found.

Everything here is plain data. Every string has been decoded (entities, percent escapes) and then made safe by
``hubtui.core.untrusted``, so it can be painted as it is, but never parsed as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, StrEnum
from typing import Literal, TypeAlias

from hubtui.core.gate import GatedPrompt

RESULTS_HEADING = "Evaluation results of the front matter"
"""Heading of the table that the front matter's ``model-index`` becomes, below the card."""


class Style(StrEnum):
    """What a piece of text is; the interface and the command line map it to colours."""

    TEXT = "text"
    H1 = "h1"
    H2 = "h2"
    H3 = "h3"
    H4 = "h4"
    H5 = "h5"
    H6 = "h6"
    CODE = "code"  # inline code
    CODE_BLOCK = "code-block"  # Span.code says which kind of token
    KEY = "key"  # <kbd>
    MATH = "math"
    LINK = "link"
    LINK_NUMBER = "link-number"  # the small [n] behind a link
    LINK_UNSAFE = "link-unsafe"  # a link that must never be opened: javascript:, data:, file:, …
    IMAGE = "image"
    BULLET = "bullet"  # list markers, task boxes
    QUOTE = "quote"  # the bar of a block quote
    RULE = "rule"
    TABLE_BORDER = "table-border"
    TABLE_HEAD = "table-head"
    SUMMARY = "summary"  # the line of <summary>
    NOTE = "note"  # GitHub alerts: bar and title
    TIP = "tip"
    IMPORTANT = "important"
    WARNING = "warning"
    CAUTION = "caution"
    MUTED = "muted"  # what hubtui itself says about the card: language of a code block, footnote numbers


class Mark(IntFlag):
    """How a piece of text is stressed, on top of its style."""

    NONE = 0
    STRONG = 1
    EMPHASIS = 2
    STRIKE = 4
    UNDERLINE = 8


class CodeToken(StrEnum):
    """Kinds of tokens in a code block, reduced to what a terminal theme can tell apart."""

    TEXT = "text"
    KEYWORD = "keyword"
    NAME = "name"  # functions, classes, tags, keys
    BUILTIN = "builtin"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"
    OPERATOR = "operator"
    DECORATOR = "decorator"
    PROMPT = "prompt"
    OUTPUT = "output"
    ADDED = "added"  # lines of a diff
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one style.

    ``link`` is an index into ``RenderedCard.links`` (its number is ``Link.number``); ``code`` is set in code blocks.
    """

    text: str
    style: Style = Style.TEXT
    marks: Mark = Mark.NONE
    link: int | None = None
    code: CodeToken | None = None


Line: TypeAlias = tuple[Span, ...]

LinkKind: TypeAlias = Literal["web", "mail", "relative", "anchor", "unsafe"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the card: level 1 to 6, plain text, index of its first line, GitHub-style anchor (without ``#``)."""

    level: int
    text: str
    line: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link target, listed once however often it is linked.

    ``number`` is what ``[n]`` shows; 0 for jumps inside the card (``kind == "anchor"``), which carry no number.
    ``url`` is as written: relative ones are relative to the repository. ``kind == "unsafe"`` must never be opened.
    """

    number: int
    text: str
    url: str
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the card: what stands for it, its address as written, index of the line it is named on."""

    alt: str
    src: str
    line: int


@dataclass(frozen=True, slots=True)
class CardChunk:
    """The next lines of a card, with what was met in them; line and link indexes count from the start of the card.

    ``family_line`` is the first line that tells of the model's family, None where it is not among them.
    """

    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    max_width: int
    family_line: int | None = None


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """A whole card laid out for ``width`` cells.

    Text is wrapped to ``width``; code and wide tables are not, ``max_width`` is the widest line in cells.
    """

    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    width: int
    max_width: int


@dataclass(frozen=True, slots=True)
class WidgetMessage:
    """One message of a conversation in a widget example."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class WidgetExample:
    """An example input from the card; which fields are set depends on the task. ``table`` is (column, cells) pairs."""

    title: str = ""
    text: str = ""
    context: str = ""
    source_sentence: str = ""
    sentences: tuple[str, ...] = ()
    candidate_labels: tuple[str, ...] = ()
    src: str = ""
    messages: tuple[WidgetMessage, ...] = ()
    table: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class EvalResult:
    """One value of the card's ``model-index``: names fall back to types where the card gives none."""

    task: str
    dataset: str
    metric: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Carbon:
    """What training emitted, as the card states it: grams of CO₂ equivalent, None where no number is given."""

    grams: float | None = None
    source: str = ""
    training: str = ""
    location: str = ""
    hardware: str = ""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The YAML block at the top of a card, read leniently.

    What has a wrong type is left out (or read as what it plainly means) and said in ``problems``, one sentence each.
    ``present`` is False when the card has no such block.
    """

    present: bool = False
    license: tuple[str, ...] = ()
    license_name: str = ""
    license_link: str = ""
    languages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    base_relation: str = ""
    tags: tuple[str, ...] = ()
    library_name: str = ""
    pipeline_tag: str = ""
    widget: tuple[WidgetExample, ...] = ()
    inference_off: bool = False
    results: tuple[EvalResult, ...] = ()
    carbon: Carbon | None = None
    gated: GatedPrompt | None = None
    problems: tuple[str, ...] = ()


SectionName: TypeAlias = Literal["limitations", "bias", "training_data", "evaluation"]


@dataclass(frozen=True, slots=True)
class CardSections:
    """Which of the things that a reader needs a card says: headings in order, what was found and what is missing.

    A section counts only if it holds text of its own: ``[More Information Needed]`` is missing. ``places`` says where
    each section is: the heading (or the words) that it was found by. ``license_section`` is the heading under which the
    text speaks of a licence, which the front matter may not name.
    """

    headings: tuple[str, ...] = ()
    has_limitations: bool = False
    has_bias: bool = False
    has_training_data: bool = False
    has_evaluation: bool = False
    missing: tuple[SectionName, ...] = ("limitations", "bias", "training_data", "evaluation")
    places: tuple[tuple[SectionName, str], ...] = ()
    license_section: str = ""
