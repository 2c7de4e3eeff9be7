"""The conversation that is being written: its rows, each with a text to edit, and what the keys do to them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from hubtui.core.chats import ROLES, Chat, Ending, chat_json, messages_of, read_chat, read_tools, read_variables
from hubtui.core.errors import UsageError

_ENDINGS: tuple[Ending, ...] = get_args(Ending)
_THINKING = "enable_thinking"
_PLAIN = frozenset({"role", "content"})


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a message by its index, or one of the texts besides."""

    kind: Literal["message", "tools", "variables", "json"]
    index: int = -1


BESIDES = (Row("tools"), Row("variables"), Row("json"))


@dataclass
class ChatDraft:
    """A conversation, always with a message; what is typed as JSON and cannot be read is kept until it can.

    Attributes:
        tools, variables: JSON as it is typed.
        unread: row → text that is no JSON of its kind.
    """

    messages: list[dict[str, Any]]
    tools: str = ""
    variables: str = ""
    template: str = ""
    ending: Ending = "generation"
    documents: list[dict[str, Any]] | None = None
    unread: dict[Row, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """The lines of the list."""
        return [*(Row("message", index) for index in range(len(self.messages))), *BESIDES]

    def chat(self) -> Chat:
        """Return the conversation.

        Raises:
            UsageError: some of what was typed as JSON cannot be read.
        """
        for row, text in self.unread.items():
            self._read(row, text)
        tools, variables = read_tools(self.tools), read_variables(self.variables)
        return Chat(self.messages, tools, self.documents, self.template, self.ending, variables)

    def json(self) -> str:
        """Return the conversation as JSON, without what cannot be read."""
        try:
            tools, variables = read_tools(self.tools), read_variables(self.variables)
        except UsageError:
            tools, variables = None, {}
        return chat_json(Chat(self.messages, tools, self.documents, variables=variables))

    def text(self, row: Row) -> str:
        """Return what the editor shows of a row."""
        if row in self.unread:
            return self.unread[row]
        if row.kind == "tools":
            return self.tools
        if row.kind == "variables":
            return self.variables
        if row.kind == "json":
            return self.json()
        message = self.messages[row.index]
        return str(message.get("content", "")) if self.is_plain(row) else _pretty(message)

    def is_plain(self, row: Row) -> bool:
        """Say whether a row's text is what somebody says, not JSON."""
        if row.kind != "message":
            return False
        message = self.messages[row.index]
        return set(message) <= _PLAIN and isinstance(message.get("content", ""), str)

    def put(self, row: Row, text: str) -> None:
        """Take what the editor holds; JSON that cannot be read is kept in `unread`."""
        self.unread.pop(row, None)
        if self.is_plain(row):
            self.messages[row.index] = {**self.messages[row.index], "content": text}
            return
        try:
            self._take(row, self._read(row, text), text)
        except UsageError:
            self.unread[row] = text

    def _read(self, row: Row, text: str) -> Chat | None:
        """Return the conversation that a row's JSON stands for, None where the text itself is kept.

        Raises:
            UsageError: it is no JSON of its kind.
        """
        if row.kind == "json":
            return read_chat(text)
        if row.kind == "tools":
            read_tools(text)
            return None
        if row.kind == "variables":
            read_variables(text)
            return None
        try:
            return Chat(messages_of([json.loads(text)], "The message"))
        except (json.JSONDecodeError, RecursionError) as error:
            raise UsageError(f"The message is not JSON: {getattr(error, 'msg', error)}.") from error

    def _take(self, row: Row, read: Chat | None, text: str) -> None:
        if row.kind == "tools":
            self.tools = text
        elif row.kind == "variables":
            self.variables = text
        elif row.kind == "message" and read is not None:
            self.messages[row.index] = read.messages[0]
        elif read is not None:
            self.messages, self.documents = read.messages, read.documents
            self.tools = _pretty(read.tools) if read.tools else ""
            self.variables = _pretty(read.variables) if read.variables else ""
            self.unread.clear()

    # -- what the keys do

    def add(self, after: int) -> int:
        """Add an empty message of the other role behind one; return its index."""
        before = self.messages[after]["role"] if 0 <= after < len(self.messages) else "system"
        at = min(max(after, -1) + 1, len(self.messages))
        self.messages.insert(at, {"role": "assistant" if before == "user" else "user", "content": ""})
        self._forget()
        return at

    def remove(self, index: int) -> None:
        """Take a message away; of the last one only what it says."""
        if len(self.messages) > 1:
            del self.messages[index]
        else:
            self.messages[index] = {"role": "user", "content": ""}
        self._forget()

    def move(self, index: int, step: int) -> int:
        """Change places with a neighbour; return where the message is now."""
        other = index + step
        if not 0 <= other < len(self.messages):
            return index
        self.messages[index], self.messages[other] = self.messages[other], self.messages[index]
        self._forget()
        return other

    def next_role(self, index: int) -> None:
        """Let the next one of the roles that templates know say it."""
        role = self.messages[index]["role"]
        at = ROLES.index(role) if role in ROLES else -1
        self.messages[index] = {**self.messages[index], "role": ROLES[(at + 1) % len(ROLES)]}

    def next_ending(self) -> None:
        """End the prompt another way."""
        self.ending = _ENDINGS[(_ENDINGS.index(self.ending) + 1) % len(_ENDINGS)]

    @property
    def thinking(self) -> bool | None:
        """What the template is told of thinking; None for nothing."""
        try:
            found = read_variables(self.variables).get(_THINKING)
        except UsageError:
            return None
        return found if isinstance(found, bool) else None

    def next_thinking(self) -> None:
        """Tell the template nothing of thinking, to think, not to."""
        try:
            variables = read_variables(self.variables)
        except UsageError:
            return
        following = {None: True, True: False, False: None}[self.thinking]
        variables.pop(_THINKING, None)
        if following is not None:
            variables[_THINKING] = following
        self.variables = _pretty(variables) if variables else ""

    def next_template(self, names: list[str], shown: str) -> None:
        """Take the next template of these, after the one that is shown."""
        at = names.index(shown) if shown in names else -1
        self.template = names[(at + 1) % len(names)] if names else ""

    def _forget(self) -> None:
        """Forget unread JSON of messages, whose indexes have changed."""
        self.unread = {row: text for row, text in self.unread.items() if row.kind != "message"}


def thinks(variables: list[str]) -> bool:
    """Say whether a template reads the switch for thinking."""
    return _THINKING in variables


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
