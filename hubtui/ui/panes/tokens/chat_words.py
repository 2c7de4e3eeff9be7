"""What is said about a rendered conversation besides the prompt: totals, switches, rows."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.core.chats import Chat, Ending, RenderedChat, read_tools, read_variables, text_of, tool_names
from hubtui.ui.drawing import facts_in_lines
from hubtui.ui.panes.tokens.chat_draft import ChatDraft, Row, thinks
from hubtui.ui.text import Line, Piece, plural, whole
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.chat_rows import ChatRow
from hubtui.ui.widgets.switches import Switch

_ENDINGS: dict[Ending, str] = {
    "generation": "generation prompt",
    "closed": "closed turn",
    "continue": "open message",
}
_THINKING = {None: "unsaid", True: "on", False: "off"}
_EMPTY = {
    "tools": "none; t to give JSON schemas of functions",
    "variables": "none; what the template reads besides",
    "json": "the whole as JSON, to edit or to paste",
}
_SHARED = "↓"


def rows(draft: ChatDraft, rendered: RenderedChat | None, shown: Chat | None) -> list[ChatRow]:
    """Return the lines of the list; tokens only of messages that are the same as in the prompt that is shown."""
    counts = _counts(rendered, len(draft.messages)) if rendered and shown else [""] * len(draft.messages)
    if shown is not None and len(shown.messages) != len(draft.messages):
        counts = [""] * len(draft.messages)
    return [_row(draft, row, counts[row.index] if row.kind == "message" else "", rendered) for row in draft.rows]


def _row(draft: ChatDraft, row: Row, count: str, rendered: RenderedChat | None) -> ChatRow:
    is_odd = row in draft.unread
    if row.kind == "message":
        message = draft.messages[row.index]
        words = said(message)
        return ChatRow(str(row.index + 1), message["role"], words or "says nothing yet", count, is_odd, not words)
    return _besides(draft, row, rendered, is_odd=is_odd)


def _besides(draft: ChatDraft, row: Row, rendered: RenderedChat | None, *, is_odd: bool) -> ChatRow:
    """Return the line of what is not a message."""
    words, count = "", ""
    if row.kind == "tools" and draft.tools:
        words = ", ".join(tool_names(read_tools(draft.tools)))
        count = whole(rendered.tools_tokens) if rendered and rendered.tools_tokens is not None else ""
    elif row.kind == "variables" and draft.variables:
        words = ", ".join(f"{name} = {value}" for name, value in read_variables(draft.variables).items())
    elif row.kind == "variables" and rendered and rendered.variables:
        words = f"none; the template reads {', '.join(rendered.variables)}"
        return ChatRow("", row.kind, words, is_odd=is_odd, is_quiet=not is_odd)
    name = "all" if row.kind == "json" else row.kind
    return ChatRow("", name, words or _EMPTY[row.kind], count, is_odd, not words and not is_odd)


def said(message: dict[str, object]) -> str:
    """Return on one line what a message says and calls."""
    content = text_of(message.get("content"))
    if content is None and message.get("content") is not None:
        content = "several parts"
    calls = message.get("tool_calls")
    called = tool_names([call for call in calls if isinstance(call, dict)]) if isinstance(calls, list) else []
    return " ".join([*(word for word in (content or "",) if word), *(f"→ {name}" for name in called)])


def _counts(rendered: RenderedChat, n_messages: int) -> list[str]:
    """Return the tokens of each message; of those that cannot be told apart the last has them all."""
    own = [0] * n_messages
    shared: set[int] = set()
    for part in rendered.parts:
        if not part.is_generation and part.last < n_messages:
            own[part.last] += part.n_tokens
            shared |= set(range(part.first, part.last))
    if not rendered.parts:
        return [""] * n_messages
    return [_SHARED if index in shared else whole(number) for index, number in enumerate(own)]


def totals(rendered: RenderedChat, width: int, inks: Inks) -> list[Line]:
    """Return the tokens of the whole against what the model takes, and of what is not a message."""
    if rendered.sequence is None:
        return []
    length = rendered.sequence.n_tokens
    facts: list[Piece] = [(plural(length, "token"), inks.strong)]
    if rendered.limit:
        share = length / rendered.limit
        percent = f"{share:.0%}" if share >= 0.01 else "<1%"
        facts.append((f"{percent.replace('%', ' %')} of {whole(rendered.limit)}", inks.bad if share > 1 else inks.text))
    else:
        facts.append(("no limit stated", inks.muted))
    if rendered.warnings:
        facts.append((plural(len(rendered.warnings), "warning"), inks.warn))
    begun = sum(part.n_tokens for part in rendered.parts if part.is_generation)
    if begun:
        facts.append((f"{begun} for the generation prompt", inks.muted))
    if rendered.tools_tokens:
        facts.append((f"{whole(rendered.tools_tokens)} for tools", inks.muted))
    if rendered.assistant_mask is not None:
        facts.append((f"{whole(sum(rendered.assistant_mask))} to train on", inks.muted))
    if not rendered.parts:
        facts.append(("not told apart by message in time", inks.warn))
    return facts_in_lines(facts, width, inks.faint)


def switches(draft: ChatDraft, rendered: RenderedChat | None, panel: str) -> Sequence[Switch]:
    """Return the switches: those that would change nothing are left out."""
    found = [Switch("ending", "end", _ENDINGS[draft.ending], "p", draft.ending == "generation")]
    if draft.thinking is not None or (rendered and thinks(rendered.variables)):
        found.append(Switch("thinking", "thinking", _THINKING[draft.thinking], "w", draft.thinking is not None))
    if rendered and len(rendered.templates) > 1:
        found.append(Switch("template", "template", rendered.template or draft.template, "n", True))
    found.append(Switch("panel", "show", panel, "v", True))
    return found
