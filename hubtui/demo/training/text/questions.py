"""Paragraphs with questions about them; every answer is a span of its paragraph."""

import random
import re

from hubtui.demo.training.text.grammar import Grammar, invented_word, sentence, unique

Question = tuple[str, str, str]
"""Question, paragraph, answer."""

_WORDS = Grammar(
    {
        "name": (
            "Anna|Tom|Mary|John|Peter|Lucy|Emma|David|Sarah|Paul|Alice|James|Marie|Pierre|Ahmed|Fatima|Carlos|"
            "Elena|Ivan|Priya|Camille|Hugo"
        ),
        "city": (
            "Paris|London|Berlin|Rome|Madrid|Tokyo|Cairo|Vienna|Oslo|Lisbon|Boston|Chicago|Lyon|Munich|Toronto|"
            "Sydney|Normandy|Grenoble"
        ),
        "job": (
            "baker|doctor|teacher|painter|pilot|gardener|nurse|engineer|farmer|writer|cook|lawyer|singer|tailor|"
            "librarian"
        ),
        "food": "cheese|camembert|soup|pizza|rice|fish|chocolate|pasta|bread|salad|apple pie|ice cream|pancakes",
        "pet": "dog|cat|rabbit|horse|parrot|hamster|goldfish|pony|turtle",
        "colour": "red|blue|green|yellow|black|white|brown|orange|grey",
        "thing": "car|house|bicycle|coat|door|boat|hat|bag|umbrella|scarf",
        "year": "1789|1815|1889|1923|1950|1969|1984|1991|2001|2010|2016|2024",
        "building": "tower|bridge|museum|library|school|station|castle|hospital|theatre|lighthouse",
        "place": "park|market|beach|station|garden|library|kitchen|school|forest|river",
        "time": "seven|eight|nine|ten|noon|midnight|half past six|five o'clock",
        "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "price": "two euros|five euros|ten dollars|twenty pounds|ninety cents|three hundred euros",
        "item": "ticket|book|lamp|chair|phone|cake|jacket|watch|guitar",
        "age": "seven|twelve|nineteen|twenty|thirty|42|65|81",
        "sport": "football|tennis|chess|golf|rugby|the piano|the guitar|the violin",
        "reason": (
            "it was raining|the train was late|the shop was closed|he was ill|the road was blocked|"
            "the bridge was broken"
        ),
        "relative": "mother|father|sister|brother|dog|cat|son|daughter|friend",
        "event": "meeting|concert|match|party|lesson|wedding",
    }
)
# statement|question…; the answer stands between angle brackets
_FACTS = (
    (
        "My name is <@> and I live in <{city}>.|What is my name?#0|Who am I?#0|Where do I live?#1|"
        "What city do I live in?#1"
    ),
    "The {building} was built by <@> in <{year}>.|Who built the {building}?#0|When was the {building} built?#1",
    "@ is a <{job}> and lives in <{city}>.|What is @'s job?#0|What does @ do?#0|Where does @ live?#1",
    "@ bought a <{item}> for <{price}>.|What did @ buy?#0|How much did @ pay?#1",
    "@ has a <{pet}> and likes <{food}>.|What pet does @ have?#0|What does @ like?#1",
    "The {event} starts at <{time}> on <{day}>.|When does the {event} start?#0|On which day is the {event}?#1",
    "@ was born in <{city}> in <{year}>.|Where was @ born?#0|When was @ born?#1|In which city was @ born?#0",
    "@ lives in <{city}>.|Where does @ live?|In which city does @ live?|What city does @ live in?",
    "My name is <@>.|What is my name?|What's my name?|Who am I?|What am I called?",
    "I live in <{city}>.|Where do I live?|In which city do I live?|What city do I live in?",
    "I am a <{job}>.|What is my job?|What do I do?",
    "I have a <{pet}>.|What pet do I have?|Which animal do I have?",
    (
        "My {relative} is called <@>.|What is the name of my {relative}?|What is my {relative} called?|Who "
        "is my {relative}?"
    ),
    "@ was born in <{year}>.|When was @ born?|In which year was @ born?|What year was @ born?",
    "@ is a <{job}>.|What is @'s job?|What does @ do?|What is the profession of @?",
    "@ works as a <{job}>.|What is @'s job?|What does @ do?|What does @ work as?",
    "@ likes <{food}>.|What does @ like?|What food does @ like?|What does @ like to eat?",
    "@ has a <{pet}>.|What pet does @ have?|What animal does @ have?|Which pet does @ have?",
    "@ is <{age}> years old.|How old is @?|What is @'s age?",
    "@ plays <{sport}>.|What does @ play?|Which game does @ play?",
    "@ went to the <{place}>.|Where did @ go?|Where is @?",
    "The {thing} is <{colour}>.|What colour is the {thing}?|Which colour is the {thing}?|What color is the {thing}?",
    (
        "The {building} was built in <{year}>.|When was the {building} built?|In which year was the "
        "{building} built?|How old is the {building}?"
    ),
    "The {building} was built by <@>.|Who built the {building}?|By whom was the {building} built?",
    "The {building} is in <{city}>.|Where is the {building}?|In which city is the {building}?",
    (
        "The {event} starts at <{time}>.|When does the {event} start?|What time does the {event} start?|At "
        "what time does the {event} start?"
    ),
    "The {event} is on <{day}>.|When is the {event}?|On which day is the {event}?|What day is the {event}?",
    (
        "The {item} costs <{price}>.|How much is the {item}?|How much does the {item} cost?|"
        "What does the {item} cost?|What is the price of the {item}?"
    ),
    "The {item} belongs to <@>.|Who owns the {item}?|Whose is the {item}?|Who does the {item} belong to?",
    "The {event} was cancelled because <{reason}>.|Why was the {event} cancelled?",
    (
        "Camembert is a <soft cheese> made in <Normandy>.|What is camembert?#0|Where is camembert "
        "made?#1|Where does camembert come from?#1"
    ),
)


def question(rng: random.Random) -> Question:
    """Return a question about one of one to three facts of a paragraph; one in ten tells one of them of two people."""
    chosen = rng.sample(_FACTS, rng.randint(1, 3))
    if rng.random() < 0.12 and ("@ " in chosen[0] or "The {" in chosen[0]):
        chosen.insert(rng.randrange(len(chosen) + 1), chosen[0])
    told = _told_apart(chosen, rng)
    asked = rng.randrange(len(told))
    paragraph = _joined([statement.replace("<", "").replace(">", "") for statement, _ in told], rng)
    statement, forms = told[asked]
    form, _, which = rng.choice(forms).partition("#")
    answer = statement.split("<")[int(which or 0) + 1].split(">")[0]
    if rng.random() < 0.15:
        form = form.rstrip("?").lower() if rng.random() < 0.5 else form.rstrip("?")
    return form, paragraph, answer


def _told_apart(facts: list[str], rng: random.Random) -> list[tuple[str, list[str]]]:
    """Return the facts told of so different people and things that every question has one answer."""
    told = [_told(fact, rng) for fact in facts]
    while len({forms[0] for _, forms in told}) < len(told):
        told = [_told(fact, rng) for fact in facts]
    return told


def _joined(statements: list[str], rng: random.Random) -> str:
    """Return the statements as sentences, every fourth tied to the next by a comma or a conjunction."""
    text = statements[0]
    for statement in statements[1:]:
        text = (
            f"{text[:-1]}{rng.choice([' and', ',', ' but', ', and'])} {statement}"
            if rng.random() < 0.25
            else f"{text} {statement}"
        )
    return text


def _told(fact: str, rng: random.Random) -> tuple[str, list[str]]:
    """Return the statement with its marked answers, and the questions, all with the same names and things."""
    name = invented_word(rng).capitalize() if rng.random() < 0.25 else _WORDS.expand("{name}", rng)
    fixed = fact.replace("@", name)
    for symbol in (
        "thing",
        "building",
        "event",
        "item",
        "relative",
    ):  # the thing of the statement is the thing of the question
        fixed = (
            fixed.replace(f"{{{symbol}}}", _WORDS.expand(f"{{{symbol}}}", rng))
            if f"<{{{symbol}}}>" not in fixed
            else fixed
        )
    statement, *forms = fixed.split("|")
    if rng.random() < 0.2:  # an answer of one or two words that the templates lack
        unknown = " ".join(invented_word(rng).capitalize() for _ in range(rng.choice([1, 1, 1, 2])))
        statement = re.sub(r"<\{\w+\}>", f"<{unknown}>", statement, count=1)
    return sentence(_WORDS.expand(statement, rng)), forms


def questions(count: int = 60000, seed: int = 9) -> list[Question]:
    """Return `count` different questions."""
    return unique(question, seed, count)
