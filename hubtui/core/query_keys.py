"""The keys of the query language: which values each takes, and how a value is brought to its one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from hubtui.core import tasks, vocabulary


class ValueProblem(ValueError):  # noqa: N818 - becomes a QueryError once the position is known
    """A value does not suit its key.

    Attributes:
        suggestion: the nearest valid value, or an empty string.
        hint: what to write in its place where there is no near one.
    """

    def __init__(self, message: str, suggestion: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the language.

    Attributes:
        help: what it narrows by, in a few words.
        choices: value → label, for suggestions; for an open vocabulary only the frequent ones.
        normalize: returns the one spelling of a value, or raises `ValueProblem`.
        most: values that one term may hold, 0 for any number.
        stands_once: a second term of the key would contradict the first, or cannot be asked for beside it.
        is_negatable: `-key:` makes sense.
    """

    name: str
    help: str
    choices: Callable[[], Mapping[str, str]]
    normalize: Callable[[str], str]
    most: int = 0
    stands_once: bool = False
    is_negatable: bool = True

    @property
    def is_single(self) -> bool:
        """Takes one value and stands once."""
        return self.most == 1


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Numbers of weights from `low` to `high`, both included; None is open."""

    low: int | None = None
    high: int | None = None

    def __contains__(self, count: object) -> bool:
        """Say whether a number of weights lies inside."""
        if not isinstance(count, int):
            return False
        return (self.low is None or count >= self.low) and (self.high is None or count <= self.high)


_UNITS: Mapping[str, int] = {"T": 10**12, "B": 10**9, "M": 10**6, "K": 10**3, "": 1}
_COUNT = re.compile(r"(\d+(?:\.\d+)?|\.\d+)([KMBT]?)", re.IGNORECASE)
_TOLERANCE = 10  # a "7B" model has 6.7 to 7.6 billion weights: a bare size allows a tenth either way


def parse_count(text: str) -> int:
    """Return the number that `1.5B`, `300M` or `124439808` says.

    Raises:
        ValueProblem: it is no such number.
    """
    match = _COUNT.fullmatch(text.strip())
    if match is None or len(text) > 24:  # 24 digits are exact in Decimal's 28
        raise ValueProblem(f"“{text}” is no number of weights, as 300M and 7B are.")
    return int(Decimal(match[1]) * _UNITS[match[2].upper()])


def format_count(count: int) -> str:
    """Return the one exact spelling of a number of weights: `1.5B`, `300M`, `999`."""
    unit = next((name for name, size in _UNITS.items() if count >= size), "")
    number = format(Decimal(count) / _UNITS[unit], "f")
    return (number.rstrip("0").rstrip(".") if "." in number else number) + unit


def size_range(value: str) -> SizeRange:
    """Return what a value of `size:` spans: `<3B`, `<=3B`, `>70B`, `>=70B`, `1B..8B`, or `7B` give or take a tenth.

    Raises:
        ValueProblem: it is none of these.
    """
    text = value.replace(" ", "")
    low_text, dots, high_text = text.partition("..")
    if dots:
        low = parse_count(low_text) if low_text else None
        high = parse_count(high_text) if high_text else None
        if low is None and high is None:
            raise ValueProblem("A range needs a number on one side at least, as in 1B..8B.")
        if low is not None and high is not None and low > high:
            raise ValueProblem(f"The range {value} is empty.", f"{high_text}..{low_text}")
        return SizeRange(low, high)
    if text.startswith(("<", ">")):
        is_closed = text[1:2] == "="
        count = parse_count(text[1 + is_closed :])
        if text[0] == "<" and not is_closed and count == 0:
            raise ValueProblem("No model has fewer than 0 weights.")
        if text[0] == "<":
            return SizeRange(high=count if is_closed else count - 1)
        return SizeRange(low=count if is_closed else count + 1)
    count = parse_count(text)
    margin = count // _TOLERANCE
    return SizeRange(count - margin, count + margin)


def _size(value: str) -> str:
    text = value.replace(" ", "")
    size_range(text)  # raises what is wrong with it
    low, dots, high = text.partition("..")
    if dots and low and high:
        return f"{format_count(parse_count(low))}..{format_count(parse_count(high))}"
    if dots:
        return f">={format_count(parse_count(low))}" if low else f"<={format_count(parse_count(high))}"
    sign = text[: len(text) - len(text.lstrip("<>="))]
    return sign + format_count(parse_count(text[len(sign) :]))


def folded(text: str) -> str:
    """Return a name as names are compared: `Fill-Mask`, `fill_mask` and `fill mask` are one."""
    return re.sub(r"[\s_-]+", " ", text).casefold().strip()


@cache
def _task_choices() -> Mapping[str, str]:
    return {task_id: name for group in tasks.LABELS.values() for task_id, name in group.items()}


@cache
def _library_choices() -> Mapping[str, str]:
    known = vocabulary.libraries()
    first = ("transformers", "sentence-transformers", "diffusers", "gguf", "safetensors", "peft", "onnx", "mlx", "timm")
    return {name: known[name] for name in (*first, *(name for name in known if name not in first))}


@cache
def _by_spelling(choices: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Return every folded spelling → value; ids win over labels."""
    known = choices()
    return {folded(name): key for key, name in known.items()} | {folded(key): key for key in known}


_OTHER_NAMES: Mapping[str, str] = {
    "sentiment analysis": "text-classification",
    "ner": "token-classification",
    "asr": "automatic-speech-recognition",
    "speech recognition": "automatic-speech-recognition",
    "tts": "text-to-speech",
    "vqa": "visual-question-answering",
    "embeddings": "feature-extraction",
    "reranking": "text-ranking",
    "masked language modeling": "fill-mask",
}
"""Names that people and older libraries give to tasks (transformers' pipeline aliases among them) → task."""


def _task(value: str) -> str:
    return _OTHER_NAMES.get(folded(value)) or _known_task(value)


def _closed(what: str, choices: Callable[[], Mapping[str, str]], hint: str = "") -> Callable[[str], str]:
    def normalize(value: str) -> str:
        spellings = _by_spelling(choices)
        found = spellings.get(folded(value))
        if found is None:
            near = vocabulary.nearest(folded(value), spellings)
            raise ValueProblem(f"The Hub has no {what} “{value}”.", spellings[near] if near else "", hint)
        return found

    return normalize


_known_task = _closed("task", _task_choices)
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{1,12}){0,3}")  # BCP 47, and "zh-classical"
_ALIKE = 0.65  # difflib's ratio from which an unknown licence is taken for a misspelt one
_SHORTEST_MISSPELLING = 3


def _language(value: str) -> str:
    """Take a code, known or not, or a known name: the Hub has thousands of languages."""
    spellings = _by_spelling(vocabulary.languages)
    found = spellings.get(folded(value))
    if found is None and not _LANGUAGE_CODE.fullmatch(value):
        near = vocabulary.nearest(folded(value), spellings, cutoff=0.6)
        raise ValueProblem(
            f"“{value}” is no language that hubtui knows by name.",
            spellings[near] if near else "",
            "Write its code, such as fr or zh-Hant.",
        )
    return found or value


def _license(value: str) -> str:
    """Take a known licence, and an unknown one unless it looks like a misspelt known one."""
    spellings = _by_spelling(vocabulary.licenses)
    found = spellings.get(folded(value))
    is_word = len(value) >= _SHORTEST_MISSPELLING
    if found is None and is_word and (near := vocabulary.nearest(folded(value), spellings, cutoff=_ALIKE)):
        hint = f"As it is it can be searched for with tag:license:{value}."
        raise ValueProblem(f"The Hub has no licence “{value}”.", spellings[near], hint)
    return found or value


def _fixed(key: str, choices: Callable[[], Mapping[str, str]]) -> Callable[[str], str]:
    def normalize(value: str) -> str:
        known = choices()
        if value.casefold() in known:
            return value.casefold()
        near = vocabulary.nearest(value, known, cutoff=0.3)
        raise ValueProblem(f"{key}: takes {_listed(known)}, not “{value}”.", near)

    return normalize


def _listed(words: Mapping[str, str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _nothing() -> Mapping[str, str]:
    return {}


def _sorts() -> Mapping[str, str]:
    return {
        "trending": "trending now",
        "downloads": "most downloads in 30 days",
        "likes": "most likes",
        "updated": "last commit",
        "created": "newest",
        "largest": "most weights",
        "smallest": "fewest weights, where known",
    }


def _gates() -> Mapping[str, str]:
    return {"yes": "behind a form", "no": "open to everybody"}


def _verdicts() -> Mapping[str, str]:
    return {"yes": "fits, or nearly", "no": "too big"}


def _states() -> Mapping[str, str]:
    return {
        "cached": "on this machine",
        "bookmarked": "in your bookmarks",
        "safetensors": "has safetensors files",
        "gguf": "has GGUF files",
        "onnx": "has ONNX files",
        "pickle": "has PyTorch pickles",
        "card": "has a model card",
        "warm": "served by an inference provider",
    }


def _sizes() -> Mapping[str, str]:
    return {"<1B": "under 1B", "<3B": "under 3B", "1B..8B": "1B to 8B", "8B..30B": "8B to 30B", ">70B": "over 70B"}


MOST_ALTERNATIVES = 4
"""Listings that one search may be asked as: each costs a call of the quota a page."""

_ANY_TAG = "A tag of any name can be searched for with tag:NAME."

KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("task", "task of the Hub", _task_choices, _task),
        Key("library", "library or file format", _library_choices, _closed("library", _library_choices, _ANY_TAG)),
        Key("language", "language of the text", vocabulary.languages, _language),
        Key("license", "licence", vocabulary.licenses, _license),
        Key("author", "user or organisation", _nothing, str),
        Key("dataset", "dataset it was trained on", _nothing, str),
        Key("base", "model it was made from", _nothing, str),
        Key("tag", "any tag of the Hub", vocabulary.tags, str),
        Key(
            "app",
            "local app that can run it",
            vocabulary.apps,
            _closed("app", vocabulary.apps),
            most=MOST_ALTERNATIVES,
            stands_once=True,
            is_negatable=False,
        ),
        Key("provider", "inference provider", vocabulary.providers, _closed("provider", vocabulary.providers)),
        Key("size", "number of weights", _sizes, _size),
        Key("gated", "a form stands before the files", _gates, _fixed("gated", _gates), most=1, stands_once=True),
        Key("fits", "fits this box now", _verdicts, _fixed("fits", _verdicts), most=1, stands_once=True),
        Key("is", "state or file format", _states, _fixed("is", _states)),
        Key(
            "sort",
            "order of the results",
            _sorts,
            _fixed("sort", _sorts),
            most=1,
            stands_once=True,
            is_negatable=False,
        ),
    )
}
"""Key → what it takes, in the order in which they are offered."""
