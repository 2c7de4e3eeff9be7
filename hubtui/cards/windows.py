"""Reads the top-level blocks of a card through windows of a few kilobytes.

markdown-it takes a text whole and a block whole: a list of 100,000 items would be parsed to its end before the first of
them could be shown. Here a window is parsed, and the block that its end cuts is read again with the next one. Long
lists, tables and code come in pieces (``meta["continues"]`` on the first token of each but the first).
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from hubtui.cards.code import MAX_HIGHLIGHTED
from hubtui.cards.tables import plan_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt

_LOG = logging.getLogger(__name__)

_WINDOW = 4_000  # characters; the first screen costs the parsing of one window
_LARGE = 16_000  # a list or table of that many characters is read in pieces, a smaller one whole …
_MANY_LINES = 200  # … unless it has that many lines
_LARGEST = 256_000  # what is longer and no list, table, code or HTML is cut
_LONGEST_LINE = 64_000  # a longer line of text is cut at a blank
_LONGEST_FORMULA = 64_000  # how far a "$$" that nothing closes is looked through
_FIRST_ROWS = 40  # of a long table in its first piece, which is waited for
_ROWS = 60  # in the others
_CODE_PIECE = 16_000
_PLANNED = 100_000  # characters of a long table that its columns are measured by

OPEN_FORMULA = "hubtui_open_formula"
"""Key in the parser's environment: a ``$$`` was not closed within the window."""

_HTML_ENDS = (
    (
        re.compile(r"\s*<(?:script|pre|style|textarea)\b", re.IGNORECASE),
        re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    ),
    (re.compile(r"\s*<!--"), re.compile("-->")),
    (re.compile(r"\s*<\?"), re.compile(r"\?>")),
    (re.compile(r"\s*<!\[CDATA\["), re.compile(r"\]\]>")),
)
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n)")
_CELL_BORDER = re.compile(r"(?<!\\)\|")


class BlockWindows:
    """Iterates over the tokens of one top-level block, or piece of one, after another; inline text stays unparsed."""

    def __init__(self, source: str, parser: MarkdownIt, environment: dict[str, Any], max_nesting: int) -> None:
        self._source = source
        self._parser = parser
        self._environment = environment
        self._max_nesting = max_nesting
        self._position = 0
        self._list_goes_on = ""  # the marker of a list that was cut

    def __iter__(self) -> Iterator[list[Token]]:
        size = _WINDOW
        while self._position < len(self._source):
            end = self._line_end(self._position + size)
            is_last = end >= len(self._source)
            state = self._state(self._source[self._position : end])
            line, cut = 0, None
            while (line := state.skipEmptyLines(line)) < state.lineMax:
                self._environment[OPEN_FORMULA] = False
                tokens = self._block(state, line)
                goes_on = state.line >= state.lineMax or (self._environment[OPEN_FORMULA] and size < _LONGEST_FORMULA)
                if goes_on and not is_last:
                    cut = tokens
                    break
                yield self._joined(tokens)
                line = state.line
            if cut is None:
                self._position, size = end, _WINDOW
            elif state.bMarks[line]:
                self._position, size = self._position + state.bMarks[line], _WINDOW
            elif (pieces := self._pieces(cut, state, end, size)) is not None:
                yield from pieces
                size = _WINDOW
            else:
                size *= 4

    def _line_end(self, at: int) -> int:
        """Return the end of the line at a position; of a line without end, a place to cut it."""
        end = self._source.find("\n", at, at + _LONGEST_LINE)
        if end >= 0:
            return end + 1
        if at + _LONGEST_LINE >= len(self._source):
            return len(self._source)
        blank = self._source.rfind(" ", at, at + _LONGEST_LINE)
        return blank + 1 if blank > 0 else at + _LONGEST_LINE

    def _state(self, source: str) -> StateBlock:
        return StateBlock(source, self._parser, self._environment, [])

    def _block(self, state: StateBlock, line: int) -> list[Token]:
        """Read the block at `line`; ``state.line`` is then the line behind it."""
        state.line = line
        try:
            rules = self._parser.block.ruler.getRules("")
            found = any(rule(state, line, state.lineMax, False) for rule in rules) and state.line > line
        except Exception:  # noqa: BLE001 - a fault of the parser costs one line of a card, and is logged
            _LOG.warning("markdown-it failed on a block", exc_info=True)
            found = False
        tokens, state.tokens = state.tokens, []
        if not found:
            state.level, state.blkIndent, state.parentType = 0, 0, "root"
            tokens, state.line = [_as_written(state.getLines(line, line + 1, 0, False))], line + 1
        elif any(token.level >= self._max_nesting - 1 for token in tokens):
            # the parser leaves out what is nested deeper than it goes
            tokens = [_as_written(state.getLines(line, state.line, 0, False))]
        return tokens

    def _joined(self, tokens: list[Token]) -> list[Token]:
        """Mark the rest of a list that was cut as what it is."""
        marker, self._list_goes_on = self._list_goes_on, ""
        if marker and tokens and tokens[0].type in _LISTS and tokens[0].markup == marker:
            tokens[0].meta = {"continues": True}
        return tokens

    def _pieces(self, tokens: list[Token], state: StateBlock, end: int, size: int) -> Iterator[list[Token]] | None:
        """Return the pieces of a block that fills its window; None where a larger window should be tried first."""
        kind = tokens[0].type if tokens else ""
        if kind == "fence":
            return self._code(tokens[0], state)
        if kind == "html_block":
            return self._html(tokens[0])
        is_large = size >= _LARGE or state.lineMax > _MANY_LINES
        if is_large and kind in _LISTS and (place := _last_item(tokens)):
            return self._list(tokens, place, state)
        if kind == "table_open" and (
            is_large or not _BLANK_LINE.search(self._source, self._position, self._position + _LARGE)
        ):
            return self._table(state)
        return self._rest(tokens, end) if size >= _LARGEST else None

    def _rest(self, tokens: list[Token], end: int) -> Iterator[list[Token]]:
        self._position = end
        yield self._joined(tokens)

    def _list(self, tokens: list[Token], place: int, state: StateBlock) -> Iterator[list[Token]]:
        """Take all items but the last, which the next window begins with."""
        self._position += state.bMarks[(tokens[place].map or [0])[0]]
        yield self._joined([*tokens[:place], tokens[-1]])
        self._list_goes_on = tokens[0].markup

    def _code(self, opening: Token, state: StateBlock) -> Iterator[list[Token]]:
        start = self._position + state.eMarks[0] + 1
        content_end, self._position = self._fence_end(opening.markup, start)
        indent = state.sCount[0]
        if content_end - start <= MAX_HIGHLIGHTED:
            yield [_code_token(_outdented(self._source[start:content_end], indent), opening.info)]
            return
        continues = False
        while start < content_end:
            cut = min(content_end, start + _CODE_PIECE)
            newline = self._source.find("\n", cut, content_end)
            cut = content_end if newline < 0 else newline + 1
            while cut < content_end and cut - 1 > start and self._source.startswith("\n\n", cut - 2):
                cut -= 1  # blank lines at the end of a block are not shown: they begin the next piece
            token = _code_token(_outdented(self._source[start:cut], indent), "")
            token.meta = {"continues": continues}
            yield [token]
            start, continues = cut, True

    def _fence_end(self, fence: str, start: int) -> tuple[int, int]:
        """Return where code ends and where the line that closes it ends."""
        source, found = self._source, start - 1
        while (found := source.find(fence, found + 1)) >= 0:
            line_start = source.rfind("\n", 0, found) + 1
            line_end = source.find("\n", found)
            line_end = len(source) if line_end < 0 else line_end
            before, behind = source[line_start:found], source[found:line_end].rstrip(" \t")
            if line_start >= start and len(before) <= 3 and not before.strip(" ") and not behind.strip(fence[0]):
                return line_start, min(line_end + 1, len(source))
            found = line_end - 1
        return len(source), len(source)

    def _html(self, token: Token) -> Iterator[list[Token]]:
        start = self._position
        closing = next((end for begin, end in _HTML_ENDS if begin.match(token.content)), None)
        match = (closing or _BLANK_LINE).search(self._source, start + 1)
        line_end = self._source.find("\n", match.end()) if match is not None else -1
        self._position = len(self._source) if line_end < 0 else line_end + 1
        token.content = self._source[start : self._position]
        yield [token]

    def _table(self, state: StateBlock) -> Iterator[list[Token]]:
        """Read a long table some rows at a time, in columns as wide as the whole needs."""
        head = state.src[: state.eMarks[1]] + "\n"
        start = self._position
        self._position += len(head)
        last = _BLANK_LINE.search(self._source, start, start + _PLANNED)
        measured = self._source[start : last.start() if last else start + _PLANNED].split("\n")
        plan = plan_table([_CELL_BORDER.split(row.strip().strip("|")) for row in (measured[0], *measured[2:])])
        continues = False
        while rows := self._next_lines(_ROWS if continues else _FIRST_ROWS):
            piece = self._state(head + rows)
            tokens = self._block(piece, 0)
            taken = piece.bMarks[piece.line] - len(head)
            if tokens[0].type != "table_open" or taken <= 0:
                break
            tokens[0].meta = {"continues": continues, "plan": plan}
            yield tokens if not continues else _without_head(tokens)
            continues = True
            self._position += taken
            if taken < len(rows):
                break

    def _next_lines(self, count: int) -> str:
        end = self._position
        for _ in range(count):
            end = self._source.find("\n", end) + 1
            if not end:
                return self._source[self._position :]
        return self._source[self._position : end]


_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})


def _last_item(tokens: list[Token]) -> int:
    """Return where the last item of a list begins; 0 if it is the only one."""
    items = [place for place, token in enumerate(tokens) if token.type == "list_item_open" and token.level == 1]
    return items[-1] if len(items) > 1 else 0


def _without_head(tokens: list[Token]) -> list[Token]:
    body = next((place for place, token in enumerate(tokens) if token.type == "thead_close"), 0)
    return [tokens[0], *tokens[body + 1 :]]


def _outdented(text: str, indent: int) -> str:
    """Take away up to `indent` blanks at the start of each line, as a fence that is indented does."""
    return re.sub(rf"^ {{1,{indent}}}", "", text, flags=re.MULTILINE) if indent else text


def _code_token(text: str, info: str) -> Token:
    token = Token("fence", "code", 0)
    token.content, token.info = text, info
    return token


def _as_written(text: str) -> Token:
    token = Token("code_block", "code", 0)
    token.content = text
    return token
