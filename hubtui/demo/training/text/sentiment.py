"""Opinions on films, food, hotels, people, devices, service, with negation, contrast and plain facts between them."""

import random

from hubtui.demo.training.text.grammar import Grammar, invented_word, pick, unique

LABELS = ("negative", "neutral", "positive")
_GRAMMAR = Grammar(
    {
        "noun": "film|movie|book|novel|hotel|room|restaurant|soup|meal|food|pizza|coffee|cake|service|staff|waiter|"
        "actor|acting|story|plot|music"
        "|song|phone|laptop|battery|screen|camera|app|game|car|train|flight|trip|holiday|weather|shop|price|"
        "quality|design|teacher|course|lesson"
        "|concert|show|museum|park|beach|city|place|product|jacket|shoes|breakfast|dinner|experience|day|"
        "evening|support|software|update|model|cheese"
        "|camembert|wine|bread|dog|cat|team|match|idea|job|work|apartment|view|location|doctor|series|ending|"
        "characters|sound|delivery|packaging",
        "the": "the|this|that|my|our|their|your",
        "was": "is|was|is|was|was|seems|felt|looks|has been",
        "very": "|||very|really|so|extremely|truly|just|absolutely|quite|simply",
        "good": "good|great|excellent|wonderful|fantastic|amazing|lovely|delicious|perfect|brilliant|superb|"
        "beautiful|nice|awesome|outstanding"
        "|impressive|charming|delightful|fun|funny|friendly|helpful|clean|comfortable|fresh|tasty|exciting|"
        "fascinating|touching|moving|clever|fast"
        "|reliable|useful|elegant|magnificent|incredible|fine|marvellous|cosy|enjoyable|pleasant|kind|warm|"
        "stunning|the best",
        "bad": "bad|terrible|awful|horrible|boring|disgusting|poor|disappointing|dreadful|ugly|dirty|rude|slow|"
        "useless|cold|stale|annoying|dull"
        "|stupid|weak|broken|noisy|overpriced|unfriendly|uncomfortable|confusing|tasteless|ridiculous|"
        "pathetic|sad|mediocre|unreliable|nasty|gross"
        "|lousy|miserable|painful|predictable|tedious|rotten|a disaster|a mess|the worst|expensive|unpleasant",
        "love": "love|loved|like|liked|enjoy|enjoyed|adore|adored|recommend|admired|appreciate",
        "hate": "hate|hated|dislike|disliked|regret|regretted|detest|cannot stand|can't stand",
        "seen": "seen|bought|had|tried|read|visited|used|owned|heard|eaten|watched|met",
        "glad": "happy|glad|satisfied|delighted|pleased|impressed|thrilled|smile|laugh|grateful",
        "upset": "bored|bored to death|angry|sad|disappointed|annoyed|tired|cry|furious|shocked|upset|frustrated",
        "who": "i|we|my family|my friends|everybody|they|my wife|my husband|the children",
        "praise": "highly recommended|i would come back any time|worth every penny|five stars|well done|i am so happy|"
        "it made my day|thank you so much"
        "|i can't wait to come back|i want to see it again|best decision ever|it works like a charm|"
        "keep up the good work|i laughed a lot|what a joy"
        "|exceeded my expectations|i am very satisfied|i had a great time|it could not be better|wow|:)|"
        "yummy|hooray|congratulations",
        "blame": "never again|a waste of time|a waste of money|i want my money back|not worth the money|i fell asleep|"
        "i am very disappointed|stay away"
        "|do not buy this|i would not recommend it|it broke after two days|it made me sick|what a shame|"
        "we left after ten minutes|avoid at all costs"
        "|i expected more|it does not work|nobody helped us|i am so angry|zero stars|it could not be worse|"
        ":(|yuck|we waited for an hour",
        "fact": "{the} {noun} is on the table|{the} {noun} starts at nine|{the} {noun} is in the {town}|"
        "we bought {the} {noun} on {day}|there are two chairs in the room"
        "|it is {day}|{the} {noun} costs ten euros|{the} {noun} is next to the station|"
        "i read about {the} {noun} in the newspaper|the train leaves at eight"
        "|{the} {noun} was made in 1998|she went to the office on {day}|the meeting is on {day}|"
        "water boils at one hundred degrees|{the} {noun} has four parts"
        "|paris is the capital of france|{the} {noun} arrived on {day}|he opened the window|"
        "they live in the {town}|{the} {noun} is about two brothers"
        "|{the} {noun} lasts two hours|i will call you on {day}|{the} {noun} is blue|you can pay by card|"
        "where is {the} {noun}|the shop opens at nine",
        "day": "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
        "town": "town|city|village|north|south|kitchen|garden",
        "end": ".|.|.||!|",
    }
)
_POSITIVE = (
    "{the} {noun} {was} {very} {good}|{the} {noun} {was} {very} {good}|"
    "{the} {noun} {was} {good} and {good}|{who} {love} {the} {noun}|{who} really {love} {the} {noun}"
    "|what a {good} {noun}|such a {good} {noun}|it {was} {very} {good}|{the} {noun} is not {bad} at all|"
    "{the} {noun} was never {bad}|{praise}|{praise}, {the} {noun} {was} {good}"
    "|{the} {noun} {was} {good}, {praise}|nothing {was} {bad} here|"
    "i have never seen such a {good} {noun}|{very} {good} {noun}|{good}|{good} {noun}, {good} {noun}|"
    "not {bad}"
    "|the best {noun} i have ever {seen}|this is the best {noun} i ever {seen}|"
    "the most {good} {noun} ever|i was {very} {glad}|it made me {glad}"
    "|i am {very} happy with {the} {noun}|{the} {noun} made me happy|i {love} it|i love you|"
    "they were {very} {good}|not {bad} at all|i don't {hate} {the} {noun}"
)
_NEGATIVE = (
    "{the} {noun} {was} {very} {bad}|{the} {noun} {was} {very} {bad}|{the} {noun} {was} {bad} and {bad}|"
    "{who} {hate} {the} {noun}|{who} really {hate} {the} {noun}"
    "|what a {bad} {noun}|such a {bad} {noun}|it {was} {very} {bad}|{the} {noun} {was} not {good}|"
    "{the} {noun} {was} not {very} {good}|{the} {noun} wasn't {good}|{blame}"
    "|{blame}, {the} {noun} {was} {bad}|{the} {noun} {was} {bad}, {blame}|nothing {was} {good} here|"
    "i have never seen such a {bad} {noun}|{very} {bad} {noun}|{bad}"
    "|the worst {noun} i have ever {seen}|this is the worst {noun} i ever {seen}|"
    "the most {bad} {noun} ever|i was {very} {upset}|it made me {upset}"
    "|{bad} {noun}, {bad} {noun}|{who} did not like {the} {noun}|{who} don't like {the} {noun}|"
    "i do not {love} it|i am {very} unhappy with {the} {noun}"
    "|{the} {noun} made me angry|i {hate} it|i hate you|they were {very} {bad}|not {good} at all|"
    "{the} {noun} isn't {very} {good}|not {good}"
)


def opinion(rng: random.Random) -> tuple[str, int]:
    """Return a lower-case remark and its label (a position in `LABELS`); in a contrast the last clause decides."""
    label = rng.choice([0, 0, 2, 2, 1])
    if label == 1:
        text = pick(
            (
                "{fact}|{fact}|{fact}|{fact} and {fact}|{the} {noun} is a {noun}|{the} {noun} was okay|"
                "{the} {noun} was average"
            ),
            rng,
        )
    else:
        text, other = pick(_POSITIVE if label else _NEGATIVE, rng), pick(_NEGATIVE if label else _POSITIVE, rng)
        extra = rng.random()
        if extra < 0.15:
            text = f"{other}, but {text}"
        elif extra < 0.25:
            text = f"{{fact}}. {text}"
        elif extra < 0.35:
            text = f"{text} and {pick(_POSITIVE if label else _NEGATIVE, rng)}"
    text = " ".join(
        _GRAMMAR.expand(text + "{end}", rng).replace(" ,", ",").replace(" .", ".").replace(" !", "!").split()
    )
    return text, label


def stars(rng: random.Random) -> tuple[str, int]:
    """Return a review and its stars less one: two remarks make 1 or 5, one makes 2 or 4, praise beside blame 3."""
    count = rng.randrange(5)
    parts = {0: ("b", "b"), 1: ("b",), 2: ("g", "b"), 3: ("g",), 4: ("g", "g")}[count]
    nouns = rng.sample(_GRAMMAR["noun"], 2)
    said = [
        f"the {noun} was {_GRAMMAR.expand('{good}' if part == 'g' else '{bad}', rng)}"
        for part, noun in zip(parts, nouns, strict=False)
    ]
    rng.shuffle(said)
    close = {0: "{blame}", 4: "{praise}"}.get(count)
    if close and rng.random() < 0.5:
        said.append(_GRAMMAR.expand(close, rng))
    joint = rng.choice([" and ", ", ", ". "]) if count != 2 else rng.choice([" but ", ", but ", ". "])
    return joint.join(said) + ".", count


def disturbed(text: str, rng: random.Random) -> str:
    """Put invented words in the place of the things talked about, in one remark of three."""
    if rng.random() > 0.33:
        return text
    nouns = set(_GRAMMAR["noun"])
    return " ".join(invented_word(rng) if word.strip(".,!") in nouns else word for word in text.split(" "))


def opinions(count: int = 24000, seed: int = 5) -> list[tuple[str, int]]:
    """Return `count` different remarks with their labels."""
    return unique(opinion, seed, count)


def reviews(count: int = 12000, seed: int = 6) -> list[tuple[str, int]]:
    """Return `count` different reviews with their stars less one."""
    return unique(stars, seed, count)
