"""Small random grammars, a held-out split that never leaks, and noise for words that the templates lack."""

import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

_SYMBOL = re.compile(r"\{(\w+)\}")
_ONSETS = [
    *[""] * 6,
    *[
        "b",
        "c",
        "d",
        "f",
        "g",
        "h",
        "j",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "w",
        "z",
        "b",
        "d",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
    ],
    *["br", "cr", "dr", "fr", "gr", "pr", "tr", "bl", "cl", "fl", "gl", "pl", "sl", "st", "sp", "sh", "ch", "th", "qu"],
]
_NUCLEI = [
    "a",
    "e",
    "i",
    "o",
    "u",
    "a",
    "e",
    "i",
    "o",
    "u",
    "a",
    "e",
    "i",
    "o",
    "y",
    "ai",
    "au",
    "ea",
    "ee",
    "ei",
    "ie",
    "oo",
    "ou",
]
_CODAS = ["", "", "", "", *["n", "r", "s", "l", "t", "m", "x", "ck", "ff", "ll", "ss", "nd", "st", "rt"]]
Example = TypeVar("Example", bound=Hashable)


class Grammar:
    """Rules from a symbol to its alternatives; `{symbol}` in an alternative is expanded in turn."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        """Take rules whose alternatives are separated by `|`; one written twice is drawn twice as often."""
        self._rules = {symbol: [part.strip() for part in text.split("|")] for symbol, text in rules.items()}

    def __getitem__(self, symbol: str) -> list[str]:
        """Return the alternatives of a symbol."""
        return self._rules[symbol]

    def expand(self, text: str, rng: random.Random) -> str:
        """Replace every `{symbol}` in `text` by a random alternative until none is left."""
        while "{" in text:
            text = _SYMBOL.sub(lambda match: rng.choice(self._rules[match[1]]), text)
        return text


def pick(text: str, rng: random.Random) -> str:
    """Return one of the alternatives that `|` separates in `text`."""
    return rng.choice(text.split("|")).strip()


def sentence(text: str) -> str:
    """Return `text` with a capital first letter and single spaces."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]


def indefinite(noun: str) -> str:
    """Return an English noun phrase with its indefinite article: "an apple", "a dog"."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def invented_word(rng: random.Random, shortest: int = 1, longest: int = 3) -> str:
    """Return a pronounceable word without meaning, of `shortest` to `longest` syllables, three letters at least."""
    word = ""
    syllables = rng.randint(shortest, longest)
    while syllables > 0 or len(word) < 3:
        word += rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS)
        syllables -= 1
    return word


def unique(make: Callable[[random.Random], Example], seed: int, count: int) -> list[Example]:
    """Return up to `count` different examples; fewer when the templates run out (a thousand repeats in a row)."""
    rng, found, misses = random.Random(seed), dict[Example, None](), 0
    while len(found) < count and misses < 1000:
        before = len(found)
        found[make(rng)] = None
        misses = misses + 1 if len(found) == before else 0
    return list(found)


def split(examples: Iterable[Example], one_in: int = 10) -> tuple[list[Example], list[Example]]:
    """Return (training, held-out) examples; a checksum of the example decides, so both never share one."""
    training: list[Example] = []
    held_out: list[Example] = []
    for example in examples:
        (training if zlib.crc32(repr(example).encode()) % one_in else held_out).append(example)
    return training, held_out


def words(texts: Iterable[str], pattern: str = r"\w+|[^\w\s]", least: int = 1) -> list[str]:
    """Return the words and marks that occur at least `least` times, sorted; a threshold keeps invented words out."""
    seen = Counter(word for text in texts for word in re.findall(pattern, text))
    return sorted(word for word, count in seen.items() if count >= least)


@dataclass(frozen=True)
class Corpus:
    """Text for a masked language model.

    Attributes:
        sentences: Many different ones, of which a tenth is held out.
        facts: Few, each to be learnt, so they are repeated until they are half of the training text.
    """

    sentences: list[str]
    facts: list[str]

    def split(self) -> tuple[list[str], list[str]]:
        """Return (training, held-out) texts."""
        training, held_out = split(self.sentences)
        return training + self.facts * round(len(training) / len(self.facts)), held_out
