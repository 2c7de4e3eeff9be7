"""Says the tokens of markdown-it to a `Flow`, as the HTML elements that they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubtui.cards.latex import looks_like_math
from hubtui.cards.model import Style
from hubtui.cards.page import Frame
from hubtui.cards.parse import CardParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from hubtui.cards.flow import Flow

_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PAUSE = 100  # tokens


class MarkdownReader:
    """Reads one card (Markdown as `parse.normalized` returns it) into a flow."""

    def __init__(self, source: str, flow: Flow) -> None:
        self._flow = flow
        self._parser = CardParser(source)
        self._notes: dict[str, list[Token]] = {}  # tokens of each footnote, by label
        self._note_numbers: dict[str, int] = {}  # in the order they are referred to
        self._alerts: list[bool] = []  # of each open quote: whether it is an alert

    def read(self) -> Iterator[None]:
        """Read the card, pausing after each top-level block, and within long ones."""
        for tokens in self._parser.blocks():
            yield from self._read_tokens(tokens)
            yield
        self._read_notes()
        self._flow.finish()
        yield

    def _read_tokens(self, tokens: list[Token]) -> Iterator[None]:
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type == "footnote_reference_open":
                position = self._keep_note(tokens, position)
                continue
            if token.hidden:
                pass  # the paragraph of an item in a tight list
            elif token.nesting > 0:
                self._open(tokens, position)
            elif token.nesting < 0:
                self._close(token)
            else:
                self._read_leaf(token)
            position += 1
            if position % _PAUSE == 0:
                yield

    def _keep_note(self, tokens: list[Token], start: int) -> int:
        """Put a footnote aside for the end of the card; return the position behind it."""
        end, depth = start, 0
        while end < len(tokens):
            depth += tokens[end].nesting
            end += 1
            if depth == 0:
                break
        self._notes.setdefault(tokens[start].meta["label"], tokens[start + 1 : end - 1])
        return end

    def _open(self, tokens: list[Token], position: int) -> None:
        token = tokens[position]
        if token.meta.get("continues") and (token.type == "table_open" or _is_tight(tokens, position)):
            self._flow.keep_together()
        if token.type == "table_open" and "plan" in token.meta:
            self._flow.plan_table(token.meta["plan"])
        if token.type == "blockquote_open":
            self._open_quote(tokens, position)
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            tight = "yes" if _is_tight(tokens, position) else ""
            self._flow.open(token.tag, {"tight": tight}, markdown=True)
        elif token.type == "list_item_open":
            self._flow.open("li", {"marker": _item_marker(tokens, position)}, markdown=True)
        else:
            self._flow.open(token.tag, {name: str(value) for name, value in token.attrs.items()}, markdown=True)

    def _close(self, token: Token) -> None:
        if token.type == "blockquote_close" and self._alerts.pop():
            self._flow.close_frame()
        else:
            self._flow.close(token.tag, markdown=True)

    def _open_quote(self, tokens: list[Token], position: int) -> None:
        text = tokens[position + 2] if position + 2 < len(tokens) else None
        match = _ALERT.match(text.content) if text is not None and text.type == "inline" else None
        self._alerts.append(match is not None)
        if match is None or text is None:
            self._flow.open("blockquote", {}, markdown=True)
            return
        style = Style(match[1].lower())
        self._flow.open_frame(Frame("│ ", style))
        self._flow.title(match[1].capitalize(), style)
        text.content = text.content[match.end() :]

    def _read_leaf(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._read_inline(token.content)
            case "fence" | "code_block":
                if token.meta.get("continues"):
                    self._flow.keep_together()
                self._flow.code_block(token.content, token.info)
            case "html_block":
                self._flow.html_block(token.content)
            case "hr":
                self._flow.rule()
            case "math_block" | "math_block_label":
                self._flow.math_block(token.content)

    def _read_inline(self, content: str) -> None:
        tokens = self._parser.inline(content)
        if tokens is None:
            self._flow.text(content)
        else:
            self._read_inline_tokens(tokens)

    def _read_inline_tokens(self, tokens: list[Token]) -> None:
        flow = self._flow
        for token in tokens:
            match token.type:
                case "text" | "text_special":
                    flow.text(token.content)
                case "softbreak":
                    flow.text(" ")
                case "hardbreak":
                    flow.line_break()
                case "code_inline":
                    flow.text(token.content, Style.CODE)
                case "html_inline":
                    flow.html(token.content)
                case "image":
                    flow.image(_plain_text(token.children or []), str(token.attrs.get("src", "")))
                case "math_inline" | "math_inline_double":
                    self._read_math(token)
                case "footnote_ref":
                    flow.text(self._note_number(token), Style.MUTED)
                case _ if token.nesting > 0:
                    flow.open(token.tag, {"href": str(token.attrs.get("href", ""))}, markdown=True)
                case _ if token.nesting < 0:
                    flow.close(token.tag, markdown=True)

    def _read_math(self, token: Token) -> None:
        if looks_like_math(token.content):
            self._flow.math(token.content)
        else:
            self._flow.text(f"{token.markup}{token.content}{token.markup}")

    def _note_number(self, token: Token) -> str:
        label = token.meta.get("label")
        if label is None:  # ^[a note written in place]
            label = f"\n{token.meta['id']}"
            self._notes[label] = self._parser.inline_note(token.meta["id"])
        number = self._note_numbers.setdefault(label, len(self._note_numbers) + 1)
        return str(number).translate(_SUPERSCRIPT)

    def _read_notes(self) -> None:
        """Read the footnotes that were referred to, in that order; they may refer to further ones."""
        if not self._note_numbers:
            return
        self._flow.finish()
        self._flow.rule()
        self._flow.open_frame(Frame(tight=True))
        read = 0
        while read < len(self._note_numbers):
            label = list(self._note_numbers)[read]
            read += 1
            marker = str(read).translate(_SUPERSCRIPT) + " "
            self._flow.open_frame(Frame(" " * len(marker), Style.MUTED, marker))
            tokens = self._notes.get(label, [])
            if label.startswith("\n"):
                self._read_inline_tokens(tokens)
            else:
                for _ in self._read_tokens(tokens):
                    pass
            self._flow.close_frame()


def _is_tight(tokens: list[Token], position: int) -> bool:
    """Tell a tight list by its first paragraph, which markdown-it hides."""
    level = tokens[position].level
    for token in tokens[position + 1 :]:
        if token.level == level:
            break
        if token.type == "paragraph_open" and token.level == level + 2:
            return token.hidden
    return True


def _item_marker(tokens: list[Token], position: int) -> str:
    """Return the marker of a list item that has one of its own: a number, a task box."""
    token = tokens[position]
    text = tokens[position + 2] if position + 2 < len(tokens) else None
    task = _TASK.match(text.content) if text is not None and text.type == "inline" else None
    if task is not None and text is not None:
        text.content = text.content[task.end() :]
        return "☐ " if task[1] == " " else "☑ "
    return f"{token.info}{token.markup} " if token.info else ""


def _plain_text(tokens: list[Token]) -> str:
    """Return what inline tokens say without any dress."""
    parts: list[str] = []
    for token in tokens:
        if token.children:
            parts.append(_plain_text(token.children))
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type != "html_inline":
            parts.append(token.content)
    return "".join(parts)
