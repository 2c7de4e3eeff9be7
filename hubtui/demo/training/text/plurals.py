"""English nouns with their plurals, by rule and by heart, for the checkpoint that reads bytes."""

import random

from hubtui.demo.training.text.grammar import invented_word, split, unique

Pair = tuple[str, str]
_IRREGULAR = (
    "child:children|man:men|woman:women|foot:feet|tooth:teeth|goose:geese|mouse:mice|person:people|"
    "ox:oxen|sheep:sheep|fish:fish|deer:deer|louse:lice"
    "|knife:knives|wife:wives|life:lives|leaf:leaves|wolf:wolves|half:halves|shelf:shelves|thief:thieves|"
    "loaf:loaves|calf:calves|potato:potatoes|tomato:tomatoes|hero:heroes|echo:echoes"
)
_REGULAR = (
    "apple bag ball bank bear bed bird boat book bottle box boy branch bridge brother brush bus cake "
    "camera car card cat chair cheese church city class clock cloud coat cow cup day desk dish"
    " doctor dog door dress duck ear egg eye face farm father fire flower fly fork fox friend game "
    "garden girl glass hand hat hill horse hour house idea island jacket job judge key king kiss kitchen"
    " lady lake lamp lemon letter lion lunch map match model monkey month moon mother mountain mouth "
    "name nose office orange page park party peach pen phone picture pig place plane plate poem queen"
    " rabbit radio river road room rose school sea ship shoe shop sister snake song star station story "
    "street sun table teacher test toy train tree valley village wall watch week window wish witch year "
    "zebra"
)


def plural(noun: str) -> str:
    """Return the regular plural of an English noun."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def plurals() -> tuple[list[Pair], list[Pair]]:
    """Return (training, held-out) pairs: exceptions are repeated, regular nouns and invented ones are split."""
    exceptions = [(one, many) for one, many in (pair.split(":") for pair in _IRREGULAR.split("|"))]
    nouns = [*_REGULAR.split(), *unique(_made_up, 13, 8000)]
    training, held_out = split([(noun, plural(noun)) for noun in nouns])
    return training + exceptions * 60, held_out


def _made_up(rng: random.Random) -> str:
    return invented_word(rng) + rng.choice(["", "", "", "", "y", "y", "ch", "sh", "x", "s", "e"])
