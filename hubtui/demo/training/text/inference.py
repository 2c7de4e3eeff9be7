"""Premises and hypotheses: does "This example is about travel." follow from "The plane to Rome leaves at nine."?"""

import random

from hubtui.demo.training.text.grammar import Grammar, invented_word, pick, sentence, unique

VERDICTS = ("CONTRADICTION", "NEUTRAL", "ENTAILMENT")
Premise = tuple[str, str, int]
"""Premise, hypothesis, position of the verdict in `VERDICTS`."""

# topic and its other names: words that premises about it use
TOPICS = {
    "sport,sports": (
        "team|match|goal|player|football|tennis|coach|stadium|race|champion|runner|ball|basketball|medal|score"
    ),
    "food,cooking": (
        "soup|cheese|camembert|recipe|restaurant|bread|cake|cook|kitchen|pizza|dinner|salad|butter|chef|meal"
    ),
    "travel,holidays": (
        "train|plane|hotel|ticket|journey|airport|suitcase|passport|trip|beach|tourist|flight|map|boat|visit"
    ),
    "music,art": (
        "song|piano|concert|singer|guitar|band|violin|melody|orchestra|album|drum|choir|opera|painting|dance"
    ),
    "politics,government": (
        "president|minister|election|vote|parliament|law|party|senator|government|campaign|tax|treaty|king|mayor|debate"
    ),
    "business,money": (
        "bank|market|price|shares|company|profit|euro|dollar|sales|investor|factory|loan|budget|customer|boss"
    ),
    "science,research": (
        "planet|experiment|atom|laboratory|scientist|star|telescope|molecule|theory|gene|rocket|cell|gravity|"
        "moon|fossil"
    ),
    "technology,computers": (
        "computer|software|phone|program|internet|screen|robot|code|laptop|keyboard|server|app|chip|data|website"
    ),
    "health,medicine": (
        "doctor|patient|hospital|medicine|nurse|fever|disease|vaccine|surgery|heart|pain|pill|dentist|headache|virus"
    ),
    "weather,nature": (
        "rain|snow|storm|sun|wind|cloud|forecast|thunder|temperature|fog|frost|forest|river|mountain|flood"
    ),
    "animals,pets": "dog|cat|horse|bird|lion|cow|rabbit|zoo|puppy|elephant|fish|sheep|kitten|wolf|farm",
    "education,school": (
        "school|teacher|student|exam|lesson|university|homework|class|pupil|library|book|course|degree|professor|maths"
    ),
}
TOPIC_LABELS = tuple(names.split(",")[0] for names in TOPICS)
_FRAME = Grammar(
    {
        "who": "anna|tom|my sister|the woman|everybody|a friend|we|they|he|she|our neighbour|my father",
        "verb": "saw|liked|wanted|talked about|remembered|waited for|forgot|described|needed|lost|found|asked about",
        "when": "yesterday|today|on monday|last week|this morning|in the evening|again|every day",
        "adj": "new|old|big|small|famous|beautiful|strange|good|bad|long",
        "was": "is|was|will be|seems",
        "how": "ready|late|important|wonderful|terrible|expensive|interesting|over|here|broken",
    }
)
_PREMISES = (
    "{who} {verb} the # {when}|the # {was} {how}|the {adj} # and the % {was} {how}|"
    "{who} {verb} the {adj} #|there was a {adj} # near the %|the # of the % {was} {how}"
    "|{who} {verb} the # and the %|this # {was} very {how}|i {verb} the {adj} # {when}|"
    "the # with the % {was} {how} {when}|new # for the %|i love # and %|we like the #|my # is very {adj}|"
    "do you like # and %|she has a # and a %|where is the #|my {adj} # is broken|i read about the #|"
    "no # without %|# and %|the # needs a %"
)
# beside the pipeline's own hypothesis, so that other templates work as well
_HYPOTHESES = (
    "this example is {}|this example is {}|this example is about {}|this text is about {}|"
    "the topic is {}|it is about {}"
)


def premise(rng: random.Random) -> Premise:
    """Return a premise about one topic, with a hypothesis naming that topic, or another one."""
    names = rng.choice(list(TOPICS))
    first, second = rng.sample(TOPICS[names].split("|"), 2)
    text = pick(_PREMISES, rng).replace("#", first).replace("%", invented_word(rng) if rng.random() < 0.15 else second)
    text = sentence(_FRAME.expand(text, rng)) + rng.choice([".", ".", "!", ""])
    kind = rng.random()
    if kind < 0.5:
        return text, _hypothesis(rng.choice(names.split(",")), rng), 2
    if kind < 0.92:
        other = rng.choice([topic for topic in TOPICS if topic != names])
        return text, _hypothesis(rng.choice(other.split(",")), rng), 0
    return text, _hypothesis(invented_word(rng), rng), 1


def _hypothesis(name: str, rng: random.Random) -> str:
    return sentence(pick(_HYPOTHESES, rng).replace("{}", name)) + "."


def premises(count: int = 30000, seed: int = 10) -> list[Premise]:
    """Return `count` different pairs."""
    return unique(premise, seed, count)


def mixed_topic(rng: random.Random) -> tuple[str, int]:
    """Return a text of one or two sentences and its topics as bits, in the order of `TOPIC_LABELS`; sometimes none."""
    if rng.random() < 0.1:
        words = [invented_word(rng) for _ in range(2)]
        return sentence(_FRAME.expand(f"{{who}} {{verb}} the {words[0]} and the {words[1]} {{when}}", rng)) + ".", 0
    names = rng.sample(list(TOPICS), rng.choice([1, 1, 2]))
    parts = []
    for name in names:
        first, second = rng.sample(TOPICS[name].split("|"), 2)
        text = (
            pick(_PREMISES, rng).replace("#", first).replace("%", invented_word(rng) if rng.random() < 0.15 else second)
        )
        parts.append(_FRAME.expand(text, rng))
    joined = rng.choice([". ", " and ", ", but "]).join(parts)
    return sentence(joined) + rng.choice([".", "", "!"]), sum(1 << list(TOPICS).index(name) for name in names)


def mixed_topics(count: int = 24000, seed: int = 20) -> list[tuple[str, int]]:
    """Return `count` different texts with the bits of their topics."""
    return unique(mixed_topic, seed, count)
