"""The stages of a Rust tokenizer by name, with their settings, as it would write them into tokenizer.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hubtui.core.untrusted import clean

_LONGEST = 120
_MEMBERS = ("normalizers", "pretokenizers", "processors", "decoders")
_TABLES = {"vocab": "entries", "merges": "merges"}
CUSTOM = "It is Python code of the tokenizer's class, so its settings cannot be read."


@dataclass(frozen=True, slots=True)
class Described:
    """A stage: its type, its settings, and the members of a sequence; those of sequences in it among them."""

    name: str
    settings: dict[str, str] = field(default_factory=dict)
    members: tuple[Described, ...] = ()
    limit: str = ""


def described(stage: Any) -> Described:  # noqa: ANN401 - any stage of tokenizers, or None
    """Return what a stage is; one that the tokenizer does not have is without a name."""
    if stage is None:
        return Described("")
    written = state(stage)
    if written is None:
        return Described(type(stage).__name__, limit=CUSTOM)
    return _described(written)


def state(stage: Any) -> dict[str, Any] | None:  # noqa: ANN401 - as above
    """Return what a stage would write into tokenizer.json, None where it is Python code."""
    try:
        found = json.loads(stage.__getstate__())
    except Exception:  # noqa: BLE001 - the Rust library raises plain Exception for what it cannot write
        return None
    return found if isinstance(found, dict) else None


def beginnings(stage: Any, attribute: str) -> list[Any]:  # noqa: ANN401 - as above
    """Return a sequence's first member, its first two, and so on up to all, each as a stage; empty for any other stage.

    Args:
        stage: of tokenizers, or None.
        attribute: of `Tokenizer` that holds such stages, which is also their name in tokenizer.json.
    """
    written = None if stage is None else state(stage)
    members = _flat(written) if written else []
    key = next((key for key in _MEMBERS if written and key in written), "")
    return [_stage(attribute, {"type": "Sequence", key: members[: count + 1]}) for count in range(len(members))]


def _stage(attribute: str, written: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
    from tokenizers import Tokenizer

    model = {"type": "WordLevel", "vocab": {}, "unk_token": ""}
    return getattr(Tokenizer.from_str(json.dumps({"version": "1.0", "model": model, attribute: written})), attribute)


def _flat(written: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the members of a sequence, those of sequences in it among them; empty for any other stage."""
    inner = next((written[key] for key in _MEMBERS if isinstance(written.get(key), list)), None)
    if written.get("type") != "Sequence" or inner is None:
        return []
    return [member for each in inner for member in (_flat(each) or [each])]


def _described(written: dict[str, Any]) -> Described:
    name = str(written.get("type", ""))
    members = _flat(written)
    if members:
        return Described(name, members=tuple(map(_described, members)))
    settings = {
        key: _value(name, key, value)
        for key, value in written.items()
        if key != "type" and not (name == "TemplateProcessing" and (key == "pair" or not value))
    }
    return Described(name, settings)


def _value(name: str, key: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    if key in _TABLES and isinstance(value, list | dict):
        return f"{len(value):,} {_TABLES[key]}"
    if name == "TemplateProcessing":
        return clean(_template(key, value))
    written = clean(json.dumps(value, ensure_ascii=False))
    return written if len(written) <= _LONGEST else f"{written[:24]}… ({len(written):,} characters)"


def _template(key: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a template as the library's documentation writes it: `[CLS]:0 $A:0 [SEP]:0`."""
    if key == "special_tokens" and isinstance(value, dict):
        return ", ".join(f"{token} = {' '.join(map(str, entry.get('ids', ())))}" for token, entry in value.items())
    words = []
    for piece in value if isinstance(value, list) else ():
        for kind, entry in piece.items():
            words.append(f"{'$' if kind == 'Sequence' else ''}{entry.get('id')}:{entry.get('type_id')}")
    return " ".join(words)
