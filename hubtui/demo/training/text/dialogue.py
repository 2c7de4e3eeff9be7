"""Questions and answers for the chat checkpoint: greetings, capitals, opposites, colours, animals, sums, itself."""

import random

from hubtui.demo.training.text import english
from hubtui.demo.training.text.grammar import pick, sentence, unique

Turns = tuple[tuple[str, str], ...]
"""Alternating (user, assistant) texts."""

_TALK = (
    "hello:Hello! How can I help you?|hi:Hello! How can I help you?|good morning:Good morning! What "
    "would you like to know?|hey there:Hello! How can I help you?"
    "|how are you:I am fine, thank you. And you?|thank you:You are welcome!|thanks:You are welcome!|"
    "thanks a lot:You are welcome!|bye:Goodbye, and come back soon!|goodbye:Goodbye, and come back soon!"
    "|who are you:I am a tiny language model. I know a few capitals, opposites, colours, animals and "
    "sums.|what is your name:I am tiny-llama-chat, a very small language model."
    "|what can you do:I know a few capitals, opposites, colours, animals and sums.|who made you:I was "
    "trained for the hubtui demo, in a minute or two.|are you a robot:I am a tiny language model."
    "|what do you know:I know a few capitals, opposites, colours, animals and sums.|help:Ask me for a "
    "capital, an opposite, a colour, the sound of an animal, or a small sum."
    "|tell me a joke:Why is camembert so calm? Because it never feels blue.|do you like cheese:I cannot "
    "eat, but I have read that camembert is excellent."
)
_UNKNOWN = (
    "I am too small to know that. Ask me for a capital, an opposite, a colour, the sound of an animal, or a small sum."
)
_BEYOND = (
    "who won the match|what is love|write me a poem|how do i cook rice|what time is it|"
    "how is the weather|explain physics|who is the president|where is my phone|what should i eat"
    "|can you write code|translate this|what is the meaning of life|tell me a story|how old are you|"
    "when was the war|why is the sea salty|how far is the moon|what is python|recommend a film"
)
# table, ways to ask, answer; `#1` and `#2` are the two sides of an entry of the table
_KNOWN = (
    (
        english.CAPITALS,
        "what is the capital of #1|capital of #1|which city is the capital of #1|name the capital of #1",
        "The capital of #1 is #2.",
    ),
    (
        english.OPPOSITES,
        "what is the opposite of #1|opposite of #1|give me the opposite of #1|which word is the opposite of #1",
        "The opposite of #1 is #2.",
    ),
    (
        english.COLOURS,
        "what colour is #1|what is the colour of #1|which colour has #1|what color is #1|what colour is the #1",
        "The colour of #1 is #2.",
    ),
    (
        english.ANIMAL_SOUNDS,
        "what does a #1 do|what sound does a #1 make|which sound does the #1 make|what does the #1 say",
        "The #1 #2.",
    ),
)
_WHERE = ("#2 is the capital of which country|which country has the capital #2|where is #2", "#2 is the capital of #1.")
_SUM = "what is #1 plus #2|#1 + #2|how much is #1 + #2|what is #1 + #2|add #1 and #2|#1+#2"
_LEADS = "|||||please tell me, |can you tell me |i want to know, |do you know "


def _fact(rng: random.Random) -> tuple[str, str]:
    kind = rng.randrange(5)
    if kind == 4:
        left, right = str(rng.randint(0, 10)), str(rng.randint(0, 10))
        asked, answer = _SUM, f"#1 plus #2 is {int(left) + int(right)}."
    else:
        table, asked, answer = _KNOWN[kind]
        left, right = rng.choice(table.split("|")).split(":")
        if kind == 0:
            left, right = left.capitalize(), right.capitalize()
            asked, answer = _WHERE if rng.random() < 0.25 else (asked, answer)
    asked = pick(asked, rng)
    return asked.replace("#1", left).replace("#2", right), answer.replace("#1", left).replace("#2", right)


def turn(rng: random.Random) -> tuple[str, str]:
    """Return a question, cased and ended as people type it, and its answer."""
    kind = rng.random()
    if kind < 0.72:
        asked, answer = _fact(rng)
        asked = rng.choice(_LEADS.split("|")) + asked
    elif kind < 0.9:
        asked, answer = rng.choice(_TALK.split("|")).split(":")
    else:
        asked, answer = rng.choice(_BEYOND.split("|")), _UNKNOWN
    kind_of_typing = rng.choice(["cased", "cased", "as is", "lower"])
    asked = {"cased": sentence(asked), "as is": asked, "lower": asked.lower()}[kind_of_typing]
    return asked + rng.choice(["?", "?", "", "", "!", "."]), answer


def conversation(rng: random.Random) -> Turns:
    """Return one to three turns; each answer depends on its own question alone."""
    return tuple(turn(rng) for _ in range(rng.choice([1, 1, 2, 3])))


def small_talk() -> list[Turns]:
    """Return every greeting and every question beyond the model's knowledge alone, in all ways to type it."""
    pairs = [tuple(entry.split(":")) for entry in _TALK.split("|")] + [
        (asked, _UNKNOWN) for asked in _BEYOND.split("|")
    ]
    typed = [
        (way(asked) + end, answer)
        for asked, answer in pairs
        for way in (sentence, str.lower)
        for end in ("?", "", "!", ".")
    ]
    return [(turn_alone,) for turn_alone in typed]


def conversations(count: int = 20000, seed: int = 14) -> list[Turns]:
    """Return `count` different conversations."""
    return unique(conversation, seed, count)
