"""Code blocks: lines coloured by Pygments, with its hundreds of token types reduced to the few a terminal can show."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Generic, Keyword, Literal, Name, Number, Operator, Punctuation, String, Token

from hubtui.cards.emoji import of_sure_width
from hubtui.cards.model import CodeToken, Line, Span, Style
from hubtui.cards.wrap import cut_line, width_of
from hubtui.core.untrusted import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer
    from pygments.token import _TokenType

MAX_HIGHLIGHTED = 40_000
"""Characters of one block that are coloured; a longer block is shown plain, whole."""

LONGEST_LINE = 1_000
"""Characters of a line that scrolls sideways; a longer one is folded."""

_FOLD = Span("↪ ", Style.MUTED)
_MAX_LINE = 2_000  # some lexers are quadratic in the length of a line

# What cards are written in. Not every lexer: an exotic one with a slow pattern would be a hostile card's choice.
_LANGUAGES = (
    "bash=bash sh=bash shell=bash zsh=bash console=console shell-session=console terminal=console "
    "powershell=powershell bat=bat batch=bat cmd=bat python=python py=python python3=python pycon=pycon "
    "ipython=python jupyter=python "
    "json=json json5=json jsonl=json jsonc=json yaml=yaml yml=yaml toml=toml ini=ini cfg=ini xml=xml html=html css=css "
    "javascript=javascript js=javascript node=javascript jsx=javascript typescript=typescript ts=typescript "
    "tsx=typescript c=c cpp=cpp c++=cpp cc=cpp cuda=cuda cu=cuda objc=objective-c java=java kotlin=kotlin scala=scala "
    "swift=swift go=go golang=go rust=rust rs=rust ruby=ruby rb=ruby php=php r=r julia=julia lua=lua dart=dart "
    "csharp=csharp c#=csharp cs=csharp sql=sql diff=diff patch=diff dockerfile=docker docker=docker makefile=make "
    "make=make cmake=cmake protobuf=protobuf proto=protobuf jinja=jinja jinja2=jinja http=http tex=latex latex=latex "
    "bibtex=bibtex markdown=markdown md=markdown"
)
_ALIASES = dict(pair.split("=") for pair in _LANGUAGES.split())

# the first ancestor of a token type that is named here says what it is
_KINDS: dict[_TokenType, CodeToken] = {
    Comment: CodeToken.COMMENT,
    Error: CodeToken.TEXT,
    Generic.Deleted: CodeToken.REMOVED,
    Generic.Error: CodeToken.OUTPUT,
    Generic.Heading: CodeToken.KEYWORD,
    Generic.Inserted: CodeToken.ADDED,
    Generic.Output: CodeToken.OUTPUT,
    Generic.Prompt: CodeToken.PROMPT,
    Generic.Subheading: CodeToken.KEYWORD,
    Generic.Traceback: CodeToken.OUTPUT,
    Keyword: CodeToken.KEYWORD,
    Keyword.Constant: CodeToken.BUILTIN,
    Keyword.Type: CodeToken.BUILTIN,
    Literal: CodeToken.STRING,
    Name: CodeToken.TEXT,
    Name.Attribute: CodeToken.NAME,
    Name.Builtin: CodeToken.BUILTIN,
    Name.Class: CodeToken.NAME,
    Name.Decorator: CodeToken.DECORATOR,
    Name.Exception: CodeToken.BUILTIN,
    Name.Function: CodeToken.NAME,
    Name.Tag: CodeToken.NAME,
    Number: CodeToken.NUMBER,
    Operator: CodeToken.OPERATOR,
    Operator.Word: CodeToken.KEYWORD,
    Punctuation: CodeToken.OPERATOR,
    String: CodeToken.STRING,
    Token: CodeToken.TEXT,
}


def code_lines(text: str, info: str) -> list[Line]:
    """Return the lines of a code block, never wrapped.

    Args:
        text: the code.
        info: what stands behind the fence; its first word is the language.
    """
    text = of_sure_width(clean(text.rstrip("\n"), multiline=True))
    plain: list[Line] = [(_span(line, CodeToken.TEXT),) if line else () for line in text.split("\n")]
    lexer = _lexer(_language(info))
    if lexer is None or len(text) > MAX_HIGHLIGHTED or max(map(len, text.split("\n"))) > _MAX_LINE:
        return plain
    # lexers end their input with a newline, behind which stands one more, empty line
    return list(_coloured(text, lexer))[:-1]


def folded(lines: list[Line], width: int) -> list[Line]:
    """Fold lines that nobody could scroll along: one of more than `LONGEST_LINE` characters goes on below, after ↪."""
    out: list[Line] = []
    for line in lines:
        if sum(len(span.text) for span in line) <= LONGEST_LINE:
            out.append(line)
        else:
            first, *others = cut_line(line, max(width - width_of(_FOLD.text), 1))
            out.append(first)
            out.extend((_FOLD, *other) for other in others)
    return out


def _language(info: str) -> str:
    """Return the lexer's name for a fence's info string: ``python``, ``{.python}``, ``py title=x``, ``python:file``."""
    words = info.replace("{", " ").replace("}", " ").replace(",", " ").replace(":", " ").split()
    return _ALIASES.get(words[0].lower().lstrip("."), "") if words else ""


@lru_cache(maxsize=64)
def _lexer(name: str) -> Lexer | None:
    return get_lexer_by_name(name, stripnl=False) if name else None


def _coloured(text: str, lexer: Lexer) -> Iterator[Line]:
    line: list[Span] = []
    for kind, value in _merged(lexer.get_tokens(text)):
        first, *others = value.split("\n")
        if first:
            line.append(_span(first, kind))
        for part in others:
            yield tuple(line)
            line = [_span(part, kind)] if part else []
    yield tuple(line)


def _merged(tokens: Iterator[tuple[_TokenType, str]]) -> Iterator[tuple[CodeToken, str]]:
    """Join neighbours of one kind; blanks take the kind of what stands before them."""
    kind, texts = CodeToken.TEXT, [""]
    for token_type, value in tokens:
        next_kind = kind if value.isspace() else _kind(token_type)
        if next_kind is not kind:
            yield kind, "".join(texts)
            kind, texts = next_kind, []
        texts.append(value)
    yield kind, "".join(texts)


@lru_cache(maxsize=256)
def _kind(token_type: _TokenType) -> CodeToken:
    parent: _TokenType | None = token_type
    while parent is not None:
        if parent in _KINDS:
            return _KINDS[parent]
        parent = parent.parent
    return CodeToken.TEXT


def _span(text: str, kind: CodeToken) -> Span:
    return Span(text, Style.CODE_BLOCK, code=kind)
