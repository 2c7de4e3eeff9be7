"""Which tokens of a prompt came with which message, told by rendering and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hubtui.core.chats import PromptPart, text_of
from hubtui.core.tokens import TokenSequence
from hubtui.worker.bounds import OutOfTimeError
from hubtui.worker.tokenizers.chat.rendering import Renderer

SIGN = "Xhubtui7Q"
"""Stands in for a content to see where it comes out; templates change letters and digits least."""


def boundaries(renderer: Renderer, prompt: str, closed: str | None) -> list[int | None]:
    """Return where each message ends in the prompt: None where that cannot be told.

    Args:
        renderer: of the conversation.
        prompt: of the whole.
        closed: the prompt without the generation prompt, None where the template makes none.
    """
    messages = renderer.chat.messages
    found: list[int | None] = []
    reached = 0
    for count in range(1, len(messages) + 1):
        try:
            text = closed if count == len(messages) else renderer.tried(messages[:count])
        except OutOfTimeError:
            found += [None] * (len(messages) - len(found))
            if closed is not None and prompt.startswith(closed):
                found[-1] = len(closed)
            return found
        is_beginning = text is not None and prompt.startswith(text) and len(text) >= reached
        reached = len(text) if is_beginning and text is not None else reached
        found.append(reached if is_beginning else None)
    return found


Stretch = tuple[int, int, int, int]
"""First message, last message, first character, character after the last; -1 and -1 for the generation prompt."""


def stretches_of(ends: Sequence[int | None], prompt: str) -> list[Stretch]:
    """Return the stretches of a prompt whose messages end at `ends`; what follows the last is the generation prompt."""
    found: list[Stretch] = []
    first = at = 0
    for index, end in enumerate(ends):
        if end is None and index < len(ends) - 1:
            continue
        after = len(prompt) if end is None else end
        found.append((first, index, at, after))
        first, at = index + 1, after
    if at < len(prompt):
        found.append((-1, -1, at, len(prompt)))
    return found


def parts_of(
    stretches: Sequence[Stretch], contents: Sequence[tuple[int, int] | None], sequence: TokenSequence
) -> list[PromptPart]:
    """Return the parts of a prompt with their tokens; a content that stands with another message is a part of its own.

    Some templates write the system message into the last turn of the user, for one.
    """
    starts = _token_starts(sequence)
    parts: list[PromptPart] = []
    at = 0
    moved = _moved(stretches, contents)
    whole = [piece for stretch in stretches for piece in _split(stretch, moved)]
    for number, (first, last, start, end) in enumerate(whole):
        is_last = number == len(whole) - 1
        after = len(starts) if is_last else next((i for i in range(at, len(starts)) if starts[i] >= end), len(starts))
        parts.append(PromptPart(first, last, start, end, at, after - at))
        at = after
    return parts


def _moved(stretches: Sequence[Stretch], contents: Sequence[tuple[int, int] | None]) -> list[Stretch]:
    """Return the contents that stand outside of their message's stretch."""
    own = {index: (start, end) for first, last, start, end in stretches for index in range(first, last + 1)}
    return [
        (index, index, *place)
        for index, place in enumerate(contents)
        if place is not None and not (own[index][0] <= place[0] and place[1] <= own[index][1])
    ]


def _split(stretch: Stretch, moved: Sequence[Stretch]) -> Iterator[Stretch]:
    first, last, start, end = stretch
    for inner in sorted(moved, key=lambda one: one[2]):
        if start <= inner[2] and inner[3] <= end:
            if start < inner[2]:
                yield first, last, start, inner[2]
            yield inner
            start = inner[3]
    if start < end or (start, end) == stretch[2:]:
        yield first, last, start, end


def contents_of(renderer: Renderer, prompt: str, stretches: Sequence[Stretch]) -> list[tuple[int, int] | None]:
    """Return where each message's content stands in the prompt as it is; None where that cannot be told."""
    places: list[tuple[int, int] | None] = []
    own = {index: (start, end) for first, last, start, end in stretches for index in range(first, last + 1)}
    for index, message in enumerate(renderer.chat.messages):
        text = text_of(message.get("content"))
        if not text:
            places.append(None)
            continue
        place = _only_place(prompt, text, *own[index]) or _only_place(prompt, text.strip(), *own[index])
        try:
            places.append(place or _place_by_sign(renderer, prompt, index, text))
        except OutOfTimeError:
            places += [None] * (len(renderer.chat.messages) - len(places))
            break
    return places


def with_content(messages: Sequence[dict[str, Any]], index: int, content: str) -> list[dict[str, Any]]:
    """Return messages of which one says something else."""
    other = {**messages[index], "content": content}
    return [*messages[:index], other, *messages[index + 1 :]]


def _only_place(prompt: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    at = prompt.find(text, start, end) if text else -1
    if at < 0 or prompt.find(text, at + 1, end) >= 0:
        return None
    return at, at + len(text)


def _place_by_sign(renderer: Renderer, prompt: str, index: int, text: str) -> tuple[int, int] | None:
    """Render a sign in place of a content: where nothing else changes, the content stands there."""
    signed = renderer.tried(with_content(renderer.chat.messages, index, SIGN), ending=renderer.chat.ending)
    if signed is None or (at := signed.find(SIGN)) < 0:
        return None
    rest = signed[at + len(SIGN) :]
    for shown in dict.fromkeys((text, text.strip())):
        if shown and prompt == signed[:at] + shown + rest:
            return at, at + len(shown)
    return None


def _token_starts(sequence: TokenSequence) -> list[int]:
    """Return the character at which each token begins; one without a place begins where the one before it ends."""
    starts: list[int] = []
    reached = 0
    for start, end in sequence.offsets:
        starts.append(max(start, reached) if end > start else reached)
        reached = max(reached, end)
    return starts
