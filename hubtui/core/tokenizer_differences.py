"""What differs between the tokenizers of two revisions, from their JSON files: vocabulary, added and special tokens.

The files are those that transformers writes: tokenizer_config.json, tokenizer.json (the format of the `tokenizers`
library), and the older special_tokens_map.json and added_tokens.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hubtui.core.differences import Kind, ValueChange, value_changes

CONFIG, FAST, SPECIAL, ADDED = (
    "tokenizer_config.json",
    "tokenizer.json",
    "special_tokens_map.json",
    "added_tokens.json",
)
FILES = (CONFIG, FAST, SPECIAL, ADDED)
"""The files that are compared token by token."""

_MOST_TOKENS = 20
_STEPS = ("normalizer", "pre_tokenizer", "post_processor", "decoder", "truncation", "padding")
_LISTED = frozenset({"added_tokens_decoder", "chat_template"})

Files = Mapping[str, Mapping[str, Any]]
"""Name of a file → its JSON object."""


def tokenizer_changes(before: Files, after: Files) -> tuple[ValueChange, ...]:
    """Return what differs, the files given being those that changed."""
    found: list[ValueChange] = []
    for file in FILES:
        if file in before and file in after:
            found += _OF_FILE[file](before[file], after[file])
    return tuple(found)


def _of_config(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    yield from value_changes(CONFIG, _without_listed(before), _without_listed(after))
    yield from _added(CONFIG, _decoder(before), _decoder(after))
    old, new = before.get("chat_template"), after.get("chat_template")
    if old != new:
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        yield ValueChange(CONFIG, "chat_template", kind, _length(old), _length(new))


def _without_listed(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _content(value) for key, value in config.items() if key not in _LISTED}


def _content(value: object) -> object:
    """A token is written as its text or as an object around it (`AddedToken`); both mean the same."""
    if isinstance(value, dict) and isinstance(value.get("content"), str):
        return value["content"]
    return [_content(item) for item in value] if isinstance(value, list) else value


def _length(template: object) -> str | None:
    """A template's text is for the text diff; its length tells that it is another one."""
    return None if template is None else f"({len(str(template)):,} characters)"


def _decoder(config: Mapping[str, Any]) -> dict[str, str]:
    listed = config.get("added_tokens_decoder")
    items = listed.items() if isinstance(listed, dict) else ()
    return {str(number): str(_content(token)) for number, token in items}


def _of_special_map(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    yield from value_changes(SPECIAL, _without_listed(before), _without_listed(after))


def _of_added_tokens(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    yield from _added(ADDED, _by_number(before), _by_number(after))


def _by_number(tokens: Mapping[str, Any]) -> dict[str, str]:
    return {str(number): token for token, number in tokens.items()}


def _of_fast(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    yield from _added(FAST, _listed_tokens(before), _listed_tokens(after))
    models = [model if isinstance(model := side.get("model"), dict) else {} for side in (before, after)]
    yield from _vocabulary(*map(_vocabulary_of, models))
    merges = [len(merges) if isinstance(merges := model.get("merges"), list) else 0 for model in models]
    yield from value_changes(
        FAST,
        {"merges": merges[0], **_settings(models[0], before)},
        {"merges": merges[1], **_settings(models[1], after)},
    )


def _listed_tokens(fast: Mapping[str, Any]) -> dict[str, str]:
    listed = fast.get("added_tokens")
    return {
        str(entry.get("id")): str(entry.get("content"))
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, dict)
    }


def _settings(model: Mapping[str, Any], fast: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in model.items() if not isinstance(value, list | dict)}
    return {"model": own, **{step: fast.get(step) for step in _STEPS}}


def _vocabulary_of(model: Mapping[str, Any]) -> dict[str, int]:
    """Token → id: WordPiece, BPE and WordLevel keep an object, Unigram a list of pairs."""
    vocab = model.get("vocab")
    if isinstance(vocab, dict):
        return {token: number for token, number in vocab.items() if isinstance(number, int)}
    listed = vocab if isinstance(vocab, list) else ()
    return {pair[0]: at for at, pair in enumerate(listed) if isinstance(pair, list) and pair and type(pair[0]) is str}


def _vocabulary(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[ValueChange]:
    if len(before) != len(after):
        yield ValueChange(FAST, "vocabulary", "changed", len(before), len(after))
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    for kind, tokens, ids in (("removed", gone, before), ("added", come, after)):
        first = sorted(tokens, key=lambda token: ids[token])[:_MOST_TOKENS]
        for token in first:
            change = {"before": token} if kind == "removed" else {"after": token}
            yield ValueChange(FAST, f"vocabulary.{ids[token]}", "removed" if kind == "removed" else "added", **change)
        if len(tokens) > len(first):
            yield _count(f"vocabulary tokens {kind}", len(tokens) - len(first))
    moved = sum(before[token] != after[token] for token in before.keys() & after.keys())
    if moved:
        yield _count("vocabulary tokens with another id", moved)


def _count(key: str, number: int) -> ValueChange:
    return ValueChange(FAST, key, "changed", 0, number)


def _added(file: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[ValueChange]:
    """Tell of tokens beside the vocabulary; more than anybody reads are counted."""
    changes = value_changes(file, dict(before), dict(after))
    for change in changes[:_MOST_TOKENS]:
        yield ValueChange(file, f"added_tokens.{change.key}", change.kind, change.before, change.after)
    if len(changes) > _MOST_TOKENS:
        yield ValueChange(file, "more added_tokens", "changed", 0, len(changes) - _MOST_TOKENS)


_OF_FILE = {CONFIG: _of_config, FAST: _of_fast, SPECIAL: _of_special_map, ADDED: _of_added_tokens}
