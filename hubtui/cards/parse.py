"""Parses Markdown with markdown-it, one top-level block at a time.

Blocks are parsed as they are needed, so the first screen of a long card costs as much as that of a short one. What may
stand anywhere (link definitions, footnote labels) is collected from the whole text first.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar
from mdit_py_plugins.footnote import footnote_plugin

from hubtui.cards.latex import looks_like_math
from hubtui.cards.windows import OPEN_FORMULA, BlockWindows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_inline import StateInline

_LOG = logging.getLogger(__name__)

_MAX_NESTING = 80
_MAX_INLINE = 64_000  # characters of one paragraph that are parsed; a longer one is shown as written
# Each "[" may begin a link, and finding out that none does takes as many looks as brackets are open there; one of an
# image or of a note takes about eight times as long. What one paragraph may hold, and what all paragraphs of a card may
# cost together: some 50 ms. A page of fifty badges costs 1,000.
_MAX_BRACKETS = 600
_BRACKET_BUDGET = 750_000
_FREE_BRACKETS = 20
_BRACKET = re.compile(r"([!^]?)\[|\]")
_MAX_UNCLOSED_FORMULAS = 20  # each "$$" that is never closed makes the parser look through the rest of the card
_MAX_DEFINITIONS = 2_000
_DEFINITION = re.compile(r" {0,3}\[(\^?)([^\]\n]{1,200})\]:[ \t]*\S[^\n]*")
_LINE_ENDS = re.compile(r"\r\n?")
_BRACKET_MATH = {"(": ("\\)", 500), "[": ("\\]", 2_000)}  # what closes it, how far away
_SPECIAL = re.compile(r"[\n\\`*_~\[!<&$^]")

_UNCLOSED = "hubtui_unclosed_formulas"  # key in the parser's environment


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Return the Markdown parser: CommonMark, GitHub's tables and strikethrough, footnotes, formulas."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.use(footnote_plugin, move_to_end=False)
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    markdown.block.ruler.at("math_block", _math_block)
    markdown.inline.ruler.before("escape", "bracket_math", _bracket_math)
    markdown.options["maxNesting"] = _MAX_NESTING
    markdown.validateLink = _take_link  # type: ignore[method-assign]  # the documented way to change the check
    return markdown


def _take_link(url: str) -> bool:  # noqa: ARG001 - markdown-it passes it by name
    """Let every link through: those that must not be opened are shown and marked as such."""
    return True


_DOLLAR_BLOCK = math_block_dollar()


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a ``$$`` block, unless many before it were never closed."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", first) or state.env.get(_UNCLOSED, 0) >= _MAX_UNCLOSED_FORMULAS:
        return False
    found = _DOLLAR_BLOCK(state, start, end, silent)
    if not found:
        state.env[_UNCLOSED] = state.env.get(_UNCLOSED, 0) + 1
        state.env[OPEN_FORMULA] = True
    return found


def _bracket_math(state: StateInline, silent: bool) -> bool:
    r"""Read ``\(…\)`` and ``\[…\]``, also with two backslashes, as the Hub's cards write formulas."""
    if state.src[state.pos] != "\\":
        return False
    start = state.pos + (2 if state.src.startswith("\\", state.pos + 1) else 1)
    closing, reach = _BRACKET_MATH.get(state.src[start : start + 1], ("", 0))
    end = state.src.find(closing, start + 1, start + reach) if closing else -1
    if end < 0:
        return False
    content = state.src[start + 1 : end].removesuffix("\\").strip()
    if not content or not looks_like_math(content):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = content, "\\("
    state.pos = end + len(closing)
    return True


def normalized(source: str) -> str:
    """Return Markdown with the line ends that the parser expects."""
    if "\r" in source:
        source = _LINE_ENDS.sub("\n", source)
    return source.replace("\0", "\ufffd")


class CardParser:
    """Parses one card: its top-level blocks one by one, and the text of their paragraphs when it is asked for."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._environment = _definitions(source)
        self._bracket_budget = _BRACKET_BUDGET

    def blocks(self) -> Iterator[list[Token]]:
        """Yield the tokens of one top-level block, or piece of a long one, after another; inline text is unparsed."""
        return iter(BlockWindows(self._source, _parser(), self._environment, _MAX_NESTING))

    def inline(self, content: str) -> list[Token] | None:
        """Return the tokens of a paragraph's text, None where it holds no markup or is too costly to parse."""
        if _SPECIAL.search(content) is None or len(content) > _MAX_INLINE:
            return None
        brackets = content.count("[")
        if brackets > _FREE_BRACKETS:
            cost = _bracket_cost(content)
            if brackets > _MAX_BRACKETS or cost > self._bracket_budget:
                return None
            self._bracket_budget -= cost
        tokens: list[Token] = []
        try:
            _parser().inline.parse(content, _parser(), self._environment, tokens)
        except Exception:  # noqa: BLE001 - as above; nested images and notes recurse as deep as the card likes
            _LOG.warning("markdown-it failed on a paragraph", exc_info=True)
            return None
        return tokens

    def inline_note(self, number: int) -> list[Token]:
        """Return the tokens of a note written in place, ``^[…]``, by the number that its reference carries."""
        tokens: list[Token] = self._environment["footnotes"]["list"][number]["tokens"]
        return tokens


def _bracket_cost(content: str) -> int:
    """Return what looking for the links of a text costs at most: its brackets, times those open at once."""
    weight = depth = deepest = 0
    for match in _BRACKET.finditer(content):
        if match[0] == "]":
            depth = max(0, depth - 1)
        else:
            weight += 8 if match[1] else 1
            depth += 1
            deepest = max(deepest, depth)
    return weight * deepest


def _definitions(source: str) -> dict[str, Any]:
    """Return a parser environment that knows the link definitions and footnote labels of the whole text."""
    environment: dict[str, Any] = {}
    labels: dict[str, int] = {}
    links: list[str] = []
    found = 0
    for _ in range(_MAX_DEFINITIONS):
        # what every definition has is found faster than by a pattern that begins at each line
        found = source.find("]:", found + 1)
        if found < 0:
            break
        match = _DEFINITION.match(source, source.rfind("\n", 0, found) + 1)
        if match is None:
            continue
        found = match.end()
        if match[1]:
            labels[f":{match[2]}"] = -1
        else:
            links.append(match[0])
    if links:
        _parser().block.parse("\n".join(links), _parser(), environment, [])
    if labels:
        environment["footnotes"] = {"refs": labels, "list": {}}
    return environment
