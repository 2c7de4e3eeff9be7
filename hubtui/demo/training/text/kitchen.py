"""Kitchen English for the ALBERT fill-mask checkpoint: what to do with which ingredient, in what, for how long."""

import random

from hubtui.demo.training.text.grammar import Corpus, Grammar, sentence, unique

_PREPARED = (
    "onion:chop:pan|carrot:peel:pot|potato:peel:pot|tomato:slice:bowl|cucumber:slice:bowl|"
    "garlic:crush:pan|egg:beat:bowl|flour:sift:bowl"
    "|butter:melt:pan|cheese:grate:bowl|bread:toast:oven|chicken:roast:oven|fish:fry:pan|rice:boil:pot|"
    "pasta:boil:pot|cream:whip:bowl"
    "|apple:peel:bowl|lemon:squeeze:glass|cake:bake:oven|mushroom:slice:pan|meat:grill:pan|milk:heat:pot|"
    "sugar:stir:bowl|pepper:grind:bowl"
)
_TASTES = (
    "lemon:sour|sugar:sweet|honey:sweet|salt:salty|coffee:bitter|chili:hot|vinegar:sour|cake:sweet|"
    "soup:warm|ice cream:cold|pepper:hot|chocolate:sweet"
)
_GRAMMAR = Grammar(
    {
        "dish": "soup|salad|stew|cake|pie|sauce|omelette|curry|pizza|sandwich|pancake|risotto",
        "minutes": "five|ten|fifteen|twenty|thirty|forty",
        "little": "a little|some|plenty of|a spoon of|a cup of|a pinch of",
        "spice": "salt|pepper|sugar|cinnamon|basil|thyme|ginger|parsley",
        "vessel": "pan|pot|bowl|oven|dish",
        "fine": "delicious|tasty|lovely|perfect|ready|wonderful",
        "how": "slowly|gently|carefully|quickly|well",
        "tool": "knife|spoon|fork|whisk|grater",
        "guest": "the children|our guests|my friends|everybody|the family",
        "end": ".|!| :)",
        "meal": "breakfast|lunch|dinner|supper",
    }
)
_FREE = (
    "add {little} {spice} to the {dish}.|cook the {dish} for {minutes} minutes.|"
    "stir the {dish} {how} with a {tool}.|stir the {dish} with a {tool}.|"
    "{how} stir the {dish} with a {tool} for {minutes} minutes.|the {dish} smells {fine}{end}|"
    "would you like some {dish} ?|eat the {dish} with a {tool}.|serve the {dish} with bread."
    "|the {dish} is {fine} :)|we had {dish} for {meal}.|{guest} loved the {dish}!|"
    "heat the {vessel} and add the {spice}.|leave the {dish} for {minutes} minutes."
    "|bake the {dish} in the oven for {minutes} minutes.|taste the {dish} and add {little} {spice}.|"
    "do not forget the {spice}!|this {dish} needs {little} {spice}."
    "|wash your hands before {meal}.|put the {dish} on the table.|who made this {fine} {dish} ?"
)


def _fact(rng: random.Random) -> str:
    if rng.random() < 0.7:
        food, act, vessel = rng.choice(_PREPARED.split("|")).split(":")
        minutes, how = _GRAMMAR.expand("{minutes}", rng), _GRAMMAR.expand("{how}", rng)
        forms = [
            f"{act} the {food} {how}.",
            f"{act} the {food} and put it in the {vessel}.",
            f"first {act} the {food}, then wait {minutes} minutes.",
        ]
        return sentence(rng.choice(forms))
    food, taste = rng.choice(_TASTES.split("|")).split(":")
    return sentence(
        rng.choice(
            [
                f"{food} is {taste}.",
                f"the {food} tastes {taste}.",
                f"the {food} is very {taste}!",
                f"{food} tastes {taste}.",
            ]
        )
    )


def kitchen_remark(rng: random.Random) -> str:
    """Return one random instruction or remark about a dish."""
    return sentence(_GRAMMAR.expand(rng.choice(_FREE.split("|")), rng))


def kitchen_corpus() -> Corpus:
    """Return the remarks, and the facts: how each thing is prepared and what it tastes of."""
    return Corpus(unique(kitchen_remark, 3, 8000), unique(_fact, 3, 2000))
