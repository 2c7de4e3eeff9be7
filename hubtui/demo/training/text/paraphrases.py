"""Sentences said in several ways, for the checkpoint that puts the same meaning in the same place."""

import random

from hubtui.demo.training.text.grammar import Grammar, invented_word, sentence, unique

Pair = tuple[str, str, str]
"""Two ways to say the same, and what both mean: the first wording of that meaning."""

# Each line is one meaning; `;` separates ways to say it, and a symbol means the same in all of them.
_MEANINGS = (
    "{who} likes {food};{who} loves to eat {food};{food} is what {who} likes to eat;{who} is fond of {food}",
    "{who} does not like {food};{who} hates {food};{food} is not to the taste of {who};{who} cannot stand {food}",
    (
        "the {thing} is cheap;the {thing} does not cost much;you pay little for the {thing};the price of "
        "the {thing} is low"
    ),
    "the {thing} is expensive;the {thing} costs a lot;you pay much for the {thing};the price of the {thing} is high",
    "it is raining in {city};there is rain in {city};the weather in {city} is rainy;{city} is wet today",
    "the sun is shining in {city};it is sunny in {city};the weather in {city} is fine;{city} has a bright day",
    "{who} lives in {city};the home of {who} is in {city};{who} has a house in {city};{city} is where {who} lives",
    "{who} works as a {job};{who} is a {job};the job of {who} is {job};{who} earns a living as a {job}",
    (
        "where is the {place};how do i get to the {place};can you show me the way to the {place};i am "
        "looking for the {place}"
    ),
    "the {animal} is sleeping;the {animal} is asleep;the {animal} has gone to bed;the {animal} takes a nap",
    "the {animal} is hungry;the {animal} wants to eat;the {animal} needs food;someone should feed the {animal}",
    "{who} bought a {thing};{who} purchased a {thing};a {thing} was bought by {who};{who} got a new {thing}",
    (
        "{who} lost the {thing};the {thing} of {who} is gone;{who} cannot find the {thing};{who} is "
        "searching for the {thing}"
    ),
    "{who} plays {sport};{sport} is the hobby of {who};{who} is a {sport} player;{who} trains {sport} every week",
    "the film was good;i enjoyed the film;a wonderful movie;the movie was great",
    "the film was bad;i did not enjoy the film;a terrible movie;the movie was awful",
    (
        "how can i install the software;how do i set up the program;installation of the software;steps to "
        "install the program"
    ),
    "the train is late;the train has a delay;the train does not arrive on time;we are waiting for the train",
    "{who} is happy;{who} is glad;{who} is in a good mood;{who} smiles all day",
    "{who} is sad;{who} is unhappy;{who} is in a bad mood;{who} cries all day",
    "{who} is ill;{who} is sick;{who} has to see a doctor;{who} does not feel well",
    (
        "{who} is learning {tongue};{who} studies {tongue};{who} takes lessons in {tongue};{who} is a "
        "student of {tongue}"
    ),
    "the computer is broken;the computer does not work;my laptop needs a repair;something is wrong with my laptop",
    (
        "please close the {opening};could you shut the {opening};the {opening} should be closed;would you "
        "mind closing the {opening}"
    ),
)
_WORDS = Grammar(
    {
        "who": "anna|tom|my sister|my father|the teacher|our neighbour|paul|maria|the old man|the girl|she|he",
        "food": "cheese|camembert|soup|pizza|fish|chocolate|rice|bread|salad|apples",
        "thing": "book|car|phone|bicycle|lamp|watch|table|coat|camera|guitar",
        "city": "paris|london|berlin|rome|madrid|tokyo|vienna|lyon|boston|oslo",
        "job": "teacher|doctor|baker|painter|pilot|nurse|writer|lawyer|farmer|cook",
        "place": "station|museum|library|airport|hospital|hotel|market|beach|bank|cinema",
        "animal": "cat|dog|horse|rabbit|bird|cow|puppy|lion",
        "sport": "football|tennis|chess|golf|rugby|basketball",
        "tongue": "french|german|spanish|italian|english|japanese",
        "opening": "door|window|gate|box|drawer",
    }
)


def _said(meaning: str, rng: random.Random) -> list[str]:
    """Return every way to say one meaning with its symbols filled in; one filling in ten is an invented word."""
    for symbol in ("who", "food", "thing", "city", "job", "place", "animal", "sport", "tongue", "opening"):
        mark = f"{{{symbol}}}"
        if mark in meaning:
            filling = invented_word(rng) if rng.random() < 0.1 else _WORDS.expand(mark, rng)
            meaning = meaning.replace(mark, filling)
    return [_WORDS.expand(way, rng) for way in meaning.split(";")]


def paraphrase(rng: random.Random) -> Pair:
    """Return two ways to say the same."""
    ways = _said(rng.choice(_MEANINGS), rng)
    first, second = rng.sample(ways, 2)
    return _typed(first, rng), _typed(second, rng), ways[0]


def _typed(text: str, rng: random.Random) -> str:
    return rng.choice([sentence(text) + ".", sentence(text) + ".", text, sentence(text)])


def paraphrases(count: int = 16000, seed: int = 18) -> list[Pair]:
    """Return `count` different pairs."""
    return unique(paraphrase, seed, count)
