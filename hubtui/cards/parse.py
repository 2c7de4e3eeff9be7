"""Reads Markdown with markdown-it, one top-level block at a time, and says what it finds to a `Flow`.

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
from mdit_py_plugins.footnote import footnote_plugin

from hubtui.cards.latex import looks_like_math

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_inline import StateInline

_LOG = logging.getLogger(__name__)

_MAX_NESTING = 40
_MAX_INLINE = 64_000  # characters of one paragraph that are parsed; a longer one is shown as written
_MAX_BRACKETS = 600  # "[" in one paragraph: each may begin a link, and finding that it does not costs its square
_MAX_DEFINITIONS = 2_000
_DEFINITION = re.compile(r"^ {0,3}\[(\^?)([^\]\n]{1,200})\]:[ \t]*\S[^\n]*$", re.MULTILINE)
_LINE_ENDS = re.compile(r"\r\n?")
_BRACKET_MATH = re.compile(r"\\{1,2}\(((?:[^\\\n]|\\[^)\n\\]){1,500}?)\\{1,2}\)|\\{1,2}\[([^$]{1,2000}?)\\{1,2}\]")

Environment = dict[str, Any]


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Return the Markdown parser: CommonMark, GitHub's tables and strikethrough, footnotes, formulas."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.use(footnote_plugin, move_to_end=False)
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    markdown.inline.ruler.before("escape", "bracket_math", _bracket_math)
    markdown.options["maxNesting"] = _MAX_NESTING
    markdown.validateLink = _take_link  # type: ignore[method-assign]  # the documented way to change the check
    return markdown


def _take_link(url: str) -> bool:  # noqa: ARG001 - markdown-it passes it by name
    """Let every link through: those that must not be opened are shown and marked as such."""
    return True


def _bracket_math(state: StateInline, silent: bool) -> bool:
    r"""Read ``\(…\)`` and ``\[…\]``, also with two backslashes, as the Hub's cards write formulas."""
    if state.src[state.pos] != "\\":
        return False
    match = _BRACKET_MATH.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    content = match[1] or match[2] or ""
    if not looks_like_math(content.strip()):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = content, "\\("
    state.pos = match.end()
    return True


def normalized(source: str) -> str:
    """Return Markdown with the line ends that the parser expects."""
    return _LINE_ENDS.sub("\n", source).replace("\0", "\ufffd")


def definitions(source: str) -> Environment:
    """Return a parser environment that knows the link definitions and footnote labels of the whole text."""
    environment: Environment = {}
    labels: dict[str, int] = {}
    links: list[str] = []
    for number, match in enumerate(_DEFINITION.finditer(source)):
        if number >= _MAX_DEFINITIONS:
            break
        if match[1]:
            labels[f":{match[2]}"] = -1
        else:
            links.append(match[0])
    if links:
        parser().block.parse("\n".join(links), parser(), environment, [])
    if labels:
        environment["footnotes"] = {"refs": labels, "list": {}}
    return environment


def blocks(source: str, environment: Environment) -> Iterator[list[Token]]:
    """Yield the tokens of one top-level block after another; inline text is still unparsed.

    This is the outer loop of markdown-it's ``ParserBlock.tokenize``, with a pause after each block.
    """
    markdown = parser()
    rules = markdown.block.ruler.getRules("")
    state = StateBlock(source, markdown, environment, [])
    line = 0
    while (line := state.skipEmptyLines(line)) < state.lineMax:
        state.line = line
        try:
            found = any(rule(state, line, state.lineMax, False) for rule in rules) and state.line > line
        except Exception:  # noqa: BLE001 - a fault of the parser costs one line of a card, and is logged, never the card
            _LOG.warning("markdown-it failed on a block", exc_info=True)
            found = False
        tokens, state.tokens = state.tokens, []
        if not found:
            state.level, state.blkIndent, state.parentType = 0, 0, "root"
            tokens, state.line = [_plain(state.getLines(line, line + 1, 0, False))], line + 1
        yield tokens
        line = state.line


def _plain(text: str) -> Token:
    token = Token("code_block", "code", 0)
    token.content = text
    return token


def inline(content: str, environment: Environment) -> list[Token] | None:
    """Return the tokens of a paragraph's text, None where it is too costly to parse and is to be shown as written."""
    if len(content) > _MAX_INLINE or content.count("[") > _MAX_BRACKETS:
        return None
    tokens: list[Token] = []
    try:
        parser().inline.parse(content, parser(), environment, tokens)
    except Exception:  # noqa: BLE001 - as above; nested images and notes recurse as deep as the card likes
        _LOG.warning("markdown-it failed on a paragraph", exc_info=True)
        return None
    return tokens
